// What a program shows while it runs: the terminal, heat maps, progress lines. And Ctrl-C.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <sstream>
#include <string>

#include "examples/report/heatmap.h"
#include "examples/report/interrupt.h"
#include "examples/report/progress.h"
#include "examples/report/terminal.h"
#include "tests/examples/report_checks.h"

namespace rapt::report {
namespace {

const Terminal kPlain;
const Terminal kUtf8{false, false, true, 80};

Terminal detect_with(const std::map<std::string, std::string>& variables, bool is_terminal = true,
                     int width = 0) {
  return detect(
      [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      is_terminal, width);
}

TEST(ReportTerminal, TakesTheFirstLocaleThatIsSet) {
  EXPECT_FALSE(detect_with({}).utf8);
  EXPECT_TRUE(detect_with({{"LANG", "de_DE.UTF-8"}}).utf8);
  EXPECT_TRUE(detect_with({{"LC_ALL", ""}, {"LC_CTYPE", "C.utf8"}, {"LANG", "C"}}).utf8);
  EXPECT_FALSE(detect_with({{"LC_ALL", "C"}, {"LANG", "en_US.UTF-8"}}).utf8);
}

TEST(ReportTerminal, KeepsColourAndRedrawingToTerminals) {
  EXPECT_TRUE(detect_with({}).color);
  EXPECT_TRUE(detect_with({{"NO_COLOR", ""}}).color) << "an empty variable counts as not set";
  EXPECT_FALSE(detect_with({{"NO_COLOR", "1"}}).color);
  EXPECT_TRUE(detect_with({{"NO_COLOR", "1"}}).interactive);
  EXPECT_FALSE(detect_with({{"TERM", "dumb"}}).interactive);
  EXPECT_FALSE(detect_with({}, false).interactive);
  EXPECT_FALSE(detect_with({}, false).color);
}

TEST(ReportTerminal, FindsAWidth) {
  EXPECT_EQ(detect_with({}).width, 80);
  EXPECT_EQ(detect_with({}, true, 132).width, 132);
  EXPECT_EQ(detect_with({{"COLUMNS", "60"}}, true, 132).width, 60);
  for (const char* bad : {"0", "-5", "wide", "60x", "", "99999999999999"}) {
    EXPECT_EQ(detect_with({{"COLUMNS", bad}}, true, 132).width, 132) << bad;
  }
  EXPECT_GE(detect().width, 1);
}

TEST(ReportHeatmap, DrawsBlocksOrAsciiOrGrays) {
  const Heatmap map{{"a", "\n"}, {"x", "yz"}, {0, 1, 0.5, 0.25}};
  EXPECT_EQ(draw(map, kUtf8),
            "    y\n"
            "  x z\n"
            "a│  ██│\n"
            "⏎│▒▒░░│\n"
            "0   ░░▒▒▓▓██ 1   rows: queries, columns: keys\n");
  EXPECT_EQ(draw(map, kPlain),
            "     y\n"
            "   x z\n"
            " a|  @@|\n"
            "\\n|++::|\n"
            "0   ..::--==++**##%%@@ 1   rows: queries, columns: keys\n");
  const std::string gray = draw(map, {true, true, true, 80});
  EXPECT_NE(gray.find("a│\x1b[48;5;232m  \x1b[0m\x1b[48;5;255m  \x1b[0m│"), std::string::npos)
      << gray;
}

TEST(ReportHeatmap, ClampsMarksNaNAndScales) {
  const Heatmap map{{"q"}, {"1", "2", "3", "4"}, {-5, kInfinity, kNaN, 0.1}, 0.2};
  EXPECT_EQ(draw(map, kUtf8),
            "  1 2 3 4\n"
            "q│  ██??▒▒│\n"
            "0   ░░▒▒▓▓██ 0.2   rows: queries, columns: keys\n");
}

TEST(ReportHeatmap, CutsWideMapsAndSaysSo) {
  const auto lines_wider_than = [](const std::string& text, int width) {
    int count = 0;
    std::istringstream lines(text);
    // The grid is ASCII here, so bytes are cells.
    for (std::string line; std::getline(lines, line) && line[0] != '0';) {
      count += static_cast<int>(line.size()) > width;
    }
    return count;
  };
  Heatmap map{{"a long row label that is cut"}, {}, {}};
  for (int i = 0; i < 100; ++i) {
    map.column_labels.push_back("k");
    map.values.push_back(1);
  }
  for (const int width : {1, 20, 40, 80}) {
    const std::string text = draw(map, {false, false, false, width});
    if (width >= 20) {
      EXPECT_EQ(lines_wider_than(text, width), 0) << text;
    }
    EXPECT_NE(text.find("of 100 columns left out"), std::string::npos) << text;
  }
  const std::string text = draw(map, {false, false, false, 40});
  EXPECT_NE(text.find("a_long_row_l.|@@@"), std::string::npos) << text;
  EXPECT_NE(text.find("(75 of 100 columns left out: the terminal is 40 cells wide)"),
            std::string::npos)
      << text;
  EXPECT_EQ(draw(map, {false, false, false, 130}).find("left out"), std::string::npos);
  const Heatmap two_rows{{"a", "b"}, {"1", "2", "3", "4", "5"}, {0, 0, 0, 1, 0, 0, 1, 0, 0, 0}};
  EXPECT_NE(draw(two_rows, {false, false, false, 6}).find("a|   |\nb| @ |\n"), std::string::npos);
}

TEST(ReportHeatmap, RefusesSizesThatDoNotFit) {
  EXPECT_EQ(message_of([] {
              draw({{"a"}, {"x", "y"}, {1}}, kPlain);
            }),
            "heatmap: expected 2 values for 1 rows x 2 columns, got 1");
  EXPECT_EQ(message_of([] { draw({}, kPlain); }),
            "heatmap: expected at least one row and one column, got 0 rows x 0 columns");
  EXPECT_EQ(message_of([] {
              draw({{"a"}, {"x"}, {1}, 0}, kPlain);
            }),
            "heatmap: expected full > 0, got 0");
}

TEST(ReportProgress, PrintsTenPlainLinesPerRun) {
  std::ostringstream out;
  double now = 100;
  Progress progress(out, kPlain, "reverse", 1000, [&] { return now; });
  for (int step = 1; step <= 1000; ++step) {
    now += 0.01;
    progress.update(step, 1.0 / step, 0.5);
  }
  progress.finish();
  progress.finish();
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10) << text;
  EXPECT_EQ(text.find('\r'), std::string::npos) << text;
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "reverse  10 %  100/1000  loss 0.0100  accuracy 50.0 %  100 steps/s  9.0 s left");
  EXPECT_EQ(text.substr(text.rfind('\n', text.size() - 2) + 1),
            "reverse  1000/1000 steps in 10 s  loss 0.0010  accuracy 50.0 %  100 steps/s\n");
}

TEST(ReportProgress, RedrawsInPlaceTenTimesASecondAtMost) {
  std::ostringstream out;
  double now = 0;
  Progress progress(out, {true, false, false, 80}, "copy", 1000, [&] { return now; });
  for (int step = 1; step <= 1000; ++step) {
    now = step / 1000.0;
    progress.update(step, 0.25);
  }
  const std::string drawn = out.str();
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\r'), 11) << drawn;
  EXPECT_EQ(drawn.find('\n'), std::string::npos);
  EXPECT_NE(drawn.find("copy  ########################  1000/1000  loss 0.2500  1000/s"),
            std::string::npos)
      << drawn;
  progress.finish();
  EXPECT_EQ(out.str().substr(drawn.size()),
            "\r\x1b[Kcopy  1000/1000 steps in 1.0 s  loss 0.2500  1000 steps/s\n");
}

TEST(ReportProgress, NeverFillsTheLine) {
  for (const int width : {1, 5, 20, 40, 60, 80, 200}) {
    std::ostringstream out;
    double now = 0;
    Progress progress(out, {true, false, false, width}, "copy memory / attention", 100000,
                      [&] { return now; });
    now = 4000;
    progress.update(50000, 1234.5, 1.0);
    const std::string line = out.str();
    const int cells = static_cast<int>(line.size()) - 4;  // \r and the sequence that clears
    EXPECT_LT(cells, width) << line;
    if (width >= 80) {
      EXPECT_NE(line.find("##"), std::string::npos) << line;
    }
  }
}

TEST(ReportProgress, ShowsStrangeRunsAsTheyAre) {
  std::ostringstream out;
  const auto stopped_clock = [] { return 7.0; };
  {
    Progress progress(out, kPlain, "a", 10, stopped_clock);
    progress.update(3, kNaN, kNaN);
    progress.finish();
    Progress unused(out, kPlain, "b", 10, stopped_clock);
    unused.finish();
  }
  EXPECT_EQ(out.str(),
            "a  30 %  3/10  loss nan  accuracy nan %\n"
            "a  3/10 steps in 0.0 s  loss nan  accuracy nan %\n"
            "b  0/10 steps in 0.0 s\n");
  EXPECT_EQ(message_of([&] { Progress(out, kPlain, "c", 0, stopped_clock); }),
            "Progress: expected at least 1 step, got 0");
}

TEST(ReportProgress, EndsItsLineWhenAnExceptionPasses) {
  std::ostringstream out;
  {
    Progress(out, {true, true, true, 80}, "a", 2, [] { return 0.0; }).update(1, 0.5);
  }
  EXPECT_EQ(out.str().back(), '\n');
}

#ifndef _WIN32
TEST(ReportInterrupt, FirstRaisesTheFlagSecondTerminates) {
  std::signal(SIGINT, SIG_DFL);
  install_interrupt_handler();
  EXPECT_FALSE(interrupted());
  std::raise(SIGINT);
  EXPECT_TRUE(interrupted());
  EXPECT_EXIT(std::raise(SIGINT), testing::KilledBySignal(SIGINT), "");
  install_interrupt_handler();
  EXPECT_FALSE(interrupted());
  std::signal(SIGINT, SIG_DFL);
}

TEST(ReportInterrupt, StaysIgnoredInABackgroundJob) {
  std::signal(SIGINT, SIG_IGN);
  install_interrupt_handler();
  std::raise(SIGINT);
  EXPECT_FALSE(interrupted());
  std::signal(SIGINT, SIG_DFL);
}
#endif

}  // namespace
}  // namespace rapt::report
