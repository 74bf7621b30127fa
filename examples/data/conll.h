#pragma once
#include <string>
#include <vector>

namespace rapt::data {

struct TaggedSentence {
  std::vector<std::string> words, tags;  // as many
};

// Token and tag in columns, one token per line, as in the shared tasks of CoNLL:
//
//   # a comment, at the beginning of a sentence
//   The   DET
//   can   NOUN
//                  (a blank line ends the sentence)
//
// Columns are separated by spaces or tabs; the first is the token, the last its tag. Before a
// sentence, a line whose first column is # alone is a comment, and so is #word without a tag.
// UsageError: "words.conll:12: expected a token and its tag, got 'The'".
std::vector<TaggedSentence> read_conll(const std::string& path);

}  // namespace rapt::data
