// Chapter 04: a tanh network and one attention query learn to name the first of T symbols. It is
// one of eight letters, the rest is noise from eight others, so only memory is needed.
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/loss.h"
#include "nn/recurrent.h"
#include "optim/adam.h"
#include "tensor/reduce.h"

using namespace rapt;
using report::fixed, report::Table;

namespace {

constexpr Index kLetters = 8, kFeatures = 16, kHidden = 32, kBatch = 32;

struct Batch {
  Ids symbols, first;  // [B, T], [B]
};

Batch draw(Index count, Index steps, Rng& rng) {
  Batch batch{{{count, steps}, {}}, {{count}, {}}};
  for (Index i = 0; i < count * steps; ++i) {
    const auto letter = static_cast<std::int32_t>(rng.below(kLetters));
    const bool first = i % steps == 0;
    if (first) batch.first.values.push_back(letter);
    batch.symbols.values.push_back(first ? letter : letter + kLetters);
  }
  return batch;
}

// Carries the letter through every state, and answers from the last one.
class Recurrent : public nn::Module {
 public:
  Recurrent(Rng& rng, const nn::CellOptions& options)
      : embedding_(child<nn::Embedding>("embedding", 2 * kLetters, kFeatures, rng)),
        cell_(child<nn::RNNCell>("cell", kFeatures, kHidden, rng, options)),
        head_(child<nn::Linear>("head", kHidden, kLetters, rng)) {}

  // symbols [B, T] -> [B, 8]
  Variable operator()(const Ids& symbols) const {
    return head_(nn::unroll(cell_, embedding_(symbols)).last[0]);
  }

 private:
  nn::Embedding& embedding_;
  nn::RNNCell& cell_;
  nn::Linear& head_;
};

// Looks the letter up: one learned query over all positions, in no order (chapter 07).
class Attentive : public nn::Module {
 public:
  explicit Attentive(Rng& rng)
      : embedding_(child<nn::Embedding>("embedding", 2 * kLetters, kFeatures, rng)),
        query_(parameter("query", normal({1, kHidden}, 1, rng))),
        key_(child<nn::Linear>("key", kFeatures, kHidden, rng)),
        value_(child<nn::Linear>("value", kFeatures, kHidden, rng)),
        head_(child<nn::Linear>("head", kHidden, kLetters, rng)) {}

  // symbols [B, T] -> [B, 8]
  Variable operator()(const Ids& symbols) const {
    const Variable x = embedding_(symbols);
    const Variable k = key_(x), v = value_(x);
    return head_(select(nn::scaled_dot_product(query_, k, v).context, 1, 0));
  }

 private:
  nn::Embedding& embedding_;
  Variable query_;  // [1, H]
  nn::Linear &key_, &value_, &head_;
};

// Trains a fresh model and returns its accuracy on 1000 sequences it has not seen.
template <class Model, class... Options>
double accuracy(Index steps, Index updates, Rng rng, const Options&... options) {
  const Model model(rng, options...);
  optim::Adam adam(model.parameters(), {.learning_rate = 3e-3});
  for (Index i = 0; i < updates; ++i) {
    const Batch batch = draw(kBatch, steps, rng);
    adam.zero_grad();
    backward(nn::cross_entropy(model(batch.symbols), batch.first));
    optim::clip_by_global_norm(model.parameters(), 1);
    adam.step();
  }
  NoGrad no_grad;
  const Batch test = draw(1000, steps, rng);
  const std::vector<std::int32_t> answers = argmax(model(test.symbols).value()).values;
  double right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == test.first.values[i];
  return right / 1000;
}

void recall(Index updates, std::uint64_t seed) {
  const nn::CellOptions orthogonal{.init = nn::RecurrentInit::orthogonal};
  const nn::CellOptions irnn{.activation = nn::Activation::relu,
                             .init = nn::RecurrentInit::identity};
  Table table({"T", "tanh, three seeds", "orthogonal start", "relu, identity", "attention"});
  for (const Index steps : {5, 10, 15, 20, 40, 80}) {
    std::vector<std::string> cells(5);
    cells[0] = std::to_string(steps);
    for (std::uint64_t s = seed; s < seed + 3; ++s) {
      const double shares[] = {accuracy<Recurrent>(steps, updates, Rng(s), nn::CellOptions{}),
                               accuracy<Recurrent>(steps, updates, Rng(s), orthogonal),
                               accuracy<Recurrent>(steps, updates, Rng(s), irnn),
                               accuracy<Attentive>(steps, updates, Rng(s))};
      for (std::size_t i = 0; i < 4; ++i)
        cells[i + 1] += (s == seed ? "" : "  ") + fixed(shares[i], 2);
    }
    table.row(cells);
  }
  std::printf("Share of first symbols named after %td updates; chance is 1/8\n%s", updates,
              table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("first_symbol", [&] {
    std::uint64_t seed = 1;
    Index updates = 400;
    report::Flags flags("first_symbol", "How long does a network remember its first symbol?");
    flags.option("--updates", "N", &updates, "training steps of each model", 1);
    flags.option("--seed", "N", &seed, "seed of the random numbers");
    flags.parse(argc, argv);
    recall(updates, seed);
    return 0;
  });
}
