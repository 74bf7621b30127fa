// Layers and optimizer together: each model learns one batch by heart.
#include <cmath>
#include <functional>

#include "nn/embedding.h"
#include "nn/loss.h"
#include "nn/position.h"
#include "nn/recurrent.h"
#include "nn/seq2seq.h"
#include "nn/transformer.h"
#include "optim/adam.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

constexpr Index kBatch = 4, kTime = 5, kDim = 16, kVocabulary = 6, kClasses = 3;
constexpr double kLearned = 1e-2;

// Each token of each sequence gets a class at random: nothing to understand, all to remember.
struct Batch {
  Ids tokens, classes;
};

Batch make_batch() {
  Rng rng(5);
  Batch batch{{{kBatch, kTime}, {}}, {{kBatch, kTime}, {}}};
  for (Index i = 0; i < kBatch * kTime; ++i) {
    batch.tokens.values.push_back(static_cast<std::int32_t>(rng.below(kVocabulary)));
    batch.classes.values.push_back(static_cast<std::int32_t>(rng.below(kClasses)));
  }
  return batch;
}

class AttentionModel : public nn::Module {
 public:
  AttentionModel(nn::NormPlace norm, Rng& rng)
      : embedding_(child<nn::Embedding>("embedding", kVocabulary, kDim, rng)),
        positions_(child<nn::LearnedPositions>("positions", kTime, kDim, rng)),
        encoder_(child<nn::TransformerEncoder>("encoder", options(norm), rng)),
        head_(child<nn::Linear>("head", kDim, kClasses, rng)) {}

  // tokens [B, T] -> logits [B, T, classes]
  Variable operator()(const Ids& tokens) const {
    return head_(encoder_(positions_(embedding_(tokens))).output);
  }

 private:
  static nn::EncoderOptions options(nn::NormPlace norm) {
    nn::EncoderOptions options;
    options.dim = kDim;
    options.heads = 2;
    options.feed_forward = 32;
    options.layers = 2;
    options.norm = norm;
    return options;
  }

  nn::Embedding& embedding_;
  nn::LearnedPositions& positions_;
  nn::TransformerEncoder& encoder_;
  nn::Linear& head_;
};

class RecurrentModel : public nn::Module {
 public:
  explicit RecurrentModel(Rng& rng)
      : embedding_(child<nn::Embedding>("embedding", kVocabulary, kDim, rng)),
        cell_(child<nn::RNNCell>("cell", kDim, kDim, rng)),
        head_(child<nn::Linear>("head", kDim, kClasses, rng)) {}

  // tokens [B, T] -> logits [B, T, classes]
  Variable operator()(const Ids& tokens) const {
    return head_(unroll(cell_, embedding_(tokens)).outputs);
  }

 private:
  nn::Embedding& embedding_;
  nn::RNNCell& cell_;
  nn::Linear& head_;
};

struct Losses {
  Scalar first = 0, last = 0;
};

// logits_of(batch) -> [B, T, classes]
Losses train(const nn::Module& model, int steps,
             const std::function<Variable(const Batch&)>& logits_of) {
  const Batch batch = make_batch();
  optim::Adam adam(model.parameters(), {.learning_rate = 0.01});
  Losses losses;
  for (int step = 0; step < steps; ++step) {
    adam.zero_grad();
    const Variable loss = nn::cross_entropy(logits_of(batch), batch.classes);
    backward(loss);
    adam.step();
    if (step == 0) losses.first = loss.item();
    losses.last = loss.item();
  }
  return losses;
}

template <class Model>
Losses train(const Model& model, int steps) {
  return train(model, steps, [&model](const Batch& batch) { return model(batch.tokens); });
}

void expect_learned(const Losses& losses) {
  EXPECT_GT(losses.first, std::log(double(kClasses)) / 2) << "the task was no task";
  EXPECT_LT(losses.last, kLearned) << "the loss began at " << losses.first;
}

TEST(Overfit, EncoderWithPreNorm) {
  Rng rng(1);
  expect_learned(train(AttentionModel(nn::NormPlace::pre, rng), 200));
}

TEST(Overfit, EncoderWithPostNorm) {
  Rng rng(1);
  expect_learned(train(AttentionModel(nn::NormPlace::post, rng), 200));
}

TEST(Overfit, RNN) {
  Rng rng(1);
  expect_learned(train(RecurrentModel(rng), 200));
}

// The tokens are translated into their classes. Each step reads the class before; the first reads
// one more token, which stands for the beginning.
void expect_translation_is_learned(std::optional<nn::Score> attention) {
  Rng rng(1);
  const nn::Seq2Seq model({.source_vocabulary = kVocabulary,
                           .target_vocabulary = kClasses + 1,
                           .embedding = kDim,
                           .hidden = kDim,
                           .attention = attention},
                          rng);
  expect_learned(train(model, 200, [&model](const Batch& batch) {
    Ids inputs = batch.classes;
    for (std::size_t i = 0; i < inputs.values.size(); ++i)
      inputs.values[i] = i % kTime == 0 ? kClasses : batch.classes.values[i - 1];
    return model(batch.tokens, {}, inputs).logits;
  }));
}

TEST(Overfit, Seq2SeqThroughTheBottleneck) { expect_translation_is_learned(std::nullopt); }

TEST(Overfit, Seq2SeqWithAdditiveAttention) { expect_translation_is_learned(nn::Score::additive); }

TEST(Overfit, Seq2SeqWithGeneralAttention) { expect_translation_is_learned(nn::Score::general); }

TEST(Overfit, TheSameSeedGivesTheSameBits) {
  Rng one(2), same(2);
  const AttentionModel a(nn::NormPlace::pre, one), b(nn::NormPlace::pre, same);
  EXPECT_EQ(train(a, 10).last, train(b, 10).last);
  expect_same_parameters(a, b);
}

}  // namespace
}  // namespace rapt
