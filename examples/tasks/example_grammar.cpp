#include "examples/tasks/example_grammar.h"

namespace rapt::tasks {
namespace {

struct Word {
  const char *one, *many;  // its form for one and for many
};
constexpr Word kNouns[] = {{"dog", "dogs"},   {"cat", "cats"},      {"bird", "birds"},
                           {"man", "men"},    {"woman", "women"},   {"child", "children"},
                           {"mouse", "mice"}, {"farmer", "farmers"}};
constexpr Word kVerbs[] = {
    {"sees", "see"}, {"likes", "like"}, {"follows", "follow"}, {"greets", "greet"}};
constexpr Word kAlone[] = {{"sleeps", "sleep"}, {"runs", "run"}, {"is here", "are here"}};
constexpr const char* kAdjectives[] = {"old", "young", "small", "happy"};
constexpr const char* kPlaces[] = {"near", "behind", "with"};

// Rules, word by word: those of a kind share a probability evenly.
class Rules {
 public:
  void add(const std::string& state, const std::string& word, double probability,
           const std::string& next) {
    rules_.push_back({state, word, probability, next});
  }
  void adjectives(const std::string& state, double probability) {
    for (const char* word : kAdjectives)
      add(state, std::string(word) + " ", probability / std::size(kAdjectives), state);
  }
  // Nouns (or verbs) in one of their two forms, with what stands behind them.
  template <std::size_t N>
  void forms(const std::string& state, const Word (&words)[N], bool many, const std::string& behind,
             double probability, const std::string& next) {
    for (const Word& word : words)
      add(state, (many ? word.many : word.one) + behind, probability / N, next);
  }
  std::vector<Rule> all() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace

TemplateGrammar example_grammar() {
  Rules r;
  r.add("start", "the ", 0.6, "subject");
  r.add("start", "a ", 0.2, "one subject");
  r.add("start", "two ", 0.2, "many subjects");
  r.adjectives("subject", 0.3);
  r.forms("subject", kNouns, false, " ", 0.35, "after one");
  r.forms("subject", kNouns, true, " ", 0.35, "after many");
  r.adjectives("one subject", 0.3);
  r.forms("one subject", kNouns, false, " ", 0.7, "after one");
  r.adjectives("many subjects", 0.3);
  r.forms("many subjects", kNouns, true, " ", 0.7, "after many");
  for (const bool many : {false, true}) {
    const std::string number = many ? "many" : "one", after = "after " + number;
    for (const char* place : kPlaces)
      r.add(after, std::string(place) + " the ", 0.3 / std::size(kPlaces), "place of " + number);
    r.forms("place of " + number, kNouns, false, " ", 0.5, after);
    r.forms("place of " + number, kNouns, true, " ", 0.5, after);
    r.forms(after, kVerbs, many, " ", 0.4, "object");
    r.forms(after, kAlone, many, ". ", 0.3, "start");
  }
  r.add("object", "the ", 0.6, "seen");
  r.add("object", "a ", 0.4, "one seen");
  r.adjectives("seen", 0.3);
  r.forms("seen", kNouns, false, ". ", 0.35, "start");
  r.forms("seen", kNouns, true, ". ", 0.35, "start");
  r.adjectives("one seen", 0.3);
  r.forms("one seen", kNouns, false, ". ", 0.7, "start");
  return TemplateGrammar(r.all());
}

}  // namespace rapt::tasks
