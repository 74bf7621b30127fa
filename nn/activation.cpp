#include "nn/activation.h"

namespace rapt::nn {

Variable activate(Activation activation, const Variable& x) {
  switch (activation) {
    case Activation::relu:
      return relu(x);
    case Activation::gelu:
      return gelu(x);
    case Activation::tanh:
      return tanh(x);
    case Activation::sigmoid:
      return sigmoid(x);
    case Activation::identity:
      return x;
  }
  throw ValueError("activate: unknown activation");
}

}  // namespace rapt::nn
