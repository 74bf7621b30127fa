#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

enum class PositionKind { none, sinusoidal, learned, rotary, relative, alibi };

// How a Transformer knows order: interchangeable parts. There are three places where order can
// enter, and each kind uses one of them. This class uses none: a model with it sees a set.
class Positions : public Module {
 public:
  // Added to the input. The first of the T steps stands at position `first`.
  // x [B, T, D] -> [B, T, D]
  Variable operator()(const Variable& x, Index first = 0) const { return add(x, first); }
  virtual Variable add(const Variable& x, Index /*first*/) const { return x; }

  // Queries and keys of each head, turned by their positions, `first` and following.
  // x [B, H, T, D/H] -> [B, H, T, D/H]
  virtual Variable rotate(const Variable& x, Index /*first*/) const { return x; }

  // Added to the scores, where the queries are the last Tq of the Tk positions; nothing if empty.
  // -> [H, Tq, Tk]
  virtual std::optional<Variable> bias(Index /*queries*/, Index /*keys*/) const { return {}; }
};

// Vaswani et al. 2017, section 3.5: the even features of position t are sin(t / 10000^(2i/D)), the
// odd ones cos of the same angle.   [Eq 10.1]
// -> [T, D]
Tensor sinusoidal_table(Index length, Index dim);

// Adds the fixed table above.
class SinusoidalPositions : public Positions {
 public:
  SinusoidalPositions(Index longest, Index dim);

  // x [B, T, D] -> [B, T, D]; ShapeError if a position is not below `longest`
  Variable add(const Variable& x, Index first) const override;

 private:
  Tensor table_;  // [longest, D]
};

// Adds a learned vector for each position (Gehring et al. 2017, section 3.1).   [Eq 10.2]
class LearnedPositions : public Positions {
 public:
  LearnedPositions(Index longest, Index dim, Rng& rng);

  // x [B, T, D] -> [B, T, D]; ShapeError if a position is not below `longest`
  Variable add(const Variable& x, Index first) const override;

  Variable weight;  // [longest, D], drawn from a normal of deviation 0.02
};

// Su et al. 2021, section 3.2: each pair of features of a query or key at position t is turned by
// the angle t w_i, w_i = 10000^(-2i/d), d = D/H. The product of a query and a key then depends on
// how far apart they stand, not on where.   [Eq 10.5]
//   (x_2i, x_2i+1) -> (x_2i cos t w_i - x_2i+1 sin t w_i, x_2i sin t w_i + x_2i+1 cos t w_i)
class RotaryPositions : public Positions {
 public:
  RotaryPositions(Index longest, Index head_dim);  // ValueError unless head_dim is even

  // x [B, H, T, D/H] -> [B, H, T, D/H]; ShapeError if a position is not below `longest`
  Variable rotate(const Variable& x, Index first) const override;

 private:
  Tensor cosines_, sines_;  // [longest, D/H], each angle twice
  Tensor quarter_turn_;     // [D/H, D/H]: (x_2i, x_2i+1) -> (-x_2i+1, x_2i)
};

// Raffel et al. 2020 (T5), section 2.1: a learned number for each head and distance is added to
// the scores, b_h(j - i) for query i and key j, in all layers the same.   [Eq 10.6]
// Distances of `furthest` and beyond share one number. (T5 puts them into buckets that widen with
// the distance; this is the plain form of the same thought.)
class RelativePositions : public Positions {
 public:
  RelativePositions(Index furthest, Index heads, Rng& rng);

  std::optional<Variable> bias(Index queries, Index keys) const override;

  Variable weight;  // [2 * furthest + 1, H], row r of distance r - furthest; deviation 0.02
};

// Press et al. 2022 (ALiBi), section 3: the further away, the less attention, at a slope fixed for
// each head:   bias = -m_h |i - j|,   m_h = 2^(-8 h / H), h = 1 .. H   [Eq 10.7]
// The paper looks back only, where |i - j| is i - j. Nothing is learned, and no position is too
// far.
class AlibiPositions : public Positions {
 public:
  explicit AlibiPositions(Index heads);

  std::optional<Variable> bias(Index queries, Index keys) const override;

 private:
  std::vector<Scalar> slopes_;  // [H]
};

// Positions of one kind for a model of dim features and so many heads. Relative positions tell
// distances up to 32 apart, or up to longest - 1 where that is less.
std::unique_ptr<Positions> make_positions(PositionKind kind, Index longest, Index dim, Index heads,
                                          Rng& rng);

const std::vector<std::string>& position_names();     // "none", "sinusoidal", ..
PositionKind position_kind(const std::string& name);  // ValueError if there is none of that name

}  // namespace rapt::nn
