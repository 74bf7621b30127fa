// Positions, decoder, Transformer and LanguageModel: gradients against differences.
#include "tests/nn/transformer_checks.h"

namespace rapt {
namespace {

using nn::Mask;
using nn::NormPlace;

nn::EncoderOptions tiny_stack(const std::string& positions, NormPlace norm = NormPlace::pre) {
  return {.dim = 4,
          .heads = 2,
          .feed_forward = 5,
          .layers = 1,
          .norm = norm,
          .activation = nn::Activation::gelu,
          .positions = nn::position_kind(positions),
          .longest = 3};
}

TEST(TransformerGradients, EncoderWithEachKindOfPositions) {
  for (const std::string& positions : nn::position_names()) {
    SCOPED_TRACE(positions);
    Rng rng(1);
    const nn::TransformerEncoder encoder(tiny_stack(positions), rng);
    const Variable x = random_input({2, 3, 4});
    const Mask mask = Mask::padding({3, 2}, 3);
    expect_gradients_match_differences(encoder, {x}, [&] { return encoder(x, mask).output; });
  }
}

TEST(TransformerGradients, AttentionToAPastThatLearns) {
  for (const std::string& positions : nn::position_names()) {
    SCOPED_TRACE(positions);
    Rng rng(1);
    const nn::TransformerEncoder encoder(tiny_stack(positions), rng);
    const Variable x = random_input({1, 1, 4}, 1);
    const Variable keys = random_input({1, 2, 2, 2}, 2), values = random_input({1, 2, 2, 2}, 3);
    expect_gradients_match_differences(encoder, {x, keys, values}, [&] {
      nn::Cache past{{keys, values}};
      return encoder(x, {}, &past).output;
    });
  }
}

TEST(TransformerGradients, Decoder) {
  for (const NormPlace norm : {NormPlace::pre, NormPlace::post}) {
    Rng rng(1);
    const nn::TransformerDecoder decoder(tiny_stack("rotary", norm), rng);
    const Variable x = random_input({2, 3, 4}, 1), source = random_input({2, 2, 4}, 2);
    const Mask source_mask = Mask::padding({2, 0}, 2);
    expect_gradients_match_differences(decoder, {x, source}, [&] {
      return decoder(x, decoder.read(source), {}, source_mask).output;
    });
  }
}

TEST(TransformerGradients, LanguageModel) {
  for (const bool tied : {false, true}) {
    nn::LanguageModelOptions options{.vocabulary = 3, .stack = tiny_stack("relative")};
    options.tied = tied;
    Rng rng(1);
    const nn::LanguageModel model(options, rng);
    const Ids tokens = random_ids({2, 3}, 3);
    expect_gradients_match_differences(model, {}, [&] { return model(tokens).logits; });
  }
}

TEST(TransformerGradients, Transformer) {
  for (const bool one_table : {false, true}) {
    nn::TransformerOptions options{
        .source_vocabulary = 3, .target_vocabulary = 3, .stack = tiny_stack("learned")};
    options.shared = options.tied = one_table;
    Rng rng(1);
    const nn::Transformer model(options, rng);
    const Ids source = random_ids({2, 2}, 3, 1), target = random_ids({2, 3}, 3, 2);
    const Mask padding = Mask::padding({2, 1}, 2);
    expect_gradients_match_differences(model, {},
                                       [&] { return model(source, target, padding).logits; });
  }
}

}  // namespace
}  // namespace rapt
