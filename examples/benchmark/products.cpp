// One matrix product, and what the two sides lie like: n as they are read, t transposed.
#include "examples/benchmark/case.h"
#include "tensor/matmul.h"
#include "tensor/random.h"

namespace rapt::benchmark {
namespace {

enum class Lies { plainly, transposed };

Tensor drawn(Index rows, Index columns, Lies lies, Rng& rng) {
  return lies == Lies::plainly ? normal({rows, columns}, 1, rng)
                               : normal({columns, rows}, 1, rng).transpose();
}

Case product(Index m, Index k, Index n, Lies left = Lies::plainly, Lies right = Lies::plainly) {
  std::string name = "matmul_";
  if (left == Lies::transposed) name += "tn_";
  if (right == Lies::transposed) name += "nt_";
  name += std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
  const auto make = [=]() -> Step {
    Rng rng(1);
    const Tensor a = drawn(m, k, left, rng), b = drawn(k, n, right, rng);
    return [=] { matmul(a, b); };
  };
  return {name, make, 2.0 * static_cast<double>(m * k * n)};
}

}  // namespace

std::vector<Case> product_cases() {
  std::vector<Case> cases;
  for (Index n = 16; n <= 1024; n *= 2) cases.push_back(product(n, n, n));
  cases.push_back(product(256, 256, 256, Lies::plainly, Lies::transposed));
  cases.push_back(product(256, 256, 256, Lies::transposed));
  cases.push_back(product(768, 128, 512));
  return cases;
}

}  // namespace rapt::benchmark
