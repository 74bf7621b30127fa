// Cipher, dates and numbers: what they draw, what is kept apart, what their lines promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "examples/report/text.h"
#include "examples/tasks/date_formats.h"
#include "examples/tasks/number_words.h"
#include "examples/tasks/pair_task.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<PairTask> pair_task(const std::string& name, const TaskOptions& options = {}) {
  std::unique_ptr<Task> task = find_task(name).make(options);
  auto* pairs = dynamic_cast<PairTask*>(task.get());
  if (pairs) task.release();
  return std::unique_ptr<PairTask>(pairs);
}

std::vector<Pair> pairs_of(const PairTask& task, const Batch& batch) {
  std::vector<Pair> pairs;
  for (Index row = 0; row < batch.size(); ++row)
    pairs.push_back({task.source_text(batch, row), task.answer_text(batch.targets, row)});
  return pairs;
}

std::vector<Pair> drawn(const PairTask& task, Split split, Index count = 3000) {
  Rng rng(5);
  return pairs_of(task, task.batch(count, split, rng));
}

std::vector<Pair> probed(const PairTask& task, std::size_t which, Index count = 200) {
  Rng rng(6);
  return pairs_of(task, task.probe(which, count, rng));
}

std::set<std::string> answers_of(const std::vector<Pair>& pairs) {
  std::set<std::string> answers;
  for (const Pair& pair : pairs) answers.insert(pair.answer);
  return answers;
}

bool overlap(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return b.count(x) > 0; });
}

TEST(PairTask, MakesBatchesOfCharacters) {
  const auto task = pair_task("cipher");
  Rng rng(1);
  const Batch batch = task->batch(40, Split::training, rng);
  const Index steps = batch.inputs.shape[1], answer = batch.targets.shape[1];
  EXPECT_EQ(steps, *std::max_element(batch.lengths.begin(), batch.lengths.end()));
  EXPECT_EQ(answer, steps + 1);
  for (Index row = 0; row < 40; ++row)
    for (Index t = 0; t < answer; ++t) {
      const std::int32_t target = batch.targets.values[row * answer + t];
      const Index length = batch.lengths[row];
      if (t < length)
        EXPECT_GT(target, kEnd) << row << ", " << t;
      else
        EXPECT_EQ(target, t == length ? kEnd : nn::kIgnored) << row << ", " << t;
    }
  const Sizes sizes = task->sizes();
  EXPECT_EQ(sizes.vocabulary, 10);
  EXPECT_EQ(sizes.classes, 11);
  EXPECT_EQ(sizes.length, 40);
  EXPECT_EQ(sizes.answer_length, 41);
  EXPECT_EQ(task->answer(kEnd), "<end>");
}

TEST(PairTask, RefusesNewCharacters) {
  Characters characters;
  characters.add("aé日a");
  EXPECT_EQ(characters.size(), 3);
  EXPECT_EQ(characters.ids("日aé"), (std::vector<std::int32_t>{2, 0, 1}));
  EXPECT_EQ(characters.text(1), "é");
  EXPECT_THROW(characters.ids("ab"), ValueError);
}

TEST(Cipher, ReplacesEveryDigitByTheKeyAndMayTurnTheAnswer) {
  const std::string digits = "0123456789", key = "7304918265";
  for (const bool reversed : {false, true}) {
    const auto task = pair_task(reversed ? "cipher-reversed" : "cipher");
    for (const Pair& pair : drawn(*task, Split::training, 300)) {
      std::string expected;
      for (const char c : pair.source) expected += key[digits.find(c)];
      if (reversed) std::reverse(expected.begin(), expected.end());
      ASSERT_EQ(pair.answer, expected) << pair.source;
    }
  }
}

TEST(Cipher, DrawsAllLengthsAndProbesOne) {
  const auto task = pair_task("cipher");
  std::map<std::size_t, int> count;
  for (const Pair& pair : drawn(*task, Split::training, 4000)) ++count[pair.source.size()];
  EXPECT_EQ(count.begin()->first, 1u);
  EXPECT_EQ(count.rbegin()->first, 20u);
  for (const auto& [length, n] : count) EXPECT_NEAR(n, 200, 56) << length;  // 4 deviations
  EXPECT_EQ(task->probes(),
            (std::vector<std::string>{"L=5", "L=10", "L=15", "L=20", "L=25", "L=30", "L=40"}));
  const std::size_t lengths[] = {5, 10, 15, 20, 25, 30, 40};
  for (std::size_t i = 0; i < std::size(lengths); ++i)
    for (const Pair& pair : probed(*task, i)) ASSERT_EQ(pair.source.size(), lengths[i]);
  EXPECT_EQ(pair_task("cipher", {.length = 8})->probes().back(), "L=16");
  EXPECT_EQ(usage_error_of([] { find_task("cipher").make({.length = 999}); }),
            "--length: task cipher expects 5 to 64, got 999");
}

