// Chapter 13: from probabilities to sentences. The model is a chain of eight words whose table is
// small enough to check every number with a pencil.
//   search    greedy, beams of growing width, and what the length penalty makes of them
//   sampling  what temperature, top-k and top-p leave of a sharp and of a flat distribution
#include <cmath>
#include <cstdio>

#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/beam_search.h"

using namespace rapt;
using report::fixed, report::Table;

namespace {

const std::vector<std::string> kWords = {"<s>", ".", "the", "a", "cat", "dog", "sees", "sleeps"};
constexpr std::int32_t kStart = 0, kEnd = 1;
constexpr Index kLongest = 12;

// A language model that remembers one word: row w is the distribution of the word after w.
class Chain : public nn::Stepwise {
 public:
  nn::Next next(const Ids& tokens, const nn::State& state) const override {
    Tensor logits({tokens.shape[0], Index(kWords.size())});
    Scalar* out = logits.data();
    for (const std::int32_t word : tokens.values)
      for (const double p : kTable[word]) *out++ = static_cast<Scalar>(std::log(p));
    return {logits, state, Tensor({tokens.shape[0], 0})};
  }

 private:
  static constexpr double kTable[8][8] = {
      // <s>   .   the    a   cat  dog  sees sleeps
      {0, 0.15, 0.45, 0.40, 0, 0, 0, 0},  // <s>
      {0, 1, 0, 0, 0, 0, 0, 0},           // .
      {0, 0, 0, 0, 0.60, 0.40, 0, 0},     // the
      {0, 0, 0, 0, 0.90, 0.10, 0, 0},     // a
      {0, 0.25, 0, 0, 0, 0, 0.35, 0.40},  // cat
      {0, 0.25, 0, 0, 0, 0, 0.45, 0.30},  // dog
      {0, 0, 0.60, 0.40, 0, 0, 0, 0},     // sees
      {0, 1, 0, 0, 0, 0, 0, 0},           // sleeps
  };
};

std::string text_of(const nn::Decoded& decoded) {
  std::string text;
  for (const std::int32_t token : decoded.tokens) text += kWords[token] + " ";
  return text + (decoded.ended ? "." : "..");
}

void search() {
  const Chain chain;
  const nn::Limits limits{kStart, kEnd, kLongest};
  Table widths({"search", "found", "probability"});
  const auto row = [&](const std::string& name, const nn::Decoded& found) {
    widths.row({name, text_of(found), fixed(std::exp(double(found.log_probability)), 3)});
  };
  row("greedy", nn::greedy(chain, {}, limits)[0]);
  for (const Index width : {2, 3, 8}) {
    const nn::BeamOptions options{.width = width, .length_penalty = 0};
    row("beam " + std::to_string(width), nn::beam_search(chain, {}, limits, options)[0]);
  }
  std::printf("%s\n", widths.text().c_str());

  Table scores({"alpha", "best", "second", "third"}, std::vector(4, report::Align::left));
  for (const double alpha : {0.0, 0.6, 1.0, 2.0}) {
    const nn::BeamOptions options{8, static_cast<Scalar>(alpha), 3};
    std::vector<std::string> cells = {fixed(alpha, 1)};
    for (const nn::Decoded& found : nn::beam_search(chain, {}, limits, options))
      cells.push_back(fixed(found.score, 2) + "  " + text_of(found));
    scores.row(cells);
  }
  std::printf("%s", scores.text().c_str());
}

void sampling(Rng rng) {
  constexpr Index kDraws = 100'000, kTokens = 8;
  const double sharp[] = {0.92, 0.03, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005};
  const double flat[] = {0.16, 0.15, 0.14, 0.13, 0.12, 0.11, 0.10, 0.09};
  const std::vector<std::pair<std::string, nn::SamplingOptions>> settings = {
      {"as it is", {}},
      {"temperature 0.5", {.temperature = 0.5}},
      {"temperature 2", {.temperature = 2}},
      {"top-k 3", {.top_k = 3}},
      {"top-p 0.9", {.top_p = Scalar(0.9)}},
  };
  for (const auto& p : {sharp, flat}) {
    Tensor logits({1, kTokens});
    for (Index i = 0; i < kTokens; ++i) logits.data()[i] = static_cast<Scalar>(std::log(p[i]));
    Table table({p == sharp ? "sharp" : "flat", "a", "b", "c", "d", "e", "f", "g", "h"});
    for (const auto& [name, options] : settings) {
      std::vector<double> counts(kTokens);
      const Tensor rows = logits.expand({kDraws, kTokens});
      for (const std::int32_t token : nn::sample(rows, options, rng).values) counts[token] += 1;
      std::vector<std::string> cells = {name};
      for (const double n : counts) cells.push_back(n == 0 ? "-" : fixed(n / kDraws, 2));
      table.row(cells);
    }
    std::printf("%s%s", p == sharp ? "" : "\n", table.text().c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("decoding", [&] {
    std::uint64_t seed = 1;
    std::vector<std::string> parts = {"search", "sampling"};
    report::Flags flags("decoding", "From probabilities to sentences.");
    flags.choices("--part", "NAMES", &parts, parts, "what to show");
    flags.option("--seed", "N", &seed, "seed of the random numbers", 0);
    flags.parse(argc, argv);
    for (const std::string& part : parts) {
      if (part != parts.front()) std::printf("\n");
      if (part == "search") search();
      if (part == "sampling") sampling(Rng(seed));
    }
    return 0;
  });
}
