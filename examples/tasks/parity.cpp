// Parity, and its companion cycle (Deletang et al. 2023): a state that every symbol may change.
//
//   parity   0 1 1 0 1  >  1      whether the number of ones is odd
//   cycle    + + = - +  >  2      where on a circle of 5 places a walk from 0 ends: + one step on,
//                                 - one back, = none
//
// In training all lengths of 1 .. 20 are equally likely, one length per batch, and only the end is
// asked; the probes have one length each, up to 10 times the longest. Guessing is right 1 time in
// 2, or 5; who knows the length alone of a walk does better, because short ones stay near 0
// (counted over all walks). Short sequences recur in all splits, as there are too few of them to
// keep apart: the probes beyond 20 are what cannot have been met.
//
// What is expected: a recurrent network learns the two or five states and how a symbol changes
// them, and is right at any length, the better the sharper its states are apart. Attention could
// count in one glance, which is no state: it fits the lengths of training at best and falls to
// guessing beyond. Hahn (2020) bounds what it can express; this shows what it learns.
#include <algorithm>
#include <cmath>

#include "examples/tasks/chance.h"
#include "examples/tasks/length_task.h"
#include "examples/tasks/options.h"

namespace rapt::tasks {
namespace {

class Walk : public LengthTask {
 public:
  // Each symbol moves by one of `moves` on a circle of `places`.
  Walk(Index length, Index places, std::vector<Index> moves, std::vector<std::string> symbols)
      : LengthTask({length / 2, length, 2 * length, 5 * length, 10 * length}),
        length_(length),
        places_(places),
        moves_(std::move(moves)),
        symbols_(std::move(symbols)) {}

  Sizes sizes() const override {
    return {static_cast<Index>(moves_.size()), places_, longest(), true};
  }
  Defaults defaults() const override {
    return {2000, 64, {.dim = 32, .heads = 2, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    Baseline known{"the length alone", 0, 0};
    std::vector<double> chance(static_cast<std::size_t>(places_), 0.0);
    chance[0] = 1;
    for (Index t = 0; t < length_; ++t) {
      std::vector<double> next(chance.size(), 0.0);
      for (Index place = 0; place < places_; ++place)
        for (const Index move : moves_)
          next[moved(place, move)] += chance[place] / static_cast<double>(moves_.size());
      chance = next;
      for (const double p : chance)
        known.loss -= p > 0 ? p * std::log(p) / static_cast<double>(length_) : 0;
      known.accuracy +=
          *std::max_element(chance.begin(), chance.end()) / static_cast<double>(length_);
    }
    const Baseline guess = guessing(places_);
    if (known.loss > guess.loss - 1e-9) return {guess};  // of a parity, the length says nothing
    return {guess, known};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    const Index length = 1 + rng.below(length_);
    return drawn(size, length, rng);
  }

  std::string symbol(std::int32_t id) const override { return symbols_[id]; }
  std::string answer(std::int32_t id) const override { return std::to_string(id); }

 private:
  Index moved(Index place, Index move) const { return (place + move + places_) % places_; }

  Batch drawn(Index size, Index length, Rng& rng) const override {
    Batch batch{.inputs = {{size, length}, {}}, .targets = {{size, length}, {}}};
    for (Index b = 0; b < size; ++b) {
      Index place = 0;
      for (Index t = 0; t < length; ++t) {
        const Index symbol = rng.below(static_cast<Index>(moves_.size()));
        place = moved(place, moves_[symbol]);
        batch.inputs.values.push_back(static_cast<std::int32_t>(symbol));
        batch.targets.values.push_back(t + 1 < length ? nn::kIgnored
                                                      : static_cast<std::int32_t>(place));
      }
    }
    return batch;
  }

  Index length_, places_;
  std::vector<Index> moves_;          // by symbol
  std::vector<std::string> symbols_;  // as they are shown
};

using Made = std::unique_ptr<Task>;

const bool registered =
    register_task({"parity", "is the number of ones odd? the RNN's home ground", Form::label,
                   [](const TaskOptions& options) -> Made {
                     return std::make_unique<Walk>(length_of(options, "parity", 20, 2, 40), 2,
                                                   std::vector<Index>{0, 1},
                                                   std::vector<std::string>{"0", "1"});
                   }}) &&
    register_task({"cycle", "where does a walk on 5 places end?", Form::label,
                   [](const TaskOptions& options) -> Made {
                     return std::make_unique<Walk>(length_of(options, "cycle", 20, 2, 40), 5,
                                                   std::vector<Index>{-1, 0, 1},
                                                   std::vector<std::string>{"-", "=", "+"});
                   }});

}  // namespace
}  // namespace rapt::tasks
