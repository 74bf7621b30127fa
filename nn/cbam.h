#pragma once
#include "nn/conv2d.h"
#include "nn/squeeze_excitation.h"

namespace rapt::nn {

// Woo et al. 2018, section 3, "Channel attention module": as squeeze and excitation, but of the
// mean and of the maximum, which go through the same two layers.   [Eq 15.5]
//   m_c = sigmoid(f(mean_places(x)) + f(max_places(x)))        y = m_c * x
class ChannelAttention : public Module {
 public:
  // ValueError unless 1 <= reduction <= channels
  ChannelAttention(Index channels, Index reduction, Rng& rng);

  // x [B, C, Y, X] -> output [B, C, Y, X], gate [B, C]
  Gated operator()(const Variable& x) const;

 private:
  Index channels_;
  Excitation& excitation_;
};

// Woo et al. 2018, section 3, "Spatial attention module": which places matter? Mean and maximum
// over the channels make an image of two channels, which one convolution reads.   [Eq 15.6]
//   m_s = sigmoid(conv([mean_channels(x); max_channels(x)]))        y = m_s * x
// The convolution has no bias, as in the authors' code (which normalizes what it says; the paper
// names neither): a place with nothing around it is let through by half.
class SpatialAttention : public Module {
 public:
  // ValueError unless the kernel is odd, so that it has a middle; 7 in the paper
  SpatialAttention(Index kernel, Rng& rng);

  // x [B, C, Y, X] -> output [B, C, Y, X], gate [B, Y, X]
  Gated operator()(const Variable& x) const;

 private:
  Conv2d& look_;
};

struct Refined {
  Variable output;    // [B, C, Y, X]
  Variable channels;  // [B, C]
  Variable places;    // [B, Y, X]
};

// Woo et al. 2018, figure 1: first the channels, then the places.   [Eq 15.7]
//   x' = m_c(x) * x        y = m_s(x') * x'
class Cbam : public Module {
 public:
  Cbam(Index channels, Index reduction, Index kernel, Rng& rng);

  // x [B, C, Y, X] -> output [B, C, Y, X], channels [B, C], places [B, Y, X]
  Refined operator()(const Variable& x) const;

 private:
  ChannelAttention& channel_;
  SpatialAttention& spatial_;
};

}  // namespace rapt::nn
