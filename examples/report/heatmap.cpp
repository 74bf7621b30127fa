#include "examples/report/heatmap.h"

#include <algorithm>
#include <stdexcept>

#include "examples/report/numbers.h"
#include "examples/report/palette.h"
#include "examples/report/text.h"

namespace rapt::report {
namespace {

constexpr int kLongestRowLabel = 16;
constexpr std::size_t kTallestColumnLabel = 8;

void check(const Heatmap& map) {
  const std::size_t rows = map.row_labels.size(), columns = map.column_labels.size();
  const std::string size = std::to_string(rows) + " rows x " + std::to_string(columns) + " columns";
  if (rows == 0 || columns == 0) {
    throw std::invalid_argument("heatmap: expected at least one row and one column, got " + size);
  }
  if (map.values.size() != rows * columns) {
    throw std::invalid_argument("heatmap: expected " + std::to_string(rows * columns) +
                                " values for " + size + ", got " +
                                std::to_string(map.values.size()));
  }
  if (!(map.full > 0)) {
    throw std::invalid_argument("heatmap: expected full > 0, got " + shortest(map.full));
  }
}

std::string legend(const Palette& palette, double full) {
  return "0 " + palette.scale() + " " + significant(full, 3) + "   rows: queries, columns: keys\n";
}

// Labels written downwards, all ending just above the grid.
std::string column_header(const std::vector<std::string>& labels, int indent, int cell_width) {
  std::vector<std::vector<std::string>> letters;
  std::size_t height = 0;
  for (const std::string& label : labels) {
    letters.push_back(display_units(label));
    if (letters.back().size() > kTallestColumnLabel) letters.back().resize(kTallestColumnLabel);
    height = std::max(height, letters.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    text += std::string(indent, ' ');
    for (const auto& letter : letters) {
      const std::size_t first = height - letter.size();
      text += pad_right(line < first ? "" : letter[line - first], cell_width);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

bool has_wide_letter(const std::string& label) {
  const auto units = display_units(label);
  return std::any_of(units.begin(), units.end(),
                     [](const std::string& unit) { return display_width(unit) > 1; });
}

std::vector<std::string> made_visible(const std::vector<std::string>& labels, bool utf8) {
  std::vector<std::string> shown;
  for (const std::string& label : labels) shown.push_back(visible(label, utf8));
  return shown;
}

}  // namespace

std::string draw(const Heatmap& map, const Terminal& terminal) {
  check(map);
  const std::string border = terminal.utf8 ? "\u2502" : "|";
  const auto rows = made_visible(map.row_labels, terminal.utf8);
  auto columns = made_visible(map.column_labels, terminal.utf8);

  int label_width = 0;
  for (const std::string& label : rows) label_width = std::max(label_width, display_width(label));
  label_width = std::min({label_width, kLongestRowLabel, std::max(1, terminal.width / 3)});

  // Two cells of a terminal make about a square; one is enough where space is short.
  const int room = std::max(2, terminal.width - label_width - 2);
  const bool wide = std::any_of(columns.begin(), columns.end(), has_wide_letter);
  const int cell_width = wide || 2 * columns.size() <= static_cast<std::size_t>(room) ? 2 : 1;
  const std::size_t all = columns.size();
  columns.resize(std::min(all, static_cast<std::size_t>(room / cell_width)));

  const Palette palette(terminal);
  std::string text = column_header(columns, label_width + 1, cell_width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text +=
        pad_left(cut_to_width(rows[r], label_width, terminal.utf8 ? "\u2026" : "."), label_width) +
        border;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      text += palette.cell(map.values[r * all + c] / map.full, cell_width);
    }
    text += border + '\n';
  }
  text += legend(palette, map.full);
  if (columns.size() < all) {
    text += '(' + std::to_string(all - columns.size()) + " of " + std::to_string(all) +
            " columns left out: the terminal is " + std::to_string(terminal.width) +
            " cells wide)\n";
  }
  return text;
}

}  // namespace rapt::report
