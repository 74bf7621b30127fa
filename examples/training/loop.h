#pragma once
#include <stdexcept>
#include <vector>

#include "nn/module.h"
#include "optim/adam.h"

namespace rapt::training {

struct LoopOptions {
  Index steps = 1000;
  double learning_rate = 1e-3;  // the peak: warmed up over the first 5 %, then along a cosine
  double clip = 1;              // largest common length of all gradients
};

// The loss or a gradient stopped being a number; says at which step and which operation was first.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The one way in which models of the examples learn, whatever their loss is made of: Adam, warm-up,
// cosine decay, clipped gradients.
//   Loop loop(model, {.steps = 600});
//   while (!loop.finished()) loop.step(loss_of(model, next_batch()));
class Loop {
 public:
  Loop(const nn::Module& model, const LoopOptions& options);

  // loss [], of a graph over the model's parameters; returns its number. DivergedError.
  double step(const Variable& loss);

  Index done() const { return done_; }
  bool finished() const { return done_ >= options_.steps; }

 private:
  double scheduled_rate() const;

  LoopOptions options_;
  std::vector<NamedVariable> named_;
  std::vector<Variable> parameters_;
  optim::Adam adam_;
  Index done_ = 0;
};

}  // namespace rapt::training