// The baselines are counted: an independent count of the exact one is within its sampling error.
TEST(Cipher, GuessingIsWhatTheoryAndCountsSay) {
  const Baseline guessing = pair_task("cipher")->baselines().at(0);
  EXPECT_EQ(guessing.name, "guessing");
  EXPECT_NEAR(guessing.loss, (std::log(20.0) + 10.5 * std::log(10.0)) / 11.5, 0.01);
  EXPECT_LT(guessing.accuracy, 0.01);
}

TEST(Dates, KnowTheCalendar) {
  const auto& formats = date_formats();
  const auto in = [&](Day day) {
    std::map<std::string, std::string> written;
    for (const DateFormat& format : formats) written[format.name] = format.written(day);
    return written;
  };
  using Written = std::map<std::string, std::string>;
  EXPECT_EQ(in(2019y / 1 / 20), (Written{{"20 JAN", "20 JAN 2019"},
                                         {"January 20", "January 20, 2019"},
                                         {"Sunday", "Sunday, January 20, 2019"},
                                         {"20th", "the 20th of January 2019"},
                                         {"20.01.", "20.01.2019"},
                                         {"01/20/", "01/20/2019"},
                                         {"20 января", "20 января 2019 г."},
                                         {"1月20日", "2019年1月20日"}}));
  EXPECT_EQ(in(2000y / 2 / 29), (Written{{"20 JAN", "29 FEB 2000"},
                                         {"January 20", "February 29, 2000"},
                                         {"Sunday", "Tuesday, February 29, 2000"},
                                         {"20th", "the 29th of February 2000"},
                                         {"20.01.", "29.02.2000"},
                                         {"01/20/", "02/29/2000"},
                                         {"20 января", "29 февраля 2000 г."},
                                         {"1月20日", "2000年2月29日"}}));
  // Known days: the first landing on the moon, the fall of the wall, a first of January.
  EXPECT_EQ(in(1969y / 7 / 20)["Sunday"], "Sunday, July 20, 1969");
  EXPECT_EQ(in(1989y / 11 / 9)["Sunday"], "Thursday, November 9, 1989");
  EXPECT_EQ(in(2024y / 1 / 1)["Sunday"], "Monday, January 1, 2024");
  const char* ordinals[] = {"1st",  "2nd",  "3rd",  "4th",  "5th",  "6th",  "7th",  "8th",
                            "9th",  "10th", "11th", "12th", "13th", "14th", "15th", "16th",
                            "17th", "18th", "19th", "20th", "21st", "22nd", "23rd", "24th",
                            "25th", "26th", "27th", "28th", "29th", "30th", "31st"};
  for (unsigned day = 1; day <= 31; ++day)
    EXPECT_EQ(in(1999y / 8 / std::chrono::day(day))["20th"],
              message("the ", ordinals[day - 1], " of August 1999"));
  EXPECT_EQ(iso_date(1950y / 1 / 1), "1950-01-01");
}

