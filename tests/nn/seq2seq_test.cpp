// Seq2Seq: one sequence to another, through a bottleneck or with attention.
#include "nn/seq2seq.h"

#include "tests/nn/seq2seq_models.h"

namespace rapt {
namespace {

using nn::Score;
using nn::Seq2Seq;
using nn::Seq2SeqOptions;
using nn::Seq2SeqOutput;

Variable steps(const Variable& x, Index begin, Index end) { return slice(x, 1, begin, end); }

TEST(Seq2SeqModel, ShapesAndWeightsOfEveryKind) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    const Seq2SeqOutput translated = model(kSource, kLengths, kInputs);
    EXPECT_EQ(translated.logits.shape(), (Shape{2, 3, 6})) << kind.name;
    const bool attends = kind.options.attention.has_value();
    ASSERT_EQ(translated.weights.shape(), (Shape{2, 3, attends ? 4 : 0})) << kind.name;
    if (!attends) continue;
    EXPECT_TRUE(close(sum(translated.weights, -1), Tensor({2, 3}, 1))) << kind.name;
    EXPECT_TRUE(
        same_bits(translated.weights.value().slice(0, 1, 2).slice(2, 2, 4), Tensor({1, 3, 2})))
        << kind.name << ": padding was looked at";
  }
}

TEST(Seq2SeqModel, EveryParameterLearns) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    SCOPED_TRACE(kind.name);
    const Seq2Seq model = make_seq2seq(kind.options);
    expect_every_parameter_learns(model, model(kSource, kLengths, kInputs).logits);
  }
}

TEST(Seq2SeqModel, TheBottleneckIsTheSameModelWithoutTheScore) {
  Seq2SeqOptions options = tiny_seq2seq();
  std::vector<std::string> names = names_of(make_seq2seq(options));
  EXPECT_EQ(std::erase_if(names, [](const auto& n) { return n.starts_with("attention."); }), 3u);
  options.attention = std::nullopt;
  EXPECT_EQ(names_of(make_seq2seq(options)), names);
}

// The logits of step t may depend on inputs 0 .. t alone: not one bit changes with the future.
TEST(Seq2SeqModel, NoStepSeesTheTokensToCome) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    const Seq2SeqOutput before = model(kSource, kLengths, kInputs);
    for (Index t = 0; t + 1 < 3; ++t) {
      Ids changed = kInputs;
      for (Index b = 0; b < 2; ++b)
        for (Index later = t + 1; later < 3; ++later) {
          std::int32_t& id = changed.values[static_cast<std::size_t>(b * 3 + later)];
          id = (id + 1) % 6;
        }
      const Seq2SeqOutput after = model(kSource, kLengths, changed);
      EXPECT_TRUE(same_bits(steps(after.logits, 0, t + 1), steps(before.logits, 0, t + 1)))
          << kind.name << ": up to step " << t;
      EXPECT_TRUE(same_bits(steps(after.weights, 0, t + 1), steps(before.weights, 0, t + 1)))
          << kind.name << ": up to step " << t;
      EXPECT_FALSE(same_bits(steps(after.logits, t + 1, 3), steps(before.logits, t + 1, 3)));
    }
  }
}

// A batch of padded sources against each source by itself: equal outputs, equal gradients.
TEST(Seq2SeqModel, PaddingChangesNothing) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    SCOPED_TRACE(kind.name);
    const Seq2Seq model = make_seq2seq(kind.options);
    const Variable together = model(kSource, kLengths, kInputs).logits;
    std::vector<Variable> alone;
    for (Index b = 0; b < 2; ++b) {
      const auto row = [b](const Ids& ids, Index length) {
        const auto first = ids.values.begin() + b * ids.shape[1];
        return Ids{{1, length}, {first, first + length}};
      };
      alone.push_back(
          model(row(kSource, kLengths[static_cast<std::size_t>(b)]), {}, row(kInputs, 3)).logits);
    }
    const Variable one_by_one = concat(alone, 0);
    EXPECT_TRUE(close(together, one_by_one.value()));

    const Variable upstream = random_tensor(together.shape(), 7);
    const std::vector<Variable> got = grad(together, model.parameters(), upstream);
    const std::vector<Variable> expected = grad(one_by_one, model.parameters(), upstream);
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_TRUE(close(got[i], expected[i].value())) << names_of(model)[i];
  }
}

TEST(Seq2SeqModel, NoPaddingAndFullLengthsAreTheSame) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    EXPECT_TRUE(
        same_bits(model(kSource, {}, kInputs).logits, model(kSource, {4, 4}, kInputs).logits))
        << kind.name;
  }
}

// ---- Refusals

