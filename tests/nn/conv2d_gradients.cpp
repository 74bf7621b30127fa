// Convolution of images: first and second derivatives against differences.
#include "nn/conv2d.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Conv2dOptions;

struct Named {
  const char* name;
  Conv2dOptions options;
};

void PrintTo(const Named& one, std::ostream* out) { *out << one.name; }

class Conv2dGradients : public testing::TestWithParam<Named> {};

TEST_P(Conv2dGradients, MatchDifferences) {
  Rng rng(1);
  const nn::Conv2d conv(4, 2, GetParam().options, rng);
  const Variable x = random_input({2, 4, 3, 4});
  expect_gradients_match_differences(conv, {x}, [&] { return conv(x); });
}

TEST_P(Conv2dGradients, MatchDifferencesTwice) {
  Rng rng(1);
  const nn::Conv2d conv(4, 2, GetParam().options, rng);
  std::vector<Variable> inputs{random_input({2, 4, 3, 4})};
  for (const Variable& p : conv.parameters()) inputs.push_back(p);
  const CheckResult result =
      gradcheck_twice([&](const std::vector<Variable>& x) { return conv(x[0]); }, inputs);
  EXPECT_TRUE(result) << result.failure;
}

INSTANTIATE_TEST_SUITE_P(
    Options, Conv2dGradients,
    testing::Values(
        Named{"plain", {.window = {.kernel = {2, 3}}}},
        Named{"padded", {.window = {.kernel = 3, .padding = 1}}},
        Named{"strided",
              {.window = {.kernel = {3, 2}, .stride = {1, 2}, .padding = {1, 0}}, .bias = false}},
        Named{"grouped", {.window = {.kernel = 2, .dilation = {1, 3}, .padding = 2}, .groups = 2}}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
