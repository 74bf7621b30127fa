// Ten steps of each optimizer, and clipping, against results of PyTorch (tests/reference).
#include <functional>
#include <memory>

#include "nn/linear.h"
#include "nn/loss.h"
#include "optim/adam.h"
#include "optim/sgd.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using Made = std::unique_ptr<optim::Optimizer>;

struct Trajectory {
  const char* name;
  std::function<Made(const std::vector<Variable>&, const Reference&)> make;
};

// For failure messages: an unnamed row would be printed as bytes.
void PrintTo(const Trajectory& row, std::ostream* out) { *out << row.name; }

Made make_sgd(const std::vector<Variable>& parameters, const Reference& stored) {
  return std::make_unique<optim::SGD>(
      parameters, optim::SGDOptions{stored.option("learning_rate"), stored.option("momentum"),
                                    stored.option("weight_decay")});
}

template <class Kind>
Made make_adam(const std::vector<Variable>& parameters, const Reference& stored) {
  optim::AdamOptions options;
  options.learning_rate = stored.option("learning_rate");
  options.beta1 = stored["option/betas"].at({0});
  options.beta2 = stored["option/betas"].at({1});
  options.weight_decay = stored.option("weight_decay");
  return std::make_unique<Kind>(parameters, options);
}

class PyTorchTrajectory : public testing::TestWithParam<Trajectory> {};

TEST_P(PyTorchTrajectory, TenSteps) {
  const Reference stored(std::string("optimizer_") + GetParam().name);
  Rng rng(1);
  const nn::Linear linear(3, 2, rng);
  stored.load_into(linear);
  const Made optimizer = GetParam().make(linear.parameters(), stored);
  for (Index step = 0; step < 10; ++step) {
    optimizer->zero_grad();
    backward(nn::mean_squared_error(linear(stored["input/x"]), stored["input/target"]));
    optimizer->step();
    for (const NamedVariable& p : linear.named_parameters()) {
      const Tensor expected = stored["path/" + p.name].slice(0, step, step + 1);
      EXPECT_TRUE(close(p.variable, expected.reshape(p.variable.shape())))
          << p.name << " after step " << step + 1;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, PyTorchTrajectory,
                         testing::Values(Trajectory{"sgd", make_sgd},
                                         Trajectory{"sgd_momentum", make_sgd},
                                         Trajectory{"sgd_decay", make_sgd},
                                         Trajectory{"adam", make_adam<optim::Adam>},
                                         Trajectory{"adam_decay", make_adam<optim::Adam>},
                                         Trajectory{"adamw", make_adam<optim::AdamW>}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(PyTorch, ClippingByGlobalNorm) {
  const Reference stored("clipping");
  std::vector<Variable> parameters;
  for (const char* name : {"a", "b"}) {
    const Tensor& gradient = stored[std::string("input/") + name];
    parameters.emplace_back(Tensor(gradient.shape()), true);
    backward(sum(parameters.back() * gradient));
  }
  const double norm = optim::clip_by_global_norm(parameters, stored.option("largest"));
  EXPECT_NEAR(norm, stored["output/norm"].item(), kClose);
  EXPECT_TRUE(close(parameters[0].grad(), stored["output/a"]));
  EXPECT_TRUE(close(parameters[1].grad(), stored["output/b"]));
}

}  // namespace
}  // namespace rapt
