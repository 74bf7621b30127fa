// Equations have one definition and stand in the code; links and pictures lead somewhere.
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <set>

#include "tests/docs/documents.h"

namespace rapt::documents {
namespace {

File markdown(const std::string& path, const std::string& text) {
  return {path, lines_of_text(text)};
}

// ---- Equations: [Eq 7.3] in sources and text, **[Eq 7.3]** at the one place that defines it

struct Equations {
  std::map<std::string, Lines> defined, named;  // "7.3" -> places
  Lines problems;
};

bool is_id(const std::string& text) {
  const std::size_t dot = text.find('.');
  const auto digits = [](const std::string& s) {
    return !s.empty() && s.find_first_not_of("0123456789") == std::string::npos;
  };
  return dot != std::string::npos && digits(text.substr(0, dot)) && digits(text.substr(dot + 1));
}

void collect(const File& file, const Lines& lines, Equations& all) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const std::string place = file.path + ":" + std::to_string(i + 1);
    for (std::size_t at = line.find("Eq "); at != std::string::npos;
         at = line.find("Eq ", at + 1)) {
      if (at + 3 >= line.size() || !std::isdigit(static_cast<unsigned char>(line[at + 3])))
        continue;
      const std::size_t close = std::min(line.find(']', at), line.size());
      const std::string id = line.substr(at + 3, close - at - 3);
      if (at == 0 || line[at - 1] != '[' || close == line.size() || !is_id(id)) {
        all.problems.push_back(place + ": an equation is named [Eq n.m]: " + line);
        continue;
      }
      const bool bold =
          at >= 3 && line.compare(at - 3, 2, "**") == 0 && line.compare(close + 1, 2, "**") == 0;
      (bold ? all.defined : all.named)[id].push_back(place);
    }
  }
}

Lines equation_problems(const std::vector<File>& documents, const std::vector<File>& sources) {
  Equations text, code;
  for (const File& file : documents) collect(file, parsed(file).prose, text);
  for (const File& file : sources) collect(file, file.lines, code);
  Lines problems = text.problems;
  problems.insert(problems.end(), code.problems.begin(), code.problems.end());
  for (const auto& [id, places] : text.defined) {
    for (std::size_t i = 1; i < places.size(); ++i)
      problems.push_back(places[i] + ": [Eq " + id + "] is already defined at " + places[0]);
    if (!code.named.count(id))
      problems.push_back(places[0] + ": [Eq " + id + "] is named in no source");
  }
  for (const auto& named : {code.named, text.named})
    for (const auto& [id, places] : named)
      if (!text.defined.count(id))
        problems.push_back(places[0] + ": [Eq " + id + "] is defined in no chapter");
  return problems;
}

TEST(Equations, AreDefinedOnceAndStandInTheSources) {
  const std::vector<File> code = sources({"tensor", "autograd", "nn", "optim", "examples"});
  EXPECT_EQ(joined(equation_problems(files_in("docs", {".md"}), code)), "");
}

TEST(Equations, BothEndsAreChecked) {
  const File chapter = markdown("docs/x.md", "**[Eq 7.1]**\n$$y$$ as in [Eq 7.1]\n");
  EXPECT_EQ(joined(equation_problems({chapter}, {{"a.h", {"// [Eq 7.1]"}}})), "");
  EXPECT_EQ(joined(equation_problems({chapter}, {})),
            "docs/x.md:1: [Eq 7.1] is named in no source\n");
  EXPECT_EQ(joined(equation_problems({}, {{"a.h", {"", "// [Eq 7.1]"}}})),
            "a.h:2: [Eq 7.1] is defined in no chapter\n");
  EXPECT_EQ(joined(equation_problems({chapter, chapter}, {{"a.h", {"// [Eq 7.1]"}}})),
            "docs/x.md:1: [Eq 7.1] is already defined at docs/x.md:1\n");
  EXPECT_EQ(joined(equation_problems({markdown("docs/y.md", "see [Eq 9.2]")}, {})),
            "docs/y.md:1: [Eq 9.2] is defined in no chapter\n");
  EXPECT_EQ(joined(equation_problems({}, {{"a.h", {"// see Eq 7.1"}}})),
            "a.h:1: an equation is named [Eq n.m]: // see Eq 7.1\n");
  EXPECT_EQ(joined(equation_problems({}, {{"a.h", {"// [Eq 7.1, 7.2]"}}})),
            "a.h:1: an equation is named [Eq n.m]: // [Eq 7.1, 7.2]\n");
}

// ---- Links

