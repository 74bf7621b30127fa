// The first and second derivative of every operation against central differences.
#include <gtest/gtest.h>

#include "tests/autograd/operations.h"

namespace rapt {

void PrintTo(const Operation& operation, std::ostream* out) { *out << operation.name; }

namespace {

class Operations : public testing::TestWithParam<Operation> {};

TEST_P(Operations, FirstDerivativeMatchesDifferences) {
  const CheckResult result = gradcheck(GetParam().f, random_inputs(GetParam()), 1e-6);
  EXPECT_TRUE(result) << result.failure;
}

TEST_P(Operations, SecondDerivativeMatchesDifferences) {
  const CheckResult result = gradcheck_twice(GetParam().f, random_inputs(GetParam()), 1e-5);
  EXPECT_TRUE(result) << result.failure;
}

INSTANTIATE_TEST_SUITE_P(All, Operations, testing::ValuesIn(kOperations),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
