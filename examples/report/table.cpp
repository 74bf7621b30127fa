#include "examples/report/table.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "examples/report/text.h"

namespace rapt::report {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool looks_numeric(const std::string& cell) {
  const std::size_t start = cell.find_first_not_of("+-.");
  if (start == std::string::npos || cell == "nan" || cell == "inf" || cell == "-inf") return true;
  return is_digit(cell[start]);
}

std::string aligned(const std::string& cell, int width, Align align) {
  return align == Align::left ? pad_right(cell, width) : pad_left(cell, width);
}

std::string escaped_for_markdown(const std::string& cell) {
  std::string text;
  for (const char c : cell) text += c == '|' ? std::string("\\|") : std::string(1, c);
  return text;
}

}  // namespace

Table::Table(std::vector<std::string> header, std::vector<Align> alignment)
    : alignment_(std::move(alignment)) {
  if (header.empty()) throw std::invalid_argument("Table: expected at least one column, got none");
  if (!alignment_.empty() && alignment_.size() != header.size()) {
    throw std::invalid_argument("Table: expected " + std::to_string(header.size()) +
                                " alignments, got " + std::to_string(alignment_.size()));
  }
  lines_.push_back({});
  lines_[0].resize(header.size());
  std::transform(header.begin(), header.end(), lines_[0].begin(), on_one_line);
}

void Table::row(std::vector<std::string> cells) {
  if (cells.size() != lines_[0].size()) {
    throw std::invalid_argument("Table: expected " + std::to_string(lines_[0].size()) +
                                " cells, got " + std::to_string(cells.size()));
  }
  std::transform(cells.begin(), cells.end(), cells.begin(), on_one_line);
  lines_.push_back(std::move(cells));
}

std::vector<Align> Table::alignments() const {
  if (!alignment_.empty()) return alignment_;
  std::vector<Align> result(lines_[0].size(), Align::left);
  for (std::size_t column = 0; column < result.size(); ++column) {
    const bool numeric = std::all_of(lines_.begin() + 1, lines_.end(), [column](const auto& line) {
      return looks_numeric(line[column]);
    });
    if (numeric && lines_.size() > 1) result[column] = Align::right;
  }
  return result;
}

std::vector<int> Table::widths() const {
  std::vector<int> result(lines_[0].size(), 0);
  for (const auto& line : lines_) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      result[i] = std::max(result[i], display_width(line[i]));
    }
  }
  return result;
}

std::string Table::text() const {
  const std::vector<Align> alignment = alignments();
  const std::vector<int> width = widths();
  std::string out;
  const auto print = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out += (i > 0 ? "  " : "") + aligned(cells[i], width[i], alignment[i]);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  std::vector<std::string> rule;
  for (const int w : width) rule.push_back(std::string(w, '-'));
  print(lines_[0]);
  print(rule);
  for (std::size_t i = 1; i < lines_.size(); ++i) print(lines_[i]);
  return out;
}

std::string Table::markdown() const {
  const std::vector<Align> alignment = alignments();
  std::string out;
  const auto print = [&](const std::vector<std::string>& cells) {
    out += '|';
    for (const std::string& cell : cells) out += ' ' + escaped_for_markdown(cell) + " |";
    out += '\n';
  };
  std::vector<std::string> rule;
  for (const Align align : alignment) rule.push_back(align == Align::left ? "---" : "--:");
  print(lines_[0]);
  print(rule);
  for (std::size_t i = 1; i < lines_.size(); ++i) print(lines_[i]);
  return out;
}

}  // namespace rapt::report
