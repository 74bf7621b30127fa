// Pooling of images: first and second derivatives against differences.
#include "nn/pool2d.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

struct Pooling {
  const char* name;
  Variable (*f)(const Variable&);
};

void PrintTo(const Pooling& one, std::ostream* out) { *out << one.name; }

Variable plain_max(const Variable& x) { return nn::max_pool(x, {.kernel = 2, .stride = 2}); }
Variable padded_max(const Variable& x) {
  return nn::max_pool(x, {.kernel = {3, 2}, .stride = {2, 1}, .padding = 1});
}
Variable plain_average(const Variable& x) {
  return nn::average_pool(x, {.kernel = 2, .stride = 2});
}
Variable padded_average(const Variable& x) {
  return nn::average_pool(x, {.kernel = {3, 2}, .stride = {2, 1}, .padding = 1});
}

class Pool2dGradients : public testing::TestWithParam<Pooling> {};

TEST_P(Pool2dGradients, MatchDifferencesTwice) {
  const auto y = [](const std::vector<Variable>& x) { return GetParam().f(x[0] * x[0]); };
  const std::vector<Variable> x{random_input({2, 2, 4, 5})};
  const CheckResult once = gradcheck(y, x), twice = gradcheck_twice(y, x);
  EXPECT_TRUE(once) << once.failure;
  EXPECT_TRUE(twice) << twice.failure;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Pool2dGradients,
                         testing::Values(Pooling{"max", plain_max},
                                         Pooling{"max_padded", padded_max},
                                         Pooling{"average", plain_average},
                                         Pooling{"average_padded", padded_average},
                                         Pooling{"global_average", nn::global_average_pool},
                                         Pooling{"global_max", nn::global_max_pool}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
