#pragma once
#include "autograd/ops.h"

namespace rapt::nn {

// The non-linearity between two linear layers, as a value that a layer is built with.
enum class Activation { relu, gelu, tanh, sigmoid, identity };

// x [..] -> [..]
Variable activate(Activation activation, const Variable& x);

}  // namespace rapt::nn
