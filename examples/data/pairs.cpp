#include "examples/data/pairs.h"

#include <algorithm>

#include "examples/data/lines.h"
#include "examples/report/text.h"
#include "tensor/errors.h"

namespace rapt::data {
namespace {

bool blank(const std::string& text) { return text.find_first_not_of(' ') == std::string::npos; }

// What is wrong with a side that is called "source" or "answer"; nothing if it is fine.
std::string fault(const std::string& side, const std::string& name, Index longest) {
  if (blank(side)) return message("expected source<TAB>answer, got a blank ", name);
  const auto length = static_cast<Index>(report::decode_utf8(side, name).size());
  if (length <= longest) return "";
  return message("expected at most ", longest, " characters in the ", name, ", got ", length);
}

}  // namespace

std::vector<Pair> read_pairs(const std::string& path, const std::string& flag, Index longest) {
  std::vector<Pair> pairs;
  for (const Line& line : read_lines(path, flag)) {
    if (blank(line.text)) continue;
    const auto tabs = std::count(line.text.begin(), line.text.end(), '\t');
    if (tabs != 1)
      malformed(path, line.number,
                message("expected source<TAB>answer, got ", tabs + 1,
                        tabs == 0 ? " column" : " columns"));
    const std::size_t tab = line.text.find('\t');
    const Pair pair{line.text.substr(0, tab), line.text.substr(tab + 1)};
    for (const std::string& wrong :
         {fault(pair.source, "source", longest), fault(pair.answer, "answer", longest)})
      if (!wrong.empty()) malformed(path, line.number, wrong);
    pairs.push_back(pair);
  }
  return pairs;
}

}  // namespace rapt::data
