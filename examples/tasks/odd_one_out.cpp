// Odd one out: ten vectors, nine of one class and one of another; which? The toy form of the set
// anomaly detection of Lee et al. 2019 (Set Transformer). A class is a random direction in R^8, a
// member its unit vector and noise; there are 16 classes, the same in every run.
//
//   M M M D M M M M M M  >  . . . ! . . . . . .      (each shown as the class it is nearest to)
//
// The answer is a set's, so order carries nothing: without positions, attention gives the same
// answers in the new order if the vectors are put in another (equivariance), a recurrent network
// does not. Every position is asked whether it is odd; accuracy is the share of sets whose highest
// score stands at the odd vector. Guessing says 1/10 everywhere. The best that can be done is known
// too: by Bayes's rule, of who knows the 16 classes and the noise (over 1000 drawn sets).
//
// What is expected: attention compares each vector with the others in one step. A network that
// reads both ways can do it too, from what it remembers of the others.
#include <algorithm>
#include <array>
#include <cmath>

#include "examples/tasks/options.h"
#include "examples/tasks/task.h"
#include "tensor/reduce.h"

namespace rapt::tasks {
namespace {

constexpr Index kSet = 10, kClasses = 16, kFeatures = 8;
constexpr double kNoise = 0.3;
constexpr Index kCounted = 1000;  // sets, for the best possible answers

using Vector = std::array<double, kFeatures>;

double square_distance(const Scalar* x, const Vector& mean) {
  double square = 0;
  for (Index f = 0; f < kFeatures; ++f) square += (x[f] - mean[f]) * (x[f] - mean[f]);
  return square;
}

class OddOneOut : public Task {
 public:
  OddOneOut() {
    Rng rng(16);
    for (Vector& mean : means_) {
      double square = 0;
      for (double& f : mean) {
        f = rng.normal();
        square += f * f;
      }
      for (double& f : mean) f /= std::sqrt(square);
    }
  }

  Sizes sizes() const override { return {0, 2, kSet, false, kFeatures}; }
  Defaults defaults() const override {
    return {1000, 64, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    const double share = 1.0 / kSet;
    const double entropy = -share * std::log(share) - (1 - share) * std::log(1 - share);
    Baseline best{"knows the classes", 0, 0};
    Rng rng(0);
    const Batch sets = batch(kCounted, Split::test, rng);
    for (Index b = 0; b < kCounted; ++b) {
      const std::vector<double> chance = posterior(sets.features.data() + b * kSet * kFeatures);
      const Index guess = std::max_element(chance.begin(), chance.end()) - chance.begin();
      for (Index i = 0; i < kSet; ++i) {
        const bool odd = sets.targets.values[b * kSet + i] == 1;
        best.loss -= std::log(std::max(odd ? chance[i] : 1 - chance[i], 1e-12)) / (kCounted * kSet);
        if (odd && i == guess) best.accuracy += 1.0 / kCounted;
      }
    }
    return {{"guessing", entropy, share}, best};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    Batch batch{
        .inputs = {}, .features = Tensor({size, kSet, kFeatures}), .targets = {{size, kSet}, {}}};
    Scalar* x = batch.features.data();
    for (Index b = 0; b < size; ++b) {
      const Index common = rng.below(kClasses);
      const Index other = (common + 1 + rng.below(kClasses - 1)) % kClasses;
      const Index odd = rng.below(kSet);
      for (Index i = 0; i < kSet; ++i) {
        for (const double mean : means_[i == odd ? other : common])
          *x++ = static_cast<Scalar>(mean + kNoise * rng.normal());
        batch.targets.values.push_back(i == odd ? 1 : 0);
      }
    }
    return batch;
  }

  double accuracy(const Tensor& outputs, const Batch& batch) const override {
    const Tensor score = outputs.slice(2, 1, 2).contiguous().reshape({batch.size(), kSet});
    const Tensor against = outputs.slice(2, 0, 1).contiguous().reshape({batch.size(), kSet});
    Index right = 0;
    for (Index b = 0; b < batch.size(); ++b) {
      Index highest = 0;
      const auto at = [&](Index i) { return score.at({b, i}) - against.at({b, i}); };
      for (Index i = 1; i < kSet; ++i)
        if (at(i) > at(highest)) highest = i;
      right += batch.targets.values[b * kSet + highest];
    }
    return static_cast<double>(right) / static_cast<double>(batch.size());
  }

  std::string symbol(std::int32_t id) const override { return std::string(1, char('A' + id)); }
  std::string answer(std::int32_t id) const override { return id == 1 ? "!" : "."; }
  std::string input_at(const Batch& batch, Index row, Index t) const override {
    const Scalar* x = batch.features.data() + (row * kSet + t) * kFeatures;
    return symbol(static_cast<std::int32_t>(std::min_element(means_.begin(), means_.end(),
                                                             [&](const Vector& a, const Vector& b) {
                                                               return square_distance(x, a) <
                                                                      square_distance(x, b);
                                                             }) -
                                            means_.begin()));
  }

 private:
  // The chance of each vector to be the odd one, over all pairs of classes. x [10, 8] -> [10]
  std::vector<double> posterior(const Scalar* x) const {
    std::vector<std::array<double, kClasses>> log_density(kSet);
    std::array<double, kClasses> all{};  // of the whole set in one class
    for (Index i = 0; i < kSet; ++i)
      for (Index c = 0; c < kClasses; ++c)
        all[c] += log_density[i][c] =
            -square_distance(x + i * kFeatures, means_[c]) / (2 * kNoise * kNoise);
    std::vector<double> chance(kSet, 0.0);
    double sum = 0;
    for (Index i = 0; i < kSet; ++i)
      for (Index common = 0; common < kClasses; ++common)
        for (Index other = 0; other < kClasses; ++other)
          if (common != other)  // the exponents of the true classes are near -40: exp is no 0
            chance[i] += std::exp(all[common] - log_density[i][common] + log_density[i][other]);
    for (const double c : chance) sum += c;
    for (double& c : chance) c /= sum;
    return chance;
  }

  std::array<Vector, kClasses> means_;
};

const bool registered =
    register_task({"odd-one-out", "which of 10 vectors is of another class? a set", Form::tags,
                   [](const TaskOptions& options) {
                     expect_no_length(options, "odd-one-out");
                     return std::make_unique<OddOneOut>();
                   }});

}  // namespace
}  // namespace rapt::tasks
