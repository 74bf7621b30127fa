// Layers, losses and functions against results of PyTorch (tests/reference).
#include "tests/reference/reference.h"

#include "nn/embedding.h"
#include "nn/layer_norm.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "nn/recurrent.h"

namespace rapt {
namespace {

TEST(PyTorch, Linear) {
  const Reference stored("linear");
  Rng rng(1);
  const nn::Linear linear(4, 5, rng);
  stored.load_into(linear);
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", linear(x)}}, {{"x", x}}, linear);
}

TEST(PyTorch, Embedding) {
  const Reference stored("embedding");
  Rng rng(1);
  const nn::Embedding table(6, 3, rng);
  stored.load_into(table);
  stored.expect_matches({{"y", table(stored.ids("ids"))}}, {}, table);
}

TEST(PyTorch, LayerNorm) {
  const Reference stored("layer_norm");
  const nn::LayerNorm norm(7);
  stored.load_into(norm);
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", norm(x)}}, {{"x", x}}, norm);
}

class CrossEntropy : public testing::TestWithParam<const char*> {};

TEST_P(CrossEntropy, MatchesPyTorch) {
  const Reference stored(std::string("cross_entropy_") + GetParam());
  const Variable x = stored.input("x");
  const Variable loss = nn::cross_entropy(x, stored.ids("targets"), stored.option("smoothing"));
  stored.expect_matches({{"y", loss}}, {{"x", x}});
}

INSTANTIATE_TEST_SUITE_P(PyTorch, CrossEntropy,
                         testing::Values("plain", "ignored", "smoothed", "both"),
                         [](const auto& info) { return std::string(info.param); });

TEST(PyTorch, MeanSquaredError) {
  const Reference stored("mean_squared_error");
  const Variable x = stored.input("x");
  const Variable target = stored.input("target");
  stored.expect_matches({{"y", nn::mean_squared_error(x, target)}}, {{"x", x}, {"target", target}});
}

TEST(PyTorch, Gelu) {
  const Reference stored("gelu");
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", gelu(x)}}, {{"x", x}});
}

TEST(PyTorch, Softmax) {
  const Reference stored("softmax");
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", softmax(x, 1)}}, {{"x", x}});
}

TEST(PyTorch, LogSoftmax) {
  const Reference stored("log_softmax");
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", log_softmax(x, 1)}}, {{"x", x}});
}

TEST(PyTorch, Logsumexp) {
  const Reference stored("logsumexp");
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", logsumexp(x, 1)}}, {{"x", x}});
}

class PyTorchRNN : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchRNN, Forward) {
  const Reference stored(GetParam());
  Rng rng(1);
  const nn::RNNCell cell(2, 4, rng);
  stored.load_into(cell);
  const Variable x = stored.input("x");
  const nn::Unrolled unrolled = nn::unroll(cell, x, stored.lengths());
  stored.expect_matches({{"y", unrolled.outputs}, {"last", unrolled.last[0]}}, {{"x", x}}, cell);
}

INSTANTIATE_TEST_SUITE_P(Lengths, PyTorchRNN, testing::Values("rnn", "rnn_padded"),
                         [](const auto& info) { return std::string(info.param); });

class PyTorchStack : public testing::TestWithParam<const char*> {};

// Two layers in both directions over padded sequences.
TEST_P(PyTorchStack, Recurrent) {
  const Reference stored(std::string("recurrent_") + GetParam());
  const std::string name = GetParam();
  nn::RecurrentOptions options{.in = 2, .hidden = 3, .layers = 2, .bidirectional = true};
  if (name.starts_with("rnn")) options.cell = nn::CellKind::rnn;
  if (name == "rnn_relu") options.options.activation = nn::Activation::relu;
  if (name == "lstm") options.cell = nn::CellKind::lstm;
  Rng rng(1);
  const nn::Recurrent rnn(options, rng);
  stored.load_into(rnn);
  const Variable x = stored.input("x");
  const nn::RecurrentOutput read = rnn(x, stored.lengths());
  std::vector<NamedVariable> outputs{{"y", read.outputs}};
  const std::vector<std::string> parts{"h", "c"};  // [layers x directions, B, H]
  for (std::size_t part = 0; part < read.last[0].size(); ++part) {
    std::vector<Variable> last;
    for (const nn::State& state : read.last) last.push_back(state[part]);
    outputs.push_back({parts[part], stack(last)});
  }
  stored.expect_matches(outputs, {{"x", x}}, rnn);
}

INSTANTIATE_TEST_SUITE_P(Kinds, PyTorchStack,
                         testing::Values("rnn_tanh", "rnn_relu", "lstm", "gru"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace rapt
