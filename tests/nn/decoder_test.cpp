// TransformerDecoderLayer, TransformerDecoder and Transformer, all at once and step by step.
#include "nn/loss.h"
#include "nn/transformer.h"
#include "tests/nn/transformer_checks.h"

namespace rapt {
namespace {

using nn::Mask;
using nn::NormPlace;
using nn::PositionKind;
using nn::Transformer;
using nn::TransformerDecoder;
using nn::TransformerDecoderLayer;
using nn::TransformerOptions;

using Names = std::vector<std::string>;

TEST(DecoderLayer, NamesOfParameters) {
  Rng rng(1);
  Names expected;
  for (const char* attention : {"self_attn.", "cross_attn."})
    for (const char* part : {"query", "key", "value", "output"})
      for (const char* kind : {".weight", ".bias"})
        expected.push_back(std::string(attention).append(part).append(kind));
  for (const char* name : {"linear1", "linear2", "norm1", "norm2", "norm3"})
    for (const char* kind : {".weight", ".bias"})
      expected.push_back(std::string(name).append(kind));
  EXPECT_EQ(names_of(TransformerDecoderLayer(small_stack(), rng)), expected);
}

TEST(DecoderLayer, WithoutWeightsPreNormLeavesTheResidualPath) {
  Rng rng(1);
  const TransformerDecoderLayer layer(small_stack(), rng);
  for (const NamedVariable& p : layer.named_parameters())
    if (p.name.find("norm") == std::string::npos)
      set_parameter(layer, p.name, std::vector<Scalar>(p.variable.value().size(), 0));
  const Variable x = random_tensor({2, 3, 8}, 1);
  EXPECT_TRUE(close(layer(x, layer.read(random_tensor({2, 5, 8}, 2))).context, x.value()));
}

TEST(DecoderLayer, ShapesAndRefusals) {
  Rng rng(1);
  const TransformerDecoderLayer layer(small_stack(), rng);
  const nn::KeysValues source = layer.read(random_tensor({2, 5, 8}, 2));
  const nn::AttendedTwice y = layer(random_tensor({2, 3, 8}, 1), source);
  EXPECT_EQ(y.context.shape(), (Shape{2, 3, 8}));
  EXPECT_EQ(y.weights.shape(), (Shape{2, 2, 3, 3}));
  EXPECT_EQ(y.source_weights.shape(), (Shape{2, 2, 3, 5}));
  EXPECT_EQ(refusal<ShapeError>([&] {
              layer(random_tensor({2, 3, 6}), source);
            }),
            "TransformerDecoderLayer: x [B, T, D]: expected [any, any, 8], got [2, 3, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              layer(random_tensor({1, 3, 8}), source);
            }),
            "MultiHeadAttention: keys [B, H, Tk, D/H] for this target: expected [1, 2, any, 4], "
            "got [2, 2, 5, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              layer(random_tensor({2, 3, 8}), source, Mask::causal(4));
            }),
            "Mask: a mask [B, Tq, Tk] of [1, 4, 4] does not fit scores [.., Tq, Tk] of "
            "[2, 2, 3, 3]");
}

TEST(Decoder, NeedsTheSourceOfEachLayer) {
  Rng rng(1);
  const TransformerDecoder decoder(small_stack(), rng);
  const Tensor x = random_tensor({2, 3, 8});
  nn::Cache source = decoder.read(x);
  source.pop_back();
  EXPECT_EQ(refusal<ValueError>([&] { decoder(x, source); }),
            "TransformerDecoder: source: expected a cache of 2 layers, got 1");
  nn::DecoderOptions none = small_stack();
  none.layers = 0;
  EXPECT_EQ(refusal<ValueError>([&] { TransformerDecoder(none, rng); }),
            "TransformerDecoder: layers must be at least 1, got 0");
}

TEST(Decoder, AMaskStandsBesideTheCausalOne) {
  Rng rng(1);
  const TransformerDecoder decoder(small_stack(), rng);
  const Tensor x = random_tensor({1, 3, 8});
  const nn::DecoderOutput decoded = decoder(x, decoder.read(x), Mask::window(3, 2));
  for (const Variable& weights : decoded.weights) {
    EXPECT_EQ(weights.value().at({0, 0, 1, 2}), 0) << "the future";
    EXPECT_EQ(weights.value().at({0, 0, 2, 0}), 0) << "beyond the window";
    EXPECT_GT(weights.value().at({0, 0, 2, 1}), 0);
  }
}

