// The rules of the house that a machine can check: which folder may include which, sizes, names.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/docs/documents.h"

namespace rapt::documents {
namespace {

const Lines kLibraryAndExamples{"tensor", "autograd", "nn", "optim", "examples"};
const Lines kAll{"tensor", "autograd", "nn", "optim", "examples", "tests"};

// tensor <- autograd <- {nn, optim} <- examples
const std::map<std::string, std::set<std::string>> kMayInclude{
    {"tensor", {"tensor"}},
    {"autograd", {"tensor", "autograd"}},
    {"nn", {"tensor", "autograd", "nn"}},
    {"optim", {"tensor", "autograd", "optim"}},
    {"examples", {"tensor", "autograd", "nn", "optim", "examples"}},
};

const Lines kStandardHeaders = words(
    "algorithm any array atomic barrier bit bitset cctype cerrno cfloat charconv chrono "
    "cinttypes climits cmath compare complex concepts condition_variable csignal cstddef "
    "cstdint cstdio cstdlib cstring ctime deque exception filesystem fstream functional future "
    "initializer_list iomanip iosfwd iostream istream iterator limits list locale map memory "
    "mutex new numbers numeric optional ostream queue random ratio set span sstream stack "
    "stdexcept string string_view system_error thread tuple type_traits typeindex typeinfo "
    "unordered_map unordered_set utility variant vector version");

struct Include {
  std::size_t line;  // from 1
  std::string name;
  bool quoted, conditional;  // "name" or <name>; inside of #if
};

std::vector<Include> includes_of(const File& file) {
  std::vector<Include> includes;
  int depth = 0;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (line.rfind("#if", 0) == 0) ++depth;
    if (line.rfind("#endif", 0) == 0) --depth;
    if (line.rfind("#include", 0) != 0) continue;
    const std::size_t begin = line.find_first_of("<\"") + 1;
    const std::size_t end = line.find_first_of(">\"", begin);
    includes.push_back({i + 1, line.substr(begin, end - begin), line[begin - 1] == '"', depth > 0});
  }
  return includes;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

Lines include_problems(const File& file) {
  Lines problems;
  const std::string folder = folder_of(file.path);
  for (const Include& include : includes_of(file)) {
    const std::string place = file.path + ":" + std::to_string(include.line) + ": ";
    const std::string other = folder_of(include.name);
    if (include.quoted && !kMayInclude.at(folder).count(other))
      problems.push_back(place + folder + " may not include \"" + include.name + "\"");
    else if (include.quoted && !fs::is_regular_file(root() / include.name))
      problems.push_back(place + "includes are spelled from the root: \"" + include.name + "\"");
    // Terminals are not standard, nor are the vectors of a processor: behind #if, in their places.
    const bool of_the_system =
        include.conditional && (file.path.rfind("examples/report/", 0) == 0 ||
                                (file.path == "tensor/simd.h" && include.name == "immintrin.h"));
    const bool is_standard =
        std::count(kStandardHeaders.begin(), kStandardHeaders.end(), include.name) > 0;
    if (!include.quoted && !is_standard && !of_the_system)
      problems.push_back(place + "<" + include.name + "> is not in the C++ standard library");
  }
  return problems;
}

TEST(House, IncludesGoOneWay) {
  std::size_t count = 0;
  for (const File& file : sources(kLibraryAndExamples)) {
    EXPECT_EQ(joined(include_problems(file)), "");
    count += includes_of(file).size();
  }
  EXPECT_GT(count, 200u) << "the sources were not found";
}

TEST(House, AnIncludeAgainstTheArrowIsFound) {
  const auto problems = [](const std::string& path, const std::string& line) {
    return joined(include_problems({path, lines_of_text(line)}));
  };
  EXPECT_EQ(problems("nn/a.h", "#include \"autograd/ops.h\"\n#include <vector>"), "");
  EXPECT_EQ(problems("tensor/a.h", "\n#include \"autograd/ops.h\""),
            "tensor/a.h:2: tensor may not include \"autograd/ops.h\"\n");
  EXPECT_NE(problems("autograd/a.h", "#include \"nn/mask.h\""), "");
  EXPECT_NE(problems("nn/a.h", "#include \"optim/sgd.h\""), "");
  EXPECT_NE(problems("optim/a.h", "#include \"nn/mask.h\""), "");
  EXPECT_NE(problems("nn/a.h", "#include \"examples/report/table.h\""), "");
  EXPECT_EQ(problems("nn/a.h", "#include \"nn/none.h\""),
            "nn/a.h:1: includes are spelled from the root: \"nn/none.h\"\n");
  EXPECT_EQ(problems("nn/a.h", "#include \"mask.h\""), "nn/a.h:1: nn may not include \"mask.h\"\n");
}

TEST(House, OnlyTheStandardLibraryIsIncluded) {
  const std::string posix = "#include <unistd.h>";
  const auto problems = [](const std::string& path, const std::string& text) {
    return joined(include_problems({path, lines_of_text(text)}));
  };
  EXPECT_EQ(problems("tensor/a.cpp", posix),
            "tensor/a.cpp:1: <unistd.h> is not in the C++ standard library\n");
  EXPECT_NE(problems("tensor/a.cpp", "#if X\n" + posix + "\n#endif"), "");
  EXPECT_EQ(problems("examples/report/a.cpp", "#if X\n" + posix + "\n#endif"), "");
  EXPECT_NE(problems("examples/report/a.cpp", "#if X\n#endif\n" + posix), "");
}

std::size_t columns(const std::string& line) {  // code points: bytes that continue none
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Lines size_problems(const File& file) {
  Lines problems;
  if (file.lines.size() > 300)
    problems.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines, above 300");
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (columns(file.lines[i]) > 100)
      problems.push_back(file.path + ":" + std::to_string(i + 1) + ": " +
                         std::to_string(columns(file.lines[i])) + " columns, above 100");
  return problems;
}

TEST(House, FilesAndLinesAreShort) {
  for (const File& file : sources(kAll)) EXPECT_EQ(joined(size_problems(file)), "");
}

TEST(House, LongFilesAndLinesAreFound) {
  EXPECT_EQ(joined(size_problems({"a.h", Lines(300, std::string(100, 'x'))})), "");
  EXPECT_EQ(joined(size_problems({"a.h", Lines(301)})), "a.h: 301 lines, above 300\n");
  EXPECT_EQ(joined(size_problems({"a.h", {"", std::string(101, 'x')}})),
            "a.h:2: 101 columns, above 100\n");
  EXPECT_EQ(columns("\u00b7x"), 2u);
}

Lines header_problems(const File& file) {
  Lines problems;
  if (file.lines.empty() || file.lines[0] != "#pragma once")
    problems.push_back(file.path + ": a header begins with #pragma once");
  for (const std::string& line : file.lines) {
    const Lines all = words(line);
    if (!all.empty() &&
        (all[0] == "#define" || (all[0] == "#" && all.size() > 1 && all[1] == "define")))
      problems.push_back(file.path + ": a header defines no macro: " + line);
    if (line.rfind("#include <iostream>", 0) == 0 || line.rfind("#include <regex>", 0) == 0)
      problems.push_back(file.path + ": too heavy for a header: " + line);
  }
  return problems;
}

TEST(House, HeadersDefineNoMacros) {
  for (const File& file : sources(kLibraryAndExamples))
    EXPECT_EQ(joined(file.path.ends_with(".h") ? header_problems(file) : Lines{}), "");
  EXPECT_EQ(joined(header_problems({"a.h", {"#pragma once", "  #define X"}})),
            "a.h: a header defines no macro:   #define X\n");
  EXPECT_EQ(joined(header_problems({"a.h", {"#pragma once", "#include <iostream>"}})),
            "a.h: too heavy for a header: #include <iostream>\n");
  EXPECT_EQ(joined(header_problems({"a.h", {"struct A;"}})),
            "a.h: a header begins with #pragma once\n");
}

TEST(House, TheRootHoldsTheAgreedNamesOnly) {
  const std::set<std::string> agreed{
      "CMakeLists.txt", "CMakePresets.json", "README.md", "autograd", "build",
      "docs",           "examples",          "nn",        "optim",    "tensor",
      "tests"};
  for (const auto& entry : fs::directory_iterator(root())) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name[0] == '.' || agreed.count(name)) << "the root does not hold " << name;
  }
}

Lines mark_problems(const File& file) {
  Lines problems;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    for (const std::string& mark : {std::string("TO") + "DO", std::string("FIX") + "ME"})
      if (file.lines[i].find(mark) != std::string::npos)
        problems.push_back(file.path + ":" + std::to_string(i + 1) + ": " + file.lines[i]);
  return problems;
}

TEST(House, NothingIsLeftForLater) {
  for (const File& file : sources(kAll)) EXPECT_EQ(joined(mark_problems(file)), "");
  for (const File& file : chapters()) EXPECT_EQ(joined(mark_problems(file)), "");
  const std::string line = std::string("// TO") + "DO: later";
  EXPECT_EQ(joined(mark_problems({"a.h", {line}})), "a.h:1: " + line + "\n");
}

}  // namespace
}  // namespace rapt::documents
