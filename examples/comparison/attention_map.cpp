#include "examples/comparison/attention_map.h"

#include "examples/report/numbers.h"
#include "tensor/reduce.h"

namespace rapt::comparison {
namespace {

constexpr Index kMostRows = 24;

struct Head {
  std::size_t layer = 0;
  Index head = 0, heads = 0;
  Tensor weights;  // [T or M, T]
  double sharpness = -1;
};

// weights of each layer [1, H, T or M, T]
Head sharpest(const std::vector<Variable>& weights) {
  Head best;
  for (std::size_t layer = 0; layer < weights.size(); ++layer) {
    const Tensor& all = weights[layer].value();
    for (Index head = 0; head < all.dim(1); ++head) {
      const Tensor one = all.slice(1, head, head + 1).reshape({all.dim(2), all.dim(3)});
      const double sharpness = sum(max(one, -1)).item();
      if (sharpness > best.sharpness) best = {layer, head, all.dim(1), one, sharpness};
    }
  }
  return best;
}

}  // namespace

std::optional<AttentionMap> map_of(models::SequenceModel& model, const tasks::Task& task) {
  const NoGrad off;
  model.eval();
  Rng rng(0);
  const tasks::Batch batch = task.batch(1, tasks::Split::test, rng);
  const models::Output output = model(batch);
  if (output.weights.empty()) return std::nullopt;

  const Head head = sharpest(output.weights);
  const Index positions = head.weights.dim(0), keys = head.weights.dim(1);
  const Tensor& logits = output.logits.value();
  const Ids answers = argmax(logits);
  const auto said = [&](Index t) {
    return logits.dim(-1) == 1 ? report::fixed(logits.at({0, t, 0}), 2)
                               : task.answer(answers.values[static_cast<std::size_t>(t)]);
  };
  std::vector<Index> asked;
  for (Index t = 0; t < positions; ++t)
    if (task.is_asked(batch.targets.values[static_cast<std::size_t>(t)])) asked.push_back(t);
  if (static_cast<Index>(asked.size()) > kMostRows)
    asked.erase(asked.begin(), asked.end() - kMostRows);

  AttentionMap map;
  map.title =
      message("layer ", head.layer + 1, " of ", output.weights.size(), ", head ", head.head + 1,
              " of ", head.heads, output.weights.size() * head.heads > 1 ? ", the sharpest" : "");
  for (Index t = 0; t < keys; ++t) map.keys.push_back(task.input_at(batch, 0, t));
  for (const Index t : asked) {
    map.queries.push_back(task.sizes().translates() ? "" : task.input_at(batch, 0, t));
    map.answers.push_back(said(t));
    for (Index key = 0; key < keys; ++key) map.weights.push_back(head.weights.at({t, key}));
  }
  return map;
}

}  // namespace rapt::comparison
