#include "examples/report/grid.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "examples/report/numbers.h"

namespace rapt::report {
namespace {

constexpr int kMostGlimpses = 9;  // so that a number is one digit
constexpr int kLargestSide = 1024, kLargestScale = 64;

[[noreturn]] void fail(const std::string& what) { throw std::invalid_argument("picture: " + what); }

std::string size_of(const Grid& grid) {
  return std::to_string(grid.rows) + " rows x " + std::to_string(grid.columns) + " columns";
}

void expect_filled(const std::string& name, const Grid& grid) {
  if (grid.rows < 1 || grid.columns < 1 || grid.rows > kLargestSide || grid.columns > kLargestSide)
    fail("expected " + name + " of 1 to " + std::to_string(kLargestSide) +
         " rows and columns, got " + size_of(grid));
  const std::size_t count = static_cast<std::size_t>(grid.rows) * grid.columns;
  if (grid.values.size() != count)
    fail("expected " + std::to_string(count) + " values for " + name + " of " + size_of(grid) +
         ", got " + std::to_string(grid.values.size()));
}

}  // namespace

void check(const Picture& picture) {
  expect_filled("an image", picture.image);
  const Grid &image = picture.image, &map = picture.map;
  if (map.rows != 0 || map.columns != 0 || !map.values.empty()) expect_filled("a map", map);
  if (map.rows > image.rows || map.columns > image.columns)
    fail("expected a map no finer than the image of " + size_of(image) + ", got " + size_of(map));
  if (!(picture.full >= 0) || std::isinf(picture.full))
    fail("expected full >= 0, got " + shortest(picture.full));
  if (picture.glimpses.size() > kMostGlimpses)
    fail("expected at most " + std::to_string(kMostGlimpses) + " glimpses, got " +
         std::to_string(picture.glimpses.size()));
  if (picture.glimpse_size < 1 || picture.glimpse_size > kLargestSide)
    fail("expected glimpses of 1 to " + std::to_string(kLargestSide) + " pixels, got " +
         std::to_string(picture.glimpse_size));
  for (const Glimpse& glimpse : picture.glimpses)
    if (!(std::abs(glimpse.y) <= kLargestSide) || !(std::abs(glimpse.x) <= kLargestSide))
      fail("expected glimpses near the image of " + size_of(image) + ", got one at (" +
           shortest(glimpse.y) + ", " + shortest(glimpse.x) + ")");
}

void check_scale(int scale) {
  if (scale < 1 || scale > kLargestScale)
    fail("expected a scale of 1 to " + std::to_string(kLargestScale) + ", got " +
         std::to_string(scale));
}

double full_of(const Picture& picture) {
  if (picture.full > 0) return picture.full;
  double largest = 0;
  for (const double weight : picture.map.values)
    if (std::isfinite(weight)) largest = std::max(largest, weight);
  return largest > 0 ? largest : 1;
}

Grid map_at_pixels(const Picture& picture) {
  const Grid &image = picture.image, &map = picture.map;
  const double full = full_of(picture);
  Grid shares{image.rows, image.columns, {}};
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.columns; ++x) {
      const int row = y * map.rows / image.rows, column = x * map.columns / image.columns;
      const double share = map.values[row * map.columns + column] / full;
      shares.values.push_back(std::isnan(share) ? share : std::clamp(share, 0.0, 1.0));
    }
  return shares;
}

Grid averaged(const Grid& grid, int factor) {
  Grid small{(grid.rows + factor - 1) / factor, (grid.columns + factor - 1) / factor, {}};
  for (int top = 0; top < grid.rows; top += factor)
    for (int left = 0; left < grid.columns; left += factor) {
      double sum = 0;
      int count = 0;
      for (int y = top; y < std::min(top + factor, grid.rows); ++y)
        for (int x = left; x < std::min(left + factor, grid.columns); ++x, ++count)
          sum += grid.values[y * grid.columns + x];
      small.values.push_back(sum / count);
    }
  return small;
}

Frame frame_of(const Picture& picture, const Glimpse& glimpse) {
  const int top = static_cast<int>(std::lround(glimpse.y)) - picture.glimpse_size / 2;
  const int left = static_cast<int>(std::lround(glimpse.x)) - picture.glimpse_size / 2;
  return {std::max(top, 0), std::max(left, 0),
          std::min(top + picture.glimpse_size, picture.image.rows),
          std::min(left + picture.glimpse_size, picture.image.columns)};
}

}  // namespace rapt::report
