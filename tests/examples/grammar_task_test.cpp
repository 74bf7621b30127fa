// The grammar's probabilities are exact, and its lines stand in the right order.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "examples/tasks/example_grammar.h"
#include "examples/tasks/ngrams.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

// a. (1/2) or ab. then, after b, c. twice as often as d.
TemplateGrammar small() {
  return TemplateGrammar({{"start", "a. ", 0.5, "start"},
                          {"start", "ab ", 0.5, "rest"},
                          {"rest", "c. ", 2.0 / 3, "start"},
                          {"rest", "d. ", 1.0 / 3, "start"}});
}

double sum(const std::vector<double>& terms) {
  double total = 0;
  for (const double term : terms) total += term;
  return total;
}

TEST(TemplateGrammar, KnowsTheChanceOfEveryCharacter) {
  const TemplateGrammar grammar = small();
  EXPECT_EQ(grammar.characters(), " .abcd");
  const std::vector<double> logs = grammar.log_probabilities("ab c. a");
  const std::vector<double> expected = {0, std::log(0.5), 0, std::log(2.0 / 3), 0, 0, 0};
  ASSERT_EQ(logs.size(), expected.size());
  for (std::size_t i = 0; i < logs.size(); ++i) EXPECT_NEAR(logs[i], expected[i], 1e-12) << i;
  EXPECT_THROW(grammar.log_probabilities("ac"), ValueError);
}

TEST(TemplateGrammar, DrawsWithTheProbabilityItReturns) {
  const TemplateGrammar grammar = small();
  Rng rng(1);
  std::map<std::string, int> count;
  for (int i = 0; i < 6000; ++i) {
    const Sentence sentence = grammar.draw(rng);
    ++count[sentence.text];
    ASSERT_NEAR(sentence.log_probability, sum(grammar.log_probabilities(sentence.text)), 1e-12);
  }
  ASSERT_EQ(count.size(), 3u);
  EXPECT_NEAR(count["a. "], 3000, 155);  // 4 standard deviations
  EXPECT_NEAR(count["ab c. "], 2000, 147);
  EXPECT_NEAR(count["ab d. "], 1000, 116);
}

// By enumerating every window and its probability, which is what the limit claims to be.
TEST(TemplateGrammar, LimitIsTheMeanOverAllWindows) {
  const TemplateGrammar grammar = small();
  for (const std::size_t length : {1u, 2u, 5u, 9u}) {
    double loss = 0, total = 0;
    const std::function<void(const std::string&, double)> extend = [&](const std::string& text,
                                                                       double log_probability) {
      if (text.size() == length) {
        loss -= std::exp(log_probability) * log_probability;
        total += std::exp(log_probability);
        return;
      }
      for (const char c : grammar.characters()) try {
          extend(text + c, sum(grammar.log_probabilities(text + c)));
        } catch (const ValueError&) {
        }
    };
    extend("", 0);
    EXPECT_NEAR(total, 1, 1e-12) << length;
    EXPECT_NEAR(grammar.limit(length).loss, loss / static_cast<double>(length), 1e-12) << length;
  }
  // a | . or b, even | blank | c twice as often | ..: right by half, then by two thirds.
  EXPECT_NEAR(grammar.limit(2).accuracy, (1 + 0.5) / 2, 1e-12);
  EXPECT_NEAR(grammar.limit(4).accuracy, (1 + 0.5 + 1 + 0.5 + 0.5 * 2 / 3) / 4, 1e-12);
}

TEST(TemplateGrammar, RefusesRulesThatDoNotTellTheirStates) {
  EXPECT_THROW(TemplateGrammar({{"s", "a", 0.5, "s"}, {"s", "ab", 0.5, "s"}}), ValueError);
  EXPECT_THROW(TemplateGrammar({{"s", "ab", 0.5, "s"}, {"s", "a", 0.5, "s"}}), ValueError);
  EXPECT_THROW(TemplateGrammar({{"s", "a", 0.5, "s"}, {"s", "a", 0.5, "s"}}), ValueError);
  EXPECT_THROW(TemplateGrammar({{"s", "", 1, "s"}}), ValueError);
  EXPECT_THROW(TemplateGrammar({{"s", "a", 0.9, "s"}}), ValueError);
  EXPECT_THROW(TemplateGrammar({{"s", "a", 1, "t"}}), ValueError);
  EXPECT_NO_THROW(TemplateGrammar({{"s", "a", 1, "s"}}));
}

TEST(Ngrams, CountContextsOfTheWindow) {
  // a b a c: after a come b and c; at the start nothing is before the first input.
  const Batch batch{.inputs = {{1, 3}, {0, 1, 0}}, .targets = {{1, 3}, {1, 0, 2}}};
  Ngrams one(1, 3), two(2, 3), three(3, 3);
  for (Ngrams* counts : {&one, &two, &three}) counts->add(batch);
  EXPECT_NEAR(one.score("", batch).loss, std::log(6.0 / 2), 1e-12);
  EXPECT_NEAR(two.score("", batch).loss, (2 * std::log(5.0 / 2) + std::log(4.0 / 2)) / 3, 1e-12);
  EXPECT_NEAR(three.score("", batch).loss, std::log(4.0 / 2), 1e-12);
  EXPECT_NEAR(two.score("", batch).accuracy, 2.0 / 3, 1e-12);
  EXPECT_EQ(three.score("", batch).accuracy, 1);
}

