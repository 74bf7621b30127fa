#pragma once
#include <algorithm>
#include <vector>

#include "tensor/gemm.h"
#include "tensor/pieces.h"
#include "tensor/tensor.h"

// What the forward and the backward pass of attention have in common: the cut into blocks, and how
// the scores of one block are made.
namespace rapt::attention_blocks {

// A block of scores, 64 KB in float, stays in the L2 cache from the product that makes it to the
// one that uses it. Blocks depend on the shapes alone, so threads never change a bit.
inline constexpr Index kQueries = 64, kKeys = 256;

// c[M, N] = a[M, K] b[K, N]
void multiply(Operand a, Operand b, Scalar* c, Index m, Index k, Index n);

// Tasks of `work` multiply-adds each: so many to one call of a parallel loop.
Index grain(Index tasks, Index work);

// A tensor as one matrix for each position of the axes in front, each position being a "head".
struct Heads {
  Heads(const Tensor& x, const Shape& front, Index rows, Index columns);
  Operand operator[](Index head) const;

  Tensor tensor;
  std::vector<Index> begin;
};

// Of a block of queries and keys only the keys from the first to the last that any of its queries
// may see: of a causal mask little more than half is left, of one that hides all of it, no key.
struct Block {
  Index head, query, queries, key, keys;
  bool all;  // and each of its queries may see each of these
};

struct Scores {
  Scores(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& allowed, Scalar scale);

  Index query_blocks() const { return divide_up(queries, kQueries); }
  Index key_blocks() const { return divide_up(keys, kKeys); }
  Block block(Index head, Index i, Index j) const;

  Index queries_in(Index i) const { return std::min(kQueries, queries - i * kQueries); }

  // scaled [queries_in(i), D] = scale q
  void load_queries(Index head, Index i, Scalar* scaled) const;
  // s [b.queries, b.keys] = scaled k^T, minus infinity where the mask forbids
  void make(const Block& b, const Scalar* scaled, Scalar* s) const;

  Shape shape(Index rows, Index columns) const;  // [.., rows, columns]

  Shape front;
  Index queries, keys, features, values;  // Tq, Tk, D, E
  Heads q, k, v, mask;
  Index heads;
  Scalar scale;

 private:
  void look_at_masks();
  void look(Block& b) const;

  std::vector<Block> seen_;   // by mask, block of queries, block of keys; none if nothing is masked
  std::vector<Index> which_;  // the mask of a head
};

}  // namespace rapt::attention_blocks
