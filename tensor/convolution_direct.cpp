#include "tensor/convolution_direct.h"

#include <algorithm>
#include <vector>

#include "tensor/parallel.h"
#include "tensor/scratch.h"
#include "tensor/shifted.h"

namespace rapt {
namespace {

struct Direct {
  Window window;
  Pair image, places;
  Index groups, in, out;  // in and out: channels of one group

  Index row() const { return image.x + 2 * window.padding.x; }
  Index padded() const { return row() * (image.y + 2 * window.padding.y); }
  Index depth() const { return in * window.cells(); }
  Index count() const { return places.y * places.x; }
  Index run() const { return (places.y - 1) * row() + places.x; }  // first to last place
  Index room() const { return whole_vectors(groups * in * padded() + whole_vectors(1)); }

  // Where the run of each cell begins, channel by channel.
  std::vector<Index> starts() const {
    std::vector<Index> starts;
    for (Index c = 0; c < in; ++c)
      for (Index i = 0; i < window.kernel.y; ++i)
        for (Index j = 0; j < window.kernel.x; ++j)
          starts.push_back(c * padded() + i * window.dilation.y * row() + j * window.dilation.x);
    return starts;
  }

  // All channels of one image, with their padding.
  void pad(const Scalar* x, Scalar* to) const {
    std::fill_n(to, room(), Scalar(0));
    for (Index c = 0; c < groups * in; ++c, to += padded())
      for (Index y = 0; y < image.y; ++y, x += image.x)
        std::copy_n(x, image.x, to + (y + window.padding.y) * row() + window.padding.x);
  }
};

std::vector<Index> multiples(Index count, Index step) {
  std::vector<Index> starts;
  for (Index i = 0; i < count; ++i) starts.push_back(i * step);
  return starts;
}

Direct direct(const Tensor& x, const Shape& w, const Window& window, Index groups) {
  const Pair image(x.dim(2), x.dim(3));
  return {window, image, window.places("convolve", image), groups, w[1], w[0] / groups};
}

thread_local Scratch scratch;  // of each thread: an image with its padding, and sums

}  // namespace

bool convolves_directly(const Window& window) { return window.stride == Pair(1); }

Tensor convolve_directly(const Tensor& x, const Tensor& w, const Window& window, Index groups) {
  const Direct d = direct(x, w.shape(), window, groups);
  const Tensor in = x.contiguous(), weights = w.contiguous();
  Tensor y = Tensor::uninitialized({x.dim(0), w.dim(0), d.places.y, d.places.x});
  const Index depth = d.depth(), run = d.run(), wide = whole_vectors(run);
  const std::vector<Index> cells = d.starts(), rows = multiples(d.out, depth);
  const Scalar *images = in.base(), *kernel = weights.base();
  Scalar* results = y.base();
  parallel_for(x.dim(0), 1, [&](Index begin, Index end) {
    Scalar* const padded = scratch.room(d.room() + d.out * wide);
    Scalar* const sums = padded + d.room();
    for (Index b = begin; b < end; ++b) {
      d.pad(images + b * groups * d.in * d.image.y * d.image.x, padded);
      for (Index group = 0; group < groups; ++group) {
        multiply_shifted(d.out, depth, run, {kernel + group * d.out * depth, rows.data()},
                         {padded + group * d.in * d.padded(), cells.data()}, sums, wide, false);
        Scalar* out = results + (b * groups + group) * d.out * d.count();
        for (Index o = 0; o < d.out; ++o)
          for (Index p = 0; p < d.places.y; ++p, out += d.places.x)
            std::copy_n(sums + o * wide + p * d.row(), d.places.x, out);
      }
    }
  });
  return y;
}

// The transposed product, dw^T [C cells, O] = what each cell sees [C cells, run] g^T [run, O], in
// which places over the end of a row have the gradient zero. (Finite x: 0 times infinity would
// reach weights that never saw it.)
Tensor convolve_directly_gradient_weight(const Tensor& g, const Tensor& x, const Window& window,
                                         Index groups) {
  const Shape shape{g.dim(1), x.dim(1) / groups, window.kernel.y, window.kernel.x};
  const Direct d = direct(x, shape, window, groups);
  const Tensor in = x.contiguous(), up = g.contiguous();
  constexpr Index kImages = 4;  // that share one sum; the sums are added in order
  const Index blocks = (x.dim(0) + kImages - 1) / kImages;
  const Index depth = d.depth(), run = d.run(), wide = whole_vectors(d.out);
  Tensor sums({blocks, groups, depth, wide});
  const std::vector<Index> cells = d.starts(), rows = multiples(run, wide);
  const Scalar *images = in.base(), *gradient = up.base();
  Scalar* out = sums.base();
  parallel_for(blocks, 1, [&](Index begin, Index end) {
    Scalar* const padded = scratch.room(d.room() + run * wide);
    Scalar* const turned = padded + d.room();
    std::fill_n(turned, run * wide, Scalar(0));
    for (Index b = begin * kImages; b < std::min(end * kImages, x.dim(0)); ++b) {
      d.pad(images + b * groups * d.in * d.image.y * d.image.x, padded);
      for (Index group = 0; group < groups; ++group) {
        const Scalar* from = gradient + (b * groups + group) * d.out * d.count();
        for (Index o = 0; o < d.out; ++o)
          for (Index p = 0; p < d.places.y; ++p, from += d.places.x)
            for (Index q = 0; q < d.places.x; ++q) turned[(p * d.row() + q) * wide + o] = from[q];
        multiply_shifted(depth, run, d.out, {padded + group * d.in * d.padded(), cells.data()},
                         {turned, rows.data()}, out + (b / kImages * groups + group) * depth * wide,
                         wide, true);
      }
    }
  });
  Tensor dw(shape);
  for (Index block = 0; block < blocks; ++block)
    for (Index group = 0; group < groups; ++group)
      for (Index o = 0; o < d.out; ++o)
        for (Index k = 0; k < depth; ++k)
          dw.base()[(group * d.out + o) * depth + k] +=
              out[((block * groups + group) * depth + k) * wide + o];
  return dw;
}

}  // namespace rapt
