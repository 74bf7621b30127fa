#include "tensor/sliding.h"

#include <algorithm>
#include <cstring>

namespace rapt {
namespace {

// Copies `count` numbers at a time, the last of them once more where they do not divide n.
template <int count>
void copy_in_pieces(const Scalar* from, Scalar* to, Index n) {
  constexpr std::size_t kBytes = count * sizeof(Scalar);
  for (Index i = 0; i + count <= n; i += count) std::memcpy(to + i, from + i, kBytes);
  std::memcpy(to + n - count, from + n - count, kBytes);
}

// The runs of a small image are short: a call of memcpy for each, or a loop over what is left of a
// vector, would cost more than the copy.
void copy_run(const Scalar* from, Scalar* to, Index n) {
  if (n >= 16)
    copy_in_pieces<16>(from, to, n);
  else if (n >= 8)
    copy_in_pieces<8>(from, to, n);
  else if (n >= 4)
    copy_in_pieces<4>(from, to, n);
  else
    for (Index i = 0; i < n; ++i) to[i] = from[i];
}

}  // namespace

Reach::Reach(Index cell, Index dilation, Index padding, Index stride, Index places, Index extent)
    : first(cell * dilation - padding) {
  begin = first >= 0 ? 0 : std::min(places, (-first + stride - 1) / stride);
  end = first >= extent ? begin : std::min(places, (extent - 1 - first) / stride + 1);
  end = std::max(begin, end);
}

Sliding::Sliding(const char* op, const Window& w, Pair of)
    : window(w), image(of), places(w.places(op, of)) {}

void Sliding::unfold(const Scalar* plane, Scalar* out, Scalar padded) const {
  const Index stride = window.stride.x;
  for (Index i = 0; i < window.kernel.y; ++i)
    for (Index j = 0; j < window.kernel.x; ++j, out += count()) {
      const Reach row = rows(i), column = columns(j);
      std::fill_n(out, row.begin * places.x, padded);
      for (Index p = row.begin; p < row.end; ++p) {
        const Scalar* in = plane + (row.first + p * window.stride.y) * image.x + column.first;
        Scalar* to = out + p * places.x;
        for (Index q = 0; q < column.begin; ++q) to[q] = padded;
        if (stride == 1)
          copy_run(in + column.begin, to + column.begin, column.end - column.begin);
        else
          for (Index q = column.begin; q < column.end; ++q) to[q] = in[q * stride];
        for (Index q = column.end; q < places.x; ++q) to[q] = padded;
      }
      std::fill_n(out + row.end * places.x, (places.y - row.end) * places.x, padded);
    }
}

void Sliding::fold_back(const Scalar* in, Scalar* plane) const {
  const Index stride = window.stride.x;
  std::fill_n(plane, pixels(), Scalar(0));
  for (Index i = 0; i < window.kernel.y; ++i)
    for (Index j = 0; j < window.kernel.x; ++j, in += count()) {
      const Reach row = rows(i), column = columns(j);
      for (Index p = row.begin; p < row.end; ++p) {
        Scalar* out = plane + (row.first + p * window.stride.y) * image.x + column.first;
        const Scalar* from = in + p * places.x;
        if (stride == 1)
          for (Index q = column.begin; q < column.end; ++q) out[q] += from[q];
        else
          for (Index q = column.begin; q < column.end; ++q) out[q * stride] += from[q];
      }
    }
}

}  // namespace rapt
