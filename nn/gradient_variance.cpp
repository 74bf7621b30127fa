#include "nn/gradient_variance.h"

#include <cmath>

#include "nn/expect.h"

namespace rapt::nn {
namespace {

// Welford 1962: mean and squared distances from it, number by number. A sum of squares would lose
// a variance that is small against the mean.
struct Moments {
  std::vector<double> mean, squares;

  void add(const std::vector<Scalar>& values, Index count) {
    mean.resize(values.size());
    squares.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double before = values[i] - mean[i];
      mean[i] += before / static_cast<double>(count);
      squares[i] += before * (values[i] - mean[i]);
    }
  }
};

Tensor rounded(const Shape& shape, const std::vector<double>& values) {
  return Tensor(shape, std::vector<Scalar>(values.begin(), values.end()));
}

}  // namespace

GradientEstimate estimate_gradient(const std::function<Variable()>& loss,
                                   const std::vector<Variable>& parameters, Index draws) {
  expect_at_least("estimate_gradient: draws", draws, 2);
  std::vector<Moments> moments(parameters.size());
  for (Index count = 1; count <= draws; ++count) {
    const Variable drawn = loss();
    expect_shape("estimate_gradient: loss []", drawn, {});
    const std::vector<Variable> gradient = grad(drawn, parameters, Scalar(1));
    for (std::size_t p = 0; p < parameters.size(); ++p)
      moments[p].add(gradient[p].value().values(), count);
  }

  GradientEstimate estimate{draws, {}, {}, 0};
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    std::vector<double> error;
    for (const double squares : moments[p].squares) {
      const double variance = squares / static_cast<double>(draws - 1);
      estimate.total_variance += variance;
      error.push_back(std::sqrt(variance / static_cast<double>(draws)));
    }
    estimate.mean.push_back(rounded(parameters[p].shape(), moments[p].mean));
    estimate.standard_error.push_back(rounded(parameters[p].shape(), error));
  }
  return estimate;
}

}  // namespace rapt::nn
