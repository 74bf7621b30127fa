// Chapter 10, without any training: an encoder whose outputs permute with its inputs, what adding
// positions changes, and what the sinusoids know about distance.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "nn/position.h"
#include "nn/transformer.h"

using namespace rapt;

constexpr Index kDim = 32;

// Row i of the result is row order[i] of x [T, D].
Tensor shuffled(const Tensor& x, const std::vector<Index>& order) {
  std::vector<Variable> rows;
  for (const Index from : order) rows.emplace_back(x.slice(0, from, from + 1));
  return concat(rows, 0).value();
}

// Six random vectors through a random encoder: once encoded and then shuffled, once the other way
// round. Prints the first feature of each of the six outputs.
void show_permutation(const char* name, const Tensor& positions, Rng rng) {
  const NoGrad off;
  const nn::TransformerEncoder encoder({.dim = kDim, .heads = 1, .layers = 2}, rng);
  const Tensor x = normal({6, kDim}, 1, rng);
  const std::vector<Index> order = {5, 2, 0, 4, 1, 3};
  const auto encode = [&](const Tensor& rows) {
    const Variable input = Variable(rows) + positions;
    return encoder(reshape(input, {1, 6, kDim})).output.value().reshape({6, kDim});
  };
  const Tensor one = shuffled(encode(x), order), other = encode(shuffled(x, order));
  report::Table table({name, "0", "1", "2", "3", "4", "5"});
  for (const auto& [label, y] :
       {std::pair{"encode, then shuffle", one}, std::pair{"shuffle, then encode", other}}) {
    std::vector<std::string> row = {label};
    for (Index t = 0; t < 6; ++t) row.push_back(report::fixed(y.at({t, 0}), 3));
    table.row(row);
  }
  double largest = 0;
  for (Index i = 0; i < 6 * kDim; ++i)
    largest = std::max<double>(largest, std::abs(one.data()[i] - other.data()[i]));
  std::printf("%slargest difference of all features: %s\n\n", table.text().c_str(),
              largest < 1e-6 ? "below 1e-6" : report::fixed(largest, 1).c_str());
}

// [Eq 10.4] The pair (sin, cos) of position t, turned by the angle of k positions, is the pair of
// position t + k. Returns the largest error over all pairs and positions.
double rotation_error(const Tensor& p, Index k) {
  double worst = 0;
  for (Index t = 0; t + k < p.dim(0); ++t)
    for (Index i = 0; i < kDim; i += 2) {
      const double angle = static_cast<double>(k) / std::pow(10000.0, double(i) / double(kDim));
      const double sine = p.at({t, i}), cosine = p.at({t, i + 1});
      const double turned_sine = sine * std::cos(angle) + cosine * std::sin(angle);
      const double turned_cosine = cosine * std::cos(angle) - sine * std::sin(angle);
      worst = std::max({worst, std::abs(turned_sine - p.at({t + k, i})),
                        std::abs(turned_cosine - p.at({t + k, i + 1}))});
    }
  return worst;
}

int main(int argc, char** argv) {
  return report::guarded("position_table", [&] {
    std::uint64_t seed = 1;
    report::Flags flags("position_table", "What positions change, and what the sinusoids know.");
    flags.option("--seed", "N", &seed, "seed of the encoder and its input", 0);
    flags.parse(argc, argv);

    show_permutation("no positions", Tensor({6, kDim}), Rng(seed));
    show_permutation("sinusoidal positions", nn::sinusoidal_table(6, kDim), Rng(seed));

    const Tensor p = nn::sinusoidal_table(200, kDim);
    for (const Index k : {1, 7, 100})
      std::printf("p(t) turned by the angles of %3d positions is p(t + %d): error %s\n", int(k),
                  int(k), rotation_error(p, k) < 1e-6 ? "below 1e-6" : "above 1e-6");

    report::Table table({"p(t) . p(t + k)", "k = 0", "1", "2", "4", "8", "16", "32", "64"});
    for (const Index t : {0, 10, 100}) {
      std::vector<std::string> row = {"t = " + std::to_string(t)};
      for (const Index k : {0, 1, 2, 4, 8, 16, 32, 64}) {
        double dot = 0;
        for (Index d = 0; d < kDim; ++d) dot += p.at({t, d}) * p.at({t + k, d});
        row.push_back(report::fixed(dot, 1));
      }
      table.row(row);
    }
    std::printf("\n%s", table.text().c_str());
    return 0;
  });
}
