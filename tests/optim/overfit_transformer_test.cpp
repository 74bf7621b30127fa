// Transformer and LanguageModel learn one batch by heart, and say it again step by step.
#include <algorithm>

#include "nn/loss.h"
#include "optim/adam.h"
#include "tests/nn/transformer_checks.h"

namespace rapt {
namespace {

constexpr Index kBatch = 4, kTime = 5, kVocabulary = 6;

nn::EncoderOptions stack() {
  return {.dim = 16,
          .heads = 2,
          .feed_forward = 32,
          .layers = 2,
          .positions = nn::PositionKind::rotary,
          .longest = kTime};
}

using Logits = std::function<Variable()>;

Scalar train(const nn::Module& model, const Logits& logits, const Ids& targets) {
  optim::Adam adam(model.parameters(), {.learning_rate = 0.01});
  Scalar last = 0;
  for (int step = 0; step < 250; ++step) {
    adam.zero_grad();
    const Variable loss = nn::cross_entropy(logits(), targets);
    backward(loss);
    adam.step();
    last = loss.item();
  }
  return last;
}

// logits [B, V] -> the most likely token of each
Ids most_likely(const Tensor& logits) {
  Ids best{{logits.dim(0)}, {}};
  const std::vector<Scalar> all = logits.values();
  for (auto row = all.begin(); row != all.end(); row += logits.dim(1))
    best.values.push_back(
        static_cast<std::int32_t>(std::max_element(row, row + logits.dim(1)) - row));
  return best;
}

// What the model says after `tokens` and `state`, each token the most likely one.
void expect_said(const nn::Stepwise& model, Ids tokens, nn::State state, const Ids& expected) {
  const NoGrad off;
  for (Index t = 0; t < expected.shape[1]; ++t) {
    const nn::Next next = model.next(tokens, state);
    tokens = most_likely(next.logits.value());
    state = next.state;
    EXPECT_EQ(tokens.values, step_of(expected, t).values) << "step " << t;
  }
}

TEST(Overfit, LanguageModel) {
  Rng rng(1);
  const nn::LanguageModel model({.vocabulary = kVocabulary, .stack = stack(), .tied = true}, rng);
  Ids sequences = random_ids({kBatch, kTime + 1}, kVocabulary);
  for (Index b = 0; b < kBatch; ++b)  // each begins with a token of its own
    sequences.values[static_cast<std::size_t>(b * (kTime + 1))] = static_cast<std::int32_t>(b);
  const Ids inputs = steps_of(sequences, 0, kTime), targets = steps_of(sequences, 1, kTime + 1);
  EXPECT_LT(train(
                model, [&] { return model(inputs).logits; }, targets),
            1e-2);
  expect_said(model, step_of(inputs, 0), model.zero_state(kBatch), targets);
}

TEST(Overfit, Transformer) {
  Rng rng(1);
  const nn::Transformer model({.source_vocabulary = kVocabulary,
                               .target_vocabulary = kVocabulary,
                               .stack = stack(),
                               .shared = false,
                               .tied = false},
                              rng);
  const Ids source = random_ids({kBatch, 3}, kVocabulary, 1);
  Ids sequences = random_ids({kBatch, kTime + 1}, kVocabulary, 2);
  for (Index b = 0; b < kBatch; ++b)  // all begin with the same token: only the source tells them
    sequences.values[static_cast<std::size_t>(b * (kTime + 1))] = 0;
  const Ids inputs = steps_of(sequences, 0, kTime), targets = steps_of(sequences, 1, kTime + 1);
  EXPECT_LT(train(
                model, [&] { return model(source, inputs).logits; }, targets),
            1e-2);
  expect_said(model, step_of(inputs, 0), model.start(source), targets);
}

}  // namespace
}  // namespace rapt
