#pragma once
#include <map>
#include <string>
#include <vector>

#include "tensor/random.h"

namespace rapt::tasks {

// In a state of the grammar, one way to go on: say the word, and be in the next state.
struct Rule {
  std::string state, word;  // the word with what follows it, "dog " or "dog. "
  double probability;       // those of a state add up to 1
  std::string next;
};

struct Sentence {
  std::string text;
  double log_probability;
};

// Sentences of templates: from a start state, words are drawn by the rules until the start is
// reached again. No word of a state begins with another of it, so that a text tells the states that
// it went through (the grammar is unambiguous), and every prefix of a text its exact probability:
// with the words of each state in a tree of characters, one node is known at each character.
class TemplateGrammar {
 public:
  // The first rule's state is the start. ValueError where probabilities do not add up to 1, a word
  // begins with another, or a state has no rules.
  explicit TemplateGrammar(std::vector<Rule> rules);

  Sentence draw(Rng& rng) const;

  // log P(c | all before it) of each character of a text that begins at the start, in nats.
  // ValueError at a character that cannot stand there.
  std::vector<double> log_probabilities(const std::string& text) const;

  // What no reader can do better, expected over the first `length` characters of a stream of
  // sentences: the entropy in nats per character, and the share of the likeliest characters. Exact:
  // the chance to be at each node is carried along, character by character.
  struct Limit {
    double loss, accuracy;
  };
  Limit limit(std::size_t length) const;

  std::string characters() const;  // all that occur, in order

 private:
  struct Edge {
    double probability;
    std::size_t to;
  };
  using Node = std::map<char, Edge>;  // of what has been read, all ways to go on

  void expect_no_prefix(const Rule& rule) const;
  void plant(const Rule& rule, std::size_t root, std::size_t next);

  std::vector<Rule> rules_;
  std::vector<Node> nodes_;  // the start first
};

}  // namespace rapt::tasks
