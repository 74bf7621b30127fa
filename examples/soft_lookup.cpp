// Chapter 07: attention as a lookup that can be differentiated.
//   dictionary  one query against four keys: the sharper the softmax, the harder the lookup
//   scale       why the scores are divided by sqrt(D): their variance, and what softmax makes of it
//   mask        who may look where: causal, padding, both, and a query that may look nowhere
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "nn/attention.h"
#include "tensor/reduce.h"

using namespace rapt;
using report::fixed, report::Table;

namespace {

void dictionary() {
  const std::vector<std::string> names = {"north", "east", "south", "west"};
  const Tensor keys({4, 2}, {0, 1, 1, 0, 0, -1, -1, 0});
  const Tensor values({4, 1}, {10, 20, 30, 40});
  const Tensor query({1, 2}, {0.8, 0.6});  // between east and north, nearer to east

  Table table({"sharpness", names[0], names[1], names[2], names[3], "answer"});
  for (const Scalar sharpness : {0, 1, 4, 16, 64}) {
    const Variable scores = nn::dot_scores(query, keys) * sharpness;
    const nn::Attended found = nn::attend(scores, values);
    std::vector<std::string> cells = {fixed(sharpness, 0)};
    for (const Scalar w : found.weights.value().values()) cells.push_back(fixed(w, 3));
    cells.push_back(fixed(found.context.item(), 2));
    table.row(cells);
  }
  const auto best = argmax(nn::dot_scores(query, keys).value()).values[0];
  std::printf("The query (0.8, 0.6) among four keys\n%shard lookup: %s, %s\n", table.text().c_str(),
              names[best].c_str(), fixed(values.data()[best], 0).c_str());
}

double variance(const Tensor& x) {
  double total = 0, squares = 0;
  for (const double v : x.values()) total += v, squares += v * v;
  const double count = static_cast<double>(x.size()), mean = total / count;
  return squares / count - mean * mean;
}

// How softmax spreads the weight of a row and how it reacts, averaged over the rows.
struct Spread {
  double entropy;  // - sum_j y_j ln y_j       [Eq 7.6]
  double slope;    // sum_j y_j (1 - y_j)      [Eq 7.7]
};

Spread spread(const Variable& scores) {
  const Variable y = softmax(scores);
  const auto rows = static_cast<double>(scores.dim(0));  // one query each
  return {-sum(y * log_softmax(scores)).item() / rows, 1 - sum(y * y).item() / rows};
}

void scale(Rng rng) {
  constexpr Index kQueries = 512, kKeys = 32;
  Table table({"D", "var q.k", "entropy", "slope", "var q.k/sqrt D", "entropy", "slope"});
  for (const Index d : {1, 4, 16, 64, 256, 1024}) {
    const Tensor q = normal({kQueries, 1, d}, 1, rng), k = normal({kQueries, kKeys, d}, 1, rng);
    std::vector<std::string> cells = {std::to_string(d)};
    for (const Variable& scores : {nn::dot_scores(q, k), nn::scaled_dot_scores(q, k)}) {
      const Spread s = spread(scores);
      cells.push_back(fixed(variance(scores.value()), 2));
      cells.push_back(fixed(s.entropy, 2));
      cells.push_back(fixed(s.slope, 2));
    }
    table.row(cells);
  }
  std::printf("Scores of %td queries over %td keys, all numbers normal; ln %td = %s\n%s", kQueries,
              kKeys, kKeys, fixed(std::log(double(kKeys)), 2).c_str(), table.text().c_str());
}

void mask(Rng rng) {
  constexpr Index kSteps = 4;
  const Variable scores(normal({1, kSteps, kSteps}, 1, rng), true);
  const Tensor values = normal({1, kSteps, 2}, 1, rng);
  const nn::Mask causal = nn::Mask::causal(kSteps), padding = nn::Mask::padding({3}, kSteps);
  const nn::Mask nothing = nn::Mask(Tensor({kSteps, kSteps}));
  const std::vector<nn::Mask> masks = {{}, causal, padding, causal & padding, nothing};

  Table table({"query", "none", "causal", "padding, length 3", "causal & padding", "nothing"});
  std::vector<std::vector<std::string>> rows(kSteps + 1);
  for (Index t = 0; t < kSteps; ++t) rows[t] = {std::to_string(t)};
  rows[kSteps] = {"|dL/dscores|"};
  for (const nn::Mask& allowed : masks) {
    const nn::Attended a = nn::attend(scores, values, allowed);
    for (Index t = 0; t < kSteps; ++t) {
      std::string row;
      for (Index k = 0; k < kSteps; ++k) {
        if (k > 0) row += " ";
        row += fixed(a.weights.value().at({0, t, k}), 2);
      }
      rows[t].push_back(row);
    }
    const Variable g = grad(sum(a.context), {scores}, Scalar(1))[0];
    rows[kSteps].push_back(fixed(std::sqrt(sum(g * g).item()), 2));
  }
  for (const auto& row : rows) table.row(row);
  std::printf("Weights over keys 0 1 2 3\n%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("soft_lookup", [&] {
    std::uint64_t seed = 1;
    std::vector<std::string> parts = {"dictionary", "scale", "mask"};
    report::Flags flags("soft_lookup", "Attention as a lookup that can be differentiated.");
    flags.choices("--part", "NAMES", &parts, parts, "what to show");
    flags.option("--seed", "N", &seed, "seed of the random numbers");
    flags.parse(argc, argv);
    for (const std::string& part : parts) {
      if (part != parts.front()) std::printf("\n");
      if (part == "dictionary") dictionary();
      if (part == "scale") scale(Rng(seed));
      if (part == "mask") mask(Rng(seed));
    }
    return 0;
  });
}
