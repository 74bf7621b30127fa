#include "examples/image_tasks/glyphs.h"

#include <array>
#include <string_view>

namespace rapt::image_tasks {
namespace {

// Row by row, from left to right: 0 1 2 3 4, then 5 6 7 8 9.
constexpr std::array<std::string_view, 2 * kGlyphHeight> kDrawn = {
    ".###. ..#.. .###. ####. #...#",  //
    "#...# .##.. #...# ....# #...#",  //
    "#...# ..#.. ....# ....# #...#",  //
    "#...# ..#.. ..##. .###. #####",  //
    "#...# ..#.. .#... ....# ....#",  //
    "#...# ..#.. #.... ....# ....#",  //
    ".###. .###. ##### ####. ....#",  //

    "##### ..##. ##### .###. .###.",  //
    "#.... .#... ....# #...# #...#",  //
    "#.... #.... ....# #...# #...#",  //
    "####. ####. ...#. .###. .####",  //
    "....# #...# ..#.. #...# ....#",  //
    "#...# #...# ..#.. #...# ...#.",  //
    ".###. .###. ..#.. .###. .##..",
};

}  // namespace

bool is_ink(Index digit, Index y, Index x) {
  const std::string_view row = kDrawn[static_cast<std::size_t>(digit / 5 * kGlyphHeight + y)];
  return row[static_cast<std::size_t>(digit % 5 * (kGlyphWidth + 1) + x)] == '#';
}

Index ink_in(Index digit, const Box& part) {
  Index count = 0;
  for (Index y = 0; y < part.height; ++y)
    for (Index x = 0; x < part.width; ++x) count += is_ink(digit, part.top + y, part.left + x);
  return count;
}

Canvas canvas(Tensor& images, Index row, Index channel) {
  const Index height = images.dim(2), width = images.dim(3);
  return {images.data() + (row * images.dim(1) + channel) * height * width, height, width};
}

Box random_box(Index height, Index width, const Canvas& canvas, Rng& rng) {
  const Index top = rng.below(canvas.height - height + 1);
  const Index left = rng.below(canvas.width - width + 1);
  return {top, left, height, width};
}

bool overlap(const Box& a, const Box& b, Index gap) {
  return a.top < b.top + b.height + gap && b.top < a.top + a.height + gap &&
         a.left < b.left + b.width + gap && b.left < a.left + a.width + gap;
}

void paint(Index digit, const Canvas& canvas, Index top, Index left, const Box& part) {
  for (Index y = 0; y < part.height; ++y)
    for (Index x = 0; x < part.width; ++x)
      if (is_ink(digit, part.top + y, part.left + x)) canvas.at(top + y, left + x) = 1;
}

void paint_block(const Box& box, const Canvas& canvas) {
  for (Index y = 0; y < box.height; ++y)
    for (Index x = 0; x < box.width; ++x) canvas.at(box.top + y, box.left + x) = 1;
}

void add_noise(Tensor& images, double deviation, Rng& rng) {
  Scalar* pixel = images.data();
  for (Index i = 0; i < images.size(); ++i)
    pixel[i] += static_cast<Scalar>(deviation * rng.normal());
}

}  // namespace rapt::image_tasks
