// Copy memory (Hochreiter and Schmidhuber 1997; this form: Arjovsky et al. 2016, section 4.1): read
// 5 symbols out of 8, wait for T steps, and repeat them at a signal.
//
//   input    3 7 1 1 8 . . . . . . . ? . . . . .      (T-1 blanks, the signal, 5 blanks)
//   answer   . . . . . . . . . . . . . 3 7 1 1 8
//
// A model that remembers nothing writes blanks and guesses the last 5: a loss of 5 ln 8 / (T + 10)
// over all positions [Eq 0.1], and 1 in 8 right. Accuracy is counted on the 5 answers alone.
#include <cmath>

#include "examples/tasks/task.h"

namespace rapt::tasks {
namespace {

constexpr Index kCopied = 5, kSymbols = 8;
constexpr std::int32_t kBlank = 0, kSignal = 9;

class CopyMemory : public Task {
 public:
  explicit CopyMemory(Index delay) : delay_(delay) {}

  Sizes sizes() const override { return {kSymbols + 2, kSymbols + 1, length(), true}; }
  std::vector<Baseline> baselines() const override {
    const double loss = static_cast<double>(kCopied) * std::log(static_cast<double>(kSymbols)) /
                        static_cast<double>(length());
    return {{"no memory", loss, 1.0 / kSymbols}};
  }
  Defaults defaults() const override {
    return {1600, 32, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 2}};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    const Shape shape{size, length()};
    const std::vector<std::int32_t> blanks(static_cast<std::size_t>(size * length()), kBlank);
    Batch batch{.inputs = {shape, blanks}, .targets = {shape, blanks}};
    for (Index b = 0; b < size; ++b) {
      std::int32_t* input = batch.inputs.values.data() + b * length();
      std::int32_t* target = batch.targets.values.data() + b * length();
      input[kCopied + delay_ - 1] = kSignal;
      for (Index i = 0; i < kCopied; ++i)
        target[kCopied + delay_ + i] = input[i] =
            static_cast<std::int32_t>(1 + rng.below(kSymbols));
    }
    return batch;
  }

  std::string symbol(std::int32_t id) const override {
    return id == kBlank ? "." : id == kSignal ? "?" : std::to_string(id);
  }
  bool is_asked(std::int32_t target) const override { return target != kBlank; }

 private:
  Index length() const { return delay_ + 2 * kCopied; }

  Index delay_;
};

const bool registered =
    register_task({"copy", "repeat 5 symbols after 50 steps: needs long memory", Form::tags,
                   [](const TaskOptions& options) {
                     return std::make_unique<CopyMemory>(options.length > 0 ? options.length : 50);
                   }});

}  // namespace
}  // namespace rapt::tasks
