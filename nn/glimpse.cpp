#include "nn/glimpse.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/math.h"

namespace rapt::nn {
namespace {

constexpr Index kMostScales = 16;

void expect_patches(const char* who, Index size, Index scales) {
  expect_at_least(message(who, ": size"), size, 1);
  if (scales < 1 || scales > kMostScales)
    throw ValueError(message(who, ": scales must lie in 1 .. ", kMostScales, ", got ", scales));
}

// The part of [begin, begin + length) that lies in the image.
struct Inside {
  Index begin, end;
  Inside(Index from, Index length, Index extent)
      : begin(std::max<Index>(from, 0)), end(std::min(from + length, extent)) {}
};

// The patch of one channel [Y, X], each cell of which is the mean of block x block pixels.
void read_patch(const Scalar* image, Pair extent, Pair corner, Index size, Index block,
                Scalar* patch) {
  const Scalar share = 1 / static_cast<Scalar>(block * block);
  for (Index i = 0; i < size; ++i) {
    const Inside rows(corner.y + i * block, block, extent.y);
    for (Index j = 0; j < size; ++j) {
      const Inside columns(corner.x + j * block, block, extent.x);
      Scalar sum = 0;
      for (Index y = rows.begin; y < rows.end; ++y)
        for (Index x = columns.begin; x < columns.end; ++x) sum += image[y * extent.x + x];
      patch[i * size + j] = sum * share;
    }
  }
}

void expect_deviation(const char* op, Scalar deviation) {
  if (!(deviation > 0) || std::isinf(deviation))
    throw ValueError(message(op, ": deviation must be finite and above 0, got ", deviation));
}

const GlimpseOptions& valid(const GlimpseOptions& options) {
  expect_at_least("GlimpseNetwork: channels", options.channels, 1);
  expect_at_least("GlimpseNetwork: classes", options.classes, 1);
  expect_patches("GlimpseNetwork", options.size, options.scales);
  expect_at_least("GlimpseNetwork: glimpses", options.glimpses, 1);
  expect_at_least("GlimpseNetwork: hidden", options.hidden, 1);
  expect_deviation("GlimpseNetwork", options.deviation);
  return options;
}

}  // namespace

Index nearest_pixel(Scalar place, Index extent) {
  const Scalar pixel = std::floor((place + 1) / 2 * static_cast<Scalar>(extent - 1) + Scalar(0.5));
  constexpr Scalar kFar = Scalar(1e9);
  return std::abs(pixel) < kFar ? static_cast<Index>(pixel) : static_cast<Index>(kFar);
}

Tensor glimpse(const Tensor& images, const Tensor& centres, Index size, Index scales) {
  expect_shape("glimpse: images [B, C, Y, X]", images.shape(), {kAny, kAny, kAny, kAny});
  expect_shape("glimpse: centres [B, 2]", centres.shape(), {images.dim(0), 2});
  expect_patches("glimpse", size, scales);
  const Tensor pixels = images.contiguous(), at = centres.contiguous();
  const Index batch = images.dim(0), channels = images.dim(1);
  const Pair extent{images.dim(2), images.dim(3)};
  Tensor patches = Tensor::uninitialized({batch, scales, channels, size, size});
  Scalar* patch = patches.data();
  for (Index b = 0; b < batch; ++b) {
    const Index y = nearest_pixel(at.data()[2 * b], extent.y);
    const Index x = nearest_pixel(at.data()[2 * b + 1], extent.x);
    for (Index s = 0; s < scales; ++s) {
      const Index block = Index(1) << s, half = size * block / 2;
      for (Index c = 0; c < channels; ++c, patch += size * size)
        read_patch(pixels.data() + (b * channels + c) * extent.y * extent.x, extent,
                   {y - half, x - half}, size, block, patch);
    }
  }
  return patches;
}

Variable log_normal_density(const Tensor& draw, const Variable& mean, Scalar deviation) {
  expect_shape("log_normal_density: mean [.., D] for this draw", mean, draw.shape());
  expect_deviation("log_normal_density", deviation);
  const Variable off = (Variable(draw) - mean) / deviation;
  const Scalar constant = log(deviation) + log(Scalar(2 * 3.14159265358979323846)) / 2;
  return sum(Scalar(-0.5) * (off * off) - constant, -1);
}

GlimpseNetwork::GlimpseNetwork(const GlimpseOptions& options, Rng& rng)
    : options_(valid(options)),
      what_(child<Linear>("what", options.scales * options.channels * options.size * options.size,
                          options.hidden, rng)),
      where_(child<Linear>("where", 2, options.hidden, rng)),
      join_(child<Linear>("join", 2 * options.hidden, options.hidden, rng)),
      cell_(child<GRUCell>("cell", options.hidden, options.hidden, rng)),
      next_(child<Linear>("next", options.hidden, 2, rng)),
      answer_(child<Linear>("answer", options.hidden, options.classes, rng)),
      rng_(rng.fork()) {}

Variable GlimpseNetwork::look(const Tensor& images, const Tensor& centres) const {
  const Tensor patches = glimpse(images, centres, options_.size, options_.scales);
  const Variable what = relu(what_(patches.reshape({images.dim(0), -1})));
  const Variable where = relu(where_(centres));
  return relu(join_(concat({what, where}, -1)));
}

Glimpsed GlimpseNetwork::operator()(const Tensor& images) const {
  expect_shape("GlimpseNetwork: images [B, C, Y, X]", images.shape(),
               {kAny, options_.channels, kAny, kAny});
  const Index batch = images.dim(0), choices = options_.glimpses - 1;
  Tensor centres({batch, 2});
  State state = cell_.zero_state(batch);
  state = cell_.step(cell_.project(look(images, centres)), state);
  Glimpsed result{state[0], {centres}, Tensor({batch, 0}), Tensor({batch, 0, options_.hidden})};
  std::vector<Variable> densities, states;
  for (Index i = 0; i < choices; ++i) {
    states.push_back(state[0].detach());
    const Variable mean = tanh(next_(states.back()));  // [B, 2]
    Tensor draw = copy(mean.value());
    if (training())
      for (Index k = 0; k < draw.size(); ++k)
        draw.data()[k] += options_.deviation * static_cast<Scalar>(rng_.normal());
    densities.push_back(log_normal_density(draw, mean, options_.deviation));
    centres = clamp(Variable(draw), -1, 1).value();
    result.centres.push_back(centres);
    state = cell_.step(cell_.project(look(images, centres)), state);
  }
  result.logits = answer_(state[0]);
  if (choices > 0) {
    result.log_probability = stack(densities, 1);
    result.states = stack(states, 1);
  }
  return result;
}

}  // namespace rapt::nn
