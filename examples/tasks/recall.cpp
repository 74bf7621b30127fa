// Associative recall of several pairs (Arora et al. 2023, "Zoology", MQAR): read D keys, each with
// its value; later the keys come again, each once, at places nobody knows, and each time its value
// is wanted at once.
//
//   input    k7 v2 k1 v9 k4 v4 k6 v0 .. .. k1 .. k7 .. .. .. k4 ..      (D = 4, cut short)
//   answer   .. .. .. .. .. .. .. .. .. .. v9 .. v2 .. .. .. v4 ..
//
// D distinct keys of 31 and values of 32, 8 D tokens: the pairs, then 3 D slots of two tokens, of
// which D, all equally likely, begin with a key. All else is filler. Guessing finds 1 of the 32
// values. Who knows which values occurred and not whose they are, such as a bag of tokens, is right
// 1 time in D, for all assignments are equally likely.
//
// What is expected: a network with a fixed state has to write all pairs into it before it knows
// what will be asked, and stays at 1/D for long. Attention keeps every pair and looks it up; it
// takes two layers, one that joins each value with the key before it, and one that finds the key.
// The loss rests near ln D for a while, then falls at once.
#include <cmath>

#include "examples/tasks/chance.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

constexpr std::int32_t kFiller = 0, kFirstKey = 1, kFirstValue = 32;
constexpr Index kSymbols = 64;
constexpr Index kKeys = kFirstValue - kFirstKey, kValues = kSymbols - kFirstValue;

class Recall : public Task {
 public:
  explicit Recall(Index pairs) : pairs_(pairs) {}

  Sizes sizes() const override { return {kSymbols, kSymbols, 8 * pairs_, true}; }
  std::vector<Baseline> baselines() const override {
    const Baseline values = guessing(pairs_);
    return {guessing(kValues), {"the values, not whose", values.loss, values.accuracy}};
  }
  Defaults defaults() const override {
    return {500, 64, {.dim = 64, .heads = 1, .feed_forward = 64, .layers = 2}};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    const Index length = 8 * pairs_;
    const auto count = static_cast<std::size_t>(size * length);
    Batch batch{.inputs = {{size, length}, std::vector<std::int32_t>(count, kFiller)},
                .targets = nothing_asked(size, length)};
    for (Index b = 0; b < size; ++b) {
      std::int32_t* input = batch.inputs.values.data() + b * length;
      std::int32_t* target = batch.targets.values.data() + b * length;
      const std::vector<Index> keys = permutation(kKeys, rng);
      const std::vector<Index> values = permutation(kValues, rng);
      const std::vector<Index> slots = permutation(3 * pairs_, rng);
      for (Index i = 0; i < pairs_; ++i) {
        const Index query = 2 * pairs_ + 2 * slots[i];
        input[2 * i] = input[query] = kFirstKey + static_cast<std::int32_t>(keys[i]);
        input[2 * i + 1] = target[query] = kFirstValue + static_cast<std::int32_t>(values[i]);
      }
    }
    return batch;
  }

  std::string symbol(std::int32_t id) const override {
    return id == kFiller      ? "."
           : id < kFirstValue ? message("k", id - kFirstKey)
                              : message("v", id - kFirstValue);
  }

 private:
  Index pairs_;  // D
};

const bool registered = register_task(
    {"recall", "the values of 4 keys: needs look-up", Form::tags, [](const TaskOptions& options) {
       return std::make_unique<Recall>(length_of(options, "recall", 4, 2, 16));
     }});

}  // namespace
}  // namespace rapt::tasks
