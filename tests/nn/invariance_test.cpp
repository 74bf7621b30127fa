// What must not matter: the future under a causal mask, and padding.
#include "nn/pooling.h"
#include "nn/recurrent.h"
#include "nn/temporal_conv_net.h"
#include "nn/transformer.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Mask;
using nn::Recurrent;
using nn::RNNCell;
using nn::TransformerEncoder;

using Layer = std::function<Variable(const Variable& x)>;

TransformerEncoder make_encoder(nn::NormPlace norm, nn::PositionKind positions = {}) {
  nn::EncoderOptions options;
  options.dim = 8;
  options.heads = 2;
  options.feed_forward = 10;
  options.norm = norm;
  options.positions = positions;
  options.longest = 6;
  Rng rng(1);
  return TransformerEncoder(options, rng);
}

// y[:, 0 .. t] may depend on x[:, 0 .. t] alone, for every t: not one bit changes with the future,
// and no gradient flows back from the past.
void expect_no_look_into_the_future(const Layer& layer, Index features) {
  constexpr Index kTime = 6;
  const Variable x = random_input({2, kTime, features}, 1);
  const Tensor other = random_tensor({2, kTime, features}, 2);
  const Variable y = layer(x);
  for (Index t = 0; t + 1 < kTime; ++t) {
    const Variable changed =
        concat({slice(x, 1, 0, t + 1), Variable(other.slice(1, t + 1, kTime))}, 1);
    const Variable z = layer(changed);
    EXPECT_TRUE(same_bits(slice(z, 1, 0, t + 1), slice(y, 1, 0, t + 1))) << "up to step " << t;
    EXPECT_FALSE(same_bits(slice(z, 1, t + 1, kTime), slice(y, 1, t + 1, kTime)));

    Variable leaf = x;
    leaf.clear_grad();
    backward_at_random(slice(layer(x), 1, 0, t + 1));
    EXPECT_EQ(largest_magnitude(x.grad().slice(1, t + 1, kTime)), 0) << "from step " << t;
    EXPECT_GT(largest_magnitude(x.grad().slice(1, t, t + 1)), 0) << "from step " << t;
  }
}

TEST(Causality, MaskedSelfAttention) {
  Rng rng(1);
  const nn::SelfAttention attention(4, 3, 5, rng);
  expect_no_look_into_the_future(
      [&](const Variable& x) { return attention(x, Mask::causal(x.dim(1))).context; }, 4);
}

TEST(Causality, MaskedMultiHeadAttention) {
  Rng rng(1);
  const nn::MultiHeadAttention attention(6, 2, rng);
  expect_no_look_into_the_future(
      [&](const Variable& x) { return attention(x, Mask::causal(x.dim(1))).context; }, 6);
}

TEST(Causality, MaskedEncoder) {
  for (const nn::NormPlace norm : {nn::NormPlace::pre, nn::NormPlace::post})
    for (const std::string& positions : nn::position_names()) {
      SCOPED_TRACE(positions);
      const TransformerEncoder encoder = make_encoder(norm, nn::position_kind(positions));
      expect_no_look_into_the_future(
          [&](const Variable& x) { return encoder(x, Mask::causal(x.dim(1))).output; }, 8);
    }
}

TEST(Causality, Decoder) {
  for (const nn::NormPlace norm : {nn::NormPlace::pre, nn::NormPlace::post}) {
    const nn::DecoderOptions options{.dim = 8, .heads = 2, .feed_forward = 10, .norm = norm};
    Rng rng(1);
    const nn::TransformerDecoder decoder(options, rng);
    const nn::Cache source = decoder.read(random_tensor({2, 3, 8}, 3));
    expect_no_look_into_the_future([&](const Variable& x) { return decoder(x, source).output; }, 8);
  }
}

// What lies outside the window of every layer cannot be felt.
TEST(Windows, ReachGrowsByTheWidthWithEachLayer) {
  constexpr Index kTime = 9, kWidth = 2;
  const TransformerEncoder encoder = make_encoder(nn::NormPlace::pre);  // two layers
  Variable x = random_input({1, kTime, 8});
  backward_at_random(slice(encoder(x, Mask::window(kTime, kWidth)).output, 1, 4, 5));
  for (Index t = 0; t < kTime; ++t) {
    const Scalar felt = largest_magnitude(x.grad().slice(1, t, t + 1));
    if (std::abs(t - 4) <= 2 * (kWidth - 1))
      EXPECT_GT(felt, 0) << t;
    else
      EXPECT_EQ(felt, 0) << t;
  }
}

