// Chapter 08: how strongly can the first symbol of an answer teach the encoder about a symbol of the
// source? The length of dL/dx_j by the distance of x_j from the end of the source, with one vector
// between encoder and decoder and with attention, before any training.
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "nn/loss.h"
#include "nn/seq2seq.h"

using namespace rapt;

namespace {

constexpr Index kSteps = 50, kDim = 64, kAnswers = 10, kModels = 16;

struct Design {
  std::string name;
  bool bidirectional;
  std::optional<nn::Score> attention;
};

// Each symbol of the source stands in it once, so that row j of the embedding's gradient is that of
// position j. [S, D]
Tensor gradient_of_source(const Design& design, Rng& rng) {
  const nn::Seq2Seq model({.source_vocabulary = kSteps,
                           .target_vocabulary = kAnswers,
                           .embedding = kDim,
                           .hidden = kDim,
                           .bidirectional = design.bidirectional,
                           .attention = design.attention},
                          rng);
  Ids source{{1, kSteps}, {}};
  for (Index j = 0; j < kSteps; ++j) source.values.push_back(static_cast<std::int32_t>(j));
  const Variable logits = model(source, {}, {{1, 1}, {0}}).logits;
  const auto right = static_cast<std::int32_t>(rng.below(kAnswers));
  backward(nn::cross_entropy(logits, {{1, 1}, {right}}));
  for (const NamedVariable& p : model.named_parameters())
    if (p.name == "source_embedding.weight") return p.variable.grad();
  throw ValueError("gradient_to_source: expected an embedding of the source");
}

// Root mean square over the models; entry k stands k steps before the end.
std::vector<double> lengths_by_distance(const Design& design, Rng rng) {
  std::vector<double> squares(kSteps, 0);
  for (Index i = 0; i < kModels; ++i) {
    const Tensor g = gradient_of_source(design, rng);
    for (Index k = 0; k < kSteps; ++k)
      for (const double v : g.slice(0, kSteps - 1 - k, kSteps - k).values())
        squares[static_cast<std::size_t>(k)] += v * v / static_cast<double>(kModels);
  }
  for (double& s : squares) s = std::sqrt(s);
  return squares;
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("gradient_to_source", [&] {
    std::uint64_t seed = 1;
    report::Flags flags("gradient_to_source", "How far into the source does a gradient reach?");
    flags.option("--seed", "N", &seed, "seed of the weights", 0, 1'000'000'000);
    flags.parse(argc, argv);

    const Design designs[] = {{"one vector", false, std::nullopt},
                              {"additive", false, nn::Score::additive},
                              {"dot", false, nn::Score::dot},
                              {"one vector, both ways", true, std::nullopt},
                              {"additive, both ways", true, nn::Score::additive}};
    std::vector<std::string> header = {"distance k"};
    std::vector<std::vector<double>> columns;
    for (const Design& design : designs) {
      header.push_back(design.name);
      columns.push_back(lengths_by_distance(design, Rng(seed)));
    }
    report::Table table(header);
    for (const std::size_t k : {0, 1, 2, 5, 10, 20, 30, 40, 48, 49}) {
      std::vector<std::string> row = {std::to_string(k)};
      for (const auto& column : columns) row.push_back(report::fixed(std::log10(column[k]), 2));
      table.row(row);
    }
    std::printf("log10 |dL/dx| by distance from the end of the source, S = %td, %td models\n%s",
                kSteps, kModels, table.text().c_str());
    return 0;
  });
}
