#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "examples/report/grid.h"
#include "examples/report/numbers.h"
#include "examples/report/picture.h"
#include "examples/report/text.h"
#include "tensor/errors.h"

namespace rapt::report {
namespace {

constexpr int kMostCells = 40, kLevels = 16;
constexpr int kMargin = 12, kTitleHeight = 22, kLetterWidth = 8;
constexpr const char* kYellow = "#ffd000";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return safe;
}

// All cells of one level as one path: lines of the height of a row, as long as the level lasts.
std::string cells_of(const Grid& grid, int level) {
  const auto level_at = [&](int y, int x) {
    const double value = grid.values[y * grid.columns + x];
    return std::isnan(value) ? 0L : std::lround(std::clamp(value, 0.0, 1.0) * (kLevels - 1));
  };
  std::string path;
  for (int y = 0; y < grid.rows; ++y)
    for (int x = 0; x < grid.columns; ++x) {
      const int begin = x;
      while (x < grid.columns && level_at(y, x) == level) ++x;
      if (x > begin) path += message("M", begin, " ", y, ".5h", x - begin);
    }
  return path;
}

std::string layer(const Grid& grid, bool map) {
  std::string text;
  for (int level = 1; level < kLevels; ++level) {
    const std::string path = cells_of(grid, level);
    if (path.empty()) continue;
    const double share = level / (kLevels - 1.0);
    const std::string gray = std::to_string(std::lround(255 * share));
    text += "<path d=\"" + path + "\" " +
            (map ? "stroke=\"red\" stroke-opacity=\"" + fixed(kStrongest * share, 2)
                 : "stroke=\"rgb(" + gray + "," + gray + "," + gray + ")") +
            "\"/>\n";
  }
  return text;
}

int factor_of(const Grid& image) {
  return (std::max(image.rows, image.columns) + kMostCells - 1) / kMostCells;
}

// The last block of pixels may reach beyond the image.
int extent(int pixels, int factor) { return (pixels + factor - 1) / factor * factor; }

// The numbers of neighbours would cover each other if they all stood in the same corner.
std::string frame(const Frame& at, std::size_t number, int scale) {
  const bool right = number % 4 == 2 || number % 4 == 3, below = number % 4 == 3 || number % 4 == 0;
  const int x = (right ? at.right : at.left) * scale + (right ? -4 : 4);
  const int y = (below ? at.bottom * scale - 4 : at.top * scale + 14);
  return "<rect x=\"" + std::to_string(at.left * scale) + "\" y=\"" +
         std::to_string(at.top * scale) + "\" width=\"" +
         std::to_string((at.right - at.left) * scale) + "\" height=\"" +
         std::to_string((at.bottom - at.top) * scale) + "\" fill=\"none\" stroke=\"" + kYellow +
         "\" stroke-width=\"2\"/>\n<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) +
         "\" fill=\"" + kYellow + "\" font-weight=\"bold\"" +
         (right ? " text-anchor=\"end\"" : "") + ">" + std::to_string(number) + "</text>\n";
}

std::string panel(const Picture& picture, int scale, int left, int top) {
  const Grid& image = picture.image;
  const int factor = factor_of(image);
  const std::string translated =
      "<g transform=\"translate(" + std::to_string(left) + " " + std::to_string(top) + ")";
  std::string text;
  if (!picture.title.empty())
    text += "<text x=\"" + std::to_string(left) + "\" y=\"" + std::to_string(top - 8) + "\">" +
            escaped(on_one_line(picture.title)) + "</text>\n";
  text += translated + " scale(" + std::to_string(scale * factor) +
          ")\" shape-rendering=\"crispEdges\">\n";
  const Grid small = averaged(image, factor);
  text += "<rect width=\"" + std::to_string(small.columns) + "\" height=\"" +
          std::to_string(small.rows) + "\"/>\n" + layer(small, false);
  if (!picture.map.values.empty()) text += layer(averaged(map_at_pixels(picture), factor), true);
  text += "</g>\n";
  if (picture.glimpses.empty()) return text;
  text += translated + "\">\n";
  for (std::size_t i = 0; i < picture.glimpses.size(); ++i) {
    const Frame at = frame_of(picture, picture.glimpses[i]);
    if (!at.empty()) text += frame(at, i + 1, scale);
  }
  return text + "</g>\n";
}

}  // namespace

std::string svg(const std::vector<Picture>& pictures, int columns, int scale) {
  if (pictures.empty() || columns < 1)
    throw std::invalid_argument("picture: expected at least one picture and one column, got " +
                                std::to_string(pictures.size()) + " and " +
                                std::to_string(columns));
  check_scale(scale);
  int wide = 0, high = 0;
  bool titled = false;
  for (const Picture& picture : pictures) {
    check(picture);
    const int factor = factor_of(picture.image);
    wide = std::max({wide, extent(picture.image.columns, factor) * scale,
                     kLetterWidth * display_width(on_one_line(picture.title))});
    high = std::max(high, extent(picture.image.rows, factor) * scale);
    titled = titled || !picture.title.empty();
  }
  const int head = titled ? kTitleHeight : 0, count = static_cast<int>(pictures.size());
  const int across = std::min(columns, count), down = (count + columns - 1) / columns;
  const std::string width = std::to_string(kMargin + across * (wide + kMargin));
  const std::string height = std::to_string(kMargin + down * (head + high + kMargin));
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " +
                     height + "\" width=\"" + width + "\" height=\"" + height +
                     "\" font-family=\"sans-serif\" font-size=\"14\">\n<rect width=\"" + width +
                     "\" height=\"" + height + "\" fill=\"white\"/>\n";
  for (int i = 0; i < count; ++i)
    text += panel(pictures[i], scale, kMargin + i % columns * (wide + kMargin),
                  kMargin + head + i / columns * (head + high + kMargin));
  return text + "</svg>\n";
}

}  // namespace rapt::report
