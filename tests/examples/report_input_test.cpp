// What the user gives: flags and text. And the exit code of wrong use.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "examples/report/flags.h"
#include "examples/report/program.h"
#include "examples/report/text.h"

namespace rapt::report {
namespace {

// One flag of each kind.
struct Settings {
  int steps = 0;
  std::int64_t seed = 1;
  unsigned threads = 2;
  float rate = 0.1f;
  std::string text;
  std::string positions = "sin";
  std::vector<std::string> tasks = {"reverse", "copy"};
  bool quick = false;
  Flags flags{"compare", "Trains two models and compares them."};

  Settings() {
    flags.option("--steps", "N", &steps, "training steps (default: per task)", 1);
    flags.option("--seed", "N", &seed, "random seed");
    flags.option("--threads", "N", &threads, "threads", 1, 64);
    flags.option("--rate", "R", &rate, "learning rate", 0, 1);
    flags.option("--text", "FILE", &text, "text to learn");
    flags.choice("--positions", "NAME", &positions, {"sin", "none"}, "position encoding");
    flags.choices("--task", "NAMES", &tasks, {"reverse", "copy", "text"}, "tasks");
    flags.toggle("--quick", &quick, "a short run");
  }
  Settings(const Settings&) = delete;

  std::string error(const std::vector<std::string>& arguments) {
    try {
      flags.apply(arguments);
    } catch (const UsageError& e) {
      return e.what();
    }
    return "accepted";
  }
};

TEST(ReportFlags, SetsEveryKindOfTarget) {
  Settings s;
  EXPECT_TRUE(
      s.flags.apply({"--steps", "12", "--seed=-5", "--rate", "1e-2", "--text=a=b", "--quick",
                     "--positions", "none", "--task", "text,reverse", "--threads", "+64"}));
  EXPECT_EQ(s.steps, 12);
  EXPECT_EQ(s.seed, -5);
  EXPECT_EQ(s.threads, 64u);
  EXPECT_EQ(s.rate, 0.01f);
  EXPECT_EQ(s.text, "a=b");
  EXPECT_EQ(s.positions, "none");
  EXPECT_EQ(s.tasks, (std::vector<std::string>{"text", "reverse"}));
  EXPECT_TRUE(s.quick);
  EXPECT_TRUE(s.flags.given("--quick"));
}

TEST(ReportFlags, KeepsDefaultsWithoutArguments) {
  Settings s;
  const char* argv[] = {"compare"};
  s.flags.parse(1, argv);
  s.flags.parse(0, argv);
  EXPECT_EQ(s.seed, 1);
  EXPECT_EQ(s.tasks.size(), 2u);
  EXPECT_FALSE(s.quick);
  EXPECT_FALSE(s.flags.given("--quick"));
}

TEST(ReportFlags, ReachesTheLimitsOfTheTypes) {
  Settings s;
  EXPECT_TRUE(s.flags.apply({"--seed", "-9223372036854775808", "--steps", "2147483647"}));
  EXPECT_EQ(s.seed, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(s.steps, std::numeric_limits<int>::max());
}

TEST(ReportFlags, ExplainsWrongUse) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--steps", "-1"}, "--steps: expected a whole number of at least 1, got '-1'"},
      {{"--steps", "0"}, "--steps: expected a whole number of at least 1, got '0'"},
      {{"--steps", "many"}, "--steps: expected a whole number of at least 1, got 'many'"},
      {{"--steps", "5x"}, "--steps: expected a whole number of at least 1, got '5x'"},
      {{"--steps", "1.5"}, "--steps: expected a whole number of at least 1, got '1.5'"},
      {{"--steps", "+-5"}, "--steps: expected a whole number of at least 1, got '+-5'"},
      {{"--steps", " 5"}, "--steps: expected a whole number of at least 1, got ' 5'"},
      {{"--steps", "3000000000"},
       "--steps: expected a whole number from 1 to 2147483647, got '3000000000'"},
      {{"--steps", "99999999999999999999"},
       "--steps: expected a whole number from 1 to 2147483647, got '99999999999999999999'"},
      {{"--seed", "x"}, "--seed: expected a whole number, got 'x'"},
      {{"--seed", "-9223372036854775809"},
       "--seed: expected a whole number of at least -9223372036854775808, got "
       "'-9223372036854775809'"},
      {{"--threads", "65"}, "--threads: expected a whole number from 1 to 64, got '65'"},
      {{"--rate", "fast"}, "--rate: expected a number from 0 to 1, got 'fast'"},
      {{"--rate", "nan"}, "--rate: expected a number from 0 to 1, got 'nan'"},
      {{"--rate", "0x1"}, "--rate: expected a number from 0 to 1, got '0x1'"},
      {{"--rate", "1e999"}, "--rate: expected a number from 0 to 1, got '1e999'"},
      {{"--rate", "0.5.5"}, "--rate: expected a number from 0 to 1, got '0.5.5'"},
      {{"--steps"}, "--steps: expected a value (N), got none"},
      {{"--steps", "--quick"}, "--steps: expected a value (N), got none"},
      {{"--text="}, "--text: expected a value (FILE), got none"},
      {{"--text", ""}, "--text: expected a value (FILE), got none"},
      {{"--quick=yes"}, "--quick: expected no value, got 'yes'"},
      {{"--quick", "--quick"}, "--quick: expected once, given twice"},
      {{"--seed=1", "--seed", "1"}, "--seed: expected once, given twice"},
      {{"--positions", "cos"}, "--positions: expected one of sin, none, got 'cos'"},
      {{"--task", "copy,sort"}, "--task: expected one of reverse, copy, text, got 'sort'"},
      {{"--task", "copy,"}, "--task: expected one of reverse, copy, text, got ''"},
      {{"--task", "copy,copy"}, "--task: expected each name once, got 'copy,copy'"},
      {{"--stpes", "3"}, "unknown flag '--stpes': did you mean --steps?"},
      {{"--step=3"}, "unknown flag '--step': did you mean --steps?"},
      {{"-steps", "3"}, "unknown flag '-steps': did you mean --steps?"},
      {{"--banana"}, "unknown flag '--banana': expected one of those that --help lists"},
      {{"-"}, "unknown flag '-': expected one of those that --help lists"},
      {{"--"}, "unknown flag '--': expected one of those that --help lists"},
      {{"--quick", "copy"}, "expected a flag that begins with --, got 'copy'"},
      {{""}, "expected a flag that begins with --, got ''"},
  };
  for (const auto& [arguments, expected] : cases) EXPECT_EQ(Settings().error(arguments), expected);
}

TEST(ReportFlags, MessagesStayOnOneShortLine) {
  EXPECT_EQ(Settings().error({"--steps", "1\n\x1b[31m\xff"}),
            "--steps: expected a whole number of at least 1, got '1\\n\\x1b[31m\\xff'");
  EXPECT_LT(Settings().error({"--steps", std::string(10000, 'x')}).size(), 150u);
}

TEST(ReportFlags, HelpListsFlagsWithDefaultsAndExitsWithZero) {
  Settings s;
  EXPECT_FALSE(s.flags.apply({"--steps", "--help"}));
  EXPECT_FALSE(s.flags.apply({"--wrong", "-h"}));
  EXPECT_EQ(s.flags.usage(),
            "Usage: compare [flags]\n\n"
            "Trains two models and compares them.\n\n"
            "  --steps N         training steps (default: per task)\n"
            "  --seed N          random seed (default: 1)\n"
            "  --threads N       threads (default: 2)\n"
            "  --rate R          learning rate (default: 0.1)\n"
            "  --text FILE       text to learn\n"
            "  --positions NAME  position encoding: sin, none (default: sin)\n"
            "  --task NAMES      tasks, separated by commas: reverse, copy, text (default:\n"
            "                    reverse,copy)\n"
            "  --quick           a short run\n"
            "  --help            print this and exit\n");
  const char* argv[] = {"compare", "--help"};
  EXPECT_EXIT(s.flags.parse(2, argv), testing::ExitedWithCode(0), "");
}

TEST(ReportFlags, RefusesBadDeclarations) {
  Flags flags("p", "");
  bool on = false;
  flags.toggle("--on", &on, "");
  EXPECT_THROW(flags.toggle("--on", &on, ""), std::logic_error);
  EXPECT_THROW(flags.toggle("--help", &on, ""), std::logic_error);
  EXPECT_THROW(flags.toggle("on", &on, ""), std::logic_error);
}

TEST(ReportProgram, TurnsExceptionsIntoExitCodes) {
  const auto run = [](const std::function<int()>& body) {
    testing::internal::CaptureStderr();
    const int code = guarded("prog", body);
    return std::to_string(code) + ": " + testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(run([] { return 7; }), "7: ");
  EXPECT_EQ(run([]() -> int { throw UsageError("--a: bad"); }),
            "2: prog: --a: bad (see prog --help)\n");
  EXPECT_EQ(run([]() -> int { throw std::invalid_argument("matmul: bad"); }),
            "2: prog: matmul: bad\n");
  EXPECT_EQ(run([]() -> int { throw std::runtime_error("full"); }), "1: prog: full\n");
  EXPECT_EQ(run([]() -> int { throw 3; }), "1: prog: stopped by an unknown exception\n");
}

TEST(ReportText, EncodesWhatItDecodes) {
  const std::string text = "aé€中😀\u07ff\u0800\U00010000\U0010FFFF";
  std::string again;
  for (const char32_t code : decode_utf8(text, "t")) again += encode_utf8(code);
  EXPECT_EQ(again, text);
  EXPECT_EQ(decode_utf8("\xEF\xBB\xBFx", "t"), U"x") << "the byte order mark is no character";
  EXPECT_EQ(decode_utf8("", "t"), U"");
  EXPECT_EQ(encode_utf8(0xD800), "\uFFFD");
}

TEST(ReportText, NamesTheOffsetOfIllFormedBytes) {
  const auto error = [](const std::string& text) -> std::string {
    try {
      decode_utf8(text, "--text");
    } catch (const UsageError& e) {
      return e.what();
    }
    return "accepted";
  };
  EXPECT_EQ(error("abc\xff"), "--text: is not UTF-8: byte \\xff at offset 3 starts no character");
  EXPECT_EQ(error(std::string("ab\0c", 4)),
            "--text: is binary: expected text, found a zero byte at offset 2");
  for (const char* bad : {"\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC0\x80", "\xC1\xBF",
                          "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\xC3(", "\xFE"}) {
    EXPECT_NE(error(std::string("x") + bad).find("at offset 1 "), std::string::npos)
        << visible(bad, false) << ": " << error(std::string("x") + bad);
  }
}

TEST(ReportText, MeasuresCells) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"", 0},   {"abc", 3}, {"é", 1},      {"e\u0301", 1}, {"中文", 4}, {"😀", 2},
      {"한", 2}, {"\n", 0},  {"\u200d", 0}, {"█", 1},       {"\xff", 1}, {"Я", 1}};
  for (const auto& [text, width] : cases) EXPECT_EQ(display_width(text), width) << text;
  EXPECT_EQ(display_units("e\u0301中"), (std::vector<std::string>{"e\u0301", "中"}));
}

TEST(ReportText, PadsAndCuts) {
  EXPECT_EQ(pad_right("中", 4), "中  ");
  EXPECT_EQ(pad_left("ab", 4), "  ab");
  EXPECT_EQ(pad_left("abc", 2), "abc");
  EXPECT_EQ(cut_to_width("abcdef", 4, "…"), "abc…");
  EXPECT_EQ(cut_to_width("abcd", 4, "…"), "abcd");
  EXPECT_EQ(cut_to_width("中文字", 4, "…"), "中…");
  EXPECT_EQ(cut_to_width("abcdef", 2, "..."), "ab");
  EXPECT_EQ(cut_to_width("abc", 0, "…"), "");
}

TEST(ReportText, MakesEveryCharacterVisible) {
  const std::string text("a \n\t\x1b\0é\xff\u202e", 12);
  EXPECT_EQ(visible(text, true), "a␣⏎⇥\\x1b\\x00é\\xff\\u{202e}");
  EXPECT_EQ(visible(text, false), "a_\\n\\t\\x1b\\x00\\u{e9}\\xff\\u{202e}");
}

}  // namespace
}  // namespace rapt::report
