#pragma once
#include <vector>

#include "nn/cell.h"
#include "nn/linear.h"
#include "tensor/window.h"

namespace rapt::nn {

// The row or column nearest to a place, which is -1 at the first and 1 at the last of them. A place
// that is far off, or no number at all, is beyond any image.
Index nearest_pixel(Scalar place, Index extent);

// Mnih et al. 2014, section 3.1, "Glimpse sensor": a patch of size x size around a centre, and
// `scales - 1` further ones, each twice as wide as the one before and averaged down to the same
// size. Centres are (y, x), rounded to the nearest pixel; a patch of even width has it right of and
// below its middle. Beyond the image all is 0, and counts in the averages.
// images [B, C, Y, X], centres [B, 2] -> [B, scales, C, size, size]
Tensor glimpse(const Tensor& images, const Tensor& centres, Index size, Index scales = 1);

// log p(draw) of a normal distribution with the same deviation in all directions and none between
// them.   draw [.., D], mean [.., D] -> [..]
//   log p = -sum_d ((draw_d - mean_d)^2 / (2 deviation^2) + log deviation + log(2 pi) / 2)
Variable log_normal_density(const Tensor& draw, const Variable& mean, Scalar deviation);

struct GlimpseOptions {
  Index channels = 1, classes = 10;
  Index size = 7, scales = 1;
  Index glimpses = 4;              // how often it looks, N
  Index hidden = 64;               // H
  Scalar deviation = Scalar(0.2);  // of the draw around the place that was chosen
};

struct Glimpsed {
  Variable logits;              // [B, classes], said after the last glimpse
  std::vector<Tensor> centres;  // of each glimpse, [B, 2] (y, x)
  Variable log_probability;  // [B, N - 1], of each centre but the first, which is the same for all
  Variable states;           // [B, N - 1, H], what the network knew when it chose them, detached
};

// Mnih et al. 2014, section 3, in small: a recurrent network that sees no image, only patches of
// it, and says after each where to look next. The first look is at the middle.
//   g_n = relu(W_join [relu(W_what patch(l_n)) ; relu(W_where l_n)])    what the glimpse tells
//   h_n = GRU(g_n, h_(n-1))                                              what is known
//   draw ~ Normal(tanh(W_next h_n), deviation^2)     l_(n+1) = the draw, clipped to -1 .. 1
//   logits = W_answer h_N                            after the last glimpse   [Eq 9.9]
// In eval() the draw is its mean, tanh(W_next h_n), and log_probability the density there.
// log_probability is that of the draw itself, not of where it was clipped to: clipping belongs to
// what the draw is worth. It teaches W_next by a reward (nn/reinforce.h) and nothing else, because
// h_n is detached there: the choice uses what is known, and does not change it, as in section 3.2,
// where cross entropy trains all the rest. Letting it through to h_n made no difference that the
// seeds do not make, either: on clutter without pieces, 4000 steps, accuracies of 0.69 and 0.70
// without and 0.69 and 0.76 with it; with 8 pieces 0.36 and 0.34, and 0.33 and 0.38.
class GlimpseNetwork : public Module {
 public:
  GlimpseNetwork(const GlimpseOptions& options, Rng& rng);

  // images [B, C, Y, X] -> logits [B, classes], see above
  Glimpsed operator()(const Tensor& images) const;

 private:
  // What a glimpse tells: [B, C, Y, X], centres [B, 2] -> [B, H]
  Variable look(const Tensor& images, const Tensor& centres) const;

  GlimpseOptions options_;
  Linear &what_, &where_, &join_;  // of a patch, of its place, of both
  GRUCell& cell_;
  Linear &next_, &answer_;
  mutable Rng rng_;
};

}  // namespace rapt::nn
