#include "tensor/unfold.h"

#include <algorithm>
#include <limits>

#include "tensor/parallel.h"

namespace rapt {
namespace {

constexpr Index kGrain = 16384;  // elements of one block of channels

// Along one direction: where cell `cell` of the window stands at its first place, and the places
// begin <= p < end at which it lies inside the image.
struct Reach {
  Index first, begin, end;
  Reach(Index cell, Index dilation, Index padding, Index stride, Index places, Index extent)
      : first(cell * dilation - padding) {
    begin = first >= 0 ? 0 : std::min(places, (-first + stride - 1) / stride);
    end = first >= extent ? begin : std::min(places, (extent - 1 - first) / stride + 1);
    end = std::max(begin, end);
  }
};

// A window over images of one size: the geometry that all channels share.
struct Sliding {
  Window window;
  Pair image, places;

  Index pixels() const { return image.y * image.x; }
  Index count() const { return places.y * places.x; }
  Reach rows(Index i) const {
    return {i, window.dilation.y, window.padding.y, window.stride.y, places.y, image.y};
  }
  Reach columns(Index j) const {
    return {j, window.dilation.x, window.padding.x, window.stride.x, places.x, image.x};
  }

  void unfold(const Scalar* x, Scalar* y, Scalar padded) const {
    for (Index i = 0; i < window.kernel.y; ++i)
      for (Index j = 0; j < window.kernel.x; ++j) {
        const Reach row = rows(i), column = columns(j);
        for (Index p = 0; p < places.y; ++p, y += places.x) {
          const bool inside = p >= row.begin && p < row.end;
          const Index begin = inside ? column.begin : places.x, end = inside ? column.end : begin;
          std::fill(y, y + begin, padded);
          const Scalar* in =
              inside ? x + (row.first + p * window.stride.y) * image.x + column.first : x;
          if (window.stride.x == 1)
            std::copy(in + begin * inside, in + end * inside, y + begin);
          else
            for (Index q = begin; q < end; ++q) y[q] = in[q * window.stride.x];
          std::fill(y + end, y + places.x, padded);
        }
      }
  }

  void fold_back(const Scalar* y, Scalar* x) const {
    std::fill_n(x, pixels(), Scalar(0));
    for (Index i = 0; i < window.kernel.y; ++i)
      for (Index j = 0; j < window.kernel.x; ++j, y += count()) {
        const Reach row = rows(i), column = columns(j);
        for (Index p = row.begin; p < row.end; ++p) {
          Scalar* out = x + (row.first + p * window.stride.y) * image.x + column.first;
          const Scalar* in = y + p * places.x;
          if (window.stride.x == 1)
            for (Index q = column.begin; q < column.end; ++q) out[q] += in[q];
          else
            for (Index q = column.begin; q < column.end; ++q) out[q * window.stride.x] += in[q];
        }
      }
  }

  void argmax(const char* op, const Scalar* x, std::int32_t* ids) const {
    std::fill_n(ids, count(), -1);
    for (Index i = 0; i < window.kernel.y; ++i)
      for (Index j = 0; j < window.kernel.x; ++j) {
        const Reach row = rows(i), column = columns(j);
        for (Index p = row.begin; p < row.end; ++p)
          for (Index q = column.begin; q < column.end; ++q) {
            const Index at =
                (row.first + p * window.stride.y) * image.x + column.first + q * window.stride.x;
            std::int32_t& best = ids[p * places.x + q];
            if (best < 0 || x[at] > x[best] || (x[at] != x[at] && x[best] == x[best]))
              best = static_cast<std::int32_t>(at);
          }
      }
    if (std::find(ids, ids + count(), -1) != ids + count())
      throw ShapeError(message(op, ": a window of ", Shape{window.kernel.y, window.kernel.x},
                               " sees only padding around the image ", Shape{image.y, image.x}));
  }
};

void expect_images(const char* op, const Tensor& x) {
  if (x.rank() != 4) throw ShapeError(message(op, ": expected x [B, C, Y, X], got ", x.shape()));
}

Sliding sliding(const char* op, const Window& window, Pair image) {
  return {window, image, window.places(op, image)};
}

}  // namespace

Tensor unfold(const Tensor& x, const Window& window, Scalar padded) {
  expect_images("unfold", x);
  const Sliding slide = sliding("unfold", window, {x.dim(2), x.dim(3)});
  const Index channels = x.dim(0) * x.dim(1), size = window.cells() * slide.count();
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
  const Sliding slide = sliding("fold_back", window, image);
  const Index size = window.cells() * slide.count();
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
  const Sliding slide = sliding(op, window, {x.dim(2), x.dim(3)});
  const Index channels = x.dim(0) * x.dim(1);
  const Tensor in = x.contiguous();
  Ids ids{{x.dim(0), x.dim(1), slide.count()}, {}};
  ids.values.resize(static_cast<std::size_t>(channels * slide.count()));
  const Scalar* image = in.base();
  std::int32_t* out = ids.values.data();
  parallel_for(channels, kGrain / (window.cells() * slide.count()) + 1,
               [&](Index begin, Index end) {
                 for (Index c = begin; c < end; ++c)
                   slide.argmax(op, image + c * slide.pixels(), out + c * slide.count());
               });
  return ids;
}

}  // namespace rapt