TEST(Seq2SeqModel, RefusesImpossibleOptions) {
  const auto said = [](const std::function<void(Seq2SeqOptions&)>& change) {
    Seq2SeqOptions options = tiny_seq2seq();
    change(options);
    return refusal<ValueError>([&] { make_seq2seq(options); });
  };
  EXPECT_EQ(said([](auto& o) { o.source_vocabulary = 0; }),
            "Seq2Seq: source_vocabulary must be at least 1, got 0");
  EXPECT_EQ(said([](auto& o) { o.target_vocabulary = -1; }),
            "Seq2Seq: target_vocabulary must be at least 1, got -1");
  EXPECT_EQ(said([](auto& o) { o.embedding = 0; }), "Seq2Seq: embedding must be at least 1, got 0");
  EXPECT_EQ(said([](auto& o) { o.hidden = 0; }), "Seq2Seq: hidden must be at least 1, got 0");
  EXPECT_EQ(said([](auto& o) { o.layers = 0; }), "Seq2Seq: layers must be at least 1, got 0");
  EXPECT_EQ(said([](auto& o) { o.dropout = 1; }), "Seq2Seq: dropout must lie in [0, 1), got 1");
  Seq2SeqOptions wide = tiny_seq2seq();
  wide.attention = Score::dot;
  EXPECT_EQ(refusal<ShapeError>([&] { make_seq2seq(wide); }),
            "attention: the dot product needs q and k of equal width: 4 vs 8; did you mean "
            "Score::general?");
}

TEST(Seq2SeqModel, RefusesTokensThatDoNotFit) {
  const Seq2Seq model = make_seq2seq(tiny_seq2seq());
  const auto shape = [&](const Ids& source, const Ids& inputs) {
    return refusal<ShapeError>([&] { model(source, {}, inputs); });
  };
  EXPECT_EQ(shape({{4}, {1, 2, 3, 4}}, kInputs),
            "Seq2Seq: source [B, S]: expected [any, any], got [4]");
  EXPECT_EQ(shape({{0, 4}, {}}, kInputs),
            "Seq2Seq: source [B, S]: expected at least one token and as many as the shape has, got "
            "0 in [0, 4]");
  EXPECT_EQ(shape({{2, 2}, {1, 2, 3}}, kInputs),
            "Seq2Seq: source [B, S]: expected at least one token and as many as the shape has, got "
            "3 in [2, 2]");
  EXPECT_EQ(shape(kSource, {{1, 3}, {0, 1, 2}}),
            "Seq2Seq: inputs [B, T]: expected [2, any], got [1, 3]");
  EXPECT_EQ(shape(kSource, {{2, 0}, {}}),
            "Seq2Seq: inputs [B, T]: expected at least one token and as many as the shape has, got "
            "0 in [2, 0]");
  EXPECT_EQ(refusal<IndexError>([&] {
              model({{1, 2}, {1, 5}}, {}, {{1, 1}, {0}});
            }),
            "Seq2Seq: source [B, S]: token 5 is outside 0 .. 4");
  EXPECT_EQ(refusal<IndexError>([&] {
              model({{1, 2}, {1, 4}}, {}, {{1, 1}, {-1}});
            }),
            "Seq2Seq: inputs [B, T]: token -1 is outside 0 .. 5");
}

TEST(Seq2SeqModel, RefusesLengthsThatDoNotFit) {
  const Seq2Seq model = make_seq2seq(tiny_seq2seq());
  EXPECT_EQ(refusal<ShapeError>([&] { model(kSource, {4}, kInputs); }),
            "Seq2Seq: 1 lengths for source [B, S] of [2, 4]");
  EXPECT_EQ(refusal<ValueError>([&] {
              model(kSource, {4, 5}, kInputs);
            }),
            "Seq2Seq: length 5 does not lie in 1 .. 4 of source [B, S] of [2, 4]");
  EXPECT_EQ(refusal<ValueError>([&] {
              model.start(kSource, {0, 4});
            }),
            "Seq2Seq: length 0 does not lie in 1 .. 4 of source [B, S] of [2, 4]");
}

// ---- Learning

TEST(Seq2SeqModel, SameSeedSameBits) {
  expect_same_parameters(make_seq2seq(tiny_seq2seq()), make_seq2seq(tiny_seq2seq()));
}

TEST(Seq2SeqModel, DropoutActsInTrainingOnly) {
  Seq2SeqOptions options = tiny_seq2seq();
  options.dropout = Scalar(0.5);
  Seq2Seq model = make_seq2seq(options);
  EXPECT_FALSE(same_bits(model(kSource, kLengths, kInputs).logits,
                         model(kSource, kLengths, kInputs).logits));
  model.eval();
  EXPECT_TRUE(same_bits(model(kSource, kLengths, kInputs).logits,
                        model(kSource, kLengths, kInputs).logits));
}

}  // namespace
}  // namespace rapt
