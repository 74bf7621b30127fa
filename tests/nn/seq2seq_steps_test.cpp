// Seq2Seq one step at a time: as a search drives it, and as it learns from its own answers.
#include <cmath>

#include "tensor/reduce.h"
#include "tests/nn/seq2seq_models.h"

namespace rapt {
namespace {

using nn::Next;
using nn::Seq2Seq;
using nn::Seq2SeqOutput;
using nn::State;

// ---- Step by step

// The same bits, because each row of every product is summed by itself and in one order.
TEST(Seq2SeqSteps, SayWhatTeacherForcingSays) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    const Seq2SeqOutput whole = model(kSource, kLengths, kInputs);
    State state = model.start(kSource, kLengths);
    for (Index t = 0; t < 3; ++t) {
      const auto at = static_cast<std::size_t>(t);
      const Next next = model.next({{2}, {kInputs.values[at], kInputs.values[at + 3]}}, state);
      EXPECT_TRUE(same_bits(next.logits, select(whole.logits, 1, t)))
          << kind.name << ": step " << t;
      EXPECT_TRUE(same_bits(next.weights, select(whole.weights, 1, t)))
          << kind.name << ": step " << t;
      state = next.state;
    }
  }
}

// A search keeps some sequences, drops others, and repeats a third: rows of all tensors together.
TEST(Seq2SeqSteps, TheStateCanBeReorderedRowByRow) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    const State state = model.next({{2}, {0, 0}}, model.start(kSource, kLengths)).state;
    State turned;
    for (const Variable& part : state) {
      ASSERT_EQ(part.dim(0), 2) << kind.name;
      turned.push_back(concat({slice(part, 0, 1, 2), part}, 0));  // sequences 1, 0, 1
    }
    const Next straight = model.next({{2}, {3, 5}}, state);
    const Next reordered = model.next({{3}, {5, 3, 5}}, turned);
    for (const auto& [got, expected] : {std::pair{0, 1}, std::pair{1, 0}, std::pair{2, 1}}) {
      EXPECT_TRUE(same_bits(select(reordered.logits, 0, got), select(straight.logits, 0, expected)))
          << kind.name;
      EXPECT_TRUE(
          same_bits(select(reordered.weights, 0, got), select(straight.weights, 0, expected)))
          << kind.name;
    }
  }
}

TEST(Seq2SeqSteps, RefuseAStateOfSomethingElse) {
  const Seq2Seq model = make_seq2seq(tiny_seq2seq());
  const State state = model.start(kSource);
  EXPECT_EQ(refusal<ValueError>([&] {
              model.next({{2}, {0, 0}}, {state[0]});
            }),
            "Seq2Seq: expected a state of 4 tensors, as start() gives it, got 1");
  EXPECT_EQ(refusal<ShapeError>([&] {
              model.next({{2, 1}, {0, 0}}, state);
            }),
            "Seq2Seq: tokens [B] for this state: expected [2], got [2, 1]");
  EXPECT_EQ(refusal<IndexError>([&] {
              model.next({{2}, {0, 6}}, state);
            }),
            "Seq2Seq: tokens [B] for this state: token 6 is outside 0 .. 5");
  EXPECT_EQ(refusal<ShapeError>([&] {
              model.next({{1}, {0}}, state);
            }),
            "Seq2Seq: tokens [B] for this state: expected [2], got [1]");
}

// ---- Scheduled sampling

TEST(ScheduledSampling, ACertainTeacherIsTeacherForcing) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    const Seq2SeqOutput forced = model(kSource, kLengths, kInputs);
    // Just below 1, all steps are taken one by one, and none of these few draws reaches it.
    for (const Scalar teacher : {Scalar(1), std::nextafter(Scalar(1), Scalar(0))}) {
      Rng rng(1);
      const Seq2SeqOutput sampled = model(kSource, kLengths, kInputs, teacher, rng);
      EXPECT_TRUE(same_bits(sampled.logits, forced.logits)) << kind.name;
      EXPECT_TRUE(same_bits(sampled.weights, forced.weights)) << kind.name;
    }
  }
}

TEST(ScheduledSampling, WithoutATeacherTheModelReadsItself) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    const Seq2Seq model = make_seq2seq(kind.options);
    Rng rng(1);
    const Seq2SeqOutput sampled = model(kSource, kLengths, kInputs, 0, rng);
    Ids tokens{{2}, {kInputs.values[0], kInputs.values[3]}};
    State state = model.start(kSource, kLengths);
    for (Index t = 0; t < 3; ++t) {
      const Next next = model.next(tokens, state);
      EXPECT_TRUE(same_bits(select(sampled.logits, 1, t), next.logits))
          << kind.name << ": step " << t;
      tokens = argmax(next.logits.value());
      state = next.state;
    }
  }
}

TEST(ScheduledSampling, EachTokenIsDrawnByItself) {
  const Seq2Seq model = make_seq2seq(tiny_seq2seq());
  constexpr Index kBatch = 200;
  Ids source{{kBatch, 2}, {}}, inputs{{kBatch, 2}, {}};
  for (Index b = 0; b < kBatch; ++b) {
    source.values.insert(source.values.end(), {1, 2});
    inputs.values.insert(inputs.values.end(), {0, 1});
  }
  Rng rng(1), own_rng(1);
  const Tensor forced = model(source, {}, inputs).logits.value().slice(1, 1, 2);
  const Tensor own = model(source, {}, inputs, 0, own_rng).logits.value().slice(1, 1, 2);
  const Tensor mixed = model(source, {}, inputs, Scalar(0.75), rng).logits.value().slice(1, 1, 2);
  ASSERT_FALSE(same_bits(own, forced)) << "the model's token must not be the given one";
  int taught = 0;
  for (Index b = 0; b < kBatch; ++b) {
    const Tensor row = mixed.slice(0, b, b + 1);
    const bool as_given = bool(same_bits(row, forced.slice(0, b, b + 1)));
    EXPECT_TRUE(as_given || same_bits(row, own.slice(0, b, b + 1))) << "sequence " << b;
    taught += as_given ? 1 : 0;
  }
  EXPECT_NEAR(taught, 150, 25);  // four standard deviations
}

TEST(ScheduledSampling, EveryParameterLearns) {
  for (const Seq2SeqCase& kind : seq2seq_cases()) {
    SCOPED_TRACE(kind.name);
    const Seq2Seq model = make_seq2seq(kind.options);
    Rng rng(1);
    expect_every_parameter_learns(model,
                                  model(kSource, kLengths, kInputs, Scalar(0.5), rng).logits);
  }
}

TEST(ScheduledSampling, RefusesATeacherThatIsNoProbability) {
  const Seq2Seq model = make_seq2seq(tiny_seq2seq());
  Rng rng(1);
  for (const Scalar teacher : {Scalar(-0.5), Scalar(2)})
    EXPECT_EQ(refusal<ValueError>([&] { model(kSource, kLengths, kInputs, teacher, rng); }),
              message("Seq2Seq: teacher must lie in [0, 1], got ", teacher));
  // A wrong token is refused even where the model would have read its own.
  EXPECT_EQ(refusal<IndexError>([&] {
              model(kSource, {}, {{2, 2}, {0, 0, 0, 6}}, 0, rng);
            }),
            "Seq2Seq: inputs [B, T]: token 6 is outside 0 .. 5");
}

}  // namespace
}  // namespace rapt
