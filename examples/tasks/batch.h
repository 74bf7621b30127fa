#pragma once
#include <vector>

#include "nn/loss.h"
#include "tensor/ids.h"
#include "tensor/tensor.h"

namespace rapt::tasks {

// Sequences that stand before a model, and what is wanted of it. The answer is one of
//   a class at each position, or at some of them:  targets [B, T], nn::kIgnored elsewhere
//   a sequence of its own (translation):           targets [B, M], closed by kEnd, ignored after it
//   a number at some positions:                    values [B, T] where targets [B, T] are 0
struct Batch {
  Ids inputs = {};                  // [B, T] symbols, where the input is symbols
  Tensor features = Tensor({0});    // [B, T, F] numbers, where it is numbers
  std::vector<Index> lengths = {};  // [B], where sequences differ; empty: all have T
  Ids targets = {};
  Tensor values = Tensor({0});

  Index size() const { return targets.shape[0]; }  // B
};

// Targets [B, T] of which none is asked, to begin with.
inline Ids nothing_asked(Index size, Index length) {
  return {{size, length},
          std::vector<std::int32_t>(static_cast<std::size_t>(size * length), nn::kIgnored)};
}

// The class that ends an answer of its own.
inline constexpr std::int32_t kEnd = 0;

// What a model has to fit.
struct Sizes {
  Index vocabulary;     // V, symbols of the input; 0 where it is numbers
  Index classes;        // C, symbols of the answer; 1 where it is a number
  Index length;         // T, of the longest input, that of probes included
  bool causal = false;  // position t may not see what follows it
  Index features = 0;   // F, where the input is numbers
  Index answer_length =
      0;  // M, of the longest answer where it is a sequence of its own; 0: answers
          // stand at the positions of the input
  bool translates() const { return answer_length > 0; }
};

}  // namespace rapt::tasks
