#include "tensor/convolution.h"

#include <vector>

#include "tensor/convolution_direct.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/sliding.h"

namespace rapt {
namespace {

// The sizes of one convolution. Images are taken in blocks that depend on these alone.
struct Sizes {
  Sliding slide;
  Index batch, groups, in, out;  // in and out: channels of one group

  Index depth() const { return in * slide.window.cells(); }  // numbers that one output reads
  Index places() const { return slide.count(); }
  Index images() const { return std::max<Index>(1, std::min(batch, kWide / places())); }
  Index blocks() const { return (batch + images() - 1) / images(); }

  const Scalar* input(const Scalar* x, Index b, Index group) const {
    return x + (b * groups + group) * in * slide.pixels();
  }
  const Scalar* output(const Scalar* y, Index b, Index group) const {
    return y + (b * groups + group) * out * places();
  }

 private:
  static constexpr Index kWide = 256;  // columns that a product should have
};

// Some images of one group side by side.
struct Part {
  const Sizes& sizes;
  Index first, count, group;

  Index width() const { return count * sizes.places(); }

  // x -> [depth, width], what the window sees
  void unfold(const Scalar* x, Scalar* columns) const {
    const Index cells = sizes.slide.window.cells(), pixels = sizes.slide.pixels();
    for (Index c = 0; c < sizes.in; ++c)
      for (Index i = 0; i < count; ++i)
        sizes.slide.unfold(sizes.input(x, first + i, group) + c * pixels,
                           columns + c * cells * width() + i * sizes.places(), width(), 0);
  }

