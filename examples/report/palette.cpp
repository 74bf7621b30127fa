#include "examples/report/palette.h"

#include <algorithm>
#include <cmath>

namespace rapt::report {
namespace {

constexpr const char* kReset = "\x1b[0m";
constexpr const char* kMarkColor = "1;38;5;208;";  // orange is seen on every gray

double clamped(double share) { return std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0); }

// 232 .. 255 are the grays of the 256-colour palette, from black to white.
std::string gray(double share) { return std::to_string(232 + std::lround(clamped(share) * 23)); }

}  // namespace

Palette::Palette(const Terminal& terminal) : color_(terminal.color) {
  if (terminal.utf8) {
    blocks_ = {" ", "\u2591", "\u2592", "\u2593", "\u2588"};
  } else {
    blocks_ = {" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"};
  }
}

std::string Palette::scale() const {
  std::string text;
  for (int i = 0; i < levels(); ++i) text += cell(i / (levels() - 1.0), 2);
  return text;
}

std::string Palette::cell(double share, int width, const std::string& mark) const {
  const auto last = static_cast<double>(blocks_.size() - 1);
  const std::string shade = std::isnan(share) ? "?"
                            : color_          ? " "
                                              : blocks_[std::lround(clamped(share) * last)];
  std::string text = mark;
  for (int i = mark.empty() ? 0 : 1; i < width; ++i) text += shade;
  if (!color_ || std::isnan(share)) return text;
  const char* color = mark.empty() ? "" : kMarkColor;
  return std::string("\x1b[") + color + "48;5;" + gray(share) + "m" + text + kReset;
}

std::string Palette::halves(double above, double below, const std::string& mark) const {
  if (!mark.empty()) return cell((clamped(above) + clamped(below)) / 2, 1, mark);
  if (std::isnan(above) || std::isnan(below)) return "?";
  return "\x1b[38;5;" + gray(above) + ";48;5;" + gray(below) + "m\u2580" + kReset;
}

}  // namespace rapt::report
