// Scores and Seq2Seq against results of PyTorch (tests/reference).
#include "nn/seq2seq.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::Score;

struct ScoreCase {
  const char* name;
  Score score;
};

// For failure messages: an unnamed row would be printed as bytes.
void PrintTo(const ScoreCase& row, std::ostream* out) { *out << row.name; }

class PyTorchScore : public testing::TestWithParam<ScoreCase> {};

TEST_P(PyTorchScore, ScoresAndWhatIsAttended) {
  const Reference stored(std::string("score_") + GetParam().name);
  Rng rng(1);
  const std::unique_ptr<nn::Scorer> scorer = nn::make_scorer(GetParam().score, 2, 3, rng, 5);
  stored.load_into(*scorer);
  const Variable q = stored.input("q");
  const Variable k = stored.input("k");
  const Variable scores = (*scorer)(q, k);
  const nn::Attended attended = nn::attend(scores, k, nn::Mask::padding(stored.lengths(), 4));
  stored.expect_matches(
      {{"scores", scores}, {"weights", attended.weights}, {"context", attended.context}},
      {{"q", q}, {"k", k}}, *scorer);
}

INSTANTIATE_TEST_SUITE_P(Scores, PyTorchScore,
                         testing::Values(ScoreCase{"general", Score::general},
                                         ScoreCase{"additive", Score::additive}),
                         [](const auto& info) { return std::string(info.param.name); });

struct TranslationCase {
  const char* name;
  CellKind cell;
  std::optional<Score> attention;
};

void PrintTo(const TranslationCase& row, std::ostream* out) { *out << row.name; }

class PyTorchSeq2Seq : public testing::TestWithParam<TranslationCase> {};

TEST_P(PyTorchSeq2Seq, TeacherForcing) {
  const Reference stored(std::string("seq2seq_") + GetParam().name);
  Rng rng(1);
  const nn::Seq2Seq model({.source_vocabulary = 5,
                           .target_vocabulary = 4,
                           .embedding = 2,
                           .hidden = 3,
                           .cell = GetParam().cell,
                           .attention = GetParam().attention},
                          rng);
  stored.load_into(model);
  const nn::Seq2SeqOutput translated =
      model(stored.ids("source"), stored.lengths(), stored.ids("inputs"));
  std::vector<NamedVariable> outputs{{"logits", translated.logits}};
  if (GetParam().attention) outputs.push_back({"weights", translated.weights});
  stored.expect_matches(outputs, {}, model);
}

INSTANTIATE_TEST_SUITE_P(
    Models, PyTorchSeq2Seq,
    testing::Values(TranslationCase{"additive", CellKind::gru, Score::additive},
                    TranslationCase{"general_lstm", CellKind::lstm, Score::general},
                    TranslationCase{"bottleneck", CellKind::gru, std::nullopt}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