TEST(Decoder, DropoutDrawsInTrainingOnly) {
  nn::DecoderOptions options = small_stack();
  options.dropout = Scalar(0.5);
  Rng rng(1), plain(1);
  TransformerDecoder decoder(options, rng);
  const TransformerDecoder without(small_stack(), plain);
  const Variable x = random_tensor({2, 3, 8}, 1), source = random_tensor({2, 4, 8}, 2);
  const auto run = [&](const TransformerDecoder& d) { return d(x, d.read(source)).output; };
  EXPECT_FALSE(same_bits(run(decoder), run(decoder)));
  decoder.eval();
  EXPECT_TRUE(same_bits(run(decoder), run(without)));
}

// A batch of sources of length 5, 3 and 1, and of targets.
const std::vector<Index> kLengths{5, 3, 1};
Ids sources() { return random_ids({3, 5}, 6, 1); }
Mask padding() { return Mask::padding(kLengths, 5); }

class Transformers : public testing::TestWithParam<std::string> {
 protected:
  static Transformer make(NormPlace norm = NormPlace::pre) {
    TransformerOptions options = small_transformer(nn::position_kind(GetParam()));
    options.stack.norm = norm;
    Rng rng(1);
    return Transformer(options, rng);
  }
};

TEST_P(Transformers, Shapes) {
  const nn::Translated y = make()(sources(), random_ids({3, 4}, 7), padding());
  EXPECT_EQ(y.logits.shape(), (Shape{3, 4, 7}));
  ASSERT_EQ(y.weights.size(), 2u);
  ASSERT_EQ(y.source_weights.size(), 2u);
  ASSERT_EQ(y.encoder_weights.size(), 2u);
  EXPECT_EQ(y.weights[1].shape(), (Shape{3, 2, 4, 4}));
  EXPECT_EQ(y.source_weights[1].shape(), (Shape{3, 2, 4, 5}));
  EXPECT_EQ(y.encoder_weights[1].shape(), (Shape{3, 2, 5, 5}));
}

TEST_P(Transformers, TheFutureOfTheTargetChangesNotOneBit) {
  for (const NormPlace norm : {NormPlace::pre, NormPlace::post}) {
    const Transformer model = make(norm);
    const Ids target = random_ids({3, 6}, 7);
    const Variable logits = model(sources(), target, padding()).logits;
    for (Index t = 1; t < 6; ++t) {
      const Variable other = model(sources(), changed_from(target, t, 7), padding()).logits;
      EXPECT_TRUE(same_bits(slice(other, 1, 0, t), slice(logits, 1, 0, t))) << "before step " << t;
      EXPECT_FALSE(same_bits(select(other, 1, t), select(logits, 1, t))) << "at step " << t;
    }
    EXPECT_FALSE(same_bits(model(changed_from(sources(), 0, 6), target, padding()).logits, logits))
        << "the source is read";
  }
}

TEST_P(Transformers, PaddingOfTheSourceChangesNothing) {
  const Transformer model = make();
  const Ids target = random_ids({3, 4}, 7);
  const Variable logits = model(sources(), target, padding()).logits;
  Ids other = sources();
  for (const std::size_t i : {8, 9, 11, 12, 13, 14}) other.values[i] = 5 - other.values[i];
  EXPECT_TRUE(same_bits(model(other, target, padding()).logits, logits));
  EXPECT_FALSE(same_bits(model(other, target).logits, model(sources(), target).logits));
  for (const Index b : {0, 1, 2}) {  // each sequence by itself, without any padding
    Ids source{{1, kLengths[b]}, {}}, own{{1, 4}, {}};
    for (Index s = 0; s < kLengths[b]; ++s) source.values.push_back(sources().values[b * 5 + s]);
    for (Index t = 0; t < 4; ++t) own.values.push_back(target.values[b * 4 + t]);
    EXPECT_TRUE(close(model(source, own).logits, logits.value().slice(0, b, b + 1))) << b;
  }
}

TEST_P(Transformers, StepByStepIsTheSameAsAllAtOnce) {
  constexpr Index kTime = 19;  // more than the 16 lanes of a sum
  const Transformer model = make();
  const Ids target = random_ids({3, kTime}, 7);
  const nn::Translated all = model(sources(), target, padding());
  nn::State state = model.start(sources(), padding());
  for (Index t = 0; t < kTime; ++t) {
    const nn::Next next = model.next(step_of(target, t), state);
    EXPECT_TRUE(same_bits(next.logits, select(all.logits, 1, t))) << "step " << t;
    const Variable looked = select(mean(all.source_weights[1], 1), 1, t);
    EXPECT_TRUE(same_bits(next.weights, looked)) << "step " << t;
    state = next.state;
  }
}

