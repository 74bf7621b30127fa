#pragma once
#include <string>
#include <vector>

#include "tensor/shape.h"

// Files of the user that are read line by line.
namespace rapt::data {

struct Line {
  Index number;      // 1 is the first of the file
  std::string text;  // UTF-8, without its end
};

// All lines of a file, blank ones included. A byte order mark and carriage returns at line ends are
// dropped. Throws report::UsageError where the file cannot be read or is not UTF-8; `flag` is where
// the path came from.
std::vector<Line> read_lines(const std::string& path, const std::string& flag);

// Throws report::UsageError "FILE:12: what".
[[noreturn]] void malformed(const std::string& path, Index line, const std::string& what);

}  // namespace rapt::data
