#include "examples/data/conll.h"

#include <sstream>

#include "examples/data/lines.h"

namespace rapt::data {

std::vector<TaggedSentence> read_conll(const std::string& path) {
  std::vector<TaggedSentence> sentences;
  TaggedSentence open;
  const auto close = [&] {
    if (!open.words.empty()) sentences.push_back(std::move(open));
    open = {};
  };
  for (const Line& line : read_lines(path, "--data")) {
    std::istringstream columns(line.text);
    std::vector<std::string> cells;
    for (std::string cell; columns >> cell;) cells.push_back(cell);
    if (cells.empty()) {
      close();
      continue;
    }
    const bool remark = cells[0] == "#" || (cells[0][0] == '#' && cells.size() == 1);
    if (remark && open.words.empty()) continue;
    if (cells.size() < 2)
      malformed(path, line.number, "expected a token and its tag, got '" + cells[0] + "'");
    open.words.push_back(cells.front());
    open.tags.push_back(cells.back());
  }
  close();
  return sentences;
}

}  // namespace rapt::data
