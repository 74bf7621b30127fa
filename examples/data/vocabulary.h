#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace rapt::data {

// The words a model knows, numbered in the order of the alphabet; all others share number 0.
class Vocabulary {
 public:
  // Words that stand at least `least` times in a corpus. Above 1, rare words of the training part
  // are unknown too, so that the symbol of unknown words is trained.
  explicit Vocabulary(const std::vector<std::string>& corpus, Index least = 1);

  Index size() const { return static_cast<Index>(words_.size()); }
  std::int32_t id(const std::string& word) const;
  const std::string& word(std::int32_t id) const { return words_[static_cast<std::size_t>(id)]; }

 private:
  std::vector<std::string> words_;  // by id
  std::map<std::string, std::int32_t> ids_;
};

}  // namespace rapt::data
