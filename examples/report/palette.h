#pragma once
#include <string>
#include <vector>

#include "examples/report/terminal.h"

namespace rapt::report {

// How a share of 0 .. 1 is drawn: by the background's gray where there is colour, else by a
// character that covers the cell. What lies outside looks like the nearest end, NaN like "?".
class Palette {
 public:
  explicit Palette(const Terminal& terminal);

  // A scale needs no more than this many steps to show all that can be told apart.
  int levels() const { return color_ ? 12 : static_cast<int>(blocks_.size()); }
  std::string scale() const;  // from 0 to 1, two cells for each level

  // `width` cells of a terminal. A mark of one cell stands in the first of them.
  std::string cell(double share, int width, const std::string& mark = "") const;

  // One cell for two shares, the first above the other. For terminals with colour and UTF-8.
  std::string halves(double above, double below, const std::string& mark = "") const;

 private:
  bool color_;
  std::vector<std::string> blocks_;
};

}  // namespace rapt::report
