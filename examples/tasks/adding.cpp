// The adding problem (Hochreiter and Schmidhuber 1997, experiment 4; this form: Arjovsky et al.
// 2016, section 4.2): each step shows a number of [0, 1) and whether it is marked; one number in
// each half is, and after the last step their sum is wanted.
//
//   0.70 [0.52] 0.57 0.39 0.70 [0.14] 0.07 0.38 0.87 0.55  >  0.66
//
// Who always answers 1 has the sum's variance as loss: 2 / 12 = 1/6. Accuracy is the share of
// answers with an error below 0.04, as in the first paper; the density of the sum is 1 - |s - 1|,
// so 1 is that close with a chance of 2 * 0.04 - 0.04^2 = 0.0784.
//
// What is expected: a gradient has up to T steps to go, which a tanh RNN loses and a gated one
// keeps; attention reaches both marks in one step, and its weights show them. Gated networks solve
// the task as well as attention does: what it shows is the vanishing of the gradient.
#include "examples/report/numbers.h"
#include "examples/tasks/number_task.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

constexpr double kTolerance = 0.04;

class Adding : public NumberTask {
 public:
  explicit Adding(Index length) : NumberTask(kTolerance), length_(length) {}

  Sizes sizes() const override { return {0, 1, length_, true, 2}; }
  std::vector<Baseline> baselines() const override {
    return {{"always 1", 1.0 / 6, kTolerance * (2 - kTolerance)}};
  }
  Defaults defaults() const override {
    return {1000, 32, {.dim = 32, .heads = 1, .feed_forward = 64, .layers = 1}};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    Batch batch{.inputs = {},
                .features = Tensor({size, length_, 2}),
                .targets = nothing_asked(size, length_),
                .values = Tensor({size, length_})};
    for (Index b = 0; b < size; ++b) {
      Scalar* row = batch.features.data() + b * length_ * 2;
      for (Index t = 0; t < length_; ++t) row[2 * t] = static_cast<Scalar>(rng.uniform());
      const Index half = length_ / 2;
      const Index first = rng.below(half);
      const Index second = half + rng.below(length_ - half);
      row[2 * first + 1] = row[2 * second + 1] = 1;
      const Index end = (b + 1) * length_ - 1;
      batch.targets.values[static_cast<std::size_t>(end)] = 0;
      batch.values.data()[end] = row[2 * first] + row[2 * second];
    }
    return batch;
  }

  std::string input_at(const Batch& batch, Index row, Index t) const override {
    const std::string number = report::fixed(batch.features.at({row, t, 0}), 2);
    return batch.features.at({row, t, 1}) == 1 ? "[" + number + "]" : number;
  }

 private:
  Index length_;
};

const bool registered =
    register_task({"adding", "the sum of 2 marked numbers among 50: far gradients", Form::number,
                   [](const TaskOptions& options) {
                     return std::make_unique<Adding>(length_of(options, "adding", 50, 2, 1000));
                   }});

}  // namespace
}  // namespace rapt::tasks