TEST(Dates, SpanTheirCenturyAndKeepDaysApart) {
  const auto task = pair_task("dates");
  const auto training = answers_of(drawn(*task, Split::training));
  const auto validation = answers_of(drawn(*task, Split::validation));
  const auto test = answers_of(drawn(*task, Split::test));
  EXPECT_FALSE(overlap(training, validation));
  EXPECT_FALSE(overlap(training, test));
  EXPECT_FALSE(overlap(validation, test));
  EXPECT_GT(training.size(), 2500u);
  EXPECT_EQ(training.begin()->substr(0, 4), "1950");
  EXPECT_EQ(training.rbegin()->substr(0, 4), "2049");
  for (const std::string& day : training) {
    int y = 0, m = 0, d = 0;
    ASSERT_EQ(std::sscanf(day.c_str(), "%4d-%2d-%2d", &y, &m, &d), 3) << day;
    const int longest[] = {31, y % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ASSERT_TRUE(m >= 1 && m <= 12 && d >= 1 && d <= longest[m - 1]) << day;
  }
  const Baseline guessing = task->baselines().at(0);
  // Two dashes and the end are certain, the century nearly; then ten, less, or three digits.
  EXPECT_NEAR(guessing.loss,
              (2 * std::log(2) + 2 * std::log(10) + 0.69 + std::log(10) - 0.3 + 1.21 + 2.2) / 11,
              0.15);
  EXPECT_EQ(usage_error_of([] { find_task("dates").make({.length = 3}); }),
            "--length: task dates expects none, got 3");
}

TEST(Dates, FitWhatTheTaskSays) {
  std::size_t longest = 0;
  for (Day day = 1950y / 1 / 1; day < Day(2050y / 1 / 1); day += std::chrono::days(1))
    for (const DateFormat& format : date_formats())
      longest = std::max(longest, report::decode_utf8(format.written(day), "test").size());
  const Sizes sizes = pair_task("dates")->sizes();
  EXPECT_EQ(static_cast<std::size_t>(sizes.length), longest);
  EXPECT_EQ(sizes.answer_length, 11);
}

TEST(Dates, HaveOneProbeForEachFormat) {
  const auto task = pair_task("dates");
  const auto test = answers_of(drawn(*task, Split::training));
  ASSERT_EQ(task->probes().size(), date_formats().size());
  const char* marks[] = {" ", ", ", "day, ", "the ", ".", "/", "г.", "年"};
  for (std::size_t i = 0; i < std::size(marks); ++i) {
    EXPECT_EQ(task->probes()[i], date_formats()[i].name);
    const std::vector<Pair> pairs = probed(*task, i);
    for (const Pair& pair : pairs)
      ASSERT_NE(pair.source.find(marks[i]), std::string::npos) << pair.source;
    EXPECT_FALSE(overlap(answers_of(pairs), test)) << "days that train";
  }
}

TEST(Numbers, AreDrawnByTheirLogarithmAndKeptApart) {
  const auto task = pair_task("numbers");
  const auto pairs = drawn(*task, Split::training);
  const auto training = answers_of(pairs);
  const auto validation = answers_of(drawn(*task, Split::validation));
  const auto test = answers_of(drawn(*task, Split::test));
  EXPECT_FALSE(overlap(training, validation));
  EXPECT_FALSE(overlap(training, test));
  EXPECT_FALSE(overlap(validation, test));
  for (Index n = 0; n < 100; n += 9) EXPECT_EQ(test.count(std::to_string(n)), 0u) << n;

  // ln(1000001) is divided evenly: P(n < 10) = ln 11 / ln 1000001. Held-out numbers are missing.
  double short_ones = 0;
  for (const Pair& pair : pairs) short_ones += pair.answer.size() == 1;
  const double below_10 = std::log(11), below_100 = std::log(101), all = std::log(1000001);
  const double kept = below_100 + 0.9 * (all - below_100);
  EXPECT_NEAR(short_ones / static_cast<double>(pairs.size()), below_10 / kept, 0.03);
}

TEST(Numbers, AreReadInThreeLanguages) {
  const auto task = pair_task("numbers");
  EXPECT_EQ(task->probes(), (std::vector<std::string>{"English", "Russian", "Chinese"}));
  const auto training = answers_of(drawn(*task, Split::training));
  std::string (*const spelled[])(Index) = {english_number, russian_number, chinese_number};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto pairs = probed(*task, i);
    for (const Pair& pair : pairs) ASSERT_EQ(pair.source, spelled[i](std::stol(pair.answer)));
    EXPECT_FALSE(overlap(answers_of(pairs), training)) << "numbers that train";
  }
}

TEST(Numbers, FitWhatTheTaskSays) {
  const Sizes sizes = pair_task("numbers")->sizes();
  std::size_t longest = 0;
  for (Index thousands = 0; thousands < 1000; ++thousands)
    for (const Index rest : {0, 111, 373, 777, 878, 999})
      for (const std::string& words :
           {english_number(thousands * 1000 + rest), russian_number(thousands * 1000 + rest)})
        longest = std::max(longest, report::decode_utf8(words, "test").size());
  EXPECT_EQ(static_cast<std::size_t>(sizes.length), longest);
  EXPECT_EQ(sizes.answer_length, 7);
}

TEST(TranslationTasks, ShortRuns) {
  EXPECT_NEAR(short_run(*pair_task("cipher"), "attention"), 2.3856, 5e-5);
  EXPECT_NEAR(short_run(*pair_task("cipher-reversed"), "attention"), 2.4122, 5e-5);
  EXPECT_NEAR(short_run(*pair_task("dates"), "attention"), 1.7415, 5e-5);
  EXPECT_NEAR(short_run(*pair_task("numbers"), "attention"), 2.2079, 5e-5);
}

}  // namespace
}  // namespace rapt::tasks
