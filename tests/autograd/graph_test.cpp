#include "autograd/graph.h"

#include <gtest/gtest.h>

#include <limits>

#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

const Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

TEST(ToDot, DrawsASmallExpression) {
  const Variable w(Tensor({2}, {1, 2}), true), x(Tensor({3, 2}, 1)), b(Tensor(Shape{}, 1), true);
  const Variable product = w * x;
  const Variable y = tanh(product + b);
  EXPECT_EQ(to_dot(y, {{"w", w}}),
            "digraph rapt {\n"
            "  rankdir=LR\n"
            "  node [shape=box, fontname=\"monospace\"]\n"
            "  n0 [label=\"w\\n[2]\", style=filled, fillcolor=lightgray]\n"
            "  n1 [label=\"leaf\\n[]\", style=filled, fillcolor=lightgray]\n"
            "  n2 [label=\"mul\\n[3, 2]\"]\n"
            "  n3 [label=\"add\\n[3, 2]\"]\n"
            "  n4 [label=\"tanh\\n[3, 2]\"]\n"
            "  n0 -> n2\n"
            "  n2 -> n3\n"
            "  n1 -> n3\n"
            "  n3 -> n4\n"
            "}\n");
}

TEST(ToDot, ReadsAnInputTwiceAndQuotesNames) {
  const Variable w(Tensor({1}, 3), true);
  const std::string text = to_dot(w * w, {{"the \"w\\\"", w}});
  EXPECT_NE(text.find("n0 [label=\"the \\\"w\\\\\\\"\\n[1]\""), std::string::npos) << text;
  EXPECT_NE(text.find("  n0 -> n1\n  n0 -> n1\n"), std::string::npos) << text;
}

TEST(NodesOf, ListsEachNodeOnceTheOldestFirst) {
  const Variable w(Tensor({1}, 3), true);
  const Variable square = w * w;
  const Variable y = square + w;
  const std::vector<const Node*> expected{&Node::of(w), &Node::of(square), &Node::of(y)};
  EXPECT_EQ(nodes_of(y), expected);
}

TEST(FirstNonfinite, NamesTheCulpritAndNotWhatSpreadIt) {
  const Variable x(Tensor({2}, {1, 1e4}), true);
  const Variable product = x * x;
  EXPECT_EQ(first_nonfinite(product), std::nullopt);
  const Variable spread = sum(tanh(exp(product)) + exp(product) * 2);
  EXPECT_EQ(first_nonfinite(spread), "exp [2]");
}

TEST(FirstNonfinite, NamesAParameter) {
  const Variable good(Tensor({2}, 1), true);
  const Variable bad(Tensor({2, 1}, {0, std::numeric_limits<Scalar>::quiet_NaN()}), true);
  const Variable y = good * bad;
  EXPECT_EQ(first_nonfinite(y, {{"head.bias", good}, {"head.weight", bad}}),
            "parameter 'head.weight' [2, 1]");
  EXPECT_EQ(first_nonfinite(y), "leaf [2, 1]");
  EXPECT_EQ(first_nonfinite(Variable(Tensor({1}, -kInfinity), true)), "leaf [1]");
}

}  // namespace
}  // namespace rapt
