#include "tensor/convolution.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tensor/convolution_direct.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/reduce.h"
#include "tensor/scratch.h"
#include "tensor/sliding.h"

namespace rapt {
namespace {

// A convolution cut into groups of channels: image b's group g is number b * groups + g.
struct Grouped {
  Sliding slide;
  Index groups, batch, in, out;  // channels of one group

  Grouped(const Shape& x, Index outputs, const Window& window, Index groups_)
      : slide("convolve", window, {x[2], x[3]}),
        groups(groups_),
        batch(x[0]),
        in(x[1] / groups_),
        out(outputs / groups_) {}

  Index number() const { return batch * groups; }
  Index seen() const { return in * slide.window.cells(); }  // numbers under the window

  // Groups of one block: some 20 microseconds of work.
  Index grain() const {
    constexpr Index kChunk = 1 << 19;
    return kChunk / (out * seen() * slide.count() + 1) + 1;
  }
};

// The columns of one group. Each thread has its own.
thread_local Scratch scratch;

void multiply(const Scalar* a, const Scalar* b, Scalar* c, Index m, Index k, Index n, Strides sa,
              Strides sb) {
  const std::array<Product, 1> product{{{a, b, c}}};
  gemm(product, m, k, n, sa, sb);
}

// What the window sees of the channels of one group: [in ky kx, Y' X'].
const Scalar* columns_of(const Scalar* planes, const Grouped& c) {
  Scalar* columns = scratch.room(c.in * c.slide.size());
  for (Index i = 0; i < c.in; ++i)
    c.slide.unfold(planes + i * c.slide.pixels(), columns + i * c.slide.size(), 0);
  return columns;
}

// Weights [out, in / groups, ky, kx] for the way back: [in, out / groups, ky, kx], input and output
// of each group exchanged, rows and columns in reverse.
Tensor turned(const Tensor& weight, Index groups) {
  const Index out = weight.dim(0) / groups, in = weight.dim(1);
  const Index cells = weight.dim(2) * weight.dim(3);
  const Tensor w = weight.contiguous();
  Tensor result = Tensor::uninitialized({in * groups, out, weight.dim(2), weight.dim(3)});
  Scalar* to = result.base();
  for (Index g = 0; g < groups; ++g)
    for (Index i = 0; i < in; ++i)
      for (Index o = 0; o < out; ++o, to += cells) {
        const Scalar* from = w.base() + ((g * out + o) * in + i) * cells;
        std::reverse_copy(from, from + cells, to);
      }
  return result;
}

}  // namespace

Tensor convolve(const Tensor& x, const Tensor& weight, const Window& window, Index groups) {
  if (convolves_directly(window)) return convolve_directly(x, weight, window, groups);
  const Grouped c(x.shape(), weight.dim(0), window, groups);
  const Index seen = c.seen(), count = c.slide.count();
  const Tensor in = x.contiguous(), w = weight.contiguous();
  Tensor y = Tensor::uninitialized({c.batch, weight.dim(0), c.slide.places.y, c.slide.places.x});
  const Scalar *images = in.base(), *weights = w.base();
  Scalar* out = y.base();
  parallel_for(c.number(), c.grain(), [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at)
      multiply(weights + at % groups * c.out * seen,
               columns_of(images + at * c.in * c.slide.pixels(), c), out + at * c.out * count,
               c.out, seen, count, {seen, 1}, {count, 1});
  });
  return y;
}

Tensor convolve_gradient_x(const Tensor& g, const Tensor& weight, const Window& window,
                           Index groups, Pair image) {
  const Index in = weight.dim(1) * groups;
  // Where the window takes every place, the way back is a convolution, too.
  const Pair back(window.span().y - 1 - window.padding.y, window.span().x - 1 - window.padding.x);
  if (convolves_directly(window) && back.y >= 0 && back.x >= 0) {
    const Window way_back{.kernel = window.kernel, .dilation = window.dilation, .padding = back};
    return convolve_directly(g, turned(weight, groups), way_back, groups);
  }
  const Grouped c({g.dim(0), in, image.y, image.x}, weight.dim(0), window, groups);
  const Index seen = c.seen(), count = c.slide.count();
  const Tensor up = g.contiguous(), w = weight.contiguous();
  Tensor x = Tensor::uninitialized({c.batch, in, image.y, image.x});
  const Scalar *ups = up.base(), *weights = w.base();
  Scalar* out = x.base();
  parallel_for(c.number(), c.grain(), [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      Scalar* columns = scratch.room(seen * count);
      multiply(weights + at % groups * c.out * seen, ups + at * c.out * count, columns, seen, c.out,
               count, {1, seen}, {count, 1});
      for (Index i = 0; i < c.in; ++i)
        c.slide.fold_back(columns + i * c.slide.size(), out + (at * c.in + i) * c.slide.pixels());
    }
  });
  return x;
}

Tensor convolve_gradient_weight(const Tensor& g, const Tensor& x, const Window& window,
                                Index groups) {
  if (convolves_directly(window)) return convolve_directly_gradient_weight(g, x, window, groups);
  const Grouped c(x.shape(), g.dim(1), window, groups);
  const Index seen = c.seen(), count = c.slide.count();
  const Tensor up = g.contiguous(), in = x.contiguous();
  // Each image's part by itself, then summed in the order of the images: the same bits on any
  // number of threads.
  Tensor parts = Tensor::uninitialized({c.batch, g.dim(1), c.in, window.kernel.y, window.kernel.x});
  const Scalar *ups = up.base(), *images = in.base();
  Scalar* out = parts.base();
  parallel_for(c.number(), c.grain(), [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at)
      multiply(ups + at * c.out * count, columns_of(images + at * c.in * c.slide.pixels(), c),
               out + at * c.out * seen, c.out, count, seen, {count, 1}, {1, count});
  });
  return sum(parts, 0);
}

}  // namespace rapt
