#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "examples/report/terminal.h"

namespace rapt::report {

// A map of weights, such as attention: one row per query, one column per key.
struct Heatmap {
  std::vector<std::string> row_labels, column_labels;
  std::vector<double> values;  // [rows x columns], row by row
  double full = 1;             // the value that is drawn strongest; what exceeds it looks the same
};

// Draws the map as shaded cells: gray backgrounds where there is colour, else blocks, else ASCII.
// Column labels stand vertically above their column. A map too wide for the terminal loses its last
// columns, and a line says how many. NaN is drawn as "?". Throws std::invalid_argument if the
// number of values is not rows x columns, if there are none, or if full <= 0.
std::string draw(const Heatmap& map, const Terminal& terminal);

}  // namespace rapt::report
