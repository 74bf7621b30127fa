// Reverse: answer a sequence of random digits with the same digits, backwards. Position t must
// fetch what stands at position T-1-t and nothing else, so order is all that matters: a model that
// does not know positions can only count digits. Guessing gets 1 in 10.
#include <cmath>

#include "examples/tasks/task.h"

namespace rapt::tasks {
namespace {

constexpr Index kSymbols = 10;

class Reverse : public Task {
 public:
  explicit Reverse(Index length) : length_(length) {}

  Sizes sizes() const override { return {kSymbols, kSymbols, length_}; }
  std::vector<Baseline> baselines() const override { return {{"guessing", std::log(10.0), 0.1}}; }
  Defaults defaults() const override {
    return {1200, 64, {.dim = 32, .heads = 1, .feed_forward = 64, .layers = 1}};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    const Shape shape{size, length_};
    Batch batch{.inputs = {shape, {}}, .targets = {shape, {}}};
    for (Index i = 0; i < size * length_; ++i)
      batch.inputs.values.push_back(static_cast<std::int32_t>(rng.below(kSymbols)));
    for (Index b = 0; b < size; ++b)
      for (Index t = length_ - 1; t >= 0; --t)
        batch.targets.values.push_back(batch.inputs.values[b * length_ + t]);
    return batch;
  }

  std::string symbol(std::int32_t id) const override { return std::to_string(id); }

 private:
  Index length_;
};

const bool registered = register_task(
    {"reverse", "say 16 digits backwards: needs order", Form::tags, [](const TaskOptions& options) {
       return std::make_unique<Reverse>(options.length > 0 ? options.length : 16);
     }});

}  // namespace
}  // namespace rapt::tasks
