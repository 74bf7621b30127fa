// The elementary functions over 65536 numbers, which lie in the cache: our own, and those of the
// standard library.
#include <cmath>
#include <memory>

#include "examples/benchmark/case.h"
#include "tensor/elementwise.h"
#include "tensor/math.h"
#include "tensor/random.h"

namespace rapt::benchmark {
namespace {

template <class F>
Case function(const std::string& name, F f) {
  return {"function_" + name, [=]() -> Step {
            Rng rng(1);
            const Tensor x = normal({65536}, 1, rng);
            return [=] { map(x, f); };
          }};
}

}  // namespace

std::vector<Case> function_cases() {
  return {
      function("copy", [](Scalar x) { return x; }),
      function("exp", [](Scalar x) { return exp(x); }),
      function("exp_std", [](Scalar x) { return std::exp(x); }),
      function("tanh", [](Scalar x) { return tanh(x); }),
      function("tanh_std", [](Scalar x) { return std::tanh(x); }),
      function("sigmoid", [](Scalar x) { return sigmoid(x); }),
      function("erf", [](Scalar x) { return erf(x); }),
      function("erf_std", [](Scalar x) { return std::erf(x); }),
      function("log", [](Scalar x) { return log(x * x); }),
  };
}

}  // namespace rapt::benchmark
