#include "nn/module.h"

#include "nn/linear.h"
#include "nn/transformer.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using Names = std::vector<std::string>;

// A layer with parameters before, between and in its children.
class Small : public nn::Module {
 public:
  explicit Small(const Tensor& initial)
      : first(parameter("first", initial)), layers_(child<nn::List<nn::Linear>>("layers")) {
    Rng rng(1);
    layers_.add(2, 1, rng);
    layers_.add(1, 3, rng);
    parameter("second", Tensor({4}));
  }
  void add_parameter(const std::string& name) { parameter(name, Tensor({1})); }
  void add_child(const std::string& name) { child<nn::Module>(name); }
  const nn::Linear& layer(std::size_t i) const { return *layers_.all()[i]; }

  Variable first;

 private:
  nn::List<nn::Linear>& layers_;
};

TEST(Module, NamesParametersByPathOwnOnesFirst) {
  const Small module(Tensor({2, 2}));
  EXPECT_EQ(names_of(module), (Names{"first", "second", "layers.0.weight", "layers.0.bias",
                                     "layers.1.weight", "layers.1.bias"}));
}

TEST(Module, CountsTheNumbersInAllParameters) {
  EXPECT_EQ(Small(Tensor({2, 2})).parameter_count(), 4 + 4 + (2 + 1) + (3 + 3));
}

TEST(Module, ParametersRequireGradients) {
  const Small module(Tensor({2, 2}));
  for (const NamedVariable& p : module.named_parameters())
    EXPECT_TRUE(p.variable.requires_grad()) << p.name;
}

TEST(Module, ParametersAreTheLayersOwn) {
  const Small module(Tensor({2, 2}));
  set_parameter(module, "layers.1.bias", {1, 2, 3});
  EXPECT_TRUE(close(module.layer(1).bias, Tensor({3}, {1, 2, 3})));
}

TEST(Module, CopiesTheInitialValue) {
  const Tensor initial({2}, {1, 2});
  const Small a(initial), b(initial);
  set_parameter(a, "first", {5, 5});
  Variable(b.first).mutable_value().data()[0] = 7;
  EXPECT_TRUE(same_bits(initial, Tensor({2}, {1, 2})));
}

TEST(Module, RefusesNamesThatBreakThePath) {
  Small module(Tensor({1}));
  const auto parameter = [&](const char* name) {
    return refusal<ValueError>([&] { module.add_parameter(name); });
  };
  const auto child = [&](const char* name) {
    return refusal<ValueError>([&] { module.add_child(name); });
  };
  EXPECT_EQ(parameter(""), "Module: a name must not be empty or hold a '.', got ''");
  EXPECT_EQ(parameter("a.b"), "Module: a name must not be empty or hold a '.', got 'a.b'");
  EXPECT_EQ(child("a.b"), "Module: a name must not be empty or hold a '.', got 'a.b'");
  EXPECT_EQ(parameter("first"), "Module: the name 'first' is taken");
  EXPECT_EQ(parameter("layers"), "Module: the name 'layers' is taken");
  EXPECT_EQ(child("first"), "Module: the name 'first' is taken");
  EXPECT_EQ(child("layers"), "Module: the name 'layers' is taken");
  EXPECT_EQ(module.parameters().size(), 6u) << "a refused name left something behind";
}

TEST(Module, TrainAndEvalReachEveryLayer) {
  Small module(Tensor({1}));
  EXPECT_TRUE(module.training());
  EXPECT_TRUE(module.layer(1).training());
  module.eval();
  EXPECT_FALSE(module.training());
  EXPECT_FALSE(module.layer(1).training());
  module.train();
  EXPECT_TRUE(module.layer(1).training());
}

TEST(Module, CannotBeCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<nn::Linear>);
  EXPECT_FALSE(std::is_copy_constructible_v<nn::TransformerEncoder>);
}

TEST(Module, MovedKeepsWorking) {
  nn::EncoderOptions options;
  options.dim = 4;
  options.heads = 2;
  options.feed_forward = 6;
  Rng rng(1);
  auto encoder = std::make_unique<nn::TransformerEncoder>(options, rng);
  const Variable x = random_input({2, 3, 4});
  const Variable before = (*encoder)(x).output;
  const Names names = names_of(*encoder);
  const nn::TransformerEncoder moved(std::move(*encoder));
  encoder.reset();  // a reference into the old object would dangle now
  EXPECT_EQ(names_of(moved), names);
  const Variable after = moved(x).output;
  EXPECT_TRUE(same_bits(after, before));
  backward_at_random(after);
  for (const NamedVariable& p : moved.named_parameters())
    EXPECT_TRUE(p.variable.has_grad()) << p.name;
}

}  // namespace
}  // namespace rapt
