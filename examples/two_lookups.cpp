// Chapter 11: every position must fetch two tokens at once, the one before it and the one after.
// One attention with a linear answer on top: a single head must blend the two, two heads of half
// the width need not. Then each head is taken out, to see which lookup it was.
#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "examples/training/loop.h"
#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/loss.h"
#include "nn/position.h"
#include "tensor/reduce.h"

using namespace rapt;

constexpr Index kSymbols = 8, kLength = 12, kDim = 32;

struct Batch {
  Ids x, before, after;  // [B, T]; the ends have one neighbour only, and nothing else is asked
};

Batch draw_batch(Index count, Rng& rng) {
  Batch batch{{{count, kLength}, {}}, {{count, kLength}, {}}, {{count, kLength}, {}}};
  for (Index i = 0; i < count * kLength; ++i)
    batch.x.values.push_back(static_cast<std::int32_t>(rng.below(kSymbols)));
  for (Index i = 0; i < count * kLength; ++i) {
    const Index t = i % kLength;
    batch.before.values.push_back(t == 0 ? nn::kIgnored : batch.x.values[i - 1]);
    batch.after.values.push_back(t == kLength - 1 ? nn::kIgnored : batch.x.values[i + 1]);
  }
  return batch;
}

// No residual path and no feed-forward part: whatever is known about the neighbours has come
// through the heads, and both answers are linear in it.
struct Model : nn::Module {
  Model(Index heads, Rng& rng)
      : symbols(child<nn::Embedding>("symbols", kSymbols, kDim, rng)),
        positions(child<nn::SinusoidalPositions>("positions", kLength, kDim)),
        attention(child<nn::MultiHeadAttention>("attention", kDim, heads, rng)),
        before(child<nn::Linear>("before", kDim, kSymbols, rng)),
        after(child<nn::Linear>("after", kDim, kSymbols, rng)) {}

  Variable embed(const Ids& ids) const { return positions(symbols(ids)); }

  nn::Embedding& symbols;
  nn::SinusoidalPositions& positions;
  nn::MultiHeadAttention& attention;
  nn::Linear &before, &after;
};

void train(const Model& model, Index steps, Rng rng) {
  training::Loop loop(model, {.steps = steps, .learning_rate = 5e-3});
  while (!loop.finished()) {
    const Batch batch = draw_batch(64, rng);
    const Variable context = model.attention(model.embed(batch.x)).context;
    const Variable loss_before = nn::cross_entropy(model.before(context), batch.before);
    const Variable loss_after = nn::cross_entropy(model.after(context), batch.after);
    loop.step(loss_before + loss_after);
  }
}

Tensor parameter(const nn::Module& module, const std::string& name) {
  for (const NamedVariable& p : module.named_parameters())
    if (p.name == name) return p.variable.value();
  throw ValueError("two_lookups: no parameter named " + name);
}

// [Eq 11.2] What head h adds to the output: its context through its own columns of the output
// matrix. The sum over the heads, plus the bias, is the output of the whole attention.
Variable share_of_head(const Model& model, const Variable& x, const Variable& weights, Index h) {
  const Index width = kDim / weights.dim(1), begin = h * width, end = begin + width;
  const Tensor value = parameter(model.attention, "value.weight").slice(0, begin, end);
  const Tensor bias = parameter(model.attention, "value.bias").slice(0, begin, end);
  const Tensor output = parameter(model.attention, "output.weight").slice(1, begin, end);
  const Variable v = matmul(x, transpose(value)) + bias;
  return matmul(matmul(select(weights, 1, h), v), transpose(output));
}

double right(const nn::Linear& answer, const Variable& context, const Ids& target) {
  const Ids guess = argmax(answer(context).value());
  double count = 0, asked = 0;
  for (std::size_t i = 0; i < guess.values.size(); ++i) {
    if (target.values[i] == nn::kIgnored) continue;
    count += guess.values[i] == target.values[i];
    ++asked;
  }
  return count / asked;
}

// The weight of head h on the key `step` places from the query, over all queries that have one.
std::string mean_weight(const Tensor& weights, Index h, Index step) {
  double total = 0;
  const Index first = std::max<Index>(0, -step), last = kLength - std::max<Index>(0, step);
  for (Index b = 0; b < weights.dim(0); ++b)
    for (Index t = first; t < last; ++t) total += weights.at({b, h, t, t + step});
  return report::fixed(total / double(weights.dim(0) * (last - first)), 2);
}

int main(int argc, char** argv) {
  return report::guarded("two_lookups", [&] {
    Index steps = 600;
    std::uint64_t seed = 1;
    report::Flags flags("two_lookups", "Two lookups at once, by one head and by several.");
    flags.option("--steps", "N", &steps, "training steps of each model", 1);
    flags.option("--seed", "N", &seed, "seed of weights and data", 0);
    flags.parse(argc, argv);

    report::Table answers({"model", "parameters", "token before", "token after"});
    report::Table looks({"mean weight on", "the token before", "the token after"});
    for (const Index heads : {1, 2, 4}) {
      Rng rng(seed);
      const Model model(heads, rng);
      train(model, steps, Rng(seed + 1));

      const NoGrad off;
      Rng test(seed + 2);
      const Batch batch = draw_batch(1000, test);
      const Variable x = model.embed(batch.x);
      const nn::Attended attended = model.attention(x);
      const std::string count = std::to_string(model.attention.parameter_count());
      const auto row = [&](const std::string& name, const Variable& context) {
        answers.row({name, count, report::percent(right(model.before, context, batch.before)),
                     report::percent(right(model.after, context, batch.after))});
      };
      row(std::to_string(heads) + (heads == 1 ? " head" : " heads"), attended.context);
      Variable sum = parameter(model.attention, "output.bias");
      for (Index h = 0; h < heads; ++h) {
        const Variable share = share_of_head(model, x, attended.weights, h);
        sum = sum + share;
        if (heads > 1) row("  without head " + std::to_string(h), attended.context - share);
        const Tensor weights = attended.weights.value();
        looks.row({std::to_string(heads) + (heads == 1 ? " head" : " heads, head ") +
                       (heads == 1 ? "" : std::to_string(h)),
                   mean_weight(weights, h, -1), mean_weight(weights, h, 1)});
      }
      const Tensor rest = max(reshape(abs(sum - attended.context), {-1}), 0).value();
      if (rest.item() > 1e-4) throw std::logic_error("two_lookups: the shares are not the output");
    }
    std::printf("%s\n%s", answers.text().c_str(), looks.text().c_str());
    return 0;
  });
}
