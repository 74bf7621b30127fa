#include "examples/report/csv.h"

#include <stdexcept>

namespace rapt::report {
namespace {

std::string quoted(const std::string& cell, bool alone) {
  // A lone empty cell would be an empty line, which readers skip.
  const bool plain = cell.find_first_of(",\"\r\n") == std::string::npos && !(alone && cell.empty());
  if (plain) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

}  // namespace

Csv::Csv(const std::vector<std::string>& header) : columns_(header.size()) {
  if (header.empty()) throw std::invalid_argument("Csv: expected at least one column, got none");
  row(header);
}

void Csv::row(const std::vector<std::string>& cells) {
  if (cells.size() != columns_) {
    throw std::invalid_argument("Csv: expected " + std::to_string(columns_) + " cells, got " +
                                std::to_string(cells.size()));
  }
  for (std::size_t i = 0; i < columns_; ++i) {
    if (i > 0) text_ += ',';
    text_ += quoted(cells[i], columns_ == 1);
  }
  text_ += '\n';
}

}  // namespace rapt::report
