#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace rapt::report {

// Comma-separated values: a cell with a comma, a quote or a line break is quoted as in RFC 4180.
// Lines end in a plain newline.
class Csv {
 public:
  explicit Csv(const std::vector<std::string>& header);
  // Throws std::invalid_argument if the number of cells differs from the header's.
  void row(const std::vector<std::string>& cells);
  const std::string& text() const { return text_; }

 private:
  std::size_t columns_;
  std::string text_;
};

}  // namespace rapt::report
