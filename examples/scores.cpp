// Chapter 07: four scores look for one of eight keys, in three dictionaries:
//   same     the query is the key that is wanted, with noise; 16 features each
//   coded    a fixed matrix made the 16 features of the query from the 24 of its key
//   nearest  keys and queries are numbers; wanted is the key nearest to the query
// Every query and key has a 1 as its last feature, which serves as a bias.
// The scorers work alone; in the last row two linear layers stand before a scaled dot product, as
// in self-attention.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/numbers.h"
#include "examples/report/table.h"
#include "examples/training/loop.h"
#include "nn/linear.h"
#include "nn/loss.h"
#include "nn/score.h"
#include "tensor/lookup.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"

using namespace rapt;

namespace {

constexpr Index kKeys = 8, kInner = 32;

struct Question {
  Tensor q, k;  // [B, 1, Q], [B, 8, K], each with a 1 at its end
  Ids wanted;   // [B, 1]
};

// [.., D] -> [.., D + 1]
Tensor with_one(const Tensor& x) {
  const std::vector<Tensor> parts{x, Tensor({x.dim(0), x.dim(1), 1}, 1)};
  return concat(parts, 2);
}

// Query b is key wanted[b], through a code if there is one, with noise.
Question about_vectors(Index count, Index key_dim, const Tensor* code, Rng& rng) {
  const Tensor k = normal({count, kKeys, key_dim}, 1, rng);
  Tensor q = normal({count, 1, key_dim}, Scalar(0.3), rng);
  Ids wanted{{count, 1}, {}};
  for (Index b = 0; b < count; ++b) {
    const Index key = rng.below(kKeys);
    wanted.values.push_back(static_cast<std::int32_t>(key));
    for (Index i = 0; i < key_dim; ++i) q.data()[b * key_dim + i] += k.at({b, key, i});
  }
  return {with_one(code ? matmul(q, *code) : q), with_one(k), wanted};
}

Question about_numbers(Index count, Rng& rng) {
  const Tensor q = normal({count, 1, 1}, 1, rng);
  const Tensor k = normal({count, kKeys, 1}, 1, rng);
  Ids wanted{{count, 1}, {}};
  for (Index b = 0; b < count; ++b) {
    const auto distance = [&](Index key) { return std::abs(k.at({b, key, 0}) - q.at({b, 0, 0})); };
    Index nearest = 0;
    for (Index key = 1; key < kKeys; ++key)
      if (distance(key) < distance(nearest)) nearest = key;
    wanted.values.push_back(static_cast<std::int32_t>(nearest));
  }
  return {with_one(q), with_one(k), wanted};
}

struct Searcher : nn::Module {
  Searcher(nn::Score score, bool projected, Index query_dim, Index key_dim, Rng& rng) {
    if (projected) {
      query = &child<nn::Linear>("query", query_dim, kInner, rng);
      key = &child<nn::Linear>("key", key_dim, kInner, rng);
      query_dim = key_dim = kInner;
    }
    scorer = &adopt("score", nn::make_scorer(score, query_dim, key_dim, rng, kInner));
  }
  Variable operator()(const Question& question) const {
    if (!query) return (*scorer)(question.q, question.k);
    const Variable q = (*query)(question.q);
    const Variable k = (*key)(question.k);
    return (*scorer)(q, k);
  }

  nn::Linear *query = nullptr, *key = nullptr;  // only before a projected score
  nn::Scorer* scorer;
};

std::string searched(const Searcher& searcher, const std::function<Question(Index, Rng&)>& draw,
                     Index steps, Rng rng) {
  if (searcher.parameter_count() > 0) {
    training::Loop loop(searcher, {.steps = steps, .learning_rate = 1e-2});
    while (!loop.finished()) {
      const Question question = draw(64, rng);
      loop.step(nn::cross_entropy(searcher(question), question.wanted));
    }
  }
  const NoGrad off;
  const Question question = draw(2000, rng);
  const Variable scores = searcher(question);
  const Ids found = argmax(scores.value());
  Index right = 0;
  for (std::size_t i = 0; i < found.values.size(); ++i)
    right += found.values[i] == question.wanted.values[i];
  const double entropy = -mean(sum(softmax(scores) * log_softmax(scores), -1)).item();  // [Eq 7.6]
  return report::percent(double(right) / double(found.values.size()), 0) + ", " +
         report::fixed(entropy, 2);
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("scores", [&] {
    Index steps = 500;
    std::uint64_t seed = 1;
    report::Flags flags("scores", "Four scores look for one of eight keys.");
    flags.option("--steps", "N", &steps, "training steps of each scorer", 1, 1'000'000);
    flags.option("--seed", "N", &seed, "seed of weights and data", 0);
    flags.parse(argc, argv);

    Rng draws(seed);
    const Tensor code = normal({24, 16}, Scalar(0.2), draws);
    struct Dictionary {
      Index query_dim, key_dim;
      std::function<Question(Index, Rng&)> draw;
    };
    const std::vector<Dictionary> dictionaries = {
        {17, 17, [](Index n, Rng& rng) { return about_vectors(n, 16, nullptr, rng); }},
        {17, 25, [&](Index n, Rng& rng) { return about_vectors(n, 24, &code, rng); }},
        {2, 2, about_numbers},
    };
    struct Row {
      std::string name;
      nn::Score score;
      bool projected;
    };
    report::Table table({"score", "same", "coded", "nearest"});
    for (const Row& row :
         {Row{"dot", nn::Score::dot, false}, Row{"scaled dot", nn::Score::scaled_dot, false},
          Row{"general", nn::Score::general, false}, Row{"additive", nn::Score::additive, false},
          Row{"linear, scaled dot", nn::Score::scaled_dot, true}}) {
      std::vector<std::string> cells = {row.name};
      for (const Dictionary& d : dictionaries) {
        Rng rng(seed + 1);
        try {
          const Searcher searcher(row.score, row.projected, d.query_dim, d.key_dim, rng);
          cells.push_back(searched(searcher, d.draw, steps, Rng(seed + 2)));
        } catch (const ShapeError&) {
          cells.push_back("refused");
        }
      }
      table.row(cells);
    }
    std::printf("Right answers and entropy of the weights; by chance 12.5 %%, ln 8 = 2.08\n%s",
                table.text().c_str());
    return 0;
  });
}
