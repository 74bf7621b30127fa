#pragma once
#include "examples/image_tasks/image_task.h"

namespace rapt::image_tasks {

// The ten digits, drawn by hand with strokes of one pixel: no 2 x 2 block of a digit is all ink.
constexpr Index kDigits = 10, kGlyphHeight = 7, kGlyphWidth = 5;

bool is_ink(Index digit, Index y, Index x);
Index ink_in(Index digit, const Box& part);  // how many pixels of this part of a digit are ink

// One channel of one image, to be painted on.
struct Canvas {
  Scalar* pixels;  // [Y, X]
  Index height, width;

  Scalar& at(Index y, Index x) const { return pixels[y * width + x]; }
};
Canvas canvas(Tensor& images, Index row, Index channel);  // images [B, C, Y, X]

// A box of this size somewhere inside; all places are equally likely.
Box random_box(Index height, Index width, const Canvas& canvas, Rng& rng);
// Whether two boxes have a pixel in common, or, with a gap, come closer than that many pixels.
bool overlap(const Box& a, const Box& b, Index gap = 0);

// Ink is 1, what was there stays under the rest. A part of the glyph, with its corner at the place.
void paint(Index digit, const Canvas& canvas, Index top, Index left,
           const Box& part = {0, 0, kGlyphHeight, kGlyphWidth});
void paint_block(const Box& box, const Canvas& canvas);
void add_noise(Tensor& images, double deviation, Rng& rng);

}  // namespace rapt::image_tasks
