#include "examples/tasks/best_guess.h"

#include <algorithm>
#include <cmath>

namespace rapt::tasks {

void BestGuess::learn(const std::string& evidence, std::int32_t answer, double weight) {
  given_[evidence][answer] += weight;
  general_[answer] += weight;
}

Baseline BestGuess::bound(const std::string& name) const {
  double loss = 0, right = 0, all = 0;
  for (const auto& [evidence, weights] : given_) {
    double sum = 0, largest = 0;
    for (const auto& [answer, weight] : weights) {
      sum += weight;
      largest = std::max(largest, weight);
    }
    for (const auto& [answer, weight] : weights) loss -= weight * std::log(weight / sum);
    right += largest;
    all += sum;
  }
  return {name, loss / all, right / all};
}

Baseline BestGuess::on(const Observed& data, Index answers, const std::string& name) const {
  double all = 0;
  for (const auto& [answer, weight] : general_) all += weight;
  double loss = 0, right = 0;
  for (const auto& [evidence, wanted] : data) {
    const auto known = given_.find(evidence);
    std::vector<double> probability;
    double sum = 1;
    for (std::int32_t answer = 0; answer < answers; ++answer) {
      const auto share = general_.find(answer);
      probability.push_back(((share == general_.end() ? 0 : share->second) + 1) /
                            (all + static_cast<double>(answers)));
    }
    if (known != given_.end())
      for (const auto& [answer, weight] : known->second) {
        probability[static_cast<std::size_t>(answer)] += weight;
        sum += weight;
      }
    const auto best = std::max_element(probability.begin(), probability.end());
    loss -= std::log(probability[static_cast<std::size_t>(wanted)] / sum);
    right += best - probability.begin() == wanted;
  }
  const auto count = static_cast<double>(data.size());
  return {name, loss / count, right / count};
}

}  // namespace rapt::tasks
