// What learning looks like before attention enters: a fresh classifier starts at ln C, four
// optimizers learn one batch by heart, two schedules, and a step off a cliff with and without
// clipping.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "optim/adam.h"
#include "optim/schedule.h"
#include "optim/sgd.h"

using namespace rapt;
using report::fixed, report::significant;

namespace {

class Classifier : public nn::Module {
 public:
  Classifier(Index classes, Rng& rng)
      : hidden_(child<nn::Linear>("hidden", 16, 32, rng)),
        output_(child<nn::Linear>("output", 32, classes, rng)) {}

  // x [B, 16] -> logits [B, C]
  Variable operator()(const Variable& x) const { return output_(tanh(hidden_(x))); }

 private:
  nn::Linear &hidden_, &output_;
};

struct Batch {
  Tensor x;     // [B, 16]
  Ids targets;  // [B], drawn at random: there is nothing to understand, only to remember
};

Batch random_batch(Index count, Index classes, Rng& rng) {
  Batch batch{normal({count, 16}, 1, rng), {{count}, {}}};
  for (Index i = 0; i < count; ++i)
    batch.targets.values.push_back(static_cast<std::int32_t>(rng.below(classes)));
  return batch;
}

void first_losses(Rng& rng) {
  report::Table table({"classes", "ln C", "logits 0", "fresh", "fresh, logits x 20"});
  for (const Index classes : {2, 10, 65}) {
    const Batch batch = random_batch(512, classes, rng);
    const Variable logits = Classifier(classes, rng)(batch.x);
    const auto loss = [&](Scalar scale) {
      return fixed(nn::cross_entropy(logits * scale, batch.targets).item(), 3);
    };
    table.row(
        {std::to_string(classes), fixed(std::log(double(classes)), 3), loss(0), loss(1), loss(20)});
  }
  std::printf("The loss before the first step\n%s\n", table.text().c_str());
}

using Variables = std::vector<Variable>;

std::unique_ptr<optim::Optimizer> make(const std::string& name, const Variables& p, double rate) {
  using namespace optim;
  if (name == "SGD") return std::make_unique<SGD>(p, SGDOptions{.learning_rate = rate});
  if (name == "momentum")
    return std::make_unique<SGD>(p, SGDOptions{.learning_rate = rate, .momentum = 0.9});
  AdamOptions options{.learning_rate = rate / 10};
  if (name == "Adam") return std::make_unique<Adam>(p, options);
  options.weight_decay = 0.03;
  return std::make_unique<AdamW>(p, options);
}

std::vector<double> train(const std::string& name, const Batch& batch, double rate, Rng rng) {
  const Classifier net(10, rng);
  const auto optimizer = make(name, net.parameters(), rate);
  std::vector<double> losses;
  for (int step = 0; step <= 300; ++step) {
    const Variable loss = nn::cross_entropy(net(batch.x), batch.targets);
    losses.push_back(loss.item());
    optimizer->zero_grad();
    backward(loss);
    optimizer->step();
  }
  return losses;
}

// Steps 0 to 120 from left to right, the loss from 3 down on a logarithmic scale, a letter for each
// curve; a later letter hides an earlier one.
void plot(const std::vector<std::vector<double>>& curves) {
  std::vector<std::string> canvas(13, std::string(61, ' '));
  for (std::size_t k = 0; k < curves.size(); ++k)
    for (std::size_t column = 0; column < canvas[0].size(); ++column) {
      const double loss = curves[k][2 * column];
      if (std::isnan(loss)) continue;
      const double row = std::clamp(3 * std::log10(3 / loss), 0.0, 12.0);
      canvas[std::lround(row)][column] = "SMAW"[k];
    }
  for (int row = 0; row < 13; ++row) {
    const std::string mark = row % 3 ? "" : significant(3 / std::pow(10, row / 3), 1);
    const std::string line = canvas[row].substr(0, canvas[row].find_last_not_of(' ') + 1);
    std::printf("%6s |%s\n", mark.c_str(), line.c_str());
  }
}

void race(double rate, Rng& rng) {
  const Batch batch = random_batch(64, 10, rng);
  const Rng start = rng.fork();  // the same first weights for all
  report::Table table({"optimizer", "step 0", "10", "30", "100", "300", "below 0.001"});
  std::vector<std::vector<double>> curves;
  for (const std::string name : {"SGD", "momentum", "Adam", "AdamW"}) {
    const auto& losses = curves.emplace_back(train(name, batch, rate, start));
    std::vector<std::string> row{name};
    for (const int step : {0, 10, 30, 100, 300}) row.push_back(fixed(losses[step], 4));
    const auto first =
        std::find_if(losses.begin(), losses.end(), [](double l) { return l < 1e-3; });
    row.push_back(first == losses.end() ? "not yet"
                                        : "at " + std::to_string(first - losses.begin()));
    table.row(row);
  }
  std::printf("One batch learned by heart: loss\n%s\n", table.text().c_str());
  plot(curves);
}

void schedules() {
  report::Table table({"step", "warm-up, then cosine", "warm-up, then inverse root"});
  for (const Index step : {0, 4, 9, 25, 50, 75, 100}) {
    const double rise = optim::linear_warmup(step, 10);
    table.row({std::to_string(step), fixed(rise * optim::cosine(step, 100, 10), 3),
               fixed(rise * optim::inverse_square_root(step, 10), 3)});
  }
  std::printf("\nFactors on the learning rate\n%s\n", table.text().c_str());
}

// h_t = w h_(t-1), twenty times from h_0 = 1, where h_20 should be 0.5. One step of gradient
// descent from w = 1.2; the gradient is clipped at `largest`.
std::vector<std::string> cliff_step(Variable& w, double largest) {
  const std::string before = significant(w.item(), 3);
  Variable h(Scalar(1));
  for (int t = 0; t < 20; ++t) h = w * h;
  optim::SGD sgd({w}, {.learning_rate = 0.01});
  sgd.zero_grad();
  backward(nn::mean_squared_error(h, Scalar(0.5)));
  const double length = optim::clip_by_global_norm({w}, largest);
  sgd.step();
  return {before, significant(length, 2)};
}

void cliff() {
  report::Table table({"step", "w", "gradient", "w, clipped", "gradient"});
  Variable wild(Tensor({}, Scalar(1.2)), true), calm(Tensor({}, Scalar(1.2)), true);
  for (int step = 0; step <= 30; ++step) {
    const auto a = cliff_step(wild, 1e30), b = cliff_step(calm, 1);
    if (step < 3 || step % 10 == 0) table.row({std::to_string(step), a[0], a[1], b[0], b[1]});
  }
  std::printf("A step off a cliff\n%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("optimizers", [&] {
    std::uint64_t seed = 1;
    double rate = 1;
    report::Flags flags("optimizers", "First losses, four optimizers, schedules and clipping.");
    flags.option("--seed", "N", &seed, "seed of data and weights");
    flags.option("--rate", "R", &rate, "learning rate of SGD; Adam takes a tenth of it", 0);
    flags.parse(argc, argv);
    Rng rng(seed);
    first_losses(rng);
    race(rate, rng);
    schedules();
    cliff();
    return 0;
  });
}
