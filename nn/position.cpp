#include "nn/position.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

constexpr Index kFurthest = 32;  // distances that relative positions tell apart, on either side

// Rows first .. first + T of a table, for an x whose axis -2 is time.
Variable rows_for(const char* layer, const Variable& x, const Variable& table, Index first) {
  const Index end = first + x.dim(-2);
  if (end > table.dim(0))
    throw ShapeError(message(layer, ": x of ", x.shape(), " from position ", first, " needs ", end,
                             " positions, the table ", table.shape(), " knows ", table.dim(0)));
  return slice(table, 0, first, end);
}

// x + its rows of the table
Variable add_positions(const char* layer, const Variable& x, const Variable& table, Index first) {
  expect_shape(message(layer, ": x [B, T, D]"), x, {kAny, kAny, table.dim(1)});
  return x + rows_for(layer, x, table, first);
}

// t / 10000^(2i/D), the angle of pair i at position t
double angle_of(Index t, Index pair, Index dim) {
  return static_cast<double>(t) /
         std::pow(10000.0, 2 * static_cast<double>(pair) / static_cast<double>(dim));
}

// f(angle) of each feature's pair. -> [T, D]
Tensor angle_table(Index length, Index dim, double (*f)(double)) {
  Tensor table({length, dim});
  for (Index t = 0; t < length; ++t)
    for (Index feature = 0; feature < dim; ++feature)
      table.data()[t * dim + feature] = static_cast<Scalar>(f(angle_of(t, feature / 2, dim)));
  return table;
}

// The matrix J for which x J turns each pair of x by a right angle.
Tensor quarter_turn(Index dim) {
  Tensor turn({dim, dim});
  for (Index i = 0; i + 1 < dim; i += 2) {
    turn.data()[i * dim + i + 1] = 1;
    turn.data()[(i + 1) * dim + i] = -1;
  }
  return turn;
}

Index checked_even(Index head_dim) {
  expect_at_least("RotaryPositions: head_dim", head_dim, 1);
  if (head_dim % 2 != 0)
    throw ValueError(
        message("RotaryPositions: expected an even number of features in a head, got ", head_dim));
  return head_dim;
}

Index checked_furthest(Index furthest) {
  expect_at_least("RelativePositions: furthest", furthest, 0);
  return furthest;
}

// The queries are the last of the keys.
void expect_last(const char* layer, Index queries, Index keys) {
  if (queries > keys)
    throw ValueError(message(layer, ": the queries are the last of the keys, so ", queries,
                             " queries need as many keys, got ", keys));
}

struct Named {
  const char* name;
  PositionKind kind;
};

constexpr Named kNamed[] = {
    {"none", PositionKind::none},         {"sinusoidal", PositionKind::sinusoidal},
    {"learned", PositionKind::learned},   {"rotary", PositionKind::rotary},
    {"relative", PositionKind::relative}, {"alibi", PositionKind::alibi}};

}  // namespace

