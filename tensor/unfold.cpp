#include "tensor/unfold.h"

#include <algorithm>
#include <vector>

#include "tensor/parallel.h"
#include "tensor/sliding.h"

namespace rapt {
namespace {

constexpr Index kGrain = 16384;  // elements of one block of channels

void argmax(const char* op, const Sliding& slide, const Scalar* x, std::int32_t* ids) {
  const Window& window = slide.window;
  const Index wide = slide.places.x, stride = window.stride.x;
  std::vector<Scalar> largest(static_cast<std::size_t>(slide.count()));
  std::fill_n(ids, slide.count(), -1);
  for (Index i = 0; i < window.kernel.y; ++i)
    for (Index j = 0; j < window.kernel.x; ++j) {
      const Reach row = slide.rows(i), column = slide.columns(j);
      for (Index p = row.begin; p < row.end; ++p) {
        const Index first = (row.first + p * window.stride.y) * slide.image.x + column.first;
        std::int32_t* id = ids + p * wide;
        Scalar* best = largest.data() + p * wide;
        // Choices without a branch, which would be guessed wrong every other time.
        for (Index q = column.begin; q < column.end; ++q) {
          const Scalar v = x[first + q * stride], b = best[q];
          const bool wins = (id[q] < 0) | (v > b) | ((v != v) & (b == b));
          best[q] = wins ? v : b;
          id[q] = wins ? static_cast<std::int32_t>(first + q * stride) : id[q];
        }
      }
    }
  if (std::find(ids, ids + slide.count(), -1) != ids + slide.count())
    throw ShapeError(message(op, ": a window of ", Shape{window.kernel.y, window.kernel.x},
                             " sees only padding around the image ",
                             Shape{slide.image.y, slide.image.x}));
}

void expect_images(const char* op, const Tensor& x) {
  if (x.rank() != 4) throw ShapeError(message(op, ": expected x [B, C, Y, X], got ", x.shape()));
}

}  // namespace

Tensor unfold(const Tensor& x, const Window& window, Scalar padded) {
  expect_images("unfold", x);
  const Sliding slide("unfold", window, {x.dim(2), x.dim(3)});
  const Index channels = x.dim(0) * x.dim(1), size = slide.size();
  const Tensor in = x.contiguous();
  Tensor y = Tensor::uninitialized({x.dim(0), x.dim(1), window.cells(), slide.count()});
  const Scalar* image = in.base();
  Scalar* columns = y.base();
  parallel_for(channels, kGrain / size + 1, [&](Index begin, Index end) {
    for (Index c = begin; c < end; ++c)
      slide.unfold(image + c * slide.pixels(), columns + c * size, padded);
  });
  return y;
}

Tensor fold_back(const Tensor& columns, const Window& window, Pair image) {
  const Sliding slide("fold_back", window, image);
  const Index size = slide.size();
  if (columns.rank() != 4 || columns.dim(2) != window.cells() || columns.dim(3) != slide.count())
    throw ShapeError(message("fold_back: expected columns [B, C, ", window.cells(), ", ",
                             slide.count(), "], got ", columns.shape()));
  const Tensor in = columns.contiguous();
  Tensor x = Tensor::uninitialized({columns.dim(0), columns.dim(1), image.y, image.x});
  const Scalar* y = in.base();
  Scalar* out = x.base();
  parallel_for(x.dim(0) * x.dim(1), kGrain / size + 1, [&](Index begin, Index end) {
    for (Index c = begin; c < end; ++c) slide.fold_back(y + c * size, out + c * slide.pixels());
  });
  return x;
}

Ids argmax_in_windows(const char* op, const Tensor& x, const Window& window) {
  expect_images(op, x);
  const Sliding slide(op, window, {x.dim(2), x.dim(3)});
  const Index channels = x.dim(0) * x.dim(1);
  const Tensor in = x.contiguous();
  Ids ids{{x.dim(0), x.dim(1), slide.count()}, {}};
  ids.values.resize(static_cast<std::size_t>(channels * slide.count()));
  const Scalar* image = in.base();
  std::int32_t* out = ids.values.data();
  parallel_for(channels, kGrain / slide.size() + 1, [&](Index begin, Index end) {
    for (Index c = begin; c < end; ++c)
      argmax(op, slide, image + c * slide.pixels(), out + c * slide.count());
  });
  return ids;
}

}  // namespace rapt
