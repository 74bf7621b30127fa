#pragma once
// Tiny models of every kind, for the tests of Seq2Seq, and a batch for them.
#include "nn/seq2seq.h"
#include "tests/nn/module_checks.h"

namespace rapt {

struct Seq2SeqCase {
  std::string name;
  nn::Seq2SeqOptions options;
};

inline nn::Seq2SeqOptions tiny_seq2seq() {
  return {.source_vocabulary = 5,
          .target_vocabulary = 6,
          .embedding = 3,
          .hidden = 4,
          .attention = nn::Score::additive};
}

// Each cell, score, depth and direction at least once.
inline std::vector<Seq2SeqCase> seq2seq_cases() {
  using nn::CellKind;
  using nn::Score;
  const nn::Seq2SeqOptions tiny = tiny_seq2seq();
  std::vector<Seq2SeqCase> cases{
      {"additive", tiny},        {"general", tiny},    {"dot", tiny},
      {"scaled dot, RNN", tiny}, {"bottleneck", tiny}, {"bottleneck, LSTM, 2", tiny},
      {"general, LSTM, 2", tiny}};
  cases[1].options.attention = Score::general;
  cases[2].options.attention = Score::dot;
  cases[2].options.bidirectional = false;
  cases[3].options.attention = Score::scaled_dot;
  cases[3].options.bidirectional = false;
  cases[3].options.cell = CellKind::rnn;
  cases[4].options.attention = std::nullopt;
  cases[5].options.attention = std::nullopt;
  cases[5].options.bidirectional = false;
  cases[5].options.cell = CellKind::lstm;
  cases[5].options.layers = 2;
  cases[6].options.attention = Score::general;
  cases[6].options.cell = CellKind::lstm;
  cases[6].options.layers = 2;
  return cases;
}

inline nn::Seq2Seq make_seq2seq(const nn::Seq2SeqOptions& options) {
  Rng rng(1);
  return nn::Seq2Seq(options, rng);
}

inline const Ids kSource{{2, 4}, {1, 4, 0, 2, 3, 1, 1, 0}};  // the last two are padding
inline const std::vector<Index> kLengths{4, 2};
inline const Ids kInputs{{2, 3}, {0, 3, 5, 2, 1, 4}};

}  // namespace rapt
