#include "examples/report/picture.h"

#include <algorithm>
#include <cmath>

#include "examples/report/grid.h"
#include "examples/report/numbers.h"
#include "examples/report/palette.h"
#include "examples/report/text.h"

namespace rapt::report {
namespace {

// How many pixels one cell of the terminal shows, or how many cells one pixel takes.
struct Fit {
  int factor;      // pixels averaged, in both directions
  int cell_width;  // of one such block
  bool halves;     // two of them in a cell, one above the other
};

// Two cells of a terminal make about a square, and so do two halves of one.
Fit fit(int columns, int panels, const Terminal& terminal) {
  const int room = terminal.width - panels - 1;
  const bool halves = terminal.color && terminal.utf8;
  for (int factor = 1;; ++factor) {
    const int blocks = panels * ((columns + factor - 1) / factor);
    if (!halves && 2 * blocks <= room) return {factor, 2, false};
    if (blocks <= room || factor >= columns) return {factor, 1, halves};
  }
}

// The number of the glimpse whose middle is in one of these rows of this column.
std::string mark_at(const Picture& picture, const Fit& fit, int first_row, int rows, int column) {
  std::string mark;
  for (std::size_t i = 0; i < picture.glimpses.size(); ++i) {
    const auto y = std::clamp<long>(std::lround(picture.glimpses[i].y), 0, picture.image.rows - 1);
    const auto x =
        std::clamp<long>(std::lround(picture.glimpses[i].x), 0, picture.image.columns - 1);
    const bool here = y / fit.factor >= first_row && y / fit.factor < first_row + rows &&
                      x / fit.factor == column;
    if (here) mark = std::to_string(i + 1);
  }
  return mark;
}

std::string legend(const Picture& picture, const Fit& fit, const Palette& palette) {
  std::string text = "0 " + palette.scale() + " 1";
  if (!picture.map.values.empty()) text += "; of the map: " + significant(full_of(picture), 3);
  text += "\n";
  const auto square = [](int side) { return std::to_string(side) + " x " + std::to_string(side); };
  if (!picture.glimpses.empty())
    text += "numbers: middles of the glimpses, of " + square(picture.glimpse_size) + " pixels\n";
  if (fit.factor > 1)
    text += "(averages of " + square(fit.factor) + " pixels: the image is " +
            std::to_string(picture.image.columns) + " wide)\n";
  return text;
}

}  // namespace

std::string draw(const Picture& picture, const Terminal& terminal) {
  check(picture);
  const int panels = picture.map.values.empty() ? 1 : 2;
  const Fit fit = report::fit(picture.image.columns, panels, terminal);
  std::vector<Grid> grids = {averaged(picture.image, fit.factor)};
  if (panels == 2) grids.push_back(averaged(map_at_pixels(picture), fit.factor));

  const Palette palette(terminal);
  const std::string border = terminal.utf8 ? "\u2502" : "|";
  std::string text;
  if (!picture.title.empty())
    text =
        cut_to_width(on_one_line(picture.title), terminal.width, terminal.utf8 ? "\u2026" : ".") +
        "\n";
  const int rows_in_line = fit.halves ? 2 : 1;
  for (int row = 0; row < grids[0].rows; row += rows_in_line) {
    for (const Grid& grid : grids) {
      text += border;
      for (int column = 0; column < grid.columns; ++column) {
        const std::string mark = mark_at(picture, fit, row, rows_in_line, column);
        const double share = grid.values[row * grid.columns + column];
        const bool last = row + 1 == grid.rows;
        text += fit.halves
                    ? palette.halves(
                          share, last ? 0 : grid.values[(row + 1) * grid.columns + column], mark)
                    : palette.cell(share, fit.cell_width, mark);
      }
    }
    text += border + "\n";
  }
  return text + legend(picture, fit, palette);
}

}  // namespace rapt::report
