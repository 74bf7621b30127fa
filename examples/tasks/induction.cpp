// Induction with one pair (Olsson et al. 2022; this form: Gu and Dao 2023, section 4.1.2): among
// random letters stands one trigger; at its second coming, which ends the sequence, the letter that
// followed the first is wanted.
//
//   f c * k a e n c h k *  >  k
//
// 15 letters and the trigger, 32 tokens in training; the probes are up to 4 times as long. Guessing
// is right 1 time in 15. A bag of tokens knows how often each of the 30 letters occurred, and that
// one of them is the answer: it names the most frequent (counted exactly, see knowing_counts).
//
// What is expected: attention needs two layers, one that moves each letter to its successor and one
// that finds the trigger; with positions it has learned for 32 tokens it fails on longer ones. One
// pair fits into a small state, so a gated network learns it too, and at every length: with more
// pairs it does not, see recall.
#include "examples/tasks/chance.h"
#include "examples/tasks/length_task.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

constexpr std::int32_t kTrigger = 0;
constexpr Index kLetters = 15;  // 1 .. 15

class Induction : public LengthTask {
 public:
  explicit Induction(Index length)
      : LengthTask({length, 2 * length, 4 * length}), length_(length) {}

  Sizes sizes() const override { return {kLetters + 1, kLetters + 1, longest(), true}; }
  std::vector<Baseline> baselines() const override {
    return {guessing(kLetters), knowing_counts("a bag of tokens", length_ - 2, kLetters)};
  }
  Defaults defaults() const override {
    return {600, 64, {.dim = 64, .heads = 1, .feed_forward = 64, .layers = 2}};
  }

  Batch batch(Index size, Split, Rng& rng) const override { return drawn(size, length_, rng); }

  std::string symbol(std::int32_t id) const override {
    return std::string(1, id == kTrigger ? '*' : static_cast<char>('a' + id - 1));
  }

 private:
  Batch drawn(Index size, Index length, Rng& rng) const override {
    Batch batch{.inputs = {{size, length}, {}}, .targets = nothing_asked(size, length)};
    for (Index b = 0; b < size; ++b) {
      const Index first = rng.below(length - 2), last = length - 1;
      for (Index t = 0; t < length; ++t)
        batch.inputs.values.push_back(t == first || t == last
                                          ? kTrigger
                                          : static_cast<std::int32_t>(1 + rng.below(kLetters)));
      batch.targets.values[b * length + last] = batch.inputs.values[b * length + first + 1];
    }
    return batch;
  }

  Index length_;
};

const bool registered =
    register_task({"induction", "what followed the trigger, among 32 letters?", Form::label,
                   [](const TaskOptions& options) {
                     return std::make_unique<Induction>(length_of(options, "induction", 32, 4, 64));
                   }});

}  // namespace
}  // namespace rapt::tasks