Tensor sinusoidal_table(Index length, Index dim) {
  Tensor table({length, dim});
  for (Index t = 0; t < length; ++t)
    for (Index feature = 0; feature < dim; ++feature) {
      const double angle = angle_of(t, feature / 2, dim);
      table.data()[t * dim + feature] =
          static_cast<Scalar>(feature % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return table;
}

SinusoidalPositions::SinusoidalPositions(Index longest, Index dim)
    : table_(sinusoidal_table(longest, dim)) {}

Variable SinusoidalPositions::add(const Variable& x, Index first) const {
  return add_positions("SinusoidalPositions", x, table_, first);
}

LearnedPositions::LearnedPositions(Index longest, Index dim, Rng& rng)
    : weight(parameter("weight", normal({longest, dim}, Scalar(0.02), rng))) {}

Variable LearnedPositions::add(const Variable& x, Index first) const {
  return add_positions("LearnedPositions", x, weight, first);
}

RotaryPositions::RotaryPositions(Index longest, Index head_dim)
    : cosines_(angle_table(longest, checked_even(head_dim), std::cos)),
      sines_(angle_table(longest, head_dim, std::sin)),
      quarter_turn_(quarter_turn(head_dim)) {}

Variable RotaryPositions::rotate(const Variable& x, Index first) const {
  expect_shape("RotaryPositions: x [B, H, T, D/H]", x, {kAny, kAny, kAny, cosines_.dim(1)});
  const Variable cosines = rows_for("RotaryPositions", x, cosines_, first);
  const Variable sines = rows_for("RotaryPositions", x, sines_, first);
  const Variable along = x * cosines;
  const Variable across = matmul(x, quarter_turn_) * sines;
  return along + across;
}

RelativePositions::RelativePositions(Index furthest, Index heads, Rng& rng)
    : weight(parameter("weight",
                       normal({2 * checked_furthest(furthest) + 1, heads}, Scalar(0.02), rng))) {
  expect_at_least("RelativePositions: heads", heads, 1);
}

std::optional<Variable> RelativePositions::bias(Index queries, Index keys) const {
  expect_last("RelativePositions", queries, keys);
  const Index furthest = weight.dim(0) / 2;
  Ids rows{{queries, keys}, {}};
  rows.values.reserve(static_cast<std::size_t>(queries * keys));
  for (Index i = keys - queries; i < keys; ++i)
    for (Index j = 0; j < keys; ++j)
      rows.values.push_back(
          static_cast<std::int32_t>(std::clamp(j - i, -furthest, furthest) + furthest));
  return permute(embedding(weight, rows), {2, 0, 1});
}

AlibiPositions::AlibiPositions(Index heads) {
  expect_at_least("AlibiPositions: heads", heads, 1);
  for (Index h = 1; h <= heads; ++h)
    slopes_.push_back(
        static_cast<Scalar>(std::exp2(-8 * static_cast<double>(h) / static_cast<double>(heads))));
}

std::optional<Variable> AlibiPositions::bias(Index queries, Index keys) const {
  expect_last("AlibiPositions", queries, keys);
  Tensor bias = Tensor::uninitialized({static_cast<Index>(slopes_.size()), queries, keys});
  Scalar* out = bias.data();
  for (const Scalar slope : slopes_)
    for (Index i = keys - queries; i < keys; ++i)
      for (Index j = 0; j < keys; ++j) *out++ = -slope * static_cast<Scalar>(std::abs(i - j));
  return bias;
}

std::unique_ptr<Positions> make_positions(PositionKind kind, Index longest, Index dim, Index heads,
                                          Rng& rng) {
  expect_at_least("make_positions: longest", longest, 1);
  expect_at_least("make_positions: heads", heads, 1);
  switch (kind) {
    case PositionKind::none:
      return std::make_unique<Positions>();
    case PositionKind::sinusoidal:
      return std::make_unique<SinusoidalPositions>(longest, dim);
    case PositionKind::learned:
      return std::make_unique<LearnedPositions>(longest, dim, rng);
    case PositionKind::rotary:
      return std::make_unique<RotaryPositions>(longest, dim / heads);
    case PositionKind::relative:
      return std::make_unique<RelativePositions>(std::min(kFurthest, longest - 1), heads, rng);
    case PositionKind::alibi:
      return std::make_unique<AlibiPositions>(heads);
  }
  throw ValueError("make_positions: unknown kind");
}

const std::vector<std::string>& position_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Named& named : kNamed) all.emplace_back(named.name);
    return all;
  }();
  return names;
}

PositionKind position_kind(const std::string& name) {
  for (const Named& named : kNamed)
    if (named.name == name) return named.kind;
  std::string known;
  for (const Named& named : kNamed) known += known.empty() ? named.name : message(", ", named.name);
  throw ValueError(message("position_kind: expected one of ", known, ", got '", name, "'"));
}

}  // namespace rapt::nn
