// What the chapters quote is what stands in the sources, and what they print was printed.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <set>

#include "tests/docs/documents.h"
#include "tests/examples/own_folder.h"

namespace rapt::documents {
namespace {

File markdown(const std::string& text) { return {"docs/x.md", lines_of_text(text)}; }

std::string stripped(const std::string& line) {
  const std::size_t end = line.find_last_not_of(' ') + 1;
  return line.substr(std::min(indentation(line), end), end - std::min(indentation(line), end));
}

// ---- Quoted code

// How many lines of the quote stand in the file from line `start` on, indented alike.
std::size_t matching(const Lines& quote, const Lines& file, std::size_t start) {
  std::size_t i = 0;
  for (; i < quote.size() && start + i < file.size(); ++i) {
    const std::string &quoted = quote[i], &written = file[start + i];
    if (stripped(quoted) != stripped(written)) break;
    const bool alike = indentation(written) + indentation(quote[0]) ==
                       indentation(quoted) + indentation(file[start]);
    if (!alike && !stripped(quoted).empty()) break;
  }
  return i;
}

// Empty if the quote stands in the file word for word, else what differs.
std::string quote_problem(const Lines& quote, const File& file) {
  if (quote.empty()) return "the quote is empty";
  std::size_t best = 0, best_start = 0;
  for (std::size_t start = 0; start < file.lines.size(); ++start) {
    const std::size_t length = matching(quote, file.lines, start);
    if (length == quote.size()) return "";
    if (length > best) best = length, best_start = start;
  }
  if (best == 0) return "line 1 of the quote does not stand in " + file.path + ": " + quote[0];
  const std::size_t differs = best_start + best;
  return "line " + std::to_string(best + 1) + " of the quote differs\n  quoted: " + quote[best] +
         "\n  " + file.path + ":" + std::to_string(differs + 1) + ": " +
         (differs < file.lines.size() ? file.lines[differs] : "(end of file)");
}

Lines code_problems(const File& document) {
  Lines problems;
  for (const Fence& fence : parsed(document).fences) {
    static const std::set<std::string> kOtherNames{"c++", "C++", "cxx", "cc", "c", "CPP"};
    if (!fence.closed) problems.push_back(fence.place() + ": the block is never closed");
    if (!fence.info.empty() && kOtherNames.count(fence.info[0]))
      problems.push_back(fence.place() + ": spell it ```cpp PATH, not ```" + fence.info[0]);
    if (!fence.is("cpp")) continue;
    if (fence.info.size() != 2) {
      problems.push_back(fence.place() + ": C++ is quoted from a file: ```cpp PATH");
    } else if (const fs::path path = root() / fence.info[1]; !fs::is_regular_file(path)) {
      problems.push_back(fence.place() + ": no such file: " + fence.info[1]);
    } else if (const std::string problem =
                   quote_problem(fence.lines, {fence.info[1], lines_of_file(path)});
               !problem.empty()) {
      problems.push_back(fence.place() + ": " + problem);
    }
  }
  return problems;
}

TEST(Quotes, StandInTheSourcesWordForWord) {
  for (const File& document : chapters()) EXPECT_EQ(joined(code_problems(document)), "");
}

TEST(Quotes, AreFoundAtAnyIndentation) {
  const File file{"a.cpp", {"int f() {", "  if (x)", "    y();", "", "  z();", "}"}};
  EXPECT_EQ(quote_problem({"if (x)", "  y();", "", "z();"}, file), "");
  EXPECT_EQ(quote_problem({"    y();", "", "  z();", "}"}, file), "");
  EXPECT_NE(quote_problem({"if (x)", "y();"}, file), "") << "the indentation differs";
  EXPECT_NE(quote_problem({}, file), "");
}

TEST(Quotes, AChangedWordIsReportedWithItsPlace) {
  const File file{"a.cpp", {"int f() {", "  return 1;", "}"}};
  EXPECT_EQ(quote_problem({"int f() {", "  return 2;", "}"}, file),
            "line 2 of the quote differs\n  quoted:   return 2;\n  a.cpp:2:   return 1;");
  EXPECT_EQ(quote_problem({"int g() {"}, file),
            "line 1 of the quote does not stand in a.cpp: int g() {");
  EXPECT_EQ(quote_problem({"}", "}"}, file),
            "line 2 of the quote differs\n  quoted: }\n  a.cpp:4: (end of file)");
}

TEST(Quotes, ABlockWithoutItsFileIsRefused) {
  EXPECT_EQ(joined(code_problems(markdown("text\n```cpp\nint x;\n```\n"))),
            "docs/x.md:2: C++ is quoted from a file: ```cpp PATH\n");
  EXPECT_EQ(joined(code_problems(markdown("```cpp nn/none.cpp\nint x;\n```\n"))),
            "docs/x.md:1: no such file: nn/none.cpp\n");
  EXPECT_EQ(joined(code_problems(markdown("```c++ nn/mask.h\nint x;\n```\n"))),
            "docs/x.md:1: spell it ```cpp PATH, not ```c++\n");
  EXPECT_EQ(joined(code_problems(markdown("```text\nint x;\n"))),
            "docs/x.md:1: the block is never closed\n");
  EXPECT_EQ(joined(code_problems(markdown("```text\n```cpp\n```\n"))), "");
}

TEST(Quotes, InAListAreReadWithoutTheListsIndentation) {
  const Markdown list = parsed(markdown("1. so:\n   ```cpp a.h\n   int x;\n     int y;\n   ```\n"));
  ASSERT_EQ(list.fences.size(), 1u);
  EXPECT_EQ(list.fences[0].lines, (Lines{"int x;", "  int y;"}));
}

// ---- Printed results

struct Command {
  std::string problem;         // empty if the block is as it should be
  std::string program, flags;  // program is empty if the block is not to be run
};

Command command_of(const Fence& fence) {
  const bool sample = fence.info.size() == 2 && fence.info[1] == "sample";
  if (fence.info.size() > 1 && !sample)
    return {"expected ```console or ```console sample, got '" + fence.info[1] + "'", "", ""};
  const std::string typed = fence.lines.empty() ? "" : fence.lines[0];
  const std::string workflow = "$ cmake --workflow --preset ";
  if (typed == workflow + "compare" || typed == workflow + "test")
    return {sample ? "" : "the output of cmake differs each time: ```console sample", "", ""};
  const std::string prefix = "$ build/compare/";
  if (typed.rfind(prefix, 0) != 0)
    return {"the first line must be `" + prefix + "NAME [flags]`, got `" + typed + "`", "", ""};
  if (typed.find_first_of("|;&<>`\\") != std::string::npos)
    return {"one program and its flags, nothing else for the shell: `" + typed + "`", "", ""};
  const std::size_t end = std::min(typed.find(' ', prefix.size()), typed.size());
  const std::string name = typed.substr(prefix.size(), end - prefix.size());
  if (!fs::is_regular_file(root() / "examples" / (name + ".cpp")))
    return {"there is no examples/" + name + ".cpp", "", ""};
  return {"", sample ? "" : name, typed.substr(end)};
}

// Empty if equal, else the first difference.
std::string output_problem(const Lines& expected, const Lines& got) {
  for (std::size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
    const std::string want = i < expected.size() ? expected[i] : "(end of output)";
    const std::string is = i < got.size() ? got[i] : "(end of output)";
    if (want != is || i >= expected.size() || i >= got.size())
      return "line " + std::to_string(i + 1) + " of the output differs\n  expected: " + want +
             "\n  got:      " + is;
  }
  return "";
}

std::vector<Fence> console_blocks() {
  std::vector<Fence> blocks;
  for (const File& document : chapters())
    for (Fence& fence : parsed(document).fences)
      if (fence.is("console")) blocks.push_back(std::move(fence));
  return blocks;
}

std::string test_name(const Fence& fence) {
  std::string name = fs::path(fence.file).stem().string() + "_line_" + std::to_string(fence.line);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

// Under the sanitizers, which make programs twenty times slower, each gets a while to make a
// mistake; what it has not printed by then is not compared.
#ifdef RAPT_SANITIZE
const std::string kPatience = "timeout 20 ";
#else
const std::string kPatience;
#endif
constexpr int kTimedOut = 124 << 8;

class PrintedResults : public testing::TestWithParam<Fence> {};

TEST_P(PrintedResults, AreWhatTheProgramPrints) {
  const Fence& block = GetParam();
  const Command command = command_of(block);
  ASSERT_EQ(command.problem, "") << block.place();
  if (command.program.empty()) return;

  // A folder of its own, because programs write files and tests run side by side.
  const fs::path scratch = tasks::own_folder();
  fs::remove_all(scratch);
  fs::create_directories(scratch);
  const std::string program = std::string(RAPT_PROGRAMS_DIR) + "/" + command.program;
  const std::string line = "cd \"" + scratch.string() + "\" && " + kPatience + "\"" + program +
                           "\"" + command.flags + " > printed.out 2> printed.err";
  const int status = std::system(line.c_str());
  if (!kPatience.empty() && status == kTimedOut) return;
  const Lines got = lines_of_file(scratch / "printed.out");
  EXPECT_EQ(status, 0) << block.place() << "\n" << joined(lines_of_file(scratch / "printed.err"));
  EXPECT_EQ(output_problem({block.lines.begin() + 1, block.lines.end()}, got), "")
      << block.place() << ": " << block.lines[0];
  fs::remove_all(scratch);
}

INSTANTIATE_TEST_SUITE_P(Documents, PrintedResults, testing::ValuesIn(console_blocks()),
                         [](const auto& info) { return test_name(info.param); });

std::string command_problem(const std::string& block) {
  return command_of(parsed(markdown(block)).fences.at(0)).problem;
}

TEST(PrintedResult, BeginsWithAProgramOfTheExamples) {
  EXPECT_EQ(command_problem("```console\n$ build/compare/hello_autograd\ny\n```"), "");
  EXPECT_EQ(command_problem("```console\n$ build/compare/none --seed 1\n```"),
            "there is no examples/none.cpp");
  EXPECT_EQ(command_problem("```console\n$ ls\n```"),
            "the first line must be `$ build/compare/NAME [flags]`, got `$ ls`");
  EXPECT_EQ(command_problem("```console\n```"),
            "the first line must be `$ build/compare/NAME [flags]`, got ``");
  EXPECT_EQ(command_problem("```console\n$ cmake --workflow --preset test\n```"),
            "the output of cmake differs each time: ```console sample");
  EXPECT_EQ(command_problem("```console sample\n$ cmake --workflow --preset test\n```"), "");
  EXPECT_EQ(command_problem("```console once\n$ build/compare/hello_autograd\n```"),
            "expected ```console or ```console sample, got 'once'");
  EXPECT_NE(command_problem("```console\n$ build/compare/hello_autograd | head\n```"), "");
}

TEST(PrintedResult, OnlyASampleIsNotRun) {
  const auto program = [](const std::string& info) {
    const std::string block = "```" + info + "\n$ build/compare/hello_autograd --seed 2\n```";
    return command_of(parsed(markdown(block)).fences.at(0));
  };
  EXPECT_EQ(program("console").program, "hello_autograd");
  EXPECT_EQ(program("console").flags, " --seed 2");
  EXPECT_EQ(program("console sample").program, "");
}

TEST(PrintedResult, TheFirstDifferenceIsShown) {
  EXPECT_EQ(output_problem({"a", "b"}, {"a", "b"}), "");
  EXPECT_EQ(output_problem({"a", "b"}, {"a", "c"}),
            "line 2 of the output differs\n  expected: b\n  got:      c");
  EXPECT_EQ(output_problem({"a"}, {"a", "b"}),
            "line 2 of the output differs\n  expected: (end of output)\n  got:      b");
  EXPECT_NE(output_problem({"a", "(end of output)"}, {"a"}), "");
}

}  // namespace
}  // namespace rapt::documents
