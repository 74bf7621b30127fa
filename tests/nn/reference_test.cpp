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

class PyTorchBothWays : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchBothWays, Bidirectional) {
  const Reference stored(GetParam());
  Rng rng(1);
  const nn::Bidirectional<nn::RNNCell> rnn(2, 4, rng);
  stored.load_into(rnn);
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", rnn(x, stored.lengths())}}, {{"x", x}}, rnn);
}

INSTANTIATE_TEST_SUITE_P(Lengths, PyTorchBothWays, testing::Values("rnn_both", "rnn_both_padded"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace rapt
