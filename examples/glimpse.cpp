// Chapter 09: one place of a sequence must be found (the task needle). A linear model looks at it
// in one way: at the mean of all steps, at a soft blend of them, or hard, at one step alone, which
// no derivative passes. How fast and how far does each learn? And at fixed parameters: how much
// does the gradient of the scores change from one draw to the next?
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/heatmap.h"
#include "examples/report/table.h"
#include "examples/tasks/task.h"
#include "examples/training/loop.h"
#include "nn/gradient_variance.h"
#include "nn/hard_attention.h"
#include "nn/reinforce.h"
#include "tensor/reduce.h"

using namespace rapt;
using nn::Baseline;
using report::fixed, report::percent;

constexpr Index kDim = 16, kBatch = 64, kDraws = 500;
constexpr double kNever = 1e9;

enum class Look { mean, soft, draw, gumbel };

struct Way {
  std::string name;
  Look look;
  Baseline baseline = Baseline::none;
  Index samples = 1;  // looks at each sequence in one step
};

const Way kMean{"mean of all steps", Look::mean}, kSoft{"soft", Look::soft},
    kPlain{"hard, no baseline", Look::draw},
    kAverage{"hard, moving average", Look::draw, Baseline::moving_average},
    kLearned{"hard, learned baseline", Look::draw, Baseline::learned},
    kEight{"hard, no baseline, 8 samples", Look::draw, Baseline::none, 8},
    kBoth{"hard, moving average, 8 samples", Look::draw, Baseline::moving_average, 8},
    kGumbel{"hard, Gumbel-softmax", Look::gumbel};

struct Looked {
  Variable logits;                    // [B, S, 1, C], said after one look
  Variable weights;                   // [B, S, 1, T], of the blend, or what was drawn from
  Variable log_probability, entropy;  // [B, S, 1], of a hard look
  Variable before;                    // [B, S, 1, D], what is seen before it: the mean
};

// Everything but the attention is linear. The scores are those of [Eq 7.10].
struct Model : nn::Module {
  Model(const tasks::Sizes& sizes, Rng& rng)
      : embed(child<nn::Linear>("embed", sizes.features, kDim, rng)),
        project(child<nn::Linear>("project", kDim, kDim, rng)),
        query(parameter("query", uniform({kDim, 1}, Scalar(0.25), rng))),
        answer(child<nn::Linear>("answer", kDim, sizes.classes, rng)),
        draw(child<nn::HardAttention>("draw", nn::HardOptions{nn::Draw::monte_carlo}, rng)),
        gumbel(child<nn::HardAttention>("gumbel", nn::HardOptions{nn::Draw::gumbel}, rng)) {}

  Variable scores(const Variable& x) const {  // [B, T, D] -> [B, 1, T]
    return transpose(matmul(tanh(project(x)), query));
  }

  Looked operator()(const Tensor& features, Look look, Index samples) const {
    const Variable x = embed(features);
    const Variable v = nn::for_samples(x, samples);
    const Variable before = nn::for_samples(mean(x, 1, true), samples);
    const Variable s = nn::for_samples(look == Look::mean ? 0 * scores(x) : scores(x), samples);
    if (look == Look::draw || look == Look::gumbel) {
      const nn::HardAttended a = (look == Look::draw ? draw : gumbel)(s, v);
      return {answer(a.context), a.probabilities, a.log_probability, a.entropy, before};
    }
    const nn::Attended a = nn::attend(s, v);
    return {answer(a.context), a.weights, Scalar(0), Scalar(0), before};
  }

  nn::Linear &embed, &project;
  Variable query;
  nn::Linear& answer;
  nn::HardAttention &draw, &gumbel;
};

struct Learner : nn::Module {
  Learner(const tasks::Sizes& sizes, Baseline baseline, Rng rng)
      : model(child<Model>("model", sizes, rng)),
        reinforce(child<nn::Reinforce>(
            "reinforce", nn::ReinforceOptions{.baseline = baseline, .features = kDim}, rng)) {}
  Model& model;
  nn::Reinforce& reinforce;
};

// log p(right answer | what was seen), the reward of Xu et al. 2015. [B, S, 1, C] -> [B, S, 1]
Variable log_right(const Variable& logits, const tasks::Batch& batch) {
  const Index samples = logits.dim(1);
  Ids right{{batch.size(), samples, 1, 1}, {}};
  for (const std::int32_t target : batch.targets.values)
    if (target != nn::kIgnored)
      right.values.insert(right.values.end(), static_cast<std::size_t>(samples), target);
  return reshape(gather(log_softmax(logits), right, -1), {batch.size(), samples, 1});
}

// The mean of the reward over the looks is the cross entropy of the answer, but for its sign.
Variable loss_of(const Model& model, const nn::Reinforce& reinforce, const Way& way,
                 const tasks::Batch& batch) {
  const Looked looked = model(batch.features, way.look, way.samples);
  const Variable reward = log_right(looked.logits, batch);
  const Variable cross_entropy = -mean(reward);
  if (way.look != Look::draw) return cross_entropy;
  return cross_entropy +
         (way.baseline == Baseline::learned
              ? reinforce(reward, looked.log_probability, looked.entropy, looked.before)
              : reinforce(reward, looked.log_probability, looked.entropy));
}