// [text](target), ![text](target) and src="target" outside of code.
std::vector<std::pair<std::size_t, std::string>> links_of(const File& document) {
  std::vector<std::pair<std::size_t, std::string>> links;
  const Lines prose = parsed(document).prose;
  const auto find_all = [&](std::size_t i, const std::string& open, char close) {
    const std::string& line = prose[i];
    for (std::size_t at = line.find(open); at != std::string::npos; at = line.find(open, at + 1)) {
      const std::size_t begin = at + open.size();
      const std::size_t end =
          std::min({line.find(close, begin), line.find(' ', begin), line.size()});
      links.emplace_back(i + 1, line.substr(begin, end - begin));
    }
  };
  for (std::size_t i = 0; i < prose.size(); ++i) {
    find_all(i, "](", ')');
    find_all(i, "src=\"", '"');
  }
  return links;
}

// "## Why 1/sqrt(d)?" -> "why-1sqrtd", as GitHub does it: punctuation falls away, Unicode's too.
std::string anchor(const std::string& heading) {
  std::string text;
  for (std::size_t i = heading.find_first_not_of("# "); i < heading.size(); ++i) {
    const auto c = static_cast<unsigned char>(heading[i]);
    const bool two_byte_sign = c == 0xc2 || (c == 0xc3 && heading.compare(i, 2, "\u00d7") == 0);
    if (two_byte_sign)
      i += 1;
    else if (c == 0xe2)
      i += 2;
    else if (c == ' ')
      text += '-';
    else if (std::isalnum(c) || c == '-' || c == '_' || c >= 0x80)
      text += static_cast<char>(std::tolower(c));
  }
  return text;
}

std::set<std::string> anchors_of(const File& document) {
  std::set<std::string> anchors;
  std::map<std::string, int> seen;
  const Lines prose = parsed(document).prose;
  for (std::size_t i = 0; i < prose.size(); ++i) {
    if (prose[i].empty() || prose[i][0] != '#') continue;
    const std::string name = anchor(document.lines[i]);
    const int before = seen[name]++;
    anchors.insert(before == 0 ? name : name + "-" + std::to_string(before));
  }
  return anchors;
}

std::string link_problem(const File& document, const std::string& target) {
  if (target.find("://") != std::string::npos || target.rfind("mailto:", 0) == 0) return "";
  const std::size_t hash = std::min(target.find('#'), target.size());
  const fs::path path =
      (fs::path(document.path).parent_path() / target.substr(0, hash)).lexically_normal();
  const bool itself = hash == 0;
  if (!itself && (*path.begin() == ".." || !fs::exists(root() / path)))
    return "leads nowhere: " + target;
  if (hash == target.size() || (!itself && path.extension() != ".md")) return "";
  const File other = itself ? document : File{path.generic_string(), lines_of_file(root() / path)};
  if (!anchors_of(other).count(target.substr(hash + 1)))
    return "there is no such heading: " + target;
  return "";
}

Lines link_problems(const File& document) {
  Lines problems;
  for (const auto& [line, target] : links_of(document))
    if (const std::string problem = link_problem(document, target); !problem.empty())
      problems.push_back(document.path + ":" + std::to_string(line) + ": " + problem);
  return problems;
}

TEST(Links, LeadSomewhere) {
  for (const File& document : chapters()) EXPECT_EQ(joined(link_problems(document)), "");
}

TEST(Links, AMissingFileOrHeadingIsFound) {
  const auto problems = [](const std::string& text) {
    return joined(link_problems(markdown("docs/x.md", text)));
  };
  EXPECT_EQ(problems("[a](../nn/mask.h) ![b](https://x.org/y.png) [c](../docs)"), "");
  EXPECT_EQ(problems("see\n![b](pictures/none.svg)"),
            "docs/x.md:2: leads nowhere: pictures/none.svg\n");
  EXPECT_EQ(problems("<img src=\"none.svg\">"), "docs/x.md:1: leads nowhere: none.svg\n");
  EXPECT_EQ(problems("[a](../../elsewhere)"), "docs/x.md:1: leads nowhere: ../../elsewhere\n");
  EXPECT_EQ(problems("`x[i](j)`\n```text\n[a](none)\n```"), "");
  EXPECT_EQ(problems("## Run it\n[a](#run-it)"), "");
  EXPECT_EQ(problems("## Run it\n[a](#run)"), "docs/x.md:2: there is no such heading: #run\n");
}

TEST(Links, HeadingsAreNamedAsGitHubNamesThem) {
  EXPECT_EQ(anchor("# 07 · Attention as soft lookup"), "07--attention-as-soft-lookup");
  EXPECT_EQ(anchor("## Why `1/sqrt(d)`?"), "why-1sqrtd");
  EXPECT_EQ(anchors_of(markdown("docs/x.md", "# A\n```sh\n# no\n```\n# A\n")),
            (std::set<std::string>{"a", "a-1"}));
}

}  // namespace
}  // namespace rapt::documents
