#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace rapt::report {

enum class Align { left, right };

// Rows under a header. A column whose cells are all numbers (with or without a unit, "12 s") stands
// to the right unless the alignments are given.
class Table {
 public:
  explicit Table(std::vector<std::string> header, std::vector<Align> alignment = {});
  // Throws std::invalid_argument if the number of cells differs from the header's.
  void row(std::vector<std::string> cells);

  std::string text() const;      // columns aligned by display width, for a terminal
  std::string markdown() const;  // for a README

 private:
  std::vector<Align> alignments() const;
  std::vector<int> widths() const;

  std::vector<std::vector<std::string>> lines_;  // the header first
  std::vector<Align> alignment_;                 // empty: by content
};

}  // namespace rapt::report
