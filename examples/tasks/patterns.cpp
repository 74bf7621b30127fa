#include "examples/tasks/patterns.h"

#include <sstream>

namespace rapt::tasks {

std::vector<std::string> split_at_spaces(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

Patterns::Patterns(Lists lists, const std::vector<std::string>& patterns)
    : lists_(std::move(lists)) {
  for (const std::string& pattern : patterns) patterns_.push_back(split_at_spaces(pattern));
}

std::vector<std::string> Patterns::choices(const std::string& slot) const {
  const auto list = lists_.find(slot);
  return list == lists_.end() ? std::vector<std::string>{slot} : list->second;
}

Patterns::Sentence Patterns::draw(Rng& rng) const {
  const Index pattern = rng.below(static_cast<Index>(patterns_.size()));
  Sentence sentence{static_cast<std::size_t>(pattern), {}, 1.0 / double(patterns_.size())};
  for (const std::string& slot : patterns_[sentence.pattern]) {
    const std::vector<std::string> words = choices(slot);
    const Index word = rng.below(static_cast<Index>(words.size()));
    sentence.words.push_back(words[static_cast<std::size_t>(word)]);
    sentence.probability /= static_cast<double>(words.size());
  }
  return sentence;
}

std::vector<Patterns::Sentence> Patterns::all() const {
  std::vector<Sentence> sentences;
  for (std::size_t pattern = 0; pattern < patterns_.size(); ++pattern) {
    std::vector<Sentence> begun = {{pattern, {}, 1.0 / double(patterns_.size())}};
    for (const std::string& slot : patterns_[pattern]) {
      const std::vector<std::string> words = choices(slot);
      std::vector<Sentence> longer;
      for (const Sentence& start : begun)
        for (const std::string& word : words) {
          longer.push_back(start);
          longer.back().words.push_back(word);
          longer.back().probability /= static_cast<double>(words.size());
        }
      begun = std::move(longer);
    }
    sentences.insert(sentences.end(), begun.begin(), begun.end());
  }
  return sentences;
}

std::vector<std::string> Patterns::words() const {
  std::vector<std::string> words;
  for (const std::vector<std::string>& pattern : patterns_)
    for (const std::string& slot : pattern)
      for (const std::string& word : choices(slot)) words.push_back(word);
  return words;
}

}  // namespace rapt::tasks
