// Chapter 10: six ways of telling attention where a token stands, and where each of them fails: a
// task that needs no order, one that needs the place (reverse) and one that needs the distance (the
// token before), at the length of training; then lengths that were not in the training data.
#include <algorithm>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "examples/training/loop.h"
#include "nn/loss.h"
#include "nn/transformer.h"
#include "tensor/reduce.h"

using namespace rapt;

constexpr Index kSymbols = 10, kLength = 12, kLongest = 64;

struct Tagger : nn::Module {  // one answer per position
  Tagger(nn::PositionKind kind, Index layers, Index longest, Rng& rng)
      : symbols(child<nn::Embedding>("symbols", kSymbols, 32, rng)),
        encoder(child<nn::TransformerEncoder>("encoder",
                                              nn::EncoderOptions{.dim = 32,
                                                                 .heads = 4,
                                                                 .feed_forward = 64,
                                                                 .layers = layers,
                                                                 .positions = kind,
                                                                 .longest = longest},
                                              rng)),
        head(child<nn::Linear>("head", 32, kSymbols, rng)) {}

  // ids [B, T] -> logits [B, T, V]
  Variable operator()(const Ids& ids) const { return head(encoder(symbols(ids)).output); }

  nn::Embedding& symbols;
  nn::TransformerEncoder& encoder;
  nn::Linear& head;
};

struct Batch {
  Ids x, y;
};

// A task says which symbol belongs at position t of the sequence s[0 .. length).
using Task = std::int32_t (*)(const std::int32_t* s, Index length, Index t);

std::int32_t reversed(const std::int32_t* s, Index length, Index t) { return s[length - 1 - t]; }

std::int32_t before(const std::int32_t* s, Index, Index t) {
  return t == 0 ? nn::kIgnored : s[t - 1];
}

// The smallest symbol of the sequence above the one at t, or that one if none is: no order needed.
std::int32_t next_larger(const std::int32_t* s, Index length, Index t) {
  std::int32_t best = kSymbols;
  for (Index i = 0; i < length; ++i)
    if (s[i] > s[t]) best = std::min(best, s[i]);
  return best == kSymbols ? s[t] : best;
}

Batch draw_batch(Task task, Index count, Index length, Rng& rng) {
  Batch batch{{{count, length}, {}}, {{count, length}, {}}};
  for (Index i = 0; i < count * length; ++i)
    batch.x.values.push_back(static_cast<std::int32_t>(rng.below(kSymbols)));
  for (Index i = 0; i < count * length; ++i)
    batch.y.values.push_back(task(&batch.x.values[i / length * length], length, i % length));
  return batch;
}

void train(const Tagger& model, Task task, Index shortest, Index longest, Index steps, Rng rng) {
  training::Loop loop(model, {.steps = steps, .learning_rate = 8e-3});
  while (!loop.finished()) {
    const Index length = shortest + rng.below(longest - shortest + 1);
    const Batch batch = draw_batch(task, 32, length, rng);
    loop.step(nn::cross_entropy(model(batch.x), batch.y));
  }
}

std::string accuracy(const Tagger& model, Task task, Index length, Rng rng) {
  const NoGrad off;
  const Batch test = draw_batch(task, 24000 / length, length, rng);
  const Ids guess = argmax(model(test.x).value());
  double right = 0, asked = 0;
  for (std::size_t i = 0; i < guess.values.size(); ++i) {
    if (test.y.values[i] == nn::kIgnored) continue;
    right += guess.values[i] == test.y.values[i];
    ++asked;
  }
  return report::percent(right / asked);
}

// Of `balls` thrown into `boxes`, how many lie in the fullest box, on average? Exactly, by
// counting: the throws with at most m in every box are balls! times the coefficient of z^balls in
// (1 + z + z^2/2! + .. + z^m/m!)^boxes, of boxes^balls.   [Eq 10.3]
double fullest_box(Index balls, Index boxes) {
  double expected = 0;
  for (Index m = 0; m < balls; ++m) {
    std::vector<double> series(balls + 1, 0);
    series[0] = 1;
    for (Index box = 0; box < boxes; ++box)
      for (Index n = balls; n >= 0; --n) {  // downwards: series[n - k] is still without this box
        double sum = 0, factorial = 1;
        for (Index k = 0; k <= std::min(m, n); factorial *= static_cast<double>(++k))
          sum += series[n - k] / factorial;
        series[n] = sum;
      }
    double share = series[balls];
    for (Index n = 1; n <= balls; ++n) share *= static_cast<double>(n) / static_cast<double>(boxes);
    expected += 1 - share;  // the sum over m of P(fullest > m)
  }
  return expected;
}

int main(int argc, char** argv) {
  return report::guarded("positions", [&] {
    Index steps = 400;
    std::uint64_t seed = 2;
    report::Flags flags("positions", "Six ways of telling attention where a token stands.");
    flags.option("--steps", "N", &steps, "training steps of each small encoder", 1);
    flags.option("--seed", "N", &seed, "seed of weights and data", 0);
    flags.parse(argc, argv);

    const Rng weights(seed), data(seed + 1), test(seed + 2);
    report::Table table({"length 12, one layer", "next larger", "reverse", "before"});
    for (const std::string& kind : nn::position_names()) {
      std::vector<std::string> row = {kind};
      for (const Task task : {next_larger, reversed, before}) {
        Rng rng = weights;
        const Tagger model(nn::position_kind(kind), 1, kLength, rng);
        train(model, task, kLength, kLength, steps, data);
        row.push_back(accuracy(model, task, kLength, test));
      }
      table.row(row);
    }
    const std::string bound = report::percent(fullest_box(kLength - 1, kSymbols) / (kLength - 1));
    table.row({"best order-blind answer", "100.0 %", bound, bound});
    std::printf("%s\n", table.text().c_str());

    report::Table lengths({"trained on 8 .. 16", "8", "16", "20", "24", "32", "64"});
    const auto beyond = [&](const std::string& kind, Task task, Index layers, Index patience) {
      Rng rng = weights;
      const Tagger model(nn::position_kind(kind), layers, kLongest, rng);
      train(model, task, 8, 16, patience * steps, data);
      std::vector<std::string> row = {(task == before ? "before, " : "reverse, ") + kind +
                                      (layers == 1 ? "" : ", 2 layers")};
      for (const Index length : {8, 16, 20, 24, 32, 64})
        row.push_back(accuracy(model, task, length, test));
      lengths.row(row);
    };
    for (const std::string& kind : nn::position_names()) beyond(kind, before, 1, 1);
    for (const Index layers : {1, 2}) beyond("sinusoidal", reversed, layers, 2);
    std::printf("%s", lengths.text().c_str());
    return 0;
  });
}
