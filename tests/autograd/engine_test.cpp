// The engine: gradients reach every variable once, whole, and nothing else is touched.
#include <gtest/gtest.h>

#include "autograd/graph.h"
#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

Variable leaf(const std::vector<Scalar>& values) {
  return Variable(Tensor({static_cast<Index>(values.size())}, values), true);
}

TEST(Backward, ASharedNodeGetsTheSumOfItsReaders) {
  const Variable a = leaf({5});
  const Variable b = a + a;
  const Variable c = b + b;
  backward(c);
  EXPECT_TRUE(same(a.grad(), Tensor({1}, 4)));
}

TEST(Backward, ADiamondIsWalkedOnce) {
  const Variable x = leaf({3});
  const Variable square = x * x, cube = square * x;
  backward(square * cube + x);  // x^5 + x
  EXPECT_TRUE(same(x.grad(), Tensor({1}, 5 * 81 + 1)));
}

TEST(Backward, SumsOverBroadcastAxes) {
  const Variable row = leaf({1, 2, 3});
  const Variable column(Tensor({2, 1}, {10, 20}), true);
  const Variable scale(Tensor(Shape{}, 2), true);
  backward(sum(row * column * scale));
  EXPECT_TRUE(same(row.grad(), Tensor({3}, {60, 60, 60})));
  EXPECT_TRUE(same(column.grad(), Tensor({2, 1}, {12, 12})));
  EXPECT_TRUE(same(scale.grad(), Tensor(Shape{}, 180)));
}

TEST(Backward, GivesEachLeafStorageOfItsOwn) {
  const Variable a = leaf({1, 2}), b = leaf({3, 4});
  backward(sum(a + b));
  EXPECT_NE(a.grad().base(), b.grad().base());
  EXPECT_TRUE(a.grad().owns_alone());
  EXPECT_TRUE(b.grad().owns_alone());
}

// The rule of a + b hands the same g to both; a's share grows afterwards, b's must not.
TEST(Backward, ALaterShareOfOneInputDoesNotReachTheOther) {
  const Variable a = leaf({1, 2}), b = leaf({10, 20});
  const Variable older = a * 3;
  const Variable both = a + b;
  backward(sum(both * both) + sum(older));
  EXPECT_TRUE(same(a.grad(), Tensor({2}, {25, 47})));
  EXPECT_TRUE(same(b.grad(), Tensor({2}, {22, 44})));
}

TEST(Backward, LeavesTheUpstreamGradientOfTheCallerAlone) {
  const Variable a = leaf({1, 2});
  const Variable y = a + a;
  Tensor dy({2}, {1, 10});
  const Variable g = grad(y, {a}, dy)[0];
  EXPECT_TRUE(same(g.value(), Tensor({2}, {2, 20})));
  EXPECT_TRUE(same(dy, Tensor({2}, {1, 10})));
}

TEST(Backward, AddsUp) {
  const Variable a = leaf({1, 2});
  backward(sum(a * 3));
  backward(sum(a * 4));
  EXPECT_TRUE(same(a.grad(), Tensor({2}, 7)));
  Variable handle = a;
  handle.clear_grad();
  EXPECT_FALSE(a.has_grad());
}

TEST(Backward, RefusesWhatItCannotDo) {
  const Variable a = leaf({1, 2});
  EXPECT_EQ(error<ShapeError>([&] { backward(a * 2); }),
            "backward: expected a loss of one element, got shape [2]");
  EXPECT_EQ(error<std::logic_error>([] { backward(Variable(Scalar(1)) * 2); }),
            "backward: the loss depends on no variable that requires a gradient");
  EXPECT_EQ(error<std::logic_error>([&] { a.grad(); }),
            "grad: no gradient yet for this variable of shape [2]; call backward() on a loss that "
            "depends on it");
  EXPECT_EQ(error<ShapeError>([&] { grad(a, {a}, Scalar(1)); }),
            "grad: dy has shape [], y has [2]");
}

TEST(Grad, LeavesTheLeavesUntouched) {
  const Variable a = leaf({1, 2});
  EXPECT_TRUE(same(grad(sum(a * a), {a}, Scalar(1))[0].value(), Tensor({2}, {2, 4})));
  EXPECT_FALSE(a.has_grad());
}

TEST(Grad, IsZeroForUnrelatedVariables) {
  const Variable a = leaf({1, 2}), unrelated(Tensor({2, 3}, 7), true);
  const std::vector<Variable> g = grad(sum(a), {unrelated, a}, Scalar(1));
  EXPECT_TRUE(same(g[0].value(), Tensor({2, 3})));
  EXPECT_TRUE(same(g[1].value(), Tensor({2}, 1)));
}

TEST(Grad, IsRefusedForAConstant) {
  const Variable a = leaf({1, 2}), constant(Tensor({4}, 1));
  EXPECT_EQ(error<std::logic_error>([&] { grad(sum(a), {constant}, Scalar(1)); }),
            "grad: a variable of shape [4] does not require a gradient, so none can be asked for");
}

TEST(Grad, DoesNotWalkBehindWhatIsWanted) {
  // The second derivative of normalize differentiates a formula of its input; if that walked on to
  // the norms before it, twenty of them would take 2^20 walks.
  Variable y = leaf({1, 2, 4});
  const Variable x = y;
  for (int i = 0; i < 20; ++i) y = normalize(y + x);
  EXPECT_EQ(grad(sum(y * y), {x}, Scalar(1), true)[0].shape(), (Shape{3}));
}