std::string text_of(const Task& task, const Batch& batch, Index row) {
  std::string text;
  const Index steps = batch.targets.shape[1];
  for (Index t = 0; t < steps; ++t) text += task.symbol(batch.targets.values[row * steps + t]);
  return text;
}

TEST(Grammar, WindowsBeginWithASentenceAndPredictTheNextCharacter) {
  const auto task = find_task("grammar").make({});
  Rng rng(4);
  const Batch batch = task->batch(50, Split::training, rng);
  EXPECT_EQ(batch.inputs.shape, (Shape{50, 64}));
  EXPECT_TRUE(task->sizes().causal);
  for (Index row = 0; row < 50; ++row) {
    EXPECT_EQ(task->symbol(batch.inputs.values[row * 64]), " ");
    for (Index t = 0; t + 1 < 64; ++t)
      ASSERT_EQ(batch.targets.values[row * 64 + t], batch.inputs.values[row * 64 + t + 1]);
    const std::string text = text_of(*task, batch, row);
    const std::string first = text.substr(0, text.find(' '));
    EXPECT_TRUE(first == "the" || first == "a" || first == "two") << text;
  }
}

// A verb agrees with the first noun, whatever stands between.
TEST(Grammar, VerbsAgreeWithTheSubject) {
  const auto task = find_task("grammar").make({.length = 200});
  Rng rng(4);
  const Batch batch = task->batch(200, Split::training, rng);
  int attracted = 0;
  for (Index row = 0; row < 200; ++row) {
    const std::string text = text_of(*task, batch, row);
    for (std::size_t at = 0; text.find(". ", at) != std::string::npos;) {
      const std::size_t end = text.find(". ", at);
      std::string sentence = " ";
      sentence.append(text, at, end - at).append(" ");
      at = end + 2;
      bool many_verbs = false, one_verb = false;
      for (const char* verb :
           {" see ", " like ", " follow ", " greet ", " sleep ", " run ", " are "})
        many_verbs = many_verbs || sentence.find(verb) != std::string::npos;
      for (const char* verb :
           {" sees ", " likes ", " follows ", " greets ", " sleeps ", " runs ", " is "})
        one_verb = one_verb || sentence.find(verb) != std::string::npos;
      ASSERT_NE(many_verbs, one_verb) << sentence;
      const bool two = sentence.starts_with(" two ");
      EXPECT_FALSE(two && one_verb) << sentence;
      EXPECT_FALSE(sentence.starts_with(" a ") && many_verbs) << sentence;
      for (const char* between : {"near the dog ", "behind the man ", "with the child "})
        attracted += two && sentence.find(between) != std::string::npos;
    }
  }
  EXPECT_GT(attracted, 0) << "no noun of another number stands between";
}

// Two ways to the same number: the exact limit, and the probabilities of text that was drawn.
TEST(Grammar, TheFloorIsWhatDrawnWindowsCost) {
  const auto task = find_task("grammar").make({});
  const TemplateGrammar grammar = example_grammar();
  Rng rng(7);
  const Index windows = 2000;
  const Batch batch = task->batch(windows, Split::test, rng);
  double loss = 0, squares = 0;
  for (Index row = 0; row < windows; ++row) {
    const double one = -sum(grammar.log_probabilities(text_of(*task, batch, row))) / 64;
    loss += one / windows;
    squares += one * one / windows;
  }
  const double error = std::sqrt((squares - loss * loss) / windows);
  EXPECT_LT(error, 0.002);
  EXPECT_NEAR(grammar.limit(64).loss, loss, 4 * error);
  EXPECT_EQ(grammar.limit(64).loss, task->baselines().back().loss);

  // Over long windows the start is forgotten: the entropy of sentences, by their characters.
  double nats = 0, characters = 0;
  for (int i = 0; i < 20000; ++i) {
    const Sentence sentence = grammar.draw(rng);
    nats -= sentence.log_probability;
    characters += static_cast<double>(sentence.text.size());
  }
  EXPECT_NEAR(grammar.limit(20000).loss, nats / characters, 0.003);
}

TEST(Grammar, LinesStandInOrderAboveAnExactFloor) {
  const auto task = find_task("grammar").make({});
  const std::vector<Baseline> lines = task->baselines();
  ASSERT_EQ(lines.size(), 5u);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_LT(lines[i].loss, lines[i - 1].loss - 0.05) << lines[i].name;
    EXPECT_GT(lines[i].accuracy, lines[i - 1].accuracy + 0.05) << lines[i].name;
  }
  EXPECT_NEAR(lines[0].loss, std::log(task->sizes().vocabulary), 1e-12);
  EXPECT_NEAR(lines[4].loss, 0.3933, 5e-5);

  // Contexts that see the whole window learn it by heart, and go below the floor on what they have
  // seen alone: on new text they cannot.
  Rng seen(1), fresh(2);
  const Batch training = task->batch(500, Split::training, seen);
  Ngrams leaking(100, task->sizes().classes);
  leaking.add(training);
  leaking.add(training);
  EXPECT_GT(leaking.score("", task->batch(200, Split::test, fresh)).loss, lines[4].loss + 0.1);
}

TEST(Grammar, ShortRun) {
  const auto task = find_task("grammar").make({.length = 16});
  EXPECT_NEAR(short_run(*task, "attention"), 2.3132, 5e-5);
  EXPECT_EQ(usage_error_of([] { find_task("grammar").make({.length = 3}); }),
            "--length: task grammar expects 8 to 512, got 3");
}

}  // namespace
}  // namespace rapt::tasks
