// LanguageModel: all steps at once, and step by step with a cache, for every kind of positions.
#include "nn/language_model.h"

#include "nn/loss.h"
#include "tests/nn/transformer_checks.h"

namespace rapt {
namespace {

using nn::LanguageModel;
using nn::LanguageModelOptions;
using nn::PositionKind;

class LanguageModels : public testing::TestWithParam<std::string> {
 protected:
  static LanguageModel make(bool tied = false) {
    LanguageModelOptions options = small_language_model(nn::position_kind(GetParam()));
    options.tied = tied;
    Rng rng(1);
    return LanguageModel(options, rng);
  }
};

TEST_P(LanguageModels, Shapes) {
  const nn::Predicted predicted = make()(random_ids({3, 5}, 7));
  EXPECT_EQ(predicted.logits.shape(), (Shape{3, 5, 7}));
  ASSERT_EQ(predicted.weights.size(), 2u);
  for (const Variable& weights : predicted.weights) {
    EXPECT_EQ(weights.shape(), (Shape{3, 2, 5, 5}));
    EXPECT_TRUE(close(sum(weights, -1), Tensor({3, 2, 5}, 1)));
  }
}

TEST_P(LanguageModels, TheFutureChangesNotOneBit) {
  const LanguageModel model = make();
  const Ids tokens = random_ids({2, 6}, 7);
  const Variable logits = model(tokens).logits;
  for (Index t = 1; t < 6; ++t) {
    const Variable other = model(changed_from(tokens, t, 7)).logits;
    EXPECT_TRUE(same_bits(slice(other, 1, 0, t), slice(logits, 1, 0, t))) << "before step " << t;
    EXPECT_FALSE(same_bits(select(other, 1, t), select(logits, 1, t))) << "at step " << t;
  }
}

// More steps than the 16 lanes of a sum: a masked key adds a zero to a lane, an absent one nothing.
TEST_P(LanguageModels, StepByStepIsTheSameAsAllAtOnce) {
  constexpr Index kTime = 19;
  const LanguageModel model = make();
  const Ids tokens = random_ids({2, kTime}, 7);
  const nn::Predicted all = model(tokens);
  for (const Index prompt : {0, 1, 3, 17}) {
    nn::State state = model.zero_state(2);
    if (prompt > 0) {
      const nn::Next next = model.start(steps_of(tokens, 0, prompt));
      EXPECT_TRUE(same_bits(next.logits, select(all.logits, 1, prompt - 1))) << prompt;
      state = next.state;
    }
    for (Index t = prompt; t < kTime; ++t) {
      const nn::Next next = model.next(step_of(tokens, t), state);
      EXPECT_TRUE(same_bits(next.logits, select(all.logits, 1, t))) << "step " << t;
      EXPECT_EQ(next.weights.shape(), (Shape{2, 0}));
      state = next.state;
    }
    ASSERT_EQ(state.size(), 4u);
    EXPECT_EQ(state[0].shape(), (Shape{2, 2, kTime, 4}));
  }
}

TEST_P(LanguageModels, EveryParameterLearns) {
  for (const bool tied : {false, true}) {
    const LanguageModel model = make(tied);
    // Turned by its position, a bias differs from key to key, and so does its score.
    const bool idle = GetParam() != "rotary";
    expect_every_parameter_learns(
        model, model(random_ids({3, 5}, 7)).logits,
        idle ? std::vector<std::string>{"encoder.layers.0.self_attn.key.bias",
                                        "encoder.layers.1.self_attn.key.bias"}
             : std::vector<std::string>{});
  }
}

INSTANTIATE_TEST_SUITE_P(Positions, LanguageModels, testing::ValuesIn(nn::position_names()),
                         [](const auto& info) { return info.param; });

TEST(LanguageModelMask, StandsBesideTheCausalOne) {
  Rng rng(1);
  const LanguageModel model(small_language_model(), rng);
  const Tensor weights =
      model(random_ids({1, 3}, 7), nn::Mask::window(3, 2)).weights[0].value().slice(1, 0, 1);
  EXPECT_EQ(weights.at({0, 0, 1, 2}), 0) << "the future";
  EXPECT_EQ(weights.at({0, 0, 2, 0}), 0) << "beyond the window";
  EXPECT_GT(weights.at({0, 0, 2, 1}), 0);
}

TEST(LanguageModelState, ASearchMayReorderIt) {
  Rng rng(1);
  const LanguageModel model(small_language_model(), rng);
  const Ids prompt{{2, 2}, {1, 2, 3, 4}};
  nn::State state = model.start(prompt).state;
  for (Variable& part : state)
    part = concat({slice(part, 0, 1, 2), slice(part, 0, 0, 1), slice(part, 0, 1, 2)}, 0);
  const nn::Next next = model.next({{3}, {5, 6, 0}}, state);
  const Variable expected = model({{3, 3}, {3, 4, 5, 1, 2, 6, 3, 4, 0}}).logits;
  EXPECT_TRUE(same_bits(next.logits, select(expected, 1, 2)));
}

TEST(LanguageModelTying, TheEmbeddingIsCountedOnce) {
  LanguageModelOptions options = small_language_model();
  Rng rng(1), same(1);
  const LanguageModel plain(options, rng);
  options.tied = true;
  const LanguageModel tied(options, same);
  EXPECT_EQ(plain.parameter_count() - tied.parameter_count(), 7 * 8 + 7);
  EXPECT_EQ(names_of(tied).front(), "embedding.weight");
  EXPECT_EQ(names_of(plain).back(), "head.bias");
  EXPECT_EQ(names_of(tied).back(), "encoder.norm.bias");
}

// A plain model whose head holds the same numbers: its two gradients together are the tied one's.
TEST(LanguageModelTying, TheGradientIsTheSumOfBothUses) {
  LanguageModelOptions options = small_language_model();
  Rng rng(1), same(1);
  const LanguageModel plain(options, rng);
  options.tied = true;
  const LanguageModel tied(options, same);
  const std::vector<NamedVariable> mine = plain.named_parameters();
  const Variable table = mine.front().variable;
  const Variable head = mine[mine.size() - 2].variable;
  ASSERT_EQ(mine[mine.size() - 2].name, "head.weight");
  set_parameter(plain, "head.weight", table.value().values());
  set_parameter(plain, "head.bias", std::vector<Scalar>(7, 0));
  const Ids tokens = random_ids({2, 4}, 7), targets = random_ids({2, 4}, 7, 2);
  backward(nn::cross_entropy(plain(tokens).logits, targets));
  backward(nn::cross_entropy(tied(tokens).logits, targets));
  EXPECT_TRUE(close(tied.parameters().front().grad(), (table.grad() + head.grad()).value()));
}

TEST(LanguageModelDropout, DrawsInTrainingOnly) {
  LanguageModelOptions options = small_language_model();
  options.stack.dropout = Scalar(0.5);
  Rng rng(1);
  LanguageModel model(options, rng);
  const Ids tokens = random_ids({2, 4}, 7);
  EXPECT_FALSE(same_bits(model(tokens).logits, model(tokens).logits));
  model.eval();
  EXPECT_TRUE(same_bits(model(tokens).logits, model(tokens).logits));
}

TEST(LanguageModelErrors, AreRefused) {
  Rng rng(1);
  const LanguageModel model(small_language_model(PositionKind::rotary), rng);
  EXPECT_EQ(refusal<ShapeError>([&] { model(random_ids({4}, 7)); }),
            "LanguageModel: tokens [B, T]: expected [any, any], got [4]");
  EXPECT_EQ(refusal<ValueError>([&] {
              model.start({{2, 0}, {}});
            }),
            "LanguageModel: tokens of the prompt must be at least 1, got 0");
  EXPECT_EQ(refusal<ShapeError>([&] {
              model.next(random_ids({2, 1}, 7), model.zero_state(2));
            }),
            "LanguageModel: tokens [B] for this state: expected [2], got [2, 1]");
  EXPECT_EQ(refusal<ValueError>([&] { model.next(random_ids({2}, 7), {}); }),
            "to_cache: expected pairs of keys and values, got 0 tensors");
  nn::State short_state = model.zero_state(2);
  short_state.resize(2, Variable(0));
  EXPECT_EQ(refusal<ValueError>([&] { model.next(random_ids({2}, 7), short_state); }),
            "TransformerEncoder: past: expected a cache of 2 layers, got 1");
  EXPECT_EQ(refusal<ShapeError>([&] {
              model(random_ids({1, 21}, 7));
            }),
            "RotaryPositions: x of [1, 2, 21, 4] from position 0 needs 21 positions, the table "
            "[20, 4] knows 20");
  LanguageModelOptions odd = small_language_model(PositionKind::rotary);
  odd.stack.dim = 6;
  EXPECT_EQ(refusal<ValueError>([&] { LanguageModel(odd, rng); }),
            "RotaryPositions: expected an even number of features in a head, got 3");
}

}  // namespace
}  // namespace rapt
