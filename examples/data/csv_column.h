#pragma once
#include <string>
#include <vector>

namespace rapt::data {

struct Column {
  std::string name;
  std::vector<double> values;  // from top to bottom
};

// One column of a table in CSV (RFC 4180: cells with commas, quotes or line breaks are quoted),
// whose first row names the columns. The source is FILE:COLUMN, or FILE for the last column that
// holds nothing but numbers. UsageError, for instance
//   "prices.csv: there is no column 'clsoe'; there are: date, open, close"
//   "prices.csv:12: expected a number in column 'close', got 'n/a'"
Column read_csv_column(const std::string& source);

}  // namespace rapt::data
