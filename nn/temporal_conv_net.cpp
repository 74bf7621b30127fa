#include "nn/temporal_conv_net.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

TemporalBlock::TemporalBlock(Index in, Index out, Index kernel, Index dilation, Scalar dropout,
                             Rng& rng)
    : conv1_(child<Conv1d>("conv1", in, out, Conv1dOptions::causal(kernel, dilation), rng)),
      conv2_(child<Conv1d>("conv2", out, out, Conv1dOptions::causal(kernel, dilation), rng)),
      dropout_(child<Dropout>("dropout", dropout, rng)) {
  if (in != out) skip_ = &child<Linear>("skip", in, out, rng);
}

Variable TemporalBlock::operator()(const Variable& x) const {
  const Variable once = dropout_(relu(conv1_(x)));
  const Variable twice = dropout_(relu(conv2_(once)));
  return relu(twice + (skip_ ? (*skip_)(x) : x));
}

TemporalConvNet::TemporalConvNet(const TemporalOptions& options, Rng& rng)
    : options_(options), blocks_(child<List<TemporalBlock>>("blocks")) {
  expect_at_least("TemporalConvNet: levels", options.levels, 1);
  Index in = options.in, dilation = 1;
  for (Index level = 0; level < options.levels; ++level) {
    blocks_.add(in, options.channels, options.kernel, dilation, options.dropout, rng);
    in = options.channels;
    dilation *= 2;
  }
}

Variable TemporalConvNet::operator()(const Variable& x) const {
  expect_shape("TemporalConvNet: x [B, T, in]", x, {kAny, kAny, options_.in});
  Variable y = x;
  for (const TemporalBlock* block : blocks_.all()) y = (*block)(y);
  return y;
}

Index TemporalOptions::receptive_field() const {
  const Index reach = (Index{1} << levels) - 1;  // 1 + 2 + 4 + ..
  return 1 + 2 * (kernel - 1) * reach;
}

}  // namespace rapt::nn
