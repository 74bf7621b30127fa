// Numbers: read a number in English, Russian or Chinese words, write its digits.
//
//   two hundred three thousand forty one > 203041      двести три тысячи сорок один > 203041
//   二十万三千零四十一 > 203041
//
// n = 0 .. 999999, its logarithm equally likely, so that short and long numbers are met alike; the
// language is drawn evenly. Of the numbers from 100, 10 % never train, in no language: half of them
// are for validation, half are the test. (Below 100, a number is a word to be told, not found.)
// The digits stand where the words do, but "thousand" decides how many zeros a gap is, and Chinese
// counts by ten thousands. Guessing: see PairTask. Accuracy is that of whole numbers; one probe for
// each language, of held-out numbers.
//
// What is expected: attention looks at one word for each digit, and two for a zero; without it,
// numbers of many words are forgotten.
#include <algorithm>
#include <cmath>

#include "examples/tasks/number_words.h"
#include "examples/tasks/options.h"
#include "examples/tasks/pair_task.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {
namespace {

constexpr Index kNumbers = 1'000'000, kTold = 100;
constexpr double kHeldOut = 0.05;  // for validation, and as many for the test

struct Language {
  const char* name;
  std::string (*spelled)(Index n);
};
constexpr Language kLanguages[] = {
    {"English", english_number}, {"Russian", russian_number}, {"Chinese", chinese_number}};

Pair pair_of(const Language& language, Index n) { return {language.spelled(n), std::to_string(n)}; }

// All words, and the longest of numbers: no part of three digits depends on the other, and in
// Chinese, which cuts after four, 777777 is as long as any.
std::vector<Pair> samples() {
  std::vector<Pair> pairs;
  for (const Language& language : kLanguages)
    for (Index part = 0; part < 1000; ++part) {
      pairs.push_back(pair_of(language, part));
      pairs.push_back(pair_of(language, part * 1000 + part));
    }
  return pairs;
}

class Numbers : public PairTask {
 public:
  Numbers() : PairTask(samples()) {}

  Defaults defaults() const override {
    return {1200, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }

  std::vector<std::string> probes() const override {
    std::vector<std::string> names;
    for (const Language& language : kLanguages) names.push_back(language.name);
    return names;
  }

 private:
  Pair draw(Split split, Rng& rng) const override {
    const Language& language = kLanguages[rng.below(std::size(kLanguages))];
    return pair_of(language, number(split, rng));
  }
  Pair draw_probe(std::size_t which, Rng& rng) const override {
    return pair_of(kLanguages[which], number(Split::test, rng));
  }

  static Index number(Split split, Rng& rng) {
    for (;;) {
      const double n = std::exp(rng.uniform() * std::log(kNumbers + 1.0)) - 1;
      const Index drawn = std::min(static_cast<Index>(n), kNumbers - 1);
      const Split part =
          drawn < kTold ? Split::training : split_of(std::to_string(drawn), kHeldOut);
      if (part == split) return drawn;
    }
  }
};

const bool registered = register_task({"numbers", "number words of three languages into digits",
                                       Form::translation, [](const TaskOptions& options) {
                                         expect_no_length(options, "numbers");
                                         return std::make_unique<Numbers>();
                                       }});

}  // namespace
}  // namespace rapt::tasks
