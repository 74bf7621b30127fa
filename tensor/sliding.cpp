#include "tensor/sliding.h"

namespace rapt {

void Sliding::unfold(const Scalar* x, Scalar* columns, Index pitch, Scalar padded) const {
  for (Index i = 0; i < window.kernel.y; ++i)
    for (Index j = 0; j < window.kernel.x; ++j, columns += pitch) {
      const Reach row = rows(i), column = this->columns(j);
      const Index stride = window.stride.x, begin = column.begin, end = column.end;
      std::fill(columns, columns + row.begin * places.x, padded);
      for (Index p = row.begin; p < row.end; ++p) {
        Scalar* y = columns + p * places.x;
        const Scalar* in = x + (row.first + p * window.stride.y) * image.x + column.first;
        for (Index q = 0; q < begin; ++q) y[q] = padded;
        if (stride == 1)
          for (Index q = begin; q < end; ++q) y[q] = in[q];
        else
          for (Index q = begin; q < end; ++q) y[q] = in[q * stride];
        for (Index q = end; q < places.x; ++q) y[q] = padded;
      }
      std::fill(columns + row.end * places.x, columns + count(), padded);
    }
}

void Sliding::fold_back(const Scalar* columns, Index pitch, Scalar* x) const {
  std::fill_n(x, pixels(), Scalar(0));
  for (Index i = 0; i < window.kernel.y; ++i)
    for (Index j = 0; j < window.kernel.x; ++j, columns += pitch) {
      const Reach row = rows(i), column = this->columns(j);
      const Index stride = window.stride.x;
      for (Index p = row.begin; p < row.end; ++p) {
        Scalar* out = x + (row.first + p * window.stride.y) * image.x + column.first;
        const Scalar* in = columns + p * places.x;
        if (stride == 1)
          for (Index q = column.begin; q < column.end; ++q) out[q] += in[q];
        else
          for (Index q = column.begin; q < column.end; ++q) out[q * stride] += in[q];
      }
    }
}

}  // namespace rapt