TEST(Grad, ReachesInnerNodes) {
  const Variable a = leaf({1, 2});
  const Variable inner = a * a;
  const Variable y = sum(inner * inner);
  const std::vector<Variable> g = grad(y, {inner, y}, Scalar(1));
  EXPECT_TRUE(same(g[0].value(), Tensor({2}, {2, 8})));
  EXPECT_TRUE(same(g[1].value(), Tensor(Shape{}, 1)));
}

TEST(Grad, IsDifferentiatedAgainAndAgain) {
  const Variable x = leaf({2});
  Variable y = x * x * x * x;
  for (const Scalar expected : {32, 48, 48, 24}) {  // 4 x^3, 12 x^2, 24 x, 24
    y = grad(y, {x}, Tensor({1}, 1), true)[0];
    EXPECT_TRUE(same(y.value(), Tensor({1}, expected)));
  }
}

TEST(Grad, HasNoHistoryUnlessAsked) {
  const Variable x = leaf({2});
  const Variable y = x * x;
  EXPECT_FALSE(grad(y, {x}, Tensor({1}, 1))[0].requires_grad());
  EXPECT_TRUE(grad(y, {x}, Tensor({1}, 1), true)[0].requires_grad());
}

TEST(GradMode, NothingIsRecordedUnderNoGrad) {
  const Variable x = leaf({2});
  {
    const NoGrad off;
    EXPECT_FALSE((x * x).requires_grad());
    EXPECT_EQ(nodes_of(x * x).size(), 1u);
  }
  EXPECT_TRUE((x * x).requires_grad());
}

TEST(GradMode, ScopesNest) {
  EXPECT_TRUE(grad_enabled());
  {
    const NoGrad off;
    EXPECT_FALSE(grad_enabled());
    {
      const GradMode on(true);
      EXPECT_TRUE(grad_enabled());
      const NoGrad off_again;
      EXPECT_FALSE(grad_enabled());
    }
    EXPECT_FALSE(grad_enabled());
  }
  EXPECT_TRUE(grad_enabled());
  const Variable x = leaf({2});
  EXPECT_THROW(grad(x, {x}, Scalar(1), true), ShapeError);
  EXPECT_TRUE(grad_enabled()) << "an exception left the mode changed";
}

TEST(GradMode, BackwardRestoresTheMode) {
  const Variable x = leaf({2});
  backward(x * x);
  EXPECT_TRUE(grad_enabled());
  EXPECT_EQ(nodes_of(x).size(), 1u);
}

TEST(Detach, CutsTheGraphAndKeepsTheNumbers) {
  const Variable x = leaf({3});
  const Variable square = x * x;
  const Variable cut = square.detach();
  EXPECT_EQ(cut.value().base(), square.value().base());
  backward(cut * x);
  EXPECT_TRUE(same(x.grad(), Tensor({1}, 9)));
}

// Long chains: nothing may recurse over the graph, the destructor included.
TEST(LongChain, OfAMillionNodesRunsForwardBackwardAndIsFreed) {
  const Variable x = leaf({1});
  Variable y = x;
  for (int i = 0; i < 1'000'000; ++i) y = y + Scalar(1);
  EXPECT_EQ(y.item(), 1'000'001);
  backward(y);
  EXPECT_TRUE(same(x.grad(), Tensor({1}, 1)));
}

TEST(LongChain, OfSecondDerivativesIsFreed) {
  const Variable x = leaf({1});
  Variable y = x;
  for (int i = 0; i < 100'000; ++i) y = y * Scalar(1);
  const Variable slope = grad(y * y, {x}, Tensor({1}, 1), true)[0];
  EXPECT_TRUE(same(grad(slope, {x}, Tensor({1}, 1))[0].value(), Tensor({1}, 2)));
}

// y = sum_t c_t x_t with every x_t read as a slice of its own, some parts twice.
TEST(Slices, AreAddedUpAlikeWithAndWithoutAGraph) {
  const Index steps = 12;
  const Variable x(random({2, steps, 3}), true);
  const Tensor c = random({2, steps, 3}, 2);
  Variable y = Scalar(0);
  for (Index t = 0; t < steps; ++t) {
    y = y + sum(select(x, 1, t) * c.slice(1, t, t + 1).reshape({2, 3}));
    if (t > 0) y = y + sum(slice(x, 1, t - 1, t + 1));
  }
  const Tensor once = grad(y, {x}, Tensor(y.shape(), 1))[0].value();
  const Tensor graph = grad(y, {x}, Tensor(y.shape(), 1), true)[0].value();
  const Tensor expected = made(x.shape(), [&](const Position& p) {
    return at(c, p) + (p[1] == 0 || p[1] == steps - 1 ? 1 : 2);
  });
  EXPECT_TRUE(same(once, expected, kRounding));
  EXPECT_TRUE(same_bits(graph, once));
}

TEST(Slices, AndTheWholeAddUp) {
  const Variable x(Tensor({2, 2}, {1, 2, 3, 4}), true);
  for (const bool graph : {false, true}) {
    const Variable y = sum(slice(x, 0, 1, 2)) + sum(x * x) + sum(slice(x, 0, 0, 0));
    EXPECT_TRUE(same(grad(y, {x}, Scalar(1), graph)[0].value(), Tensor({2, 2}, {2, 4, 7, 9})));
  }
}

TEST(Variables, HoldWhatTheyWereMadeOf) {
  const Variable number = Scalar(3), x = leaf({1, 2});
  EXPECT_EQ(number.item(), 3);
  EXPECT_FALSE(number.requires_grad());
  EXPECT_TRUE(x.requires_grad());
  EXPECT_EQ(x.shape(), (Shape{2}));
  EXPECT_EQ(x.dim(-1), 2);
  EXPECT_EQ(x.rank(), 1);
}

}  // namespace
}  // namespace rapt