struct Tested {
  double accuracy, on_needle;  // the weight, or the probability, of the marked step
};

Tested tested(Learner& learner, Look look, const tasks::Batch& batch) {
  const NoGrad off;
  learner.eval();
  const Looked looked = learner.model(batch.features, look, 1);
  learner.train();
  const Index steps = batch.features.dim(1), mark = batch.features.dim(2) - 1;
  const Ids said = argmax(looked.logits.value());
  double right = 0, weight = 0;
  for (Index b = 0; b < batch.size(); ++b) {
    right += said.values[b] == batch.targets.values[(b + 1) * steps - 1];
    for (Index t = 0; t < steps; ++t)
      weight += batch.features.at({b, t, mark}) * looked.weights.value().at({b, 0, 0, t});
  }
  return {right / double(batch.size()), weight / double(batch.size())};
}

struct Settings {
  Index steps = 600, seeds = 3;
  std::uint64_t seed = 1;
  double rate = 5e-3;
  bool untimed = false;
};

// `seen` is told of every step, before the first and after each, and stops the training by false.
template <class Seen>
void train(Learner& learner, const Way& way, const tasks::Task& task, const Settings& settings,
           Rng data, const Seen& seen) {
  training::Loop loop(learner, {.steps = settings.steps, .learning_rate = settings.rate});
  while (seen(loop.done()) && !loop.finished()) {
    const tasks::Batch batch = task.batch(kBatch, tasks::Split::training, data);
    loop.step(loss_of(learner.model, learner.reinforce, way, batch));
  }
}

// The parameters' names of `nn::Module` tell the scores' apart from the others.
double length(const std::vector<Tensor>& parts) {
  double squares = 0;
  for (const Tensor& part : parts)
    for (const Scalar x : part.values()) squares += double(x) * x;
  return std::sqrt(squares);
}

int main(int argc, char** argv) {
  return report::guarded("glimpse", [&] {
    Settings settings;
    report::Flags flags("glimpse", "x");
    flags.option("--steps", "N", &settings.steps, "training steps of each model", 1);
    flags.option("--seeds", "N", &settings.seeds, "seeds", 1, 100);
    flags.option("--seed", "N", &settings.seed, "seed of weights and data", 0);
    flags.option("--rate", "X", &settings.rate, "", 0, 1);
    flags.parse(argc, argv);
    const auto task = tasks::find_task("needle").make({});
    for (const Way& way : {kSoft, kAverage}) {
      for (const Index until : {Index(0), Index(1)}) {
        Learner learner(task->sizes(), Baseline::moving_average, Rng(settings.seed));
        Rng valid(7);
        const tasks::Batch batch = task->batch(kBatch, tasks::Split::validation, valid);
        train(learner, way, *task, settings, Rng(settings.seed + 1000), [&](Index step) {
          if (until == 0) return false;
          if (step % 10) return true;
          const bool half = tested(learner, way.look, batch).on_needle >= 0.5;
          if (half) std::printf("half at %td\n", step);
          return !half;
        });
        const Model& model = learner.model;
        const std::vector<Variable> parameters{model.project.weight, model.project.bias, model.query};
        // exact
        const Variable x = model.embed(batch.features);
        const Variable each = reshape(model.answer(x), {kBatch, 20, 1, 8});
        const Variable reward = log_right(each, batch).detach();
        const Variable p = softmax(model.scores(x));
        const Variable loss = -sum(reshape(p, {kBatch, 20, 1}) * reward) / kBatch;
        std::vector<Tensor> exact;
        for (const Variable& g : grad(loss, parameters, Scalar(1))) exact.push_back(g.value());
        std::printf("loss %f |exact| %g\n", loss.item(), length(exact));
        double plain = 0;
        for (const Way& w : {kPlain, kAverage, kLearned, kEight, kBoth, kGumbel}) {
          Rng rng(settings.seed + 3000);
          nn::Reinforce reinforce({.baseline = w.baseline, .features = kDim}, rng);
          training::Loop settle(reinforce, {.steps = 300, .learning_rate = 0.05});
          while (!settle.finished())
            settle.step(loss_of(model, reinforce, w, task->batch(kBatch, tasks::Split::training, rng)));
          reinforce.eval();
          const auto e = nn::estimate_gradient([&] { return loss_of(model, reinforce, w, batch); },
                                               parameters, kDraws);
          if (!plain) plain = e.total_variance;
          std::vector<Tensor> diff;
          double dot = 0;
          for (std::size_t i = 0; i < exact.size(); ++i) {
            diff.push_back(e.mean[i] - exact[i]);
            dot += sum(e.mean[i] * exact[i]).item();
          }
          std::printf("%-32s var %.3g ratio %.4f  noise/signal %.2f  |mean-exact|/|exact| %.3f (se %.3f) cos %.3f  |mean|/|exact| %.3f\n",
                      w.name.c_str(), e.total_variance, e.total_variance / plain,
                      std::sqrt(e.total_variance) / length(exact), length(diff) / length(exact),
                      std::sqrt(e.total_variance / kDraws) / length(exact),
                      dot / length(exact) / length(e.mean), length(e.mean) / length(exact));
        }
      }
    }
    return 0;
  });
}
