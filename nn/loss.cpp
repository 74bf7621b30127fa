#include "nn/loss.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Variable cross_entropy(const Variable& logits, const Ids& targets, Scalar smoothing) {
  Shape expected = targets.shape;
  expected.push_back(kAny);
  expect_shape("cross_entropy: logits [.., V] for these targets", logits, expected);
  expect_probability("cross_entropy: smoothing", smoothing);

  // An ignored target reads class 0, and what it reads is not chosen below.
  Ids ids{targets.shape, targets.values};
  ids.shape.push_back(1);
  Tensor counts(ids.shape);
  Index counted = 0;
  for (std::size_t i = 0; i < ids.values.size(); ++i) {
    const bool ignored = ids.values[i] == kIgnored;
    if (ignored) ids.values[i] = 0;
    counts.data()[i] = ignored ? 0 : 1;
    counted += ignored ? 0 : 1;
  }
  const Scalar share = counted == 0 ? 0 : 1 / static_cast<Scalar>(counted);

  const auto smoothed = [&] {
    const Variable log_probability = log_softmax(logits);
    const Variable missed = -gather(log_probability, ids, -1);  // [.., 1]
    return missed * (1 - smoothing) - mean(log_probability, -1, true) * smoothing;
  };
  const Variable loss = smoothing == 0 ? surprise(logits, ids) : smoothed();
  return sum(where(counts, loss, Scalar(0))) * share;
}

Variable mean_squared_error(const Variable& prediction, const Variable& target) {
  if (prediction.shape() != target.shape())
    throw ShapeError(message("mean_squared_error: shapes differ: ", prediction.shape(), " and ",
                             target.shape()));
  const Variable difference = prediction - target;
  return mean(difference * difference);
}

}  // namespace rapt::nn
