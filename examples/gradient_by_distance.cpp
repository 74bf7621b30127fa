// Chapter 05: how far back does the gradient of a gated cell reach, as it is drawn and after it has
// learned to name the first of 20 symbols? That symbol is one of eight letters, the rest is noise
// from eight others (as in first_symbol, chapter 04), so only memory is needed. What to compare the
// factors per step with: on the direct way a gradient meets the forget gates alone.   [Eq 5.3]
//   start    the length of dL/dx_t by distance from the end, before training
//   learned  the same after training, and the share of first symbols named, for three seeds
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "examples/training/loop.h"
#include "nn/embedding.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "nn/recurrent.h"
#include "tensor/reduce.h"

using namespace rapt;
using report::fixed, report::Table;

namespace {

constexpr Index kLetters = 8, kHidden = 32, kBatch = 32, kSteps = 20;

struct Kind {
  std::string name;
  nn::CellKind cell;
  nn::CellOptions options = {};
};

const std::vector<Kind> kKinds = {{"tanh", nn::CellKind::rnn},
                                  {"LSTM", nn::CellKind::lstm},
                                  {"LSTM, bias 1", nn::CellKind::lstm, {.forget_bias = 1}},
                                  {"LSTM, bias 3", nn::CellKind::lstm, {.forget_bias = 3}},
                                  {"GRU", nn::CellKind::gru}};

struct Batch {
  Ids symbols, first;  // [B, T], [B]
};

Batch draw(Index count, Rng& rng) {
  Batch batch{{{count, kSteps}, {}}, {{count}, {}}};
  for (Index i = 0; i < count * kSteps; ++i) {
    const auto letter = static_cast<std::int32_t>(rng.below(kLetters));
    const bool first = i % kSteps == 0;
    if (first) batch.first.values.push_back(letter);
    batch.symbols.values.push_back(first ? letter : letter + kLetters);
  }
  return batch;
}

class Reader : public nn::Module {
 public:
  Reader(const Kind& kind, Rng& rng)
      : embedding(child<nn::Embedding>("embedding", 2 * kLetters, kHidden, rng)),
        cell(adopt("cell", nn::make_cell(kind.cell, kHidden, kHidden, rng, kind.options))),
        head(child<nn::Linear>("head", kHidden, kLetters, rng)) {}

  // symbols [B, T] -> [B, 8]
  Variable operator()(const Ids& symbols) const {
    return head(nn::unroll(cell, embedding(symbols)).last[0]);
  }

  nn::Embedding& embedding;
  nn::Cell& cell;
  nn::Linear& head;
};

// log10 of the length of dL/dx_t, root mean square over the batch; entry k stands k steps before
// the end. L is a random weighing of the last state.
std::vector<double> gradient_by_distance(const Reader& reader, Rng rng) {
  const Batch batch = draw(kBatch, rng);
  const Variable x(reader.embedding(batch.symbols).value(), true);
  const Variable h = nn::unroll(reader.cell, x).last[0];
  const Tensor upstream = normal(h.shape(), 1, rng);
  const Tensor g = grad(h, {x}, upstream)[0].value();
  std::vector<double> lengths;
  for (Index t = kSteps - 1; t >= 0; --t) {
    double squares = 0;
    for (const double v : g.slice(1, t, t + 1).values()) squares += v * v;
    lengths.push_back(std::log10(squares / static_cast<double>(kBatch)) / 2);
  }
  return lengths;
}

void train(Reader& reader, Index updates, Rng& rng) {
  training::Loop loop(reader, {.steps = updates, .learning_rate = 1e-2});
  while (!loop.finished()) {
    const Batch batch = draw(kBatch, rng);
    loop.step(nn::cross_entropy(reader(batch.symbols), batch.first));
  }
}

double accuracy(const Reader& reader, Rng& rng) {
  const NoGrad off;
  const Batch test = draw(1000, rng);
  const std::vector<std::int32_t> answers = argmax(reader(test.symbols).value()).values;
  double right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == test.first.values[i];
  return right / 1000;
}

// Both tables: the gradients of one seed; after training also how well it went, for three of them.
void show(bool learned, Index updates, std::uint64_t seed) {
  std::vector<std::string> header = {"distance k"}, factor = {"factor per step"};
  std::vector<std::vector<std::string>> named;
  for (std::uint64_t s = seed; learned && s < seed + 3; ++s)
    named.push_back({message("named, seed ", s)});
  std::vector<std::vector<double>> columns;
  for (const Kind& kind : kKinds) {
    header.push_back(kind.name);
    for (std::uint64_t s = seed; s < seed + (learned ? 3 : 1); ++s) {
      Rng rng(s);
      Reader reader(kind, rng);
      if (learned) {
        train(reader, updates, rng);
        named[s - seed].push_back(fixed(accuracy(reader, rng), 2));
      }
      if (s == seed) columns.push_back(gradient_by_distance(reader, rng));
    }
    const std::vector<double>& c = columns.back();
    factor.push_back(fixed(std::pow(10, (c[18] - c[4]) / 14), 2));
  }
  Table table(header);
  for (const std::size_t distance : {0, 1, 2, 5, 10, 15, 19}) {
    std::vector<std::string> cells = {std::to_string(distance)};
    for (const auto& column : columns) cells.push_back(fixed(column[distance], 2));
    table.row(cells);
  }
  table.row(factor);
  for (const auto& row : named) table.row(row);
  std::printf("log10 |dL/dx| by distance from the end, %s\n%s",
              learned ? message("after ", updates, " updates").c_str() : "before training",
              table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("gradient_by_distance", [&] {
    std::uint64_t seed = 1;
    Index updates = 400;
    std::vector<std::string> parts = {"start", "learned"};
    report::Flags flags("gradient_by_distance", "How far back does a gated gradient reach?");
    flags.choices("--part", "NAMES", &parts, parts, "what to show");
    flags.option("--updates", "N", &updates, "training steps of each model", 1);
    flags.option("--seed", "N", &seed, "seed of the random numbers");
    flags.parse(argc, argv);
    for (const std::string& part : parts) {
      if (part != parts.front()) std::printf("\n");
      show(part == "learned", updates, seed);
    }
    return 0;
  });
}
