// Chapter 13: what the key-value cache saves. A small decoder-only Transformer says one symbol
// after the other. Without a cache it reads all T symbols again to say the next one; with it, it
// reads the last one alone. The logits must be the same, bit for bit. Beside it a GRU, whose state
// has one size whatever T. Nothing is trained: time does not depend on the values of the weights.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/language_model.h"
#include "tensor/parallel.h"

using namespace rapt;

namespace {

constexpr Index kVocabulary = 64, kDim = 64, kLayers = 2;

// Of processor time, the shortest of some: whatever else the machine does can only add to it.
double milliseconds(Index repetitions, const std::function<void()>& work) {
  double shortest = std::numeric_limits<double>::infinity();
  for (Index i = 0; i < repetitions; ++i) {
    const std::clock_t begin = std::clock();
    work();
    shortest = std::min(shortest, 1e3 * double(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return shortest;
}

Index numbers_in(const nn::State& state) {
  Index count = 0;
  for (const Variable& part : state) count += part.value().size();
  return count;
}

struct GRUModel : nn::Module {
  explicit GRUModel(Rng& rng)
      : symbols(child<nn::Embedding>("symbols", kVocabulary, kDim, rng)),
        cell(child<nn::GRUCell>("cell", kDim, kDim, rng)),
        head(child<nn::Linear>("head", kDim, kVocabulary, rng)) {}

  Variable operator()(const Ids& token, const nn::State& state) const {
    return head(cell.step(cell.project(symbols(token)), state)[0]);
  }

  nn::Embedding& symbols;
  nn::GRUCell& cell;
  nn::Linear& head;
};

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("cache", [&] {
    Index longest = 2048, repetitions = 9;
    std::uint64_t seed = 1;
    bool untimed = false;
    report::Flags flags("cache", "The next symbol with and without a cache of keys and values.");
    flags.option("--longest", "T", &longest, "symbols known at most", 64, 4096);
    flags.option("--repetitions", "N", &repetitions, "of each measurement, the shortest counts", 1,
                 1000);
    flags.option("--seed", "N", &seed, "seed of weights and symbols", 0);
    flags.toggle("--untimed", &untimed, "print nothing that differs from run to run");
    flags.parse(argc, argv);
    set_thread_count(1);  // both ways alike: a single symbol has no work for two

    Rng rng(seed);
    nn::LanguageModelOptions options{.vocabulary = kVocabulary};
    options.stack = {.dim = kDim,
                     .heads = 4,
                     .feed_forward = 4 * kDim,
                     .layers = kLayers,
                     .positions = nn::PositionKind::sinusoidal,
                     .longest = longest};
    const nn::LanguageModel model(options, rng);
    const GRUModel gru(rng);
    const NoGrad off;
    Ids symbols{{1, longest}, {}};
    for (Index t = 0; t < longest; ++t)
      symbols.values.push_back(static_cast<std::int32_t>(rng.below(kVocabulary)));

    std::vector<std::string> header = {"T", "same bits", "numbers in the cache", "in a GRU"};
    for (const char* name : {"ms without", "ms with", "ratio", "ms GRU"})
      if (!untimed) header.push_back(name);
    report::Table table(header);
    for (Index t = 64; t <= longest; t *= 2) {
      const Ids all{{1, t}, {symbols.values.begin(), symbols.values.begin() + t}};
      const Ids before{{1, t - 1}, {all.values.begin(), all.values.end() - 1}};
      const Ids last{{1}, {all.values.back()}};
      const nn::State state = model.start(before).state, hidden = gru.cell.zero_state(1);

      const nn::Next next = model.next(last, state);
      const Variable without = select(model(all).logits, 1, t - 1);
      const bool same = next.logits.value().values() == without.value().values();
      std::vector<std::string> cells = {std::to_string(t), same ? "yes" : "no",
                                        std::to_string(numbers_in(next.state)),
                                        std::to_string(numbers_in(hidden))};
      if (!untimed) {
        const double slow = milliseconds(repetitions, [&] { model(all); });
        const double fast = milliseconds(repetitions, [&] { model.next(last, state); });
        const double constant = milliseconds(repetitions, [&] { gru(last, hidden); });
        cells.push_back(report::fixed(slow, 2));
        cells.push_back(report::fixed(fast, 2));
        cells.push_back(report::fixed(slow / fast, 0));
        cells.push_back(report::fixed(constant, 3));
      }
      table.row(cells);
    }
    std::printf("%s", table.text().c_str());
    return 0;
  });
}
