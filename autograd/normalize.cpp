#include "autograd/normalize.h"

#include "autograd/arithmetic.h"
#include "autograd/pointwise.h"
#include "autograd/reduce.h"
#include "autograd/together.h"
#include "tensor/normalize.h"

namespace rapt {

// [Eq 12.7] y = (x - m) / s, m = mean x, s = sqrt(mean (x - m)^2 + epsilon).
//                                        dL/dx = (g - mean(g) - y * mean(g * y)) / s
Variable normalize(const Variable& x, Scalar epsilon) {
  const Normalized forward = normalize(x.value(), epsilon);
  return record("normalize", forward.y,
                {{x,
                  [x, epsilon, inverse_deviation = forward.inverse_deviation](
                      const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled())
                      return normalize_gradient(g.value(), {y.value(), inverse_deviation});
                    return grad(normalize_composed(x, epsilon), {x}, g, true)[0];
                  }}});
}

Variable normalize_composed(const Variable& x, Scalar epsilon) {
  const Variable centred = x - mean(x, -1, true);
  const Variable variance = mean(centred * centred, -1, true);
  return centred / sqrt(variance + epsilon);
}

// [Eq 12.1] z = w * y + b, y = normalize(x).
//                              dL/dx = dL/dy of g * w      dL/dw = g * y      dL/db = g
Variable layer_norm(const Variable& x, const Variable& weight, const Variable& bias,
                    Scalar epsilon) {
  const Scaled forward = normalize_and_scale(x.value(), weight.value(), bias.value(), epsilon);
  const Gradients gradients = [x, weight, moments = forward.moments](const Tensor& g,
                                                                     const Tensor&) {
    const ScaledGradients d = normalize_and_scale_gradients(g, weight.value(), x.value(), moments);
    return std::vector<Tensor>{d.x, d.weight, d.bias};
  };
  const Formula formula = [epsilon](const std::vector<Variable>& inputs) {
    return layer_norm_composed(inputs[0], inputs[1], inputs[2], epsilon);
  };
  return record_together("layer_norm", forward.z, {x, weight, bias}, gradients, formula);
}

Variable layer_norm_composed(const Variable& x, const Variable& weight, const Variable& bias,
                             Scalar epsilon) {
  return normalize_composed(x, epsilon) * weight + bias;
}

}  // namespace rapt
