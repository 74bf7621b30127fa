// Forward and backward of one operation.
#include "autograd/ops.h"
#include "examples/benchmark/case.h"
#include "nn/attention.h"
#include "nn/layer_norm.h"
#include "tensor/random.h"

namespace rapt::benchmark {
namespace {

// f takes the inputs, of these shapes, and is pulled back along a fixed random gradient.
template <class F>
Case operation(const std::string& name, const std::vector<Shape>& shapes, F f) {
  return {"op_" + name, [=]() -> Step {
            Rng rng(1);
            std::vector<Variable> inputs;
            for (const Shape& shape : shapes) inputs.emplace_back(normal(shape, 1, rng), true);
            const Variable dy = normal(f(inputs).shape(), 1, rng);
            return [=] { grad(f(inputs), inputs, dy); };
          }};
}

Case attention(const std::string& name, const Shape& shape) {
  return operation("attention_" + name, {shape, shape, shape}, [](const std::vector<Variable>& in) {
    return nn::scaled_dot_product(in[0], in[1], in[2], {}, nn::Weights::dropped).context;
  });
}

// What a node of the graph costs: the numbers in it are few.
Case chain() {
  return {"op_chain_1000_mul_add_4x4", []() -> Step {
            Rng rng(1);
            const Variable w = normal({4, 4}, 1, rng);
            return [=, x = Variable(normal({4, 4}, 1, rng), true)]() mutable {
              Variable y = x;
              for (int i = 0; i < 1000; ++i) y = y * w + x;
              x.clear_grad();
              backward(sum(y));
            };
          }};
}

}  // namespace

std::vector<Case> operation_cases() {
  using Inputs = const std::vector<Variable>&;
  return {
      chain(),
      operation("softmax_4096x64", {{4096, 64}}, [](Inputs in) { return softmax(in[0]); }),
      operation("layer_norm_1024x256", {{1024, 256}, {256}, {256}},
                [](Inputs in) { return layer_norm(in[0], in[1], in[2]); }),
      operation("gelu_1024x1024", {{1024, 1024}}, [](Inputs in) { return gelu(in[0]); }),
      attention("B8_H4_T256_D32", {8, 4, 256, 32}),
      attention("B1_H4_T1024_D32", {1, 4, 1024, 32}),
  };
}

}  // namespace rapt::benchmark