TEST(Causality, RNN) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  expect_no_look_into_the_future([&](const Variable& x) { return unroll(cell, x).outputs; }, 3);
}

TEST(Causality, CausalConvolution) {
  Rng rng(1);
  const nn::Conv1d conv(3, 4, nn::Conv1dOptions::causal(3, 2), rng);
  expect_no_look_into_the_future([&](const Variable& x) { return conv(x); }, 3);
}

TEST(Causality, TemporalConvNet) {
  Rng rng(1);
  const nn::TemporalConvNet net({.in = 3, .channels = 4, .levels = 3, .kernel = 2}, rng);
  expect_no_look_into_the_future([&](const Variable& x) { return net(x); }, 3);
}

using PaddedLayer = std::function<Variable(const Variable& x, const std::vector<Index>& lengths)>;

// A batch of sequences padded with other numbers, against each sequence by itself: equal outputs
// at valid positions, equal gradients, and none for the padding.
void expect_padding_changes_nothing(const nn::Module& module, const PaddedLayer& layer,
                                    Index features) {
  constexpr Index kTime = 5;
  const std::vector<Index> lengths{3, 5, 1};
  const Variable x = random_input({3, kTime, features});
  const Variable y = layer(x, lengths);
  const Tensor weight = random_tensor(y.shape(), 7);
  Variable padded_loss(0), alone_loss(0);
  std::vector<Variable> alone;
  for (Index b = 0; b < 3; ++b) {
    const Index length = lengths[b];
    const Variable w = weight.slice(0, b, b + 1).slice(1, 0, length);
    alone.emplace_back(copy(x.value().slice(0, b, b + 1).slice(1, 0, length)), true);
    const Variable expected = layer(alone.back(), {length});
    const Variable got = slice(slice(y, 0, b, b + 1), 1, 0, length);
    EXPECT_TRUE(close(got, expected.value())) << "sequence " << b;
    padded_loss = padded_loss + sum(got * w);
    alone_loss = alone_loss + sum(expected * w);
  }
  const std::vector<Variable> parameters = module.parameters();
  const std::vector<Variable> got = grad(padded_loss, parameters, Tensor({}, 1));
  const std::vector<Variable> expected = grad(alone_loss, parameters, Tensor({}, 1));
  for (std::size_t i = 0; i < parameters.size(); ++i)
    EXPECT_TRUE(close(got[i], expected[i].value())) << names_of(module)[i];
  backward(padded_loss);
  backward(alone_loss);
  for (Index b = 0; b < 3; ++b) {
    const Tensor gradient = x.grad().slice(0, b, b + 1);
    EXPECT_TRUE(close(gradient.slice(1, 0, lengths[b]), alone[b].grad())) << "sequence " << b;
    EXPECT_EQ(largest_magnitude(gradient.slice(1, lengths[b], kTime)), 0) << "padding of " << b;
  }
}

TEST(Padding, MultiHeadAttention) {
  Rng rng(1);
  const nn::MultiHeadAttention attention(6, 2, rng);
  expect_padding_changes_nothing(
      attention,
      [&](const Variable& x, const std::vector<Index>& lengths) {
        return attention(x, Mask::padding(lengths, x.dim(1))).context;
      },
      6);
}

TEST(Padding, Encoder) {
  for (const nn::NormPlace norm : {nn::NormPlace::pre, nn::NormPlace::post})
    for (const std::string& positions : nn::position_names()) {
      SCOPED_TRACE(positions);
      const TransformerEncoder encoder = make_encoder(norm, nn::position_kind(positions));
      expect_padding_changes_nothing(
          encoder,
          [&](const Variable& x, const std::vector<Index>& lengths) {
            return encoder(x, Mask::padding(lengths, x.dim(1))).output;
          },
          8);
    }
}

