#include "examples/report/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rapt::report {
namespace {

// The sign of a NaN depends on the machine, so it is never shown.
template <class T, class... Format>
std::string written(T value, Format... format) {
  if (std::isnan(value)) return "nan";
  char buffer[400];  // the largest double has 309 digits before its point
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format...).ptr;
  return std::string(buffer, end);
}

std::string two_digits(long long value) {
  std::string digits = std::to_string(value);
  if (value < 10) digits.insert(digits.begin(), '0');
  return digits;
}

}  // namespace

std::string fixed(double value, int digits) {
  return written(value, std::chars_format::fixed, std::clamp(digits, 0, 17));
}

std::string significant(double value, int digits) {
  return written(value, std::chars_format::general, std::clamp(digits, 1, 17));
}

std::string percent(double fraction, int digits) { return fixed(100 * fraction, digits) + " %"; }

double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

std::string duration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e12) return "?";
  if (seconds < 9.95) return fixed(seconds, 1) + " s";
  const long long whole = std::llround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " m " + two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two_digits(whole % 3600 / 60) + " m";
}

std::string shortest(double value) { return written(value); }
std::string shortest(float value) { return written(value); }

}  // namespace rapt::report
