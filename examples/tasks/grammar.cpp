// Grammar: predict the next character of sentences that a known grammar draws, so that the best
// possible prediction is known too (Shannon 1948: the entropy of the source).
//
//   the young dogs near the child see a bird. two cats sleep. the old man greets ...
//
// A sentence has a subject, perhaps with phrases behind it, and a verb that agrees with the
// subject, not with the nouns in between. A window (of 64 characters, or --length) begins with a
// sentence, after the blank that ended the one before, and goes on with sentences until it is full,
// the last one cut: what is known at each character is then all that determines it, so that the
// floor below is exact.
//
// Lines to compare with, in nats per character, all for these windows:
//   guessing           ln of the number of characters, equally likely
//   1- to 3-grams      counted on drawn training text, smoothed by one, scored on drawn test text
//   the grammar        its exact entropy (TemplateGrammar::limit); no model is below it, but for
//                      the luck of a test set: whoever is has seen the future
// All splits are drawn alike, from streams of their own: short sentences recur in them.
//
// What is expected: both attention and recurrence end within a few hundredths of the floor, as the
// spelling of a word needs little memory; the number of the subject needs more.
#include <cmath>

#include "examples/tasks/example_grammar.h"
#include "examples/tasks/ngrams.h"
#include "examples/tasks/options.h"
#include "examples/tasks/task.h"

namespace rapt::tasks {
namespace {

constexpr Index kTrainingText = 4000, kTestText = 1000;  // windows, for the counts

class Grammar : public Task {
 public:
  explicit Grammar(Index window)
      : window_(window), grammar_(example_grammar()), characters_(grammar_.characters()) {}

  Sizes sizes() const override {
    const auto count = static_cast<Index>(characters_.size());
    return {count, count, window_, true};
  }
  Defaults defaults() const override {
    return {600, 16, {.dim = 64, .heads = 4, .feed_forward = 256, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    const auto count = static_cast<double>(characters_.size());
    const TemplateGrammar::Limit floor = grammar_.limit(static_cast<std::size_t>(window_));
    std::vector<Baseline> all = {{"guessing", std::log(count), 1 / count}};
    Rng training(1), test(2);
    const Batch seen = batch(kTrainingText, Split::training, training);
    const Batch asked = batch(kTestText, Split::test, test);
    Index n = 0;
    for (const char* name : {"characters", "bigrams", "trigrams"}) {
      Ngrams counts(++n, sizes().classes);
      counts.add(seen);
      all.push_back(counts.score(name, asked));
    }
    all.push_back({"the grammar", floor.loss, floor.accuracy});
    return all;
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    const Shape shape{size, window_};
    Batch batch{.inputs = {shape, {}}, .targets = {shape, {}}};
    for (Index b = 0; b < size; ++b) {
      const std::string text = window(rng);
      for (Index t = 0; t < window_; ++t) {
        batch.inputs.values.push_back(id(text[static_cast<std::size_t>(t)]));
        batch.targets.values.push_back(id(text[static_cast<std::size_t>(t) + 1]));
      }
    }
    return batch;
  }

  std::string symbol(std::int32_t id) const override {
    return {characters_[static_cast<std::size_t>(id)]};
  }

 private:
  // One blank, then `window_` characters of sentences.
  std::string window(Rng& rng) const {
    std::string text = " ";
    while (static_cast<Index>(text.size()) <= window_) text += grammar_.draw(rng).text;
    return text.substr(0, static_cast<std::size_t>(window_) + 1);
  }

  std::int32_t id(char c) const { return static_cast<std::int32_t>(characters_.find(c)); }

  Index window_;
  TemplateGrammar grammar_;
  std::string characters_;
};

const bool registered =
    register_task({"grammar", "next character of drawn sentences: the best loss is known",
                   Form::next, [](const TaskOptions& options) {
                     return std::make_unique<Grammar>(length_of(options, "grammar", 64, 8, 512));
                   }});

}  // namespace
}  // namespace rapt::tasks
