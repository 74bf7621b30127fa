#include "examples/data/vocabulary.h"

namespace rapt::data {

Vocabulary::Vocabulary(const std::vector<std::string>& corpus, Index least) : words_{"<unk>"} {
  std::map<std::string, Index> count;
  for (const std::string& word : corpus) ++count[word];
  for (const auto& [word, times] : count) {
    if (times < least) continue;
    ids_.emplace(word, static_cast<std::int32_t>(words_.size()));
    words_.push_back(word);
  }
}

std::int32_t Vocabulary::id(const std::string& word) const {
  const auto known = ids_.find(word);
  return known == ids_.end() ? 0 : known->second;
}

}  // namespace rapt::data
