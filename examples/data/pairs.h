#pragma once
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace rapt::data {

// A text and its answer, both UTF-8.
struct Pair {
  std::string source, answer;
};

// A file with one pair on each line, source<TAB>answer, in UTF-8; blank lines are skipped. Throws
// report::UsageError, "FILE:12: what", where a line is no pair, where a side is blank or has more
// than `longest` characters.
std::vector<Pair> read_pairs(const std::string& path, const std::string& flag, Index longest);

}  // namespace rapt::data
