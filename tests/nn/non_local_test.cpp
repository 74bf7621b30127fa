// NonLocal by hand and against PyTorch: attention between places, which starts as nothing.
#include "nn/non_local.h"

#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::NonLocal;

// Weights as they may be after some learning: nothing is 0 any more.
NonLocal learned(Index channels) {
  Rng rng(1);
  NonLocal block(channels, rng);
  Variable weight = block.weight, bias = block.bias;
  weight.mutable_value() = random_tensor(weight.shape(), 5);
  bias.mutable_value() = random_tensor(bias.shape(), 6);
  return block;
}

TEST(NonLocal, NamesAndShapes) {
  Rng rng(1);
  const NonLocal block(5, rng);
  EXPECT_EQ(names_of(block), (std::vector<std::string>{
                                 "weight", "bias", "attention.query.weight", "attention.query.bias",
                                 "attention.key.weight", "attention.key.bias",
                                 "attention.value.weight", "attention.value.bias"}));
  EXPECT_EQ(block.weight.shape(), (Shape{5, 2}));
  const nn::Attended z = block(random_tensor({2, 5, 3, 4}));
  EXPECT_EQ(z.context.shape(), (Shape{2, 5, 3, 4}));
  EXPECT_EQ(z.weights.shape(), (Shape{2, 12, 12}));
}

// Two places with (0, 1) and (1, 0): queries 0 and 1, keys 0 and log 3, values 1 and 0. The first
// place looks at both alike, the second at itself three times as much. They find 1/2 and 1/4.
TEST(NonLocal, ByHand) {
  Rng rng(1);
  const NonLocal block(2, rng);
  set_all_parameters(block, 0);
  set_parameter(block, "attention.query.weight", {1, 0});
  set_parameter(block, "attention.key.weight", {static_cast<Scalar>(std::log(3.0)), 0});
  set_parameter(block, "attention.value.weight", {0, 1});
  set_parameter(block, "weight", {4, 8});
  set_parameter(block, "bias", {0, 1});
  const nn::Attended z = block(Tensor({1, 2, 1, 2}, {0, 1, 1, 0}));
  EXPECT_TRUE(close(z.weights, Tensor({1, 2, 2}, {0.5, 0.5, 0.25, 0.75})));
  EXPECT_TRUE(close(z.context, Tensor({1, 2, 1, 2}, {0 + 2, 1 + 1, 1 + 5, 0 + 3})));
}

TEST(NonLocal, AsInPyTorch) {
  const Reference stored("non_local");
  Rng rng(1);
  const NonLocal block(5, rng);
  stored.load_into(block);
  const Variable x = stored.input("x");
  const nn::Attended z = block(x);
  stored.expect_matches({{"z", z.context}, {"weights", z.weights}}, {{"x", x}}, block);
}

TEST(NonLocal, StartsAsTheIdentity) {
  Rng rng(1);
  const NonLocal block(6, rng);
  const Variable x = random_tensor({2, 6, 3, 4});
  EXPECT_TRUE(same_bits(block(x).context, x));
  EXPECT_FALSE(close(learned(6)(x).context, x.value()));
}

TEST(NonLocal, PlacesMayChangePlaces) {
  const NonLocal block = learned(4);
  const Variable x = random_tensor({2, 4, 3, 5});
  EXPECT_TRUE(close(block(transpose(x)).context, transpose(block(x).context).value()));
}

// The distance between two places counts for nothing, unlike in a convolution.
TEST(NonLocal, SeesTheFarthestPlace) {
  const NonLocal block = learned(4);
  const Variable x = random_input({1, 4, 5, 5});
  backward(sum(slice(slice(block(x).context, 2, 0, 1), 3, 0, 1)));
  EXPECT_GT(largest_magnitude(x.grad().slice(2, 4, 5).slice(3, 4, 5)), 1e-4);
}

// The key's bias adds the same number to all scores of a query.
TEST(NonLocal, EveryParameterLearnsOnceItHasBegun) {
  const NonLocal block = learned(6);
  expect_every_parameter_learns(block, block(random_tensor({2, 6, 3, 3})).context,
                                {"attention.key.bias"});
}

TEST(NonLocal, BeginsWithTheWeightsThatAreZero) {
  Rng rng(1);
  const NonLocal block(6, rng);
  backward_at_random(block(random_tensor({2, 6, 3, 3})).context);
  for (const NamedVariable& p : block.named_parameters()) {
    const bool last = p.name == "weight" || p.name == "bias";
    EXPECT_EQ(largest_magnitude(p.variable.grad()) > 1e-6, last) << p.name;
  }
}

TEST(NonLocal, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(NonLocal(4, one), NonLocal(4, same));
}

TEST(NonLocal, RefusesWhatDoesNotFit) {
  Rng rng(1);
  EXPECT_EQ(refusal<ValueError>([&] { NonLocal(1, rng); }),
            "NonLocal: channels must be at least 2, got 1");
  EXPECT_EQ(refusal<ShapeError>([&] {
              NonLocal(4, rng)(random_tensor({2, 3, 5, 5}));
            }),
            "NonLocal: x [B, C, Y, X]: expected [any, 4, any, any], got [2, 3, 5, 5]");
}

}  // namespace
}  // namespace rapt
