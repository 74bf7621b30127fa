#include "examples/tasks/template_grammar.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tensor/errors.h"

namespace rapt::tasks {

TemplateGrammar::TemplateGrammar(std::vector<Rule> rules) : rules_(std::move(rules)) {
  std::map<std::string, std::size_t> roots;
  for (const Rule& rule : rules_)
    if (roots.emplace(rule.state, nodes_.size()).second) nodes_.emplace_back();
  for (const Rule& rule : rules_) {
    expect_no_prefix(rule);
    if (roots.count(rule.next) == 0)
      throw ValueError(message("TemplateGrammar: '", rule.word, "' of state '", rule.state,
                               "' leads to '", rule.next, "', which has no rules"));
    plant(rule, roots[rule.state], roots[rule.next]);
  }
  for (const auto& [state, root] : roots) {
    double sum = 0;
    for (const auto& [c, edge] : nodes_[root]) sum += edge.probability;
    if (std::abs(sum - 1) > 1e-9)
      throw ValueError(message("TemplateGrammar: the rules of state '", state,
                               "' add up to a probability of ", sum, ", expected 1"));
  }
  // So far an edge has the probability of all words below it; given its node, it is their share.
  for (Node& node : nodes_) {
    double sum = 0;
    for (const auto& [c, edge] : node) sum += edge.probability;
    for (auto& [c, edge] : node) edge.probability /= sum;
  }
}

void TemplateGrammar::expect_no_prefix(const Rule& rule) const {
  for (const Rule& other : rules_)
    if (&other != &rule && other.state == rule.state && other.word.starts_with(rule.word))
      throw ValueError(message("TemplateGrammar: in state '", rule.state, "', '", other.word,
                               "' begins with '", rule.word, "'"));
}

void TemplateGrammar::plant(const Rule& rule, std::size_t root, std::size_t next) {
  std::size_t at = root;
  for (std::size_t i = 0; i < rule.word.size(); ++i) {
    const std::size_t fresh = i + 1 == rule.word.size() ? next : nodes_.size();
    const auto [edge, planted] = nodes_[at].emplace(rule.word[i], Edge{0, fresh});
    edge->second.probability += rule.probability;
    at = edge->second.to;
    if (planted && at == nodes_.size()) nodes_.emplace_back();
  }
}

Sentence TemplateGrammar::draw(Rng& rng) const {
  Sentence sentence{"", 0};
  std::string state = rules_.front().state;
  do {
    double left = rng.uniform();
    const Rule* drawn = nullptr;
    for (const Rule& rule : rules_) {
      if (rule.state != state) continue;
      drawn = &rule;
      left -= rule.probability;
      if (left < 0) break;
    }
    sentence.text += drawn->word;
    sentence.log_probability += std::log(drawn->probability);
    state = drawn->next;
  } while (state != rules_.front().state);
  return sentence;
}

std::vector<double> TemplateGrammar::log_probabilities(const std::string& text) const {
  std::vector<double> all;
  std::size_t at = 0;
  for (const char c : text) {
    const auto edge = nodes_[at].find(c);
    if (edge == nodes_[at].end())
      throw ValueError(message("TemplateGrammar::log_probabilities: '", text,
                               "' is no beginning of sentences: wrong at character ", all.size()));
    all.push_back(std::log(edge->second.probability));
    at = edge->second.to;
  }
  return all;
}

TemplateGrammar::Limit TemplateGrammar::limit(std::size_t length) const {
  Limit limit{0, 0};
  std::vector<double> here(nodes_.size(), 0.0);  // the chance to be at each node
  here[0] = 1;
  for (std::size_t t = 0; t < length; ++t) {
    std::vector<double> after(nodes_.size(), 0.0);
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
      double likeliest = 0;
      for (const auto& [c, edge] : nodes_[at]) {
        limit.loss -= here[at] * edge.probability * std::log(edge.probability);
        likeliest = std::max(likeliest, edge.probability);
        after[edge.to] += here[at] * edge.probability;
      }
      limit.accuracy += here[at] * likeliest;
    }
    here = after;
  }
  const auto count = static_cast<double>(length);
  return {limit.loss / count, limit.accuracy / count};
}

std::string TemplateGrammar::characters() const {
  std::set<char> all;
  for (const Rule& rule : rules_) all.insert(rule.word.begin(), rule.word.end());
  return {all.begin(), all.end()};
}

}  // namespace rapt::tasks
