#include "examples/looking/looking.h"

#include <cmath>

#include "autograd/ops.h"

namespace rapt::looking {
namespace {

// log p(right answer | look). [B, S, 1, C] -> [B, S, 1]
Variable log_right(const Variable& logits, const tasks::Batch& batch) {
  const Index samples = logits.dim(1);
  Ids right{{batch.size(), samples, 1, 1}, {}};
  for (const std::int32_t target : batch.targets.values)
    if (target != nn::kIgnored)
      right.values.insert(right.values.end(), static_cast<std::size_t>(samples), target);
  return reshape(gather(log_softmax(logits), right, -1), {batch.size(), samples, 1});
}

}  // namespace

Model::Model(Index features, Index dim, Index classes, Rng& rng)
    : embed_(child<nn::Linear>("embed", features, dim, rng)),
      project_(child<nn::Linear>("project", dim, dim, rng)),
      query_(parameter("query", uniform({dim, 1}, 1 / std::sqrt(Scalar(dim)), rng))),
      answer_(child<nn::Linear>("answer", dim, classes, rng)),
      draw_(child<nn::HardAttention>("draw", nn::HardOptions{nn::Draw::monte_carlo}, rng)),
      gumbel_(child<nn::HardAttention>("gumbel", nn::HardOptions{nn::Draw::gumbel}, rng)) {}

Variable Model::scores(const Variable& x) const {
  return transpose(matmul(tanh(project_(x)), query_));
}

Variable Model::weights(const Tensor& features) const { return softmax(scores(embed_(features))); }

Looked Model::operator()(const Tensor& features, Look look, Index samples) const {
  const Variable x = embed_(features);
  const Variable v = nn::for_samples(x, samples);
  const Variable before = nn::for_samples(mean(x, 1, true), samples);
  const Variable s = nn::for_samples(look == Look::mean ? 0 * scores(x) : scores(x), samples);
  if (look == Look::draw || look == Look::gumbel) {
    const nn::HardAttended a = (look == Look::draw ? draw_ : gumbel_)(s, v);
    return {answer_(a.context), a.probabilities, a.log_probability, a.entropy, before};
  }
  const nn::Attended a = nn::attend(s, v);
  return {answer_(a.context), a.weights, Scalar(0), Scalar(0), before};
}

Variable Model::exact_loss(const tasks::Batch& batch) const {
  const Variable x = embed_(batch.features);
  const Index size = x.dim(0), steps = x.dim(1);
  const Variable each = reshape(answer_(x), {size, steps, 1, -1});  // a look at every step
  const Variable reward = reshape(log_right(each, batch).detach(), {size, 1, steps});
  return -mean(sum(softmax(scores(x)) * reward, -1));
}

std::vector<Variable> Model::parameters_of_scores() const {
  return {project_.weight, project_.bias, query_};
}

Variable loss_of(const Model& model, const nn::Reinforce& reinforce, const Way& way,
                 const tasks::Batch& batch) {
  const Looked looked = model(batch.features, way.look, way.samples);
  const Variable reward = log_right(looked.logits, batch);
  const Variable cross_entropy = -mean(reward);
  if (way.look != Look::draw) return cross_entropy;
  const Variable of_choice =
      way.baseline == nn::Baseline::learned
          ? reinforce(reward, looked.log_probability, looked.entropy, looked.before)
          : reinforce(reward, looked.log_probability, looked.entropy);
  return cross_entropy + of_choice;
}

}  // namespace rapt::looking
