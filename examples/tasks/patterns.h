#pragma once
#include <map>
#include <string>
#include <vector>

#include "tensor/random.h"

namespace rapt::tasks {

// A small language: sentences that follow patterns such as "the ADJ NOUN VERB", whose slots are
// names of word lists, or words.
class Patterns {
 public:
  using Lists = std::map<std::string, std::vector<std::string>>;
  Patterns(Lists lists, const std::vector<std::string>& patterns);

  struct Sentence {
    std::size_t pattern;
    std::vector<std::string> words;  // one for each slot
    double probability;
  };
  // A pattern, then a word for each of its slots; all equally likely.
  Sentence draw(Rng& rng) const;
  // The whole language; the probabilities sum to 1.
  std::vector<Sentence> all() const;

  const std::vector<std::string>& slots(std::size_t pattern) const { return patterns_[pattern]; }
  std::vector<std::string> words() const;  // that may stand in a sentence, each at least once

 private:
  std::vector<std::string> choices(const std::string& slot) const;

  Lists lists_;
  std::vector<std::vector<std::string>> patterns_;  // the slots of each
};

std::vector<std::string> split_at_spaces(const std::string& text);
std::string joined(const std::vector<std::string>& words);  // with spaces between them

}  // namespace rapt::tasks
