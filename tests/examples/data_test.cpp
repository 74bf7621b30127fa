// The user's files: what is read, and what is refused with which words.
#include <gtest/gtest.h>

#include <algorithm>

#include "examples/data/lines.h"
#include "examples/data/pairs.h"
#include "examples/tasks/pair_task.h"
#include "examples/tasks/split.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

const std::string kMark = "\xEF\xBB\xBF";

TEST(Lines, KeepNumbersAndDropEndsAndTheByteOrderMark) {
  const auto lines =
      data::read_lines(written("lines.txt", kMark + "a\r\n\r\nß c \n\n日"), "--data");
  const std::vector<std::string> expected = {"a", "", "ß c ", "", "日"};
  ASSERT_EQ(lines.size(), expected.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].number, static_cast<Index>(i) + 1);
    EXPECT_EQ(lines[i].text, expected[i]) << "line " << i + 1;
  }
  EXPECT_TRUE(data::read_lines(written("lines.txt", ""), "--data").empty());
  EXPECT_TRUE(data::read_lines(written("lines.txt", kMark), "--data").empty());
  EXPECT_EQ(data::read_lines(written("lines.txt", "one\n"), "--data").size(), 1u);
}

TEST(Lines, NameTheLineThatIsNotUtf8) {
  const std::string path = written("bytes.txt", "fine\nab\xff\n");
  EXPECT_EQ(usage_error_of([&] { data::read_lines(path, "--data"); }),
            path + ":2: is not UTF-8: byte \\xff at offset 2 starts no character");
  const std::string binary = written("binary.bin", std::string("a\0b", 3));
  EXPECT_EQ(usage_error_of([&] { data::read_lines(binary, "--data"); }),
            binary + ":1: is binary: expected text, found a zero byte at offset 1");
  EXPECT_NE(usage_error_of([&] {
              data::read_lines("/no/such/file", "--data");
            }).find("--data: cannot read '/no/such/file'"),
            std::string::npos);
}

TEST(Pairs, AreReadLineByLine) {
  const std::string path = written("pairs.txt", kMark + "mouse\tmice\r\n\n   \na b\tß\n");
  const std::vector<Pair> pairs = data::read_pairs(path, "--data", 5);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].source, "mouse");
  EXPECT_EQ(pairs[0].answer, "mice");
  EXPECT_EQ(pairs[1].source, "a b");
  EXPECT_EQ(pairs[1].answer, "ß");
}

TEST(Pairs, RefuseLinesThatAreNone) {
  const auto refusal = [](const std::string& line) {
    const std::string path = written("wrong.txt", "a\tb\n\n" + line + "\n");
    const std::string text = usage_error_of([&] { data::read_pairs(path, "--data", 5); });
    return text.substr(0, path.size()) == path ? text.substr(path.size()) : text;
  };
  EXPECT_EQ(refusal("alone"), ":3: expected source<TAB>answer, got 1 column");
  EXPECT_EQ(refusal("a\tb\tc"), ":3: expected source<TAB>answer, got 3 columns");
  EXPECT_EQ(refusal("\tb"), ":3: expected source<TAB>answer, got a blank source");
  EXPECT_EQ(refusal("a\t "), ":3: expected source<TAB>answer, got a blank answer");
  EXPECT_EQ(refusal("a\tbbbbbb"), ":3: expected at most 5 characters in the answer, got 6");
  EXPECT_EQ(refusal("ßßßßßß\tb"), ":3: expected at most 5 characters in the source, got 6");
  EXPECT_EQ(refusal("ßßßßß\tb"), "no error");
}

std::string lines_of_pairs(int first, int last) {
  std::string text;
  for (int i = first; i < last; ++i)
    text += std::to_string(i) + "\t" + std::to_string(i * i) + "\n";
  return text;
}

TEST(PairsTask, RefusesWhatItCannotLearnFrom) {
  const auto refusal = [](const TaskOptions& options) {
    return usage_error_of([&] { find_task("pairs").make(options); });
  };
  EXPECT_EQ(refusal({}),
            "--data: task pairs expects a file with lines of source<TAB>answer, in UTF-8");
  const std::string few = written("few.txt", lines_of_pairs(0, 99) + lines_of_pairs(0, 50));
  EXPECT_EQ(refusal({.data = few}),
            "--data " + few +
                ": expected at least 100 pairs with different sources, so that a tenth can be the "
                "test; got 99");
  const std::string empty = written("empty.txt", "");
  EXPECT_NE(refusal({.data = empty}).find("got 0"), std::string::npos) << refusal({.data = empty});
  const std::string many = written("many.txt", lines_of_pairs(0, 200));
  EXPECT_EQ(refusal({.data = many}), "no error");
  EXPECT_EQ(refusal({.length = 4, .data = many}),
            many + ":101: expected at most 4 characters in the answer, got 5");
  EXPECT_EQ(refusal({.length = 999, .data = many}),
            "--length: task pairs expects 2 to 256, got 999");
}

TEST(PairsTask, KeepsItsPartsApartWhateverTheOrderOfLines) {
  const auto drawn = [](const TaskOptions& options, Split split) {
    const auto task = find_task("pairs").make(options);
    const auto& pairs = dynamic_cast<const PairTask&>(*task);
    Rng rng(3);
    const Batch batch = task->batch(2000, split, rng);
    std::vector<std::string> sources;
    for (Index row = 0; row < batch.size(); ++row) sources.push_back(pairs.source_text(batch, row));
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    return sources;
  };
  const TaskOptions one{.data = written("one.txt", lines_of_pairs(0, 200))};
  const TaskOptions other{
      .data = written("other.txt", lines_of_pairs(100, 200) + lines_of_pairs(0, 100))};
  std::vector<std::string> all;
  for (const Split split : {Split::training, Split::validation, Split::test}) {
    const std::vector<std::string> sources = drawn(one, split);
    EXPECT_EQ(sources, drawn(other, split));
    all.insert(all.end(), sources.begin(), sources.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end()) << "in two parts";
  EXPECT_EQ(all.size(), 200u);
}

TEST(PairsTask, ShortRun) {
  const auto task = find_task("pairs").make({.data = written("run.txt", lines_of_pairs(0, 200))});
  EXPECT_NEAR(short_run(*task, "attention"), 2.1134, 5e-5);
}

TEST(Split, GivesTheSharesItSays) {
  Index validation = 0, test = 0;
  for (int i = 0; i < 20000; ++i) {
    const Split part = split_of(std::to_string(i), 0.05);
    validation += part == Split::validation;
    test += part == Split::test;
    EXPECT_EQ(part, split_of(std::to_string(i), 0.05));
  }
  EXPECT_NEAR(static_cast<double>(validation) / 20000, 0.05, 0.006);  // 4 standard deviations
  EXPECT_NEAR(static_cast<double>(test) / 20000, 0.05, 0.006);
}

}  // namespace
}  // namespace rapt::tasks
