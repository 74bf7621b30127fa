// Chapter 12: layer norm after each residual sum or before each sub-layer, with and without
// warm-up, at three learning rates. And why: how long the gradient of each layer is at the start,
// and after twenty steps that were too large.
#include <cmath>
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
#include "tensor/fold.h"
#include "tensor/reduce.h"

using namespace rapt;
using nn::NormPlace;

constexpr Index kSymbols = 10, kLength = 12, kBatch = 32, kDim = 32;

struct Tagger : nn::Module {
  Tagger(NormPlace norm, Index layers, Rng& rng)
      : symbols(child<nn::Embedding>("symbols", kSymbols, kDim, rng)),
        positions(child<nn::SinusoidalPositions>("positions", kLength, kDim)),
        encoder(child<nn::TransformerEncoder>(
            "encoder",
            nn::EncoderOptions{
                .dim = kDim, .heads = 2, .feed_forward = 64, .layers = layers, .norm = norm},
            rng)),
        head(child<nn::Linear>("head", kDim, kSymbols, rng)) {}
  // ids [B, T] -> logits [B, T, V]
  Variable operator()(const Ids& ids) const {
    return head(encoder(positions(symbols(ids))).output);
  }
  nn::Embedding& symbols;
  nn::SinusoidalPositions& positions;
  nn::TransformerEncoder& encoder;
  nn::Linear& head;
};

struct Batch {
  Ids x, y;
};

Batch reversal(Index count, Rng& rng) {
  Batch batch{{{count, kLength}, {}}, {{count, kLength}, {}}};
  for (Index i = 0; i < count * kLength; ++i)
    batch.x.values.push_back(static_cast<std::int32_t>(rng.below(kSymbols)));
  for (Index i = 0; i < count * kLength; ++i)
    batch.y.values.push_back(batch.x.values[i - i % kLength + kLength - 1 - i % kLength]);
  return batch;
}

// The length of the gradient over all parameters whose name begins so.
double gradient_norm(const nn::Module& model, const std::string& prefix) {
  double squares = 0;
  for (const NamedVariable& p : model.named_parameters())
    if (p.name.rfind(prefix, 0) == 0)
      squares += fold_squares(p.variable.grad().data(), p.variable.grad().size());
  return std::sqrt(squares);
}

struct Schedule {
  double rate;
  Index warmup, steps, total;  // the cosine ends at `total`, the training after `steps`
};

void train(const Tagger& model, const Schedule& schedule, Rng data) {
  optim::Adam adam(model.parameters(), {.learning_rate = 0});
  for (Index step = 0; step < schedule.steps; ++step) {
    const Batch batch = reversal(kBatch, data);
    adam.set_learning_rate(schedule.rate * optim::linear_warmup(step, schedule.warmup) *
                           optim::cosine(step, schedule.total, schedule.warmup));
    adam.zero_grad();
    backward(nn::cross_entropy(model(batch.x), batch.y));
    adam.step();
  }
}

double accuracy(const Tagger& model, Rng data) {
  const NoGrad off;
  const Batch test = reversal(500, data);
  const Ids guess = argmax(model(test.x).value());
  double right = 0;
  for (std::size_t i = 0; i < guess.values.size(); ++i)
    right += guess.values[i] == test.y.values[i];
  return right / static_cast<double>(guess.values.size());
}

const char* name(NormPlace norm) { return norm == NormPlace::post ? "post-norm" : "pre-norm"; }

int main(int argc, char** argv) {
  return report::guarded("norm_and_warmup", [&] {
    Index steps = 300, layers = 6;
    std::uint64_t seed = 1;
    report::Flags flags("norm_and_warmup", "Post-norm, pre-norm and warm-up.");
    flags.option("--steps", "N", &steps, "training steps of each encoder", 100);
    flags.option("--layers", "N", &layers, "layers of each trained encoder", 1);
    flags.option("--seed", "N", &seed, "seed of weights and data", 0);
    flags.parse(argc, argv);

    std::vector<std::string> header = {"gradient of layer"};
    for (Index l = 0; l < layers; ++l) header.push_back(std::to_string(l));
    report::Table gradients(header);
    for (const Index before : {0, 20})
      for (const NormPlace norm : {NormPlace::post, NormPlace::pre}) {
        Rng rng(seed), data(seed + 1);
        const Tagger model(norm, layers, rng);
        train(model, {0.01, 0, before, steps}, data);
        for (Variable p : model.parameters()) p.clear_grad();
        const Batch batch = reversal(kBatch, data);
        backward(nn::cross_entropy(model(batch.x), batch.y));
        std::vector<std::string> row = {std::string(name(norm)) +
                                        (before ? ", after 20 hot steps" : ", at the start")};
        for (Index l = 0; l < layers; ++l)
          row.push_back(
              report::fixed(gradient_norm(model, "encoder.layers." + std::to_string(l) + "."), 4));
        gradients.row(row);
      }
    std::printf("%s\n", gradients.text().c_str());

    report::Table table({"accuracy", "rate 0.003", "rate 0.01", "rate 0.03"});
    for (const NormPlace norm : {NormPlace::post, NormPlace::pre})
      for (const Index warmup : {0, 100}) {
        std::vector<std::string> row = {std::string(name(norm)) +
                                        (warmup ? ", 100 steps of warm-up" : ", no warm-up")};
        for (const double rate : {0.003, 0.01, 0.03}) {
          std::fprintf(stderr, "%s, rate %g\n", row[0].c_str(), rate);  // it takes a while
          Rng rng(seed);
          const Tagger model(norm, layers, rng);
          train(model, {rate, warmup, steps, steps}, Rng(seed + 1));
          row.push_back(report::percent(accuracy(model, Rng(seed + 2)), 0));
        }
        table.row(row);
      }
    std::printf("%s", table.text().c_str());
    return 0;
  });
}
