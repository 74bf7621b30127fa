// What a program leaves behind: files, JSON, CSV, tables, numbers as text.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "examples/report/csv.h"
#include "examples/report/files.h"
#include "examples/report/json.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "tests/examples/own_folder.h"
#include "tests/examples/report_checks.h"

namespace rapt::report {
namespace {

namespace fs = std::filesystem;

// An empty folder of its own for each test, removed afterwards.
class ReportFiles : public testing::Test {
 protected:
  ReportFiles() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ReportFiles() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  long files() const { return std::distance(fs::directory_iterator(folder_), {}); }

  fs::path folder_ = tasks::own_folder();
};

TEST_F(ReportFiles, ReadsBackEveryByteThatWasWritten) {
  std::string bytes;
  for (int i = 0; i < 200000; ++i) bytes += static_cast<char>(i % 256);
  write_atomically(path("bytes"), bytes);
  EXPECT_EQ(read_text_file(path("bytes"), "--text"), bytes);
  write_atomically(path("bytes"), "");
  EXPECT_EQ(read_text_file(path("bytes"), "--text"), "");
  EXPECT_EQ(files(), 1) << "a temporary file was left behind";
}

TEST_F(ReportFiles, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(message_of<UsageError>([&] { read_text_file(path("none"), "--text"); }),
            "--text: cannot read '" + path("none") + "': No such file or directory");
  EXPECT_EQ(message_of<UsageError>([&] { read_text_file(path(""), "--text"); }),
            "--text: cannot read '" + path("") + "': Is a directory");
}

TEST_F(ReportFiles, SaysWhyAFileCannotBeWrittenAndLeavesNothing) {
  fs::create_directory(path("folder"));
  EXPECT_EQ(message_of<std::runtime_error>([&] { write_atomically(path("folder"), "x"); }),
            "cannot write '" + path("folder") + "': it exists and is no regular file");
  EXPECT_EQ(message_of<std::runtime_error>([&] { write_atomically(path("no/file"), "x"); }),
            "cannot write '" + path("no/file") + "': No such file or directory");
  EXPECT_EQ(files(), 1);
}

TEST_F(ReportFiles, FollowsALinkInsteadOfReplacingIt) {
  write_atomically(path("real"), "old");
  fs::create_symlink("real", path("link"));
  write_atomically(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_text_file(path("real"), "--text"), "new");
}

TEST_F(ReportFiles, CreatesFoldersOrNamesTheFlag) {
  ensure_folder(path("a/b/c"), "--out");
  ensure_folder(path("a/b/c"), "--out");
  EXPECT_TRUE(fs::is_empty(path("a/b/c"))) << "the probe was left behind";
  write_atomically(path("file"), "x");
  for (const char* name : {"file", "file/below"}) {
    EXPECT_EQ(message_of<UsageError>([&] { ensure_folder(path(name), "--out"); }),
              "--out: cannot create the folder '" + path(name) + "': Not a directory");
  }
  EXPECT_NE(message_of<UsageError>([] { ensure_folder("", "--out"); }), "nothing was thrown");
}

TEST(ReportJson, WritesNestedValuesInOrder) {
  Json json = Json::object();
  json.set("task", "reverse").set("steps", 10).set("done", true).set("none", Json());
  json.set("curve", Json::numbers(std::vector<double>{1.5, 0.1}));
  json.set("runs", Json::array({Json::object().set("seed", std::uint64_t{18446744073709551615u})}));
  json.set("empty", Json::object()).set("steps", -3);
  EXPECT_EQ(json.text(), R"({
  "task": "reverse",
  "steps": -3,
  "done": true,
  "none": null,
  "curve": [1.5, 0.1],
  "runs": [
    {
      "seed": 18446744073709551615
    }
  ],
  "empty": {}
}
)");
}

TEST(ReportJson, EscapesAnyText) {
  const std::string nasty("\"\\/\b\f\n\r\t\x01\x7f\0 é\xff", 15);
  EXPECT_EQ(Json(nasty).text(), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u0000 é\uFFFD\"\n");
}

TEST(ReportJson, NumbersReadBackExactlyAndNonFiniteOnesAreNull) {
  EXPECT_EQ(Json(0.1).text(), "0.1\n");
  EXPECT_EQ(Json(0.1f).text(), "0.1\n");
  EXPECT_EQ(std::stod(Json(1 / 3.0).text()), 1 / 3.0);
  EXPECT_EQ(std::stod(Json(std::numeric_limits<double>::max()).text()),
            std::numeric_limits<double>::max());
  for (const double value : {kNaN, kInfinity, -kInfinity}) EXPECT_EQ(Json(value).text(), "null\n");
}

TEST(ReportJson, RefusesMembersOfAPlainValue) {
  EXPECT_EQ(message_of<std::logic_error>([] { Json(1).set("a", 2); }),
            "Json: set(\"a\") needs an object");
  EXPECT_EQ(message_of<std::logic_error>([] { Json::object().add(2); }),
            "Json: add() needs an array");
}

TEST(ReportCsv, QuotesOnlyWhatNeedsIt) {
  Csv csv({"a", "b, c"});
  csv.row({"say \"hi\"", "two\nlines"});
  csv.row({"", " plain "});
  EXPECT_EQ(csv.text(), "a,\"b, c\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n, plain \n");
  Csv one({"only"});
  one.row({""});
  EXPECT_EQ(one.text(), "only\n\"\"\n");
  EXPECT_EQ(message_of([&] { csv.row({"x"}); }), "Csv: expected 2 cells, got 1");
  EXPECT_EQ(message_of([] { Csv({}); }), "Csv: expected at least one column, got none");
}

TEST(ReportTable, AlignsByDisplayWidthAndNumbersRight) {
  Table table({"task", "loss", "time"});
  table.row({"reverse", "0.5", "9 s"});
  table.row({"复制", "12.25", "-"});
  table.row({"a\nb", "nan", "1 m 05 s"});
  EXPECT_EQ(table.text(),
            "task      loss      time\n"
            "-------  -----  --------\n"
            "reverse    0.5       9 s\n"
            "复制     12.25         -\n"
            "a\\nb       nan  1 m 05 s\n");
  EXPECT_EQ(table.markdown(),
            "| task | loss | time |\n| --- | --: | --: |\n| reverse | 0.5 | 9 s |\n"
            "| 复制 | 12.25 | - |\n| a\\nb | nan | 1 m 05 s |\n");
}

TEST(ReportTable, TakesGivenAlignmentsAndEscapesMarkdown) {
  Table table({"n", "text"}, {Align::left, Align::right});
  table.row({"1", "a|b"});
  EXPECT_EQ(table.text(), "n  text\n-  ----\n1   a|b\n");
  EXPECT_EQ(table.markdown(), "| n | text |\n| --- | --: |\n| 1 | a\\|b |\n");
  EXPECT_EQ(Table({"alone"}).text(), "alone\n-----\n");
}

TEST(ReportTable, RefusesRowsOfAnotherLength) {
  Table table({"a", "b"});
  EXPECT_EQ(message_of([&] { table.row({"1", "2", "3"}); }), "Table: expected 2 cells, got 3");
  EXPECT_EQ(message_of([] { Table({}); }), "Table: expected at least one column, got none");
  EXPECT_EQ(message_of([] {
              Table({"a"}, {Align::left, Align::left});
            }),
            "Table: expected 1 alignments, got 2");
}

TEST(ReportNumbers, Formats) {
  EXPECT_EQ(fixed(0.12345, 3), "0.123");
  EXPECT_EQ(fixed(-2, 0), "-2");
  EXPECT_EQ(fixed(std::numeric_limits<double>::max(), 99).size(), 309u + 1 + 17);
  EXPECT_EQ(fixed(std::numeric_limits<double>::quiet_NaN(), 2), "nan");
  EXPECT_EQ(fixed(-std::numeric_limits<double>::infinity(), 2), "-inf");
  EXPECT_EQ(significant(0.00012345, 3), "0.000123");
  EXPECT_EQ(significant(1, 3), "1");
  EXPECT_EQ(percent(0.98765), "98.8 %");
  EXPECT_EQ(percent(1, 0), "100 %");
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(0.1f), "0.1");
}

TEST(ReportNumbers, Durations) {
  const std::vector<std::pair<double, std::string>> cases = {
      {0, "0.0 s"},
      {0.44, "0.4 s"},
      {9.96, "10 s"},
      {59.4, "59 s"},
      {59.6, "1 m 00 s"},
      {65, "1 m 05 s"},
      {3599.7, "1 h 00 m"},
      {7380, "2 h 03 m"},
      {-1, "?"},
      {std::numeric_limits<double>::infinity(), "?"},
      {std::numeric_limits<double>::quiet_NaN(), "?"}};
  for (const auto& [seconds, expected] : cases) EXPECT_EQ(duration(seconds), expected) << seconds;
}

}  // namespace
}  // namespace rapt::report
