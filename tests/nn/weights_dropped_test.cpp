// Attention that is not asked for its weights: the same context, and nothing where they were.
#include "nn/transformer.h"
#include "tests/nn/transformer_checks.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::Attended;
using nn::Mask;
using nn::Weights;

TEST(WeightsDropped, TheContextStays) {
  const Tensor q = random_tensor({2, 3, 70, 4}, 1), k = random_tensor({2, 3, 80, 4}, 2);
  const Tensor v = random_tensor({2, 3, 80, 5}, 3);
  for (const Mask& mask : {Mask(), Mask::causal(70, 80), Mask::padding({0, 66}, 80)}) {
    const Attended dropped = nn::scaled_dot_product(q, k, v, mask, Weights::dropped);
    EXPECT_TRUE(close(dropped.context, nn::scaled_dot_product(q, k, v, mask).context.value()));
    EXPECT_EQ(dropped.weights.shape(), (Shape{2, 3, 70, 0}));
  }
}

TEST(WeightsDropped, OneQueryForTheWholeBatch) {
  const Tensor q = random_tensor({1, 4}, 1), k = random_tensor({2, 80, 4}, 2);
  const Mask mask = Mask::padding({7, 80}, 80);
  const Attended dropped = nn::scaled_dot_product(q, k, k, mask, Weights::dropped);
  EXPECT_TRUE(close(dropped.context, nn::scaled_dot_product(q, k, k, mask).context.value()));
  EXPECT_EQ(dropped.weights.shape(), (Shape{2, 1, 0}));
}

TEST(WeightsDropped, RefusesTheSameShapes) {
  const Tensor q = random_tensor({2, 3, 4});
  const auto refused = [&](Weights weights, const Tensor& k, const Tensor& v, const Mask& mask) {
    return refusal<ShapeError>([&] { nn::scaled_dot_product(q, k, v, mask, weights); });
  };
  const auto both_refuse = [&](const Tensor& k, const Tensor& v, const Mask& mask) {
    EXPECT_EQ(refused(Weights::dropped, k, v, mask), refused(Weights::kept, k, v, mask));
  };
  both_refuse(random_tensor({2, 5, 3}), q, {});
  both_refuse(random_tensor({4}), q, {});
  both_refuse(random_tensor({2, 5, 4}), random_tensor({2, 6, 4}), {});
  both_refuse(q, q, Mask::causal(4));
}

TEST(WeightsDropped, EqualsPyTorch) {
  const Reference stored("scaled_dot_product");
  for (const Weights weights : {Weights::kept, Weights::dropped}) {
    const Variable q = stored.input("q"), k = stored.input("k"), v = stored.input("v");
    const Mask mask(stored["option/mask"]);
    stored.expect_matches({{"context", nn::scaled_dot_product(q, k, v, mask, weights).context}},
                          {{"q", q}, {"k", k}, {"v", v}});
  }
}

// A language model of 70 steps either way: the same logits, and the same gradients.
TEST(WeightsDropped, ALanguageModelLearnsTheSame) {
  nn::LanguageModelOptions options = small_language_model();
  options.stack.longest = 70;
  const Ids tokens = random_ids({2, 70}, 7);
  const auto model_with = [&](Weights weights) {
    options.stack.weights = weights;
    Rng rng(1);
    return std::make_unique<nn::LanguageModel>(options, rng);
  };
  const auto kept = model_with(Weights::kept), dropped = model_with(Weights::dropped);
  const Mask mask = Mask::padding({70, 50}, 70);
  const nn::Predicted expected = (*kept)(tokens, mask), got = (*dropped)(tokens, mask);
  EXPECT_TRUE(close(got.logits, expected.logits.value()));
  EXPECT_EQ(got.weights[1].shape(), (Shape{2, 2, 70, 0}));
  EXPECT_EQ(expected.weights[1].shape(), (Shape{2, 2, 70, 70}));
  backward_at_random(got.logits);
  backward_at_random(expected.logits);
  const auto ours = dropped->named_parameters(), theirs = kept->named_parameters();
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_TRUE(close(ours[i].variable.grad(), theirs[i].variable.grad())) << ours[i].name;
}

TEST(WeightsDropped, ATranslatorStepsWithoutThem) {
  nn::TransformerOptions options = small_transformer();
  options.stack.weights = Weights::dropped;
  Rng rng(1);
  const nn::Transformer model(options, rng);
  const Ids source = random_ids({2, 5}, 6), target = random_ids({2, 3}, 7);
  const nn::Translated whole = model(source, target);
  EXPECT_EQ(whole.source_weights[0].shape(), (Shape{2, 2, 3, 0}));
  EXPECT_EQ(whole.encoder_weights[0].shape(), (Shape{2, 2, 5, 0}));
  const nn::Next first =
      model.next({{2}, {target.values[0], target.values[3]}}, model.start(source));
  EXPECT_TRUE(close(first.logits, select(whole.logits, 1, 0).value()));
  EXPECT_EQ(first.weights.shape(), (Shape{2, 0}));
}

TEST(WeightsDropped, PositionsThatAddABiasKeepThem) {
  nn::EncoderOptions options = small_stack(nn::PositionKind::alibi);
  options.weights = Weights::dropped;
  Rng rng(1);
  const nn::TransformerEncoder encoder(options, rng);
  EXPECT_EQ(encoder(random_tensor({2, 5, 8})).weights[0].shape(), (Shape{2, 2, 5, 5}));
}

}  // namespace
}  // namespace rapt
