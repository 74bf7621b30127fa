#pragma once
#include <string>
#include <vector>

#include "examples/report/terminal.h"

namespace rapt::report {

// Numbers in rows and columns, row by row.
struct Grid {
  int rows = 0, columns = 0;
  std::vector<double> values = {};
};

// A square that a model looked at: its middle, in pixels from the middle of the first one.
struct Glimpse {
  double y, x;
};

// An image, and where a model looks. The map may be coarser than the image: each of its cells then
// covers its share of the pixels. Glimpses are numbered from 1.
struct Picture {
  std::string title = "";  // on one line
  Grid image;              // brightness 0 .. 1, black to white
  Grid map = {};           // weights; empty: none
  double full = 0;         // the weight that is drawn strongest; 0: the largest of the map
  std::vector<Glimpse> glimpses = {};
  int glimpse_size = 1;  // side of the squares, in pixels
};

// Image and map side by side, one or two cells of the terminal for a pixel; two pixels in a cell
// where there are colour and UTF-8. Brightness and weight are drawn as in a heat map (heatmap.h),
// the number of a glimpse stands on its middle. What is too wide is averaged down, and a line
// says so.
//
// This and the others throw std::invalid_argument if the number of values is not rows x columns, if
// the image is empty or above 1024 x 1024 or a map is finer than it, if full < 0, at more than 9
// glimpses, or a bad size or place of one.
std::string draw(const Picture& picture, const Terminal& terminal);

// The image with the map in red over it, and glimpses as yellow frames, with as many notches as the
// number says. A pixel becomes scale x scale of them, 1 to 64. -> the content of a PPM file, of at
// most 4096 rows and columns
std::string ppm(const Picture& picture, int scale = 8);

// The same pictures as one SVG, `columns` of them in a row, a title over each and a number at each
// frame. About 5 kB for an image of 20 x 20 pixels and a map; more than 40 rows or columns are
// averaged down.
std::string svg(const std::vector<Picture>& pictures, int columns = 4, int scale = 8);

}  // namespace rapt::report