TEST_P(Transformers, EveryParameterLearns) {
  const Transformer model = make();
  Names idle;
  for (const char* layer : {"0", "1"})
    for (const char* part :
         {"encoder.layers.#.self_attn.key.bias", "decoder.layers.#.self_attn.key.bias",
          "decoder.layers.#.cross_attn.key.bias"}) {
      std::string name = part;
      // Turned by its position, a bias differs from key to key; the source is not turned.
      if (GetParam() == "rotary" && name.find("self") != std::string::npos) continue;
      idle.push_back(name.replace(name.find('#'), 1, layer));
    }
  expect_every_parameter_learns(model, model(sources(), random_ids({3, 6}, 7), padding()).logits,
                                idle);
}

INSTANTIATE_TEST_SUITE_P(Positions, Transformers, testing::ValuesIn(nn::position_names()),
                         [](const auto& info) { return info.param; });

// [B, ..] -> the sequences 2, 0, 1
Variable reordered(const Variable& x) {
  const Variable last = slice(x, 0, 2, 3);
  return concat({last, slice(x, 0, 0, 2)}, 0);
}

TEST(TransformerState, ASearchMayReorderIt) {
  Rng rng(1);
  const Transformer model(small_transformer(), rng);
  const Ids target = random_ids({3, 2}, 7);
  const Variable expected = select(model(sources(), target, padding()).logits, 1, 1);
  nn::State state = model.next(step_of(target, 0), model.start(sources(), padding())).state;
  for (Variable& part : state) part = reordered(part);
  const std::vector<std::int32_t> last = step_of(target, 1).values;
  const nn::Next next = model.next({{3}, {last[2], last[0], last[1]}}, state);
  EXPECT_TRUE(same_bits(next.logits, reordered(expected)));
}

TEST(TransformerTying, SharedAndTiedEmbeddings) {
  TransformerOptions options = small_transformer();
  options.target_vocabulary = 6;
  const auto build = [&](bool shared, bool tied) {
    options.shared = shared;
    options.tied = tied;
    Rng rng(1);
    return Transformer(options, rng);
  };
  const Index all = build(false, false).parameter_count(), table = 6 * 8, bias = 6;
  EXPECT_EQ(build(true, false).parameter_count(), all - table);
  EXPECT_EQ(build(false, true).parameter_count(), all - table - bias);
  EXPECT_EQ(build(true, true).parameter_count(), all - 2 * table - bias);
  EXPECT_EQ(names_of(build(true, true)).front(), "embedding.weight");
  EXPECT_EQ(names_of(build(false, true))[1], "target_embedding.weight");

  // One table for three uses: its gradient is the sum of those of three tables of equal numbers.
  const Transformer one = build(true, true), three = build(false, false);
  for (const NamedVariable& p : one.named_parameters()) {
    const std::vector<Scalar> numbers = p.variable.value().values();
    if (p.name != "embedding.weight") {
      set_parameter(three, p.name, numbers);
      continue;
    }
    for (const char* use : {"source_embedding.weight", "target_embedding.weight", "head.weight"})
      set_parameter(three, use, numbers);
  }
  set_parameter(three, "head.bias", std::vector<Scalar>(6, 0));
  const Ids target = random_ids({3, 4}, 6), labels = random_ids({3, 4}, 6, 2);
  backward(nn::cross_entropy(one(sources(), target, padding()).logits, labels));
  backward(nn::cross_entropy(three(sources(), target, padding()).logits, labels));
  Variable total(Tensor({6, 8}));
  for (const NamedVariable& p : three.named_parameters())
    if (p.name.find("embedding") != std::string::npos || p.name == "head.weight")
      total = total + p.variable.grad();
  EXPECT_TRUE(close(one.parameters().front().grad(), total.value()));
}

TEST(TransformerErrors, AreRefused) {
  Rng rng(1);
  const Transformer model(small_transformer(), rng);
  const Ids target = random_ids({3, 4}, 7);
  EXPECT_EQ(refusal<ShapeError>([&] {
              model(sources(), random_ids({2, 4}, 7));
            }),
            "Transformer: target [B, T] for this source: expected [3, any], got [2, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { model(random_ids({4}, 6), target); }),
            "Transformer: source [B, S]: expected [any, any], got [4]");
  EXPECT_EQ(refusal<ShapeError>([&] { model.start(sources(), Mask::causal(5)); }),
            "Mask: a mask [B, Tq, Tk] of [1, 5, 5] does not fit scores [.., Tq, Tk] of [3, 1, 5]");
  EXPECT_EQ(refusal<ValueError>([&] {
              model.next({{3}, {0, 1, 2}}, {});
            }),
            "Transformer: expected a state of start() or next(), a mask and four tensors for each "
            "layer, got 0 tensors");
  TransformerOptions options = small_transformer();
  options.shared = true;
  EXPECT_EQ(refusal<ValueError>([&] { Transformer(options, rng); }),
            "Transformer: a shared embedding needs one vocabulary, got 6 and 7");
}

}  // namespace
}  // namespace rapt
