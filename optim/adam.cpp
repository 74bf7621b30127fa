#include "optim/adam.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "tensor/parallel.h"

namespace rapt::optim {
namespace {

constexpr Index kGrain = 16384;  // numbers that one thread moves at a time

}  // namespace

Adam::Adam(std::vector<Variable> parameters, const AdamOptions& options)
    : Adam(std::move(parameters), options, false) {}

Adam::Adam(std::vector<Variable> parameters, const AdamOptions& options, bool decoupled)
    : Optimizer(std::move(parameters), options.learning_rate),
      options_(options),
      decoupled_(decoupled) {
  for (const double beta : {options.beta1, options.beta2})
    if (!(beta >= 0 && beta < 1))
      throw ValueError(message("Adam: beta must lie in [0, 1), got ", beta));
  if (!(options.epsilon >= 0))
    throw ValueError(message("Adam: epsilon must be at least 0, got ", options.epsilon));
  if (!(options.weight_decay >= 0))
    throw ValueError(message("Adam: weight decay must be at least 0, got ", options.weight_decay));
  for (const Variable& p : parameters_) {
    mean_.emplace_back(p.shape());
    square_.emplace_back(p.shape());
  }
}

void Adam::step() {
  power1_ *= options_.beta1;
  power2_ *= options_.beta2;
  const auto b1 = static_cast<Scalar>(options_.beta1), b2 = static_cast<Scalar>(options_.beta2);
  const auto rate = static_cast<Scalar>(learning_rate() / (1 - power1_));
  const auto root = static_cast<Scalar>(1 / std::sqrt(1 - power2_));
  const auto epsilon = static_cast<Scalar>(options_.epsilon);
  const auto shrink =
      static_cast<Scalar>(decoupled_ ? 1 - learning_rate() * options_.weight_decay : 1);
  const auto decay = static_cast<Scalar>(decoupled_ ? 0 : options_.weight_decay);
  // By value: a number that is read through a reference might change with every p[i].
  const auto move = [=](Scalar* p, Scalar* m, Scalar* v, const Scalar* gradient, Index size) {
    for (Index i = 0; i < size; ++i) {
      const Scalar g = gradient[i] + decay * p[i];
      m[i] = b1 * m[i] + (1 - b1) * g;
      v[i] = b2 * v[i] + (1 - b2) * (g * g);
      p[i] = shrink * p[i] - rate * m[i] / (std::sqrt(v[i]) * root + epsilon);
    }
  };
  const std::vector<Stretch> stretches = cut();
  const Index count = static_cast<Index>(stretches.size());
  Index numbers = 0;
  for (const Stretch& s : stretches) numbers += s.size;
  // Models have many small parameters, which are not worth a loop on all threads each.
  const Index together = kGrain * count / std::max<Index>(numbers, 1) + 1;
  parallel_for(count, together, [&](Index begin, Index end) {
    for (const Stretch& s : std::span(stretches).subspan(begin, end - begin))
      move(s.p, s.m, s.v, s.gradient, s.size);
  });
}

std::vector<Adam::Stretch> Adam::cut() {
  std::vector<Stretch> stretches;
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    if (!parameters_[k].has_grad()) continue;
    Scalar* const p = parameters_[k].mutable_value().data();
    Scalar *const m = mean_[k].data(), *const v = square_[k].data();
    const Scalar* const gradient = parameters_[k].grad().data();
    const Index size = mean_[k].size();
    for (Index at = 0; at < size; at += kGrain)
      stretches.push_back({p + at, m + at, v + at, gradient + at, std::min(kGrain, size - at)});
  }
  return stretches;
}

}  // namespace rapt::optim
