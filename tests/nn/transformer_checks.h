#pragma once
// Small Transformers for tests, and what is done with their tokens.
#include "nn/language_model.h"
#include "tests/nn/module_checks.h"

namespace rapt {

// A stack of 8 features, two heads, two layers.
inline nn::EncoderOptions small_stack(nn::PositionKind positions = nn::PositionKind::sinusoidal,
                                      nn::NormPlace norm = nn::NormPlace::pre) {
  return {.dim = 8,
          .heads = 2,
          .feed_forward = 10,
          .norm = norm,
          .positions = positions,
          .longest = 20};
}

inline nn::LanguageModelOptions small_language_model(
    nn::PositionKind positions = nn::PositionKind::sinusoidal) {
  return {.vocabulary = 7, .stack = small_stack(positions), .tied = false};
}

inline nn::TransformerOptions small_transformer(
    nn::PositionKind positions = nn::PositionKind::sinusoidal) {
  return {.source_vocabulary = 6,
          .target_vocabulary = 7,
          .stack = small_stack(positions),
          .shared = false,
          .tied = false};
}

inline Ids random_ids(const Shape& shape, Index vocabulary, std::uint64_t seed = 1) {
  Rng rng(seed);
  Ids ids{shape, {}};
  for (Index i = 0; i < element_count(shape); ++i)
    ids.values.push_back(static_cast<std::int32_t>(rng.below(vocabulary)));
  return ids;
}

// ids [B, T] -> [B, end - begin]
inline Ids steps_of(const Ids& ids, Index begin, Index end) {
  Ids part{{ids.shape[0], end - begin}, {}};
  for (Index b = 0; b < ids.shape[0]; ++b)
    for (Index t = begin; t < end; ++t)
      part.values.push_back(ids.values[static_cast<std::size_t>(b * ids.shape[1] + t)]);
  return part;
}

// ids [B, T] -> [B], step t of each
inline Ids step_of(const Ids& ids, Index t) {
  Ids part = steps_of(ids, t, t + 1);
  part.shape = {ids.shape[0]};
  return part;
}

// ids [B, T] with other tokens from step `begin` on
inline Ids changed_from(Ids ids, Index begin, Index vocabulary) {
  for (Index b = 0; b < ids.shape[0]; ++b)
    for (Index t = begin; t < ids.shape[1]; ++t) {
      std::int32_t& id = ids.values[static_cast<std::size_t>(b * ids.shape[1] + t)];
      id = (id + 1) % static_cast<std::int32_t>(vocabulary);
    }
  return ids;
}

}  // namespace rapt
