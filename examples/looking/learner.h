#pragma once
#include <functional>

#include "examples/looking/looking.h"
#include "examples/training/loop.h"

namespace rapt::looking {

inline constexpr Index kDim = 16, kBatch = 64;

// All that learns: the model, and a learned baseline.
struct Learner : nn::Module {
  Learner(const tasks::Sizes& sizes, nn::Baseline baseline, Rng rng);

  Model& model;
  nn::Reinforce& reinforce;
};

// Trains in one way. Calls seen(step) before the first step and after each; false ends it.
void train(Learner& learner, const Way& way, const tasks::Task& task,
           const training::LoopOptions& options, std::uint64_t seed,
           const std::function<bool(Index step)>& seen);

struct Tested {
  double accuracy, on_needle;  // the weight, or the probability, of the marked step
};
Tested tested(Learner& learner, Look look, const tasks::Batch& batch);

// The gradient of the scores at fixed parameters, estimated in one way. Its baseline first learns
// from `draws` batches what it can.
struct Noise {
  double variance;   // of one draw   [Eq 9.8]
  double off;        // of the mean of all draws from the exact gradient, relative to its length
  double by_chance;  // what `off` would be if chance alone made it
};
Noise noise_of(const Model& model, const Way& way, const tasks::Task& task,
               const tasks::Batch& batch, Index draws, std::uint64_t seed);

}  // namespace rapt::looking
