#include "autograd/gradcheck.h"

#include <gtest/gtest.h>

#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

TEST(GradCheck, RefusesFloat) {
  const auto check = [] {
    const std::vector<Variable> inputs{Variable(Tensor({2}, 1), true)};
    const auto square = [](const std::vector<Variable>& x) { return x[0] * x[0]; };
    gradcheck(square, inputs);
    gradcheck_twice(square, inputs);
  };
  const std::string expected = sizeof(Scalar) == sizeof(float)
                                   ? "gradcheck: needs the double build; link rapt::rapt_double"
                                   : "(no error)";
  EXPECT_EQ(testing_helpers::error<std::logic_error>(check), expected);
}

}  // namespace
}  // namespace rapt
