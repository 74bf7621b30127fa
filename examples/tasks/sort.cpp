// Sort: answer random digits with the same digits in order, the smallest first.
//
//   3 1 4 1 5 9 2 6  >  1 1 2 3 4 5 6 9
//
// Guessing is right 1 time in 10. What needs no learning from the input: position t of 16 sorted
// digits has a distribution of its own, P(answer <= d) = P(at least t+1 of 16 are <= d), and its
// likeliest digit is the guess of who knows the position alone. Who knows the counts alone, and not
// which position is asked, names the most frequent digit. A bag of tokens that knows both knows
// all: the answer is a function of counts and position, and order, which reverse needs, is of no
// use.
//
// What is expected: one layer of attention counts by looking everywhere alike, and solves the task;
// a network that reads both ways can do it too, since ten counts fit into its state, but learns it
// more slowly.
#include <algorithm>
#include <cmath>

#include "examples/tasks/chance.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

constexpr Index kDigits = 10;

class Sort : public Task {
 public:
  explicit Sort(Index length) : length_(length) {}

  Sizes sizes() const override { return {kDigits, kDigits, length_}; }
  Defaults defaults() const override {
    return {1000, 64, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 1}};
  }

  std::vector<Baseline> baselines() const override {
    Baseline position{"the position alone", 0, 0};
    for (Index t = 0; t < length_; ++t) {
      double likeliest = 0, up_to_smaller = 0;
      for (Index digit = 0; digit < kDigits; ++digit) {
        const double up_to_digit = chance_up_to(digit, t);
        const double chance = up_to_digit - up_to_smaller;
        up_to_smaller = up_to_digit;
        likeliest = std::max(likeliest, chance);
        if (chance > 0) position.loss -= chance * std::log(chance) / static_cast<double>(length_);
      }
      position.accuracy += likeliest / static_cast<double>(length_);
    }
    return {guessing(kDigits), knowing_counts("the counts alone", length_, kDigits), position};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    Batch batch{.inputs = {{size, length_}, {}}, .targets = {{size, length_}, {}}};
    for (Index i = 0; i < size * length_; ++i)
      batch.inputs.values.push_back(static_cast<std::int32_t>(rng.below(kDigits)));
    batch.targets.values = batch.inputs.values;
    for (auto row = batch.targets.values.begin(); row != batch.targets.values.end(); row += length_)
      std::sort(row, row + length_);
    return batch;
  }

  std::string symbol(std::int32_t id) const override { return std::to_string(id); }

 private:
  // The chance that the digit at position t of the sorted ones is at most `digit`.
  double chance_up_to(Index digit, Index t) const {
    double chance = 0;
    for (Index count = t + 1; count <= length_; ++count)
      chance += binomial(length_, count, static_cast<double>(digit + 1) / kDigits);
    return chance;
  }

  Index length_;
};

const bool registered = register_task(
    {"sort", "put 16 digits in order: needs counts", Form::tags, [](const TaskOptions& options) {
       return std::make_unique<Sort>(length_of(options, "sort", 16, 2, 64));
     }});

}  // namespace
}  // namespace rapt::tasks
