// A needle in a haystack: random symbols, one of them is marked, and after the last step it is
// asked which. The smallest form of what hard attention was made for, to find the one place that
// matters (Mnih et al. 2014; Xu et al. 2015); its input is that of the adding problem.
//
//   3 7 5 [1] 4 0 4 6 2  >  1
//
// 8 symbols, 20 steps in training; the probes are up to 4 times as long. A step is 9 numbers, its
// symbol one-hot and the mark: the mean of linear embeddings therefore holds how often each symbol
// came, and nothing else. Who knows this names the most frequent (counted exactly, see
// knowing_counts); guessing is right 1 time in 8.
//
// What is expected: one glance answers, so attention pooling, soft or hard, solves it, and at every
// length, because it knows no positions and the mark's score stands far enough above the others. A
// gated network keeps the marked symbol in its state, at every length too. Self-attention that was
// given positions of 20 steps is lost at 80.
#include "examples/tasks/chance.h"
#include "examples/tasks/length_task.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

constexpr Index kSymbols = 8, kFeatures = kSymbols + 1;

class Needle : public LengthTask {
 public:
  explicit Needle(Index length) : LengthTask({length, 2 * length, 4 * length}), length_(length) {}

  Sizes sizes() const override { return {0, kSymbols, longest(), false, kFeatures}; }
  std::vector<Baseline> baselines() const override {
    return {guessing(kSymbols), knowing_counts("the counts alone", length_, kSymbols)};
  }
  Defaults defaults() const override {
    return {600, 64, {.dim = 32, .heads = 1, .feed_forward = 64, .layers = 1}};
  }

  Batch batch(Index size, Split, Rng& rng) const override { return drawn(size, length_, rng); }

  std::string symbol(std::int32_t id) const override { return std::to_string(id); }
  std::string input_at(const Batch& batch, Index row, Index t) const override {
    std::int32_t id = 0;
    while (batch.features.at({row, t, id}) == 0) ++id;
    return batch.features.at({row, t, kSymbols}) == 1 ? message("[", symbol(id), "]") : symbol(id);
  }

 private:
  Batch drawn(Index size, Index length, Rng& rng) const override {
    Batch batch{.inputs = {},
                .features = Tensor({size, length, kFeatures}),
                .targets = nothing_asked(size, length)};
    Scalar* step = batch.features.data();
    for (Index b = 0; b < size; ++b) {
      const Index marked = rng.below(length);
      for (Index t = 0; t < length; ++t, step += kFeatures) {
        const Index id = rng.below(kSymbols);
        step[id] = 1;
        if (t != marked) continue;
        step[kSymbols] = 1;
        batch.targets.values[(b + 1) * length - 1] = static_cast<std::int32_t>(id);
      }
    }
    return batch;
  }

  Index length_;
};

const bool registered =
    register_task({"needle", "the one marked symbol among 20: one glance", Form::label,
                   [](const TaskOptions& options) {
                     return std::make_unique<Needle>(length_of(options, "needle", 20, 2, 200));
                   }});

}  // namespace
}  // namespace rapt::tasks
