// Chapter 10: what an encoder can learn with no positions, with sinusoids and with learned vectors:
// a task that needs no order, and reversal, which is nothing but order. Then reversal at lengths
// that were not in the training data.
#include <algorithm>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "nn/embedding.h"
#include "nn/loss.h"
#include "nn/position.h"
#include "nn/transformer.h"
#include "optim/adam.h"
#include "optim/schedule.h"
#include "tensor/reduce.h"

using namespace rapt;

constexpr Index kSymbols = 10, kDim = 32, kLength = 12, kLongest = 32;

enum class Positions { none, sinusoidal, learned };

struct Tagger : nn::Module {  // one answer per position
  Tagger(Positions kind, Index layers, Rng& rng)
      : symbols(child<nn::Embedding>("symbols", kSymbols, kDim, rng)),
        encoder(child<nn::TransformerEncoder>(
            "encoder",
            nn::EncoderOptions{.dim = kDim, .heads = 1, .feed_forward = 64, .layers = layers},
            rng)),
        head(child<nn::Linear>("head", kDim, kSymbols, rng)) {
    if (kind == Positions::sinusoidal)
      waves = &child<nn::SinusoidalPositions>("positions", kLongest, kDim);
    if (kind == Positions::learned)
      table = &child<nn::LearnedPositions>("positions", kLength, kDim, rng);
  }
  // ids [B, T] -> logits [B, T, V]
  Variable operator()(const Ids& ids) const {
    Variable x = symbols(ids);
    if (waves) x = (*waves)(x);
    if (table) x = (*table)(x);
    return head(encoder(x).output);
  }

  nn::Embedding& symbols;
  nn::TransformerEncoder& encoder;
  nn::Linear& head;
  nn::SinusoidalPositions* waves = nullptr;
  nn::LearnedPositions* table = nullptr;
};

struct Batch {
  Ids x, y;
};

// A task says which symbol belongs at position t of the sequence s[0 .. length).
using Task = std::int32_t (*)(const std::int32_t* s, Index length, Index t);

std::int32_t reversed(const std::int32_t* s, Index length, Index t) { return s[length - 1 - t]; }

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
  optim::Adam adam(model.parameters(), {.learning_rate = 0});
  for (Index step = 0; step < steps; ++step) {
    const Index length = shortest + rng.below(longest - shortest + 1);
    const Batch batch = draw_batch(task, 64, length, rng);
    adam.set_learning_rate(4e-3 * optim::linear_warmup(step, 50) * optim::cosine(step, steps, 50));
    adam.zero_grad();
    backward(nn::cross_entropy(model(batch.x), batch.y));
    optim::clip_by_global_norm(model.parameters(), 1);
    adam.step();
  }
}

std::string accuracy(const Tagger& model, Task task, Index length, Rng rng) {
  const NoGrad off;
  const Batch test = draw_batch(task, 4000, length, rng);
  const Ids guess = argmax(model(test.x).value());
  double right = 0;
  for (std::size_t i = 0; i < guess.values.size(); ++i)
    right += guess.values[i] == test.y.values[i];
  return report::percent(right / double(guess.values.size()));
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
    Index steps = 800;
    std::uint64_t seed = 2;
    report::Flags flags("positions", "Attention with and without positions.");
    flags.option("--steps", "N", &steps, "training steps of each small encoder", 1);
    flags.option("--seed", "N", &seed, "seed of weights and data", 0);
    flags.parse(argc, argv);

    const Rng weights(seed), data(seed + 1), test(seed + 2);
    report::Table table({"length 12, one layer", "next larger", "reverse"});
    for (const auto& [name, kind] : {std::pair{"no positions", Positions::none},
                                     std::pair{"sinusoidal", Positions::sinusoidal},
                                     std::pair{"learned", Positions::learned}}) {
      std::vector<std::string> row = {name};
      for (const Task task : {next_larger, reversed}) {
        Rng rng = weights;
        const Tagger model(kind, 1, rng);
        train(model, task, kLength, kLength, steps, data);
        row.push_back(accuracy(model, task, kLength, test));
      }
      table.row(row);
    }
    const double bound = fullest_box(kLength - 1, kSymbols) / (kLength - 1);
    table.row({"best order-blind answer", "100.0 %", report::percent(bound)});
    std::printf("%s", table.text().c_str());

    report::Table lengths({"reverse, trained on 8 .. 16", "8", "12", "16", "20", "24", "32"});
    for (const Index layers : {1, 2}) {
      Rng rng = weights;
      const Tagger model(Positions::sinusoidal, layers, rng);
      train(model, reversed, 8, 16, 2 * steps, data);
      std::vector<std::string> row = {layers == 1 ? "sinusoidal, 1 layer" : "sinusoidal, 2 layers"};
      for (const Index length : {8, 12, 16, 20, 24, 32})
        row.push_back(accuracy(model, reversed, length, test));
      lengths.row(row);
    }
    std::printf("\n%s", lengths.text().c_str());
    return 0;
  });
}