  // Its adjoint, into dx.
  void fold_back(const Scalar* columns, Scalar* dx) const {
    const Index cells = sizes.slide.window.cells(), pixels = sizes.slide.pixels();
    for (Index c = 0; c < sizes.in; ++c)
      for (Index i = 0; i < count; ++i) {
        const Scalar* to = sizes.input(dx, first + i, group) + c * pixels;
        sizes.slide.fold_back(columns + c * cells * width() + i * sizes.places(), width(),
                              const_cast<Scalar*>(to));
      }
  }
};

// Room that each thread keeps.
Scalar* scratch(Index count) {
  thread_local std::vector<Scalar> room;
  if (static_cast<Index>(room.size()) < count) room.resize(static_cast<std::size_t>(count));
  return room.data();
}

// [O, count P] <-> [count, O, P] of one part.
void gather_outputs(const Part& part, const Scalar* y, Scalar* side_by_side) {
  const Index places = part.sizes.places();
  for (Index i = 0; i < part.count; ++i) {
    const Scalar* from = part.sizes.output(y, part.first + i, part.group);
    for (Index o = 0; o < part.sizes.out; ++o)
      std::copy_n(from + o * places, places, side_by_side + o * part.width() + i * places);
  }
}

void scatter_outputs(const Part& part, const Scalar* side_by_side, Scalar* y) {
  const Index places = part.sizes.places();
  for (Index i = 0; i < part.count; ++i) {
    Scalar* to = const_cast<Scalar*>(part.sizes.output(y, part.first + i, part.group));
    for (Index o = 0; o < part.sizes.out; ++o)
      std::copy_n(side_by_side + o * part.width() + i * places, places, to + o * places);
  }
}

void multiply(const Scalar* a, const Scalar* b, Scalar* c, Index m, Index k, Index n, Strides sa,
              Strides sb) {
  const Product product{a, b, c};
  gemm({&product, 1}, m, k, n, sa, sb);
}

// body(part, room, block): the parts of a block one after another in one thread.
template <class Body>
void for_each_part(const Sizes& sizes, Body body) {
  const Index images = sizes.images();
  const Index room = (sizes.depth() + sizes.out) * images * sizes.places();
  parallel_for(sizes.blocks(), 1, [&](Index begin, Index end) {
    for (Index block = begin; block < end; ++block)
      for (Index group = 0; group < sizes.groups; ++group) {
        const Index first = block * images;
        const Part part{sizes, first, std::min(images, sizes.batch - first), group};
        body(part, scratch(room), block);
      }
  });
}

Sizes sizes_of(const Shape& x, const Shape& w, const Window& window, Index groups) {
  if (x.rank() != 4 || w.rank() != 4 || groups < 1 || w[0] % groups != 0 || x[1] != groups * w[1] ||
      Pair(w[2], w[3]) != window.kernel)
    throw ShapeError(message("convolve: x [B, C, Y, X] of ", x, " does not fit w [O, C / groups, ",
                             "ky, kx] of ", w, " in ", groups, " groups"));
  const Pair image(x[2], x[3]);
  return {{window, image, window.places("convolve", image)}, x[0], groups, w[1], w[0] / groups};
}

// The weights as the gradient of x meets them: in and out exchanged in each group, the window
// turned around.   [groups O, C, ky, kx] -> [groups C, O, ky, kx]
Tensor turned(const Tensor& w, Index groups) {
  const Index out = w.dim(0) / groups, in = w.dim(1), cells = w.dim(2) * w.dim(3);
  const Tensor from = w.contiguous();
  Tensor to = Tensor::uninitialized({groups * in, out, w.dim(2), w.dim(3)});
  for (Index group = 0; group < groups; ++group)
    for (Index o = 0; o < out; ++o)
      for (Index c = 0; c < in; ++c)
        for (Index i = 0; i < cells; ++i)
          to.base()[((group * in + c) * out + o) * cells + cells - 1 - i] =
              from.base()[((group * out + o) * in + c) * cells + i];
  return to;
}

}  // namespace

Tensor convolve(const Tensor& x, const Tensor& w, const Window& window, Index groups) {
  const Sizes sizes = sizes_of(x.shape(), w.shape(), window, groups);
  if (convolves_directly(window)) return convolve_directly(x, w, window, groups);
  const Tensor in = x.contiguous(), weights = w.contiguous();
  const Pair places = sizes.slide.places;
  Tensor y = Tensor::uninitialized({x.dim(0), w.dim(0), places.y, places.x});
  const Scalar *images = in.base(), *kernel = weights.base();
  Scalar* out = y.base();
  for_each_part(sizes, [&](const Part& part, Scalar* room, Index) {
    const Index depth = sizes.depth(), width = part.width();
    Scalar* result = room + depth * width;
    part.unfold(images, room);
    multiply(kernel + part.group * sizes.out * depth, room, result, sizes.out, depth, width,
             {depth, 1}, {width, 1});
    scatter_outputs(part, result, out);
  });
  return y;
}

Tensor convolve_gradient_x(const Tensor& g, const Tensor& w, const Window& window, Index groups,
                           Pair image) {
  const Shape shape{g.dim(0), groups * w.dim(1), image.y, image.x};
  const Sizes sizes = sizes_of(shape, w.shape(), window, groups);
  const Pair padding(window.span().y - 1 - window.padding.y,
                     window.span().x - 1 - window.padding.x);
  if (convolves_directly(window) && padding.y >= 0 && padding.x >= 0) {
    Window back = window;
    back.padding = padding;
    return convolve_directly(g, turned(w, groups), back, groups);
  }
  const Tensor up = g.contiguous(), weights = w.contiguous();
  Tensor dx = Tensor::uninitialized(shape);
  const Scalar *gradient = up.base(), *kernel = weights.base();
  Scalar* out = dx.base();
  for_each_part(sizes, [&](const Part& part, Scalar* room, Index) {
    const Index depth = sizes.depth(), width = part.width();
    Scalar* above = room + depth * width;
    gather_outputs(part, gradient, above);
    multiply(kernel + part.group * sizes.out * depth, above, room, depth, sizes.out, width,
             {1, depth}, {width, 1});
    part.fold_back(room, out);
  });
  return dx;
}

Tensor convolve_gradient_w(const Tensor& g, const Tensor& x, const Window& window, Index groups) {
  const Shape shape{g.dim(1), x.dim(1) / groups, window.kernel.y, window.kernel.x};
  const Sizes sizes = sizes_of(x.shape(), shape, window, groups);
  if (convolves_directly(window)) return convolve_directly_gradient_w(g, x, window, groups);
  const Tensor up = g.contiguous(), in = x.contiguous();
  // Each block of images has a sum of its own; they are added in order, whoever was ready first.
  const Index numbers = element_count(shape);
  Tensor sums = Tensor::uninitialized({sizes.blocks(), numbers});
  const Scalar *gradient = up.base(), *images = in.base();
  Scalar* out = sums.base();
  for_each_part(sizes, [&](const Part& part, Scalar* room, Index block) {
    const Index depth = sizes.depth(), width = part.width();
    Scalar* above = room + depth * width;
    part.unfold(images, room);
    gather_outputs(part, gradient, above);
    multiply(above, room, out + block * numbers + part.group * sizes.out * depth, sizes.out, width,
             depth, {width, 1}, {1, width});
  });
  Tensor dw(shape);
  for (Index block = 0; block < sizes.blocks(); ++block)
    for (Index i = 0; i < numbers; ++i) dw.base()[i] += out[block * numbers + i];
  return dw;
}

}  // namespace rapt
