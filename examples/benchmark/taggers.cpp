#include "examples/benchmark/taggers.h"

#include <cmath>

#include "autograd/ops.h"

namespace rapt::benchmark {
namespace {

Variable embedded(const nn::Embedding& embedding, const Variable& positions, const Ids& tokens) {
  return embedding(tokens) + slice(positions, 0, 0, tokens.shape[1]);
}

Variable through(const nn::List<nn::TransformerEncoderLayer>& layers, Variable x,
                 const nn::Mask& mask) {
  for (const nn::TransformerEncoderLayer* layer : layers.all()) x = (*layer)(x, mask).context;
  return x;
}

}  // namespace

EncoderTagger::EncoderTagger(Index vocabulary, Index longest, const nn::EncoderOptions& options,
                             Rng& rng)
    : embedding_(child<nn::Embedding>("embedding", vocabulary, options.dim, rng)),
      positions_(parameter("positions", Tensor({longest, options.dim}))),
      layers_(child<nn::List<nn::TransformerEncoderLayer>>("layers")),
      head_(child<nn::Linear>("head", options.dim, vocabulary, rng)) {
  for (Index i = 0; i < options.layers; ++i) layers_.add(options, rng);
}

Variable EncoderTagger::operator()(const Ids& tokens) const {
  return head_(through(layers_, embedded(embedding_, positions_, tokens), {}));
}

RecurrentTagger::RecurrentTagger(Index vocabulary, const nn::RecurrentOptions& options, Rng& rng)
    : embedding_(child<nn::Embedding>("embedding", vocabulary, options.in, rng)),
      recurrent_(child<nn::Recurrent>("recurrent", options, rng)),
      head_(child<nn::Linear>("head", recurrent_.features(), vocabulary, rng)) {}

Variable RecurrentTagger::operator()(const Ids& tokens) const {
  return head_(recurrent_(embedding_(tokens)).outputs);
}

Gpt::Gpt(Index vocabulary, Index longest, const nn::EncoderOptions& options, Rng& rng)
    : embedding_(child<nn::Embedding>("embedding", vocabulary, options.dim, rng)),
      positions_(parameter("positions", Tensor({longest, options.dim}))),
      layers_(child<nn::List<nn::TransformerEncoderLayer>>("layers")),
      norm_(child<nn::LayerNorm>("norm", options.dim)),
      head_(parameter(
          "head", uniform({vocabulary, options.dim}, 1 / std::sqrt(Scalar(options.dim)), rng))) {
  for (Index i = 0; i < options.layers; ++i) layers_.add(options, rng);
}

Variable Gpt::operator()(const Ids& tokens) const {
  const nn::Mask causal = nn::Mask::causal(tokens.shape[1]);
  const Variable x = through(layers_, embedded(embedding_, positions_, tokens), causal);
  return matmul(norm_(x), transpose(head_));
}

}  // namespace rapt::benchmark
