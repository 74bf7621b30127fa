// Chapter 11: why recall takes two layers. A model with one layer and one with two learn to say the
// value of a key that comes a second time; then we look where their heads look:
//   k7 v2 k1 v9 k4 v4 k6 v0 .. .. k1 .. ..      at the second k1, v9 is wanted
// "previous token" is the weight that v2, v9, .. put on the key before them; "that key" and "its
// value" are what the second k1 puts on the first, and on v9; "other values" go to v2, v4 and v0.
#include <algorithm>
#include <cstdio>

#include "autograd/graph.h"
#include "examples/models/model.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "examples/training/train.h"

using namespace rapt;

namespace {

// Mean weights of one layer with one head, over the batch.
struct Looks {
  double previous = 0, key = 0, value = 0, others = 0;
};

// weights [B, 1, T, T]
Looks looks_of(const Tensor& weights, const tasks::Batch& batch, Index pairs) {
  Looks mean;
  const Index length = weights.dim(-1);
  const double share = 1.0 / static_cast<double>(weights.dim(0) * pairs);
  for (Index b = 0; b < weights.dim(0); ++b) {
    const std::int32_t* symbols = batch.inputs.values.data() + b * length;
    const auto weight = [&](Index query, Index key) {
      return share * static_cast<double>(weights.at({b, 0, query, key}));
    };
    for (Index pair = 0; pair < pairs; ++pair) mean.previous += weight(2 * pair + 1, 2 * pair);
    for (Index query = 2 * pairs; query < length; ++query) {
      if (batch.targets.values[b * length + query] == nn::kIgnored) continue;
      for (Index pair = 0; pair < pairs; ++pair)
        if (symbols[2 * pair] == symbols[query]) {
          mean.key += weight(query, 2 * pair);
          mean.value += weight(query, 2 * pair + 1);
        } else {
          mean.others += weight(query, 2 * pair + 1);
        }
    }
  }
  return mean;
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("induction_heads", [&] {
    Index steps = 500;
    std::uint64_t seed = 1;
    report::Flags flags("induction_heads", "Recall with one layer and with two: who looks where?");
    flags.option("--steps", "N", &steps, "training steps of each model", 1);
    flags.option("--seed", "N", &seed, "seed of weights and batches", 0);
    flags.parse(argc, argv);

    constexpr Index kPairs = 4;
    const auto task = tasks::find_task("recall").make({.length = kPairs});
    report::Table answers({"model", "steps", "accuracy"});
    report::Table looks(
        {"mean weight on", "previous token", "that key", "its value", "other values"});
    for (const Index layers : {1, 2}) {
      nn::EncoderOptions encoder = task->defaults().encoder;
      encoder.layers = layers;
      Rng rng(seed);
      const models::ModelSpec spec =
          models::spec_of(task->sizes(), encoder, nn::PositionKind::learned);
      training::Trainer trainer(models::find_model("attention").make(spec, 0, rng), *task,
                                {.steps = steps, .batch = 64, .learning_rate = 3e-3, .seed = seed});
      const std::string name = std::to_string(layers) + (layers == 1 ? " layer" : " layers");
      while (!trainer.finished()) {
        trainer.step();
        if (trainer.done() % (std::max<Index>(1, steps / 5)) == 0)
          answers.row(
              {name, std::to_string(trainer.done()),
               report::percent(training::evaluate(trainer.model(), *task, tasks::Split::test, 8, 64)
                                   .accuracy)});
      }

      const NoGrad off;
      Rng draws(seed + 1);
      const tasks::Batch batch = task->batch(500, tasks::Split::test, draws);
      const models::Output output = trainer.model()(batch);
      for (Index layer = 0; layer < layers; ++layer) {
        const Looks seen = looks_of(output.weights[layer].value(), batch, kPairs);
        looks.row({name + ", layer " + std::to_string(layer + 1), report::fixed(seen.previous, 2),
                   report::fixed(seen.key, 2), report::fixed(seen.value, 2),
                   report::fixed(seen.others, 2)});
      }
    }
    std::printf("%s\n%s", answers.text().c_str(), looks.text().c_str());
    return 0;
  });
}