// Padding at the end of a target lies in the future of what is valid; no mask is needed.
TEST(Padding, Target) {
  const nn::DecoderOptions options{.dim = 8, .heads = 2, .feed_forward = 10};
  Rng rng(1);
  const nn::TransformerDecoder decoder(options, rng);
  const Variable memory = random_tensor({3, 4, 8}, 3);
  for (const Index length : {1, 3}) {
    const Tensor x = random_tensor({3, 5, 8}, 1), other = random_tensor({3, 5, 8}, 2);
    const Variable changed =
        concat({Variable(x.slice(1, 0, length)), Variable(other.slice(1, length, 5))}, 1);
    const nn::Cache source = decoder.read(memory);
    EXPECT_TRUE(same_bits(slice(decoder(changed, source).output, 1, 0, length),
                          slice(decoder(x, source).output, 1, 0, length)));
    const Mask padding = Mask::padding({length, length, length}, 5);
    EXPECT_TRUE(same_bits(slice(decoder(x, source, padding).output, 1, 0, length),
                          slice(decoder(x, source).output, 1, 0, length)));
  }
}

TEST(Padding, ASequenceOfNothingGivesFiniteNumbersAndNoGradient) {
  for (const std::string& positions : nn::position_names()) {
    SCOPED_TRACE(positions);
    const TransformerEncoder encoder =
        make_encoder(nn::NormPlace::pre, nn::position_kind(positions));
    const Variable x = random_input({2, 3, 8});
    const nn::Encoded encoded = encoder(x, Mask::padding({0, 3}, 3));
    for (const Variable& weights : encoded.weights)
      EXPECT_TRUE(same_bits(weights.value().slice(0, 0, 1), Tensor({1, 2, 3, 3})));
    backward_at_random(slice(encoded.output, 0, 0, 1));
    for (const NamedVariable& p : encoder.named_parameters()) {
      for (const Scalar g : p.variable.grad().values()) ASSERT_TRUE(std::isfinite(g)) << p.name;
      const bool looks = p.name.find("query") != std::string::npos ||
                         p.name.find("key") != std::string::npos ||
                         p.name.find("value") != std::string::npos;
      EXPECT_TRUE(!looks || largest_magnitude(p.variable.grad()) == 0) << p.name;
    }
  }
}

TEST(Padding, RNNInBothDirections) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  for (const nn::Direction direction : {nn::Direction::forward, nn::Direction::backward})
    expect_padding_changes_nothing(
        cell,
        [&](const Variable& x, const std::vector<Index>& lengths) {
          return unroll(cell, x, lengths, direction).outputs;
        },
        3);
}

TEST(Padding, LastStateOfTheRNN) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  for (const nn::Direction direction : {nn::Direction::forward, nn::Direction::backward})
    expect_padding_changes_nothing(
        cell,
        [&](const Variable& x, const std::vector<Index>& lengths) {
          const Variable last = unroll(cell, x, lengths, direction).last[0];
          return expand(reshape(last, {x.dim(0), 1, 4}), {x.dim(0), x.dim(1), 4});
        },
        3);
}

TEST(Padding, RecurrentNetworkInBothDirections) {
  for (const nn::CellKind cell : {nn::CellKind::rnn, nn::CellKind::lstm, nn::CellKind::gru}) {
    Rng rng(1);
    const Recurrent both({.cell = cell, .in = 3, .hidden = 4, .layers = 2, .bidirectional = true},
                         rng);
    expect_padding_changes_nothing(
        both,
        [&](const Variable& x, const std::vector<Index>& lengths) {
          return both(x, lengths).outputs;
        },
        3);
  }
}

TEST(Padding, Pooling) {
  Rng rng(1);
  const nn::AttentionPooling attention(3, 4, rng);
  const std::vector<PaddedLayer> poolings{
      nn::mean_pooling, nn::max_pooling, nn::last_pooling,
      [&](const Variable& x, const std::vector<Index>& lengths) {
        return attention(x, lengths).context;
      }};
  for (const PaddedLayer& pooling : poolings)
    expect_padding_changes_nothing(
        attention,
        [&](const Variable& x, const std::vector<Index>& lengths) {
          return expand(reshape(pooling(x, lengths), {x.dim(0), 1, 3}), x.shape());
        },
        3);
}

}  // namespace
}  // namespace rapt
