// One look and its answer: what REINFORCE estimates is the gradient over all looks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "examples/looking/looking.h"
#include "nn/gradient_variance.h"

namespace rapt::looking {
namespace {

// How many standard errors the mean of the draws is away from the exact gradient, at most.
double farthest(const Way& way) {
  const auto task = tasks::find_task("needle").make({.length = 6});
  Rng rng(1);
  const Model model(task->sizes().features, 8, task->sizes().classes, rng);
  const nn::Reinforce reinforce({.baseline = way.baseline, .features = 8}, rng);
  const tasks::Batch batch = task->batch(32, tasks::Split::training, rng);
  const auto parameters = model.parameters_of_scores();
  const auto exact = grad(model.exact_loss(batch), parameters, Scalar(1));
  const auto drawn = nn::estimate_gradient([&] { return loss_of(model, reinforce, way, batch); },
                                           parameters, 2000);
  double most = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const auto mean = drawn.mean[i].values(), error = drawn.standard_error[i].values();
    const auto wanted = exact[i].value().values();
    for (std::size_t k = 0; k < mean.size(); ++k)
      most = std::max(most, std::abs(double(mean[k]) - wanted[k]) / error[k]);
  }
  return most;
}

TEST(Looking, DrawnLooksHaveTheExactGradientInTheMeanAndGumbelHasNot) {
  EXPECT_LT(farthest({"", Look::draw}), 4.5);
  EXPECT_LT(farthest({"", Look::draw, nn::Baseline::moving_average}), 4.5);
  EXPECT_LT(farthest({"", Look::draw, nn::Baseline::learned, 3}), 4.5);
  EXPECT_GT(farthest({"", Look::gumbel}), 10);
}

}  // namespace
}  // namespace rapt::looking
