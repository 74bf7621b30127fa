#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace rapt::tasks {

// Naive Bayes, the classical classifier of a bag of words: every word is taken to be drawn by
// itself, from the words of the texts with that label.
//   p(label | words) ~ p(label) prod p(word | label)
// Counts of words are smoothed by one.
class NaiveBayes {
 public:
  explicit NaiveBayes(Index labels) : labels_(static_cast<std::size_t>(labels)) {}

  void learn(const std::vector<std::string>& words, std::int32_t label);
  std::vector<double> log_probabilities(const std::vector<std::string>& words) const;  // [labels]

 private:
  struct Label {
    double texts = 0, words = 0;
    std::map<std::string, double> count;
  };
  std::vector<Label> labels_;
  std::set<std::string> known_;
};

}  // namespace rapt::tasks
