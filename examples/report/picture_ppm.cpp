#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "examples/report/grid.h"
#include "examples/report/picture.h"

namespace rapt::report {
namespace {

using Color = std::array<unsigned char, 3>;  // red, green, blue
constexpr Color kRed = {255, 0, 0}, kYellow = {255, 208, 0};
constexpr int kLargestSide = 4096;

double brightness(double value) { return value > 0 ? std::min(value, 1.0) : 0; }  // NaN: 0

struct Canvas {
  int height, width;
  std::vector<Color> pixels;

  void fill(const Frame& frame, const Color& color) {
    for (int y = std::max(frame.top, 0); y < std::min(frame.bottom, height); ++y)
      for (int x = std::max(frame.left, 0); x < std::min(frame.right, width); ++x)
        pixels[static_cast<std::size_t>(y) * width + x] = color;
  }
};

void paint_frame(const Frame& frame, std::size_t number, int scale, Canvas& canvas) {
  const int line = std::max(1, scale / 4);
  const Frame f{frame.top * scale, frame.left * scale, frame.bottom * scale, frame.right * scale};
  canvas.fill({f.top, f.left, f.top + line, f.right}, kYellow);
  canvas.fill({f.bottom - line, f.left, f.bottom, f.right}, kYellow);
  canvas.fill({f.top, f.left, f.bottom, f.left + line}, kYellow);
  canvas.fill({f.top, f.right - line, f.bottom, f.right}, kYellow);
  for (std::size_t i = 0; i < number; ++i) {  // notches
    const int left = f.left + line * (2 + 3 * static_cast<int>(i));
    canvas.fill({f.top, left, f.top + 3 * line, std::min(left + line, f.right)}, kYellow);
  }
}

}  // namespace

std::string ppm(const Picture& picture, int scale) {
  check(picture);
  check_scale(scale);
  const Grid& image = picture.image;
  if (const int side = std::max(image.rows, image.columns) * scale; side > kLargestSide)
    throw std::invalid_argument("picture: expected at most " + std::to_string(kLargestSide) +
                                " pixels in a row or column, got " + std::to_string(side));
  Grid shares;
  if (!picture.map.values.empty()) shares = map_at_pixels(picture);
  Canvas canvas{image.rows * scale, image.columns * scale, {}};
  canvas.pixels.resize(static_cast<std::size_t>(canvas.height) * canvas.width);
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.columns; ++x) {
      const int at = y * image.columns + x;
      const double gray = brightness(image.values[at]);
      const double share = shares.values.empty() ? 0 : kStrongest * brightness(shares.values[at]);
      Color color;
      for (int c = 0; c < 3; ++c)
        color[c] =
            static_cast<unsigned char>(std::lround((1 - share) * 255 * gray + share * kRed[c]));
      canvas.fill({y * scale, x * scale, (y + 1) * scale, (x + 1) * scale}, color);
    }
  for (std::size_t i = 0; i < picture.glimpses.size(); ++i) {
    const Frame frame = frame_of(picture, picture.glimpses[i]);
    if (!frame.empty()) paint_frame(frame, i + 1, scale, canvas);
  }
  std::string content =
      "P6\n" + std::to_string(canvas.width) + " " + std::to_string(canvas.height) + "\n255\n";
  for (const Color& color : canvas.pixels)
    for (const unsigned char value : color) content += static_cast<char>(value);
  return content;
}

}  // namespace rapt::report
