#include "examples/data/csv_column.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "examples/data/lines.h"
#include "examples/report/files.h"
#include "examples/report/program.h"
#include "examples/report/text.h"
#include "tensor/errors.h"

namespace rapt::data {
namespace {

struct Row {
  Index line;  // where it begins
  std::vector<std::string> cells;
};

// RFC 4180. A quoted cell may hold commas, line breaks, and quotes that are written twice.
class Parser {
 public:
  explicit Parser(const std::string& path)
      : path_(path), text_(report::read_text_file(path, "--data")) {
    report::decode_utf8(text_, path);  // refuses what is not UTF-8
    const std::string mark = report::encode_utf8(0xFEFF);
    if (text_.starts_with(mark)) at_ = mark.size();
  }

  // All rows but blank lines.
  std::vector<Row> rows() {
    std::vector<Row> all;
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      Row row{line_, {cell()}};
      const bool blank = at_ == begin;
      while (take(",")) row.cells.push_back(cell());
      if (!take("\r\n") && !take("\n") && !take("\r") && at_ < text_.size())
        malformed(path_, line_,
                  "expected a comma or the end of the line after a closing quote, got '" +
                      text_.substr(at_, 1) + "'");
      ++line_;
      if (!blank || row.cells.size() > 1) all.push_back(std::move(row));
    }
    return all;
  }

 private:
  bool take(const std::string& expected) {
    if (text_.compare(at_, expected.size(), expected) != 0) return false;
    at_ += expected.size();
    return true;
  }

  std::string cell() {
    if (take("\"")) return quoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    const std::size_t begin = std::exchange(at_, end);
    return text_.substr(begin, end - begin);
  }

  std::string quoted() {
    const Index begin = line_;
    std::string value;
    while (at_ < text_.size()) {
      if (take("\"\""))
        value += '"';
      else if (take("\""))
        return value;
      else {
        if (text_[at_] == '\n') ++line_;
        value += text_[at_++];
      }
    }
    malformed(path_, begin, "expected a closing quote, got the end of the file");
  }

  std::string path_, text_;
  std::size_t at_ = 0;
  Index line_ = 1;
};

// A plus sign and spaces around are allowed, which from_chars does not expect.
std::optional<double> number_in(const std::string& cell) {
  const std::size_t first = cell.find_first_not_of(' ');
  if (first == std::string::npos) return std::nullopt;
  const bool plus = cell[first] == '+' && cell.compare(first, 2, "+-") != 0;
  const char* begin = cell.data() + first + (plus ? 1 : 0);
  const char* end = cell.data() + cell.find_last_not_of(' ') + 1;
  double value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool all_numbers(const std::vector<Row>& rows, std::size_t column) {
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (!number_in(rows[i].cells[column])) return false;
  return true;
}

std::string listed(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

// The header first, all rows as long as it.
std::vector<Row> table_of(const std::string& path) {
  std::vector<Row> rows = Parser(path).rows();
  if (rows.size() < 2)
    throw report::UsageError(path + ": expected a row of column names and rows of values, got " +
                             std::to_string(rows.size()) + " rows");
  for (const Row& row : rows)
    if (row.cells.size() != rows[0].cells.size())
      malformed(path, row.line,
                message("expected ", rows[0].cells.size(), " cells, got ", row.cells.size()));
  for (const std::string& name : rows[0].cells)
    if (!number_in(name)) return rows;
  malformed(path, rows[0].line,
            "expected the names of the columns, got numbers: " + listed(rows[0].cells));
}

std::size_t position_of(const std::string& column, const std::string& path,
                        const std::vector<Row>& rows) {
  const std::vector<std::string>& names = rows[0].cells;
  for (std::size_t i = names.size(); i-- > 0;)
    if (column.empty() ? all_numbers(rows, i) : names[i] == column) return i;
  throw report::UsageError(
      path + ": there is " +
      (column.empty() ? "no column of numbers alone" : "no column '" + column + "'") +
      "; there are: " + listed(names));
}

}  // namespace

Column read_csv_column(const std::string& source) {
  // A colon may belong to the path.
  const std::size_t colon = std::filesystem::exists(source) ? std::string::npos : source.rfind(':');
  const std::string path = source.substr(0, colon);
  const std::vector<Row> rows = table_of(path);
  const std::size_t chosen =
      position_of(colon == std::string::npos ? "" : source.substr(colon + 1), path, rows);
  Column column{rows[0].cells[chosen], {}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string& cell = rows[i].cells[chosen];
    const std::optional<double> value = number_in(cell);
    if (!value)
      malformed(path, rows[i].line,
                "expected a number in column '" + column.name + "', got '" +
                    report::on_one_line(cell) + "'");
    column.values.push_back(*value);
  }
  return column;
}

}  // namespace rapt::data
