#pragma once
#include <string>

#include "tensor/tensor.h"

namespace rapt::data {

// An image [C, Y, X] with values 0 .. 1: C is 1 for gray (PGM), 3 for colour (PPM). Binary (P5, P6)
// or plain (P2, P3), with comments, and up to 65535 steps of brightness. `flag` is where the path
// came from. UsageError in one line, for instance
//   "a.pgm: expected a PGM or PPM image (P2, P3, P5 or P6), got 'PNG'"
//   "a.pgm: is cut short: expected 64 bytes of pixels for width 8 and height 8, got 60"
Tensor read_pnm(const std::string& path, const std::string& flag);

// The same from memory; `source` begins the message.
Tensor decode_pnm(const std::string& content, const std::string& source);

// The file of an image [1, Y, X] (P5) or [3, Y, X] (P6) in 256 steps. What is below 0, or no
// number, is black; what is above 1 is as bright as 1. ShapeError for another shape.
std::string encode_pnm(const Tensor& image);
void write_pnm(const std::string& path, const Tensor& image);  // report::write_atomically

}  // namespace rapt::data
