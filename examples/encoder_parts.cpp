// Chapter 12, without any training: the shapes that pass through an encoder, its parameters and
// work against their formulas, what layer norm does to a row, and what a causal mask hides.
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "nn/transformer.h"
#include "tensor/fold.h"

using namespace rapt;
using nn::NormPlace;

constexpr Index kLength = 12, kDim = 32, kHeads = 4, kInner = 64;

// [Eq 12.5] The numbers in one layer: four projections, two layers of the feed-forward part, two
// layer norms.
Index layer_parameters(Index d, Index f) { return 4 * (d * d + d) + (2 * d * f + f + d) + 4 * d; }

// [Eq 12.6] Multiplications and additions of one layer on one sequence, in matrix products.
Index layer_flop(Index t, Index d, Index f) {
  return 8 * t * d * d + 4 * t * t * d + 4 * t * d * f;
}

void show_sizes() {
  Rng rng(1);
  report::Table table({"encoder", "parameters by formula", "counted", "FLOP by formula"});
  for (const NormPlace norm : {NormPlace::post, NormPlace::pre})
    for (const Index layers : {1, 6}) {
      const nn::TransformerEncoder encoder(
          {.dim = kDim, .heads = kHeads, .feed_forward = kInner, .layers = layers, .norm = norm},
          rng);
      const Index last_norm = norm == NormPlace::pre ? 2 * kDim : 0;
      table.row({(norm == NormPlace::post ? "post-norm, layers: " : "pre-norm, layers: ") +
                     std::to_string(layers),
                 std::to_string(layers * layer_parameters(kDim, kInner) + last_norm),
                 std::to_string(encoder.parameter_count()),
                 std::to_string(layers * layer_flop(kLength, kDim, kInner))});
    }
  std::printf("%s\n", table.text().c_str());
}

void show_shapes(Rng rng) {
  const NoGrad off;
  const nn::TransformerEncoder encoder({.dim = kDim, .heads = kHeads, .feed_forward = kInner}, rng);
  const nn::Encoded encoded = encoder(normal({5, kLength, kDim}, 1, rng));
  std::printf("x [B, T, D] = [5, 12, 32] -> output %s, weights of layer 0 %s, of layer 1 %s\n\n",
              to_string(encoded.output.shape()).c_str(),
              to_string(encoded.weights[0].shape()).c_str(),
              to_string(encoded.weights[1].shape()).c_str());
}

// Rows of very different size, before and after layer norm.
void show_norm(Rng rng) {
  const nn::LayerNorm norm(kDim);
  report::Table table({"row", "mean", "variance", "mean after", "variance after"});
  for (const auto& [label, scale, shift] :
       {std::tuple{"small", 0.1, 0.0}, std::tuple{"large", 100.0, 0.0},
        std::tuple{"shifted", 1.0, 50.0}}) {
    const Variable x = Variable(normal({1, kDim}, Scalar(scale), rng)) + Scalar(shift);
    std::vector<std::string> row = {label};
    for (const Variable& v : {x, norm(x)}) {
      const Variable centred = v - mean(v);
      row.push_back(report::fixed(std::abs(mean(v).item()), 2));
      row.push_back(report::fixed(mean(centred * centred).item(), 2));
    }
    table.row(row);
  }
  std::printf("%s\n", table.text().c_str());
}

// Changes token 6 of 12 and prints the largest change of the output at every position.
void show_leak(Rng rng) {
  const NoGrad off;
  const nn::TransformerEncoder encoder({.dim = kDim, .heads = kHeads, .feed_forward = kInner}, rng);
  const Tensor x = normal({1, kLength, kDim}, 1, rng);
  Tensor edited = copy(x);
  for (Index d = 0; d < kDim; ++d) edited.data()[6 * kDim + d] = static_cast<Scalar>(rng.normal());
  std::vector<std::string> header = {"token 6 edited; output changes at"};
  for (Index t = 0; t < kLength; ++t) header.push_back(std::to_string(t));
  report::Table table(header);
  for (const auto& [label, mask] :
       {std::pair{"no mask", nn::Mask()}, std::pair{"causal mask", nn::Mask::causal(kLength)}}) {
    const Tensor change = (encoder(x, mask).output - encoder(edited, mask).output).value();
    std::vector<std::string> row = {label};
    for (Index t = 0; t < kLength; ++t) {
      const Tensor row_t = change.slice(1, t, t + 1).contiguous();
      row.push_back(fold_squares(row_t.data(), kDim) == 0 ? "0" : "yes");
    }
    table.row(row);
  }
  std::printf("%s", table.text().c_str());
}

int main(int argc, char** argv) {
  return report::guarded("encoder_parts", [&] {
    std::uint64_t seed = 1;
    report::Flags flags("encoder_parts", "An encoder's shapes, sizes, norms and masks.");
    flags.option("--seed", "N", &seed, "seed of weights and inputs", 0);
    flags.parse(argc, argv);

    show_shapes(Rng(seed));
    show_sizes();
    show_norm(Rng(seed));
    show_leak(Rng(seed));
    return 0;
  });
}
