#pragma once
#include "examples/report/picture.h"

// What the ways to draw a picture share.
namespace rapt::report {

constexpr double kStrongest = 0.7;  // of the map: what is under it must still be seen

// std::invalid_argument, see picture.h
void check(const Picture& picture);
void check_scale(int scale);  // of a file

// The weight that is drawn strongest; 1 where nothing is looked at.
double full_of(const Picture& picture);

// The map's share of its full strength at every pixel of the image, 0 .. 1.
Grid map_at_pixels(const Picture& picture);

// Blocks of factor x factor become their mean; the last row and column of them may be smaller.
Grid averaged(const Grid& grid, int factor);

// The pixels that a frame covers, as far as they lie in the image; empty if none do.
struct Frame {
  int top, left, bottom, right;  // the last two are one behind

  bool empty() const { return top >= bottom || left >= right; }
};
Frame frame_of(const Picture& picture, const Glimpse& glimpse);

}  // namespace rapt::report
