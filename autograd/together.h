#pragma once
#include "autograd/variable.h"

namespace rapt {

// The gradients of all inputs, in their order, from g = dL/dy and y.
using Gradients = std::function<std::vector<Tensor>(const Tensor& g, const Tensor& y)>;

// The composed formula of an operation, on inputs of the same shapes.
using Formula = std::function<Variable(const std::vector<Variable>& inputs)>;

// Records an operation with several inputs whose gradients one kernel computes together: it runs
// once for all of them. Where a graph of the gradients is being built, they are those of `formula`.
Variable record_together(const char* op, const Tensor& value, const std::vector<Variable>& inputs,
                         const Gradients& gradients, const Formula& formula);

}  // namespace rapt
