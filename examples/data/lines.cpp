#include "examples/data/lines.h"

#include <algorithm>

#include "examples/report/files.h"
#include "examples/report/program.h"
#include "examples/report/text.h"

namespace rapt::data {
namespace {

std::string place(const std::string& path, Index line) { return path + ":" + std::to_string(line); }

}  // namespace

std::vector<Line> read_lines(const std::string& path, const std::string& flag) {
  const std::string content = report::read_text_file(path, flag);
  const std::string mark = report::encode_utf8(0xFEFF);
  std::vector<Line> lines;
  for (std::size_t at = content.compare(0, mark.size(), mark) == 0 ? mark.size() : 0;
       at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    Line line{static_cast<Index>(lines.size()) + 1, content.substr(at, end - at)};
    if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
    report::decode_utf8(line.text, place(path, line.number));  // refuses what is not UTF-8
    lines.push_back(std::move(line));
    at = end + 1;
  }
  return lines;
}

void malformed(const std::string& path, Index line, const std::string& what) {
  throw report::UsageError(place(path, line) + ": " + what);
}

}  // namespace rapt::data
