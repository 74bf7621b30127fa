#include "examples/training/loop.h"

#include <cmath>

#include "autograd/graph.h"
#include "autograd/ops.h"
#include "optim/schedule.h"
#include "tensor/reduce.h"

namespace rapt::training {
namespace {

[[noreturn]] void report_divergence(Index step, const Variable& loss,
                                    const std::vector<NamedVariable>& parameters) {
  if (const auto culprit = first_nonfinite(loss, parameters))
    throw DivergedError(message("step ", step, ": the loss is ", loss.item(),
                                "; the first number that is not finite came from ", *culprit,
                                "; a smaller learning rate may help"));
  for (const auto& [name, p] : parameters)
    if (p.has_grad() && !std::isfinite(sum(p.grad()).item()))
      throw DivergedError(message("step ", step, ": the gradient of parameter '", name, "' ",
                                  p.shape(), " is not finite; a smaller learning rate may help"));
  throw DivergedError(message("step ", step, ": the gradient is not finite"));
}

}  // namespace

Loop::Loop(const nn::Module& model, const LoopOptions& options)
    : options_(options),
      named_(model.named_parameters()),
      parameters_(model.parameters()),
      adam_(parameters_, {.learning_rate = options.learning_rate, .beta2 = 0.98}) {}

double Loop::step(const Variable& loss) {
  adam_.zero_grad();
  backward(loss);
  const double norm = optim::clip_by_global_norm(parameters_, options_.clip);
  if (!std::isfinite(loss.item()) || !std::isfinite(norm))
    report_divergence(done_ + 1, loss, named_);
  adam_.set_learning_rate(scheduled_rate());
  adam_.step();
  ++done_;
  return loss.item();
}

double Loop::scheduled_rate() const {
  const Index warmup = options_.steps / 20;
  return options_.learning_rate * optim::linear_warmup(done_, warmup) *
         optim::cosine(done_, options_.steps, warmup);
}

}  // namespace rapt::training
