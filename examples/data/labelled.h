#pragma once
#include <string>
#include <vector>

namespace rapt::data {

struct LabelledText {
  std::string label;
  std::vector<std::string> words;  // at least one
};

// A label, a tab and a text on every line; blank lines count for nothing.
// UsageError: "reviews.tsv:12: expected a label, a tab and a text, got 'good'".
std::vector<LabelledText> read_labelled(const std::string& path);

// The words of a text in lower case (Latin, Greek and Cyrillic letters). Spaces and punctuation
// separate words and are dropped, except for an apostrophe inside a word: "don't". An ideograph is
// a word by itself.
std::vector<std::string> words_of(const std::u32string& text);

}  // namespace rapt::data
