#pragma once
// What the tests of the documents share: files as lines, and Markdown cut into fences and prose.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace rapt::documents {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

inline fs::path root() { return RAPT_SOURCE_DIR; }

inline Lines lines_of(std::istream& in) {
  Lines lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

inline Lines lines_of_text(const std::string& text) {
  std::istringstream in(text);
  return lines_of(in);
}

inline Lines lines_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return lines_of(in);
}

struct File {
  std::string path;  // from the root, with '/'
  Lines lines;
};

// All files below a folder of the root (or the files of the folder itself) with these endings.
inline std::vector<File> files_in(const std::string& folder, const Lines& endings) {
  std::vector<File> files;
  if (!fs::exists(root() / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
    const std::string ending = entry.path().extension().string();
    if (!entry.is_regular_file() || std::count(endings.begin(), endings.end(), ending) == 0)
      continue;
    files.push_back(
        {entry.path().lexically_relative(root()).generic_string(), lines_of_file(entry.path())});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

inline std::vector<File> sources(const Lines& folders) {
  std::vector<File> all;
  for (const std::string& folder : folders)
    for (File& file : files_in(folder, {".h", ".cpp"})) all.push_back(std::move(file));
  return all;
}

// The documents under test: the chapters and the front page.
inline std::vector<File> chapters() {
  std::vector<File> all = files_in("docs", {".md"});
  if (fs::exists(root() / "README.md"))
    all.push_back({"README.md", lines_of_file(root() / "README.md")});
  return all;
}

inline std::size_t indentation(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

inline Lines words(const std::string& text) {
  std::istringstream in(text);
  Lines all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

// A fenced block: ```info, its lines, ```.
struct Fence {
  std::string file;
  std::size_t line = 0;  // of the opening ```, from 1
  Lines info;            // the words behind the opening ```
  Lines lines;
  bool closed = false;

  std::string place() const { return file + ":" + std::to_string(line); }
  bool is(const std::string& language) const { return !info.empty() && info[0] == language; }
};

inline void PrintTo(const Fence& fence, std::ostream* out) { *out << fence.place(); }

struct Markdown {
  std::vector<Fence> fences;
  Lines prose;  // all lines, those of fences and spans of `code` blanked
};

inline std::string without_code_spans(const std::string& line) {
  std::string text = line;
  for (std::size_t open; (open = text.find('`')) != std::string::npos;) {
    const std::size_t close = text.find('`', open + 1);
    if (close == std::string::npos) break;
    text.replace(open, close - open + 1, 1, ' ');
  }
  return text;
}

inline Markdown parsed(const File& file) {
  Markdown result;
  std::size_t ticks = 0, indent = 0;  // of the open fence, if any
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    const std::size_t start = indentation(line);
    const std::size_t count = std::min(line.find_first_not_of('`', start), line.size()) - start;
    const std::string rest = line.substr(start + count);
    result.prose.emplace_back();
    if (ticks > 0) {
      if (count >= ticks && words(rest).empty()) {
        result.fences.back().closed = true;
        ticks = 0;
      } else {
        result.fences.back().lines.push_back(line.substr(std::min(indent, start)));
      }
    } else if (count >= 3 && rest.find('`') == std::string::npos) {
      ticks = count;
      indent = start;
      result.fences.push_back({file.path, i + 1, words(rest), {}});
    } else {
      result.prose.back() = without_code_spans(line);
    }
  }
  return result;
}

inline std::string joined(const Lines& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

}  // namespace rapt::documents
