// Without positions an encoder sees a set: in another order come the same outputs, in that order.
#include "tests/nn/transformer_checks.h"

namespace rapt {
namespace {

using nn::NormPlace;
using nn::PositionKind;
using nn::TransformerEncoder;

// x[:, order], the positions of every sequence in another order
Tensor reordered(const Tensor& x, const std::vector<Index>& order) {
  std::vector<Variable> steps;
  for (const Index t : order) steps.emplace_back(x.slice(1, t, t + 1));
  return concat(steps, 1).value();
}

TEST(Order, WithoutPositionsTheEncoderSeesASet) {
  const std::vector<Index> order{3, 0, 4, 1, 2};
  const Tensor x = random_tensor({2, 5, 8});
  for (const NormPlace norm : {NormPlace::pre, NormPlace::post})
    for (const std::string& positions : nn::position_names()) {
      Rng rng(1);
      const TransformerEncoder encoder(small_stack(nn::position_kind(positions), norm), rng);
      const Tensor shuffled_after = reordered(encoder(x).output.value(), order);
      // Not bit for bit: the same terms are added up in another order.
      EXPECT_EQ(bool(close(encoder(reordered(x, order)).output, shuffled_after)),
                positions == "none")
          << positions;
    }
}

std::vector<Scalar> small_whole_numbers(Index count, Rng& rng) {
  std::vector<Scalar> numbers;
  for (Index i = 0; i < count; ++i) numbers.push_back(static_cast<Scalar>(rng.below(9)) - 4);
  return numbers;
}

// Bit for bit where every sum over positions is exact in any order. With queries of 0 each of the
// 4 positions has the weight 1/4, and values of small whole numbers are added without rounding. All
// else in a layer with post-norm sees one position alone, and may have any weights.
TEST(Order, WhereSumsAreExactTheBitsAreTheSame) {
  const std::vector<Index> order{2, 0, 3, 1};
  Rng numbers(1);
  const Tensor x({2, 4, 8}, small_whole_numbers(2 * 4 * 8, numbers));
  for (const PositionKind positions : {PositionKind::none, PositionKind::sinusoidal}) {
    nn::EncoderOptions options = small_stack(positions, NormPlace::post);
    options.layers = 1;
    Rng rng(1);
    const TransformerEncoder encoder(options, rng);
    const std::string attention = "layers.0.self_attn.";
    const std::vector<Scalar> none(8, 0);
    set_parameter(encoder, attention + "query.weight", std::vector<Scalar>(8 * 8, 0));
    set_parameter(encoder, attention + "query.bias", none);
    set_parameter(encoder, attention + "value.weight", small_whole_numbers(8 * 8, numbers));
    set_parameter(encoder, attention + "value.bias", none);
    const nn::Encoded encoded = encoder(x);
    EXPECT_TRUE(same_bits(encoded.weights[0], Tensor({2, 2, 4, 4}, 0.25)));
    const Tensor shuffled_after = reordered(encoded.output.value(), order);
    EXPECT_EQ(bool(same_bits(encoder(reordered(x, order)).output.value(), shuffled_after)),
              positions == PositionKind::none);
  }
}

}  // namespace
}  // namespace rapt
