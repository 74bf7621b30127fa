#include "examples/tasks/naive_bayes.h"

#include <algorithm>
#include <cmath>

namespace rapt::tasks {

void NaiveBayes::learn(const std::vector<std::string>& words, std::int32_t label) {
  Label& seen = labels_[static_cast<std::size_t>(label)];
  seen.texts += 1;
  seen.words += static_cast<double>(words.size());
  for (const std::string& word : words) {
    seen.count[word] += 1;
    known_.insert(word);
  }
}

std::vector<double> NaiveBayes::log_probabilities(const std::vector<std::string>& words) const {
  double texts = 0;
  for (const Label& label : labels_) texts += label.texts;
  std::vector<double> logs;
  for (const Label& label : labels_) {
    logs.push_back(std::log((label.texts + 1) / (texts + static_cast<double>(labels_.size()))));
    for (const std::string& word : words) {
      if (known_.count(word) == 0) continue;
      const auto found = label.count.find(word);
      const double count = found == label.count.end() ? 0 : found->second;
      logs.back() += std::log((count + 1) / (label.words + static_cast<double>(known_.size())));
    }
  }
  const double largest = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - largest);
  for (double& log : logs) log -= largest + std::log(sum);
  return logs;
}

}  // namespace rapt::tasks
