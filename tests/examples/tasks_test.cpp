// The tasks: what their generators draw, and what their baselines promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "examples/tasks/task.h"
#include "nn/loss.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += part;
  return all;
}

std::string message_of(const TaskOptions& options) {
  return usage_error_of([&] { find_task("text").make(options); });
}

TEST(Tasks, RegisterByName) {
  std::vector<std::string> names;
  for (const TaskEntry& entry : all_tasks()) names.push_back(entry.name);
  for (const char* name : {"copy", "reverse", "text"})
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THROW(find_task("chess"), ValueError);
}

TEST(Tasks, EqualGeneratorsGiveEqualBatchesAndSplitsDiffer) {
  for (const TaskEntry& entry : all_tasks()) {
    std::string pairs;  // for those that have no data of their own
    for (int i = 0; i < 3000; ++i) pairs += std::to_string(i * i) + "\t" + std::to_string(i) + "\n";
    const auto task =
        entry.make({.data = entry.form == Form::translation ? written("splits.txt", pairs) : ""});
    Rng a(5), b(5), c(6);
    const Batch first = task->batch(4, Split::training, a);
    EXPECT_EQ(first.size(), 4) << entry.name;
    const auto longest = [](const Batch& batch) {
      return batch.features.size() > 0 ? batch.features.dim(1) : batch.inputs.shape[1];
    };
    EXPECT_LE(longest(first), task->sizes().length) << entry.name;
    const auto drawn = [&](Rng& rng) {
      const Batch batch = task->batch(4, Split::training, rng);
      return std::pair(batch.inputs.values, batch.features.values());
    };
    const auto expected = std::pair(first.inputs.values, first.features.values());
    EXPECT_EQ(drawn(b), expected) << entry.name;
    EXPECT_NE(drawn(c), expected) << entry.name;
    for (const std::int32_t id : first.inputs.values) {
      EXPECT_GE(id, 0) << entry.name;
      EXPECT_LT(id, task->sizes().vocabulary) << entry.name;
    }
    for (const std::int32_t id : first.targets.values) EXPECT_LT(id, task->sizes().classes);
  }
}

TEST(Reverse, AnswersAreTheDigitsBackwards) {
  const auto task = find_task("reverse").make({.length = 5});
  Rng rng(1);
  const Batch batch = task->batch(3, Split::training, rng);
  for (Index b = 0; b < 3; ++b)
    for (Index t = 0; t < 5; ++t)
      EXPECT_EQ(batch.targets.values[b * 5 + t], batch.inputs.values[b * 5 + 4 - t])
          << "sequence " << b << " position " << t;
  EXPECT_NEAR(task->baselines()[0].loss, 2.302585, 1e-6);
  EXPECT_FALSE(task->sizes().causal);
}

TEST(CopyMemory, HasTheFormOfThePaper) {
  const auto task = find_task("copy").make({.length = 7});
  Rng rng(1);
  const Batch batch = task->batch(1, Split::training, rng);
  const auto& x = batch.inputs.values;
  const auto& y = batch.targets.values;
  ASSERT_EQ(task->sizes().length, 17);  // 5 symbols, 6 blanks, the signal, 5 blanks
  for (Index t = 0; t < 17; ++t) {
    if (t < 5) {
      EXPECT_TRUE(x[t] >= 1 && x[t] <= 8) << "position " << t << ": " << x[t];
      EXPECT_EQ(y[t + 12], x[t]) << "answer " << t;
    } else {
      EXPECT_EQ(x[t], t == 11 ? 9 : 0) << "position " << t;
    }
    if (t < 12) {
      EXPECT_EQ(y[t], 0) << "answer at " << t;
    }
    EXPECT_EQ(task->is_asked(y[t]), t >= 12) << "position " << t;
  }
}

TEST(CopyMemory, TheLineWithoutMemoryIsThePublishedOne) {
  // 5 ln 8 / (T + 10): the table of the literature for T = 20, 50, 100.
  EXPECT_NEAR(find_task("copy").make({.length = 20})->baselines()[0].loss, 0.34657, 5e-6);
  EXPECT_NEAR(find_task("copy").make({})->baselines()[0].loss, 0.17329, 5e-6);
  EXPECT_NEAR(find_task("copy").make({.length = 100})->baselines()[0].loss, 0.09452, 5e-6);
}

TEST(Text, PredictsTheNextCharacter) {
  const std::string path = written("cycle.txt", repeated("abcdé", 200));
  const auto task = find_task("text").make({.length = 8, .data = path});
  EXPECT_EQ(task->sizes().vocabulary, 5);
  Rng rng(2);
  const Batch batch = task->batch(2, Split::test, rng);
  const std::string alphabet = "abcdéa";
  for (std::size_t i = 0; i < batch.inputs.values.size(); ++i) {
    const std::string now = task->symbol(batch.inputs.values[i]);
    const std::string next = task->symbol(batch.targets.values[i]);
    EXPECT_NE(alphabet.find(now + next), std::string::npos) << now << " then " << next;
  }
  // In a cycle, which character follows is certain: bigram counts know all but the smoothing.
  EXPECT_EQ(task->baselines()[0].accuracy, 1);
  EXPECT_LT(task->baselines()[0].loss, 0.05);
}

TEST(Text, RareCharactersShareOneSymbol) {
  std::string text;
  for (char32_t c = 0x4e00; c < 0x4e00 + 400; ++c) {
    text += static_cast<char>(0xe0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (c & 0x3f));
    text += "xyz";
  }
  const auto task = find_task("text").make({.length = 8, .data = written("wide.txt", text)});
  EXPECT_EQ(task->sizes().vocabulary, 256);
  EXPECT_EQ(task->symbol(255), "\xEF\xBF\xBD");
}

TEST(Text, RefusesWhatIsNoUsableText) {
  const std::string tiny = written("tiny.txt", "too short");
  EXPECT_EQ(message_of({.data = tiny}),
            "--data " + tiny +
                ": expected at least 660 characters, so that a tenth holds a window "
                "of 64; got 9");
  const std::string empty = written("empty.txt", "");
  EXPECT_EQ(message_of({.length = 10, .data = empty}),
            "--data " + empty +
                ": expected at least 120 characters, so that a tenth holds a "
                "window of 10; got 0");
  const std::string binary = written("binary.txt", std::string("ab\0cd", 5));
  EXPECT_EQ(message_of({.data = binary}),
            "--data " + binary + ": is binary: expected text, found a zero byte at offset 2");
  const std::string broken = written("broken.txt",
                                     "abc\xff"
                                     "def");
  EXPECT_NE(message_of({.data = broken}).find("offset 3"), std::string::npos)
      << message_of({.data = broken});
  EXPECT_NE(message_of({.data = "/no/such/file"}).find("--data: cannot read '/no/such/file'"),
            std::string::npos);
}

TEST(ShortRuns, OfTheTasksOfTheMainJob) {
  EXPECT_NEAR(short_run(*find_task("reverse").make({}), "attention"), 2.3103, 5e-5);
  EXPECT_NEAR(short_run(*find_task("copy").make({}), "rnn"), 0.4848, 5e-5);
  const std::string path = written("short_run.txt", repeated("the cat saw the dog; ", 60));
  EXPECT_NEAR(short_run(*find_task("text").make({.data = path}), "rnn"), 0.9118, 5e-5);
}

}  // namespace
}  // namespace rapt::tasks
