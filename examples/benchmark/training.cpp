// One training step of a whole model: forward, cross entropy, backward, Adam.
#include <memory>

#include "examples/benchmark/case.h"
#include "examples/benchmark/taggers.h"
#include "nn/loss.h"
#include "optim/adam.h"

namespace rapt::benchmark {
namespace {

constexpr Index kSymbols = 16, kCharacters = 65;  // vocabularies: of toy tasks, of a text

Ids random_tokens(Index vocabulary, Index batch, Index length, Rng& rng) {
  Ids ids{{batch, length}, {}};
  for (Index i = 0; i < batch * length; ++i)
    ids.values.push_back(static_cast<std::int32_t>(rng.below(vocabulary)));
  return ids;
}

template <class Model>
Step training_step(std::shared_ptr<Model> model, Index vocabulary, Index batch, Index length,
                   Rng& rng) {
  const Ids tokens = random_tokens(vocabulary, batch, length, rng);
  const Ids targets = random_tokens(vocabulary, batch, length, rng);
  const auto adam = std::make_shared<optim::Adam>(model->parameters(), optim::AdamOptions{});
  return [=] {
    adam->zero_grad();
    backward(nn::cross_entropy((*model)(tokens), targets));
    adam->step();
  };
}

// Nobody asks for the weights, in PyTorch neither.
Case encoder(const std::string& name, Index batch, Index length, nn::EncoderOptions options) {
  options.weights = nn::Weights::dropped;
  return {"encoder_" + name, [=] {
            Rng rng(1);
            auto model = std::make_shared<EncoderTagger>(kSymbols, length, options, rng);
            return training_step(model, kSymbols, batch, length, rng);
          }};
}

Case recurrent(const std::string& name, nn::CellKind cell, Index length, bool both = false) {
  return {name, [=] {
            Rng rng(1);
            const nn::RecurrentOptions options{
                .cell = cell, .in = 64, .hidden = 128, .bidirectional = both};
            auto model = std::make_shared<RecurrentTagger>(kSymbols, options, rng);
            return training_step(model, kSymbols, 32, length, rng);
          }};
}

Case gpt(const std::string& name, Index batch, Index length, Index dim, Index heads, Index layers) {
  return {"gpt_" + name, [=] {
            Rng rng(1);
            const nn::EncoderOptions options{.dim = dim,
                                             .heads = heads,
                                             .feed_forward = 4 * dim,
                                             .layers = layers,
                                             .activation = nn::Activation::gelu,
                                             .weights = nn::Weights::dropped};
            auto model = std::make_shared<Gpt>(kCharacters, length, options, rng);
            return training_step(model, kCharacters, batch, length, rng);
          }};
}

}  // namespace

std::vector<Case> training_cases() {
  using nn::CellKind;
  return {
      encoder("d32_h2_l1_T16_B16", 16, 16,
              {.dim = 32, .heads = 2, .feed_forward = 64, .layers = 1}),
      encoder("d64_h4_l2_T32_B32", 32, 32,
              {.dim = 64, .heads = 4, .feed_forward = 256, .layers = 2}),
      encoder("d64_h4_l2_T128_B32", 32, 128,
              {.dim = 64, .heads = 4, .feed_forward = 256, .layers = 2}),
      recurrent("rnn_h128_T32_B32", CellKind::rnn, 32),
      recurrent("rnn_h128_T200_B32", CellKind::rnn, 200),
      recurrent("lstm_h128_T32_B32", CellKind::lstm, 32),
      recurrent("gru_h128_T32_B32", CellKind::gru, 32),
      recurrent("birnn_h128_T32_B32", CellKind::rnn, 32, true),
      gpt("d128_h4_l4_T64_B12", 12, 64, 128, 4, 4),
      gpt("d256_h8_l6_T256_B4", 4, 256, 256, 8, 6),
  };
}

}  // namespace rapt::benchmark
