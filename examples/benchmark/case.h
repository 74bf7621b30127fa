#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tensor/scalar.h"

// What `bench` times. The names, models, shapes and work are those of the same cases in PyTorch
// eager that Rapt is compared with.
namespace rapt::benchmark {

using Step = std::function<void()>;

struct Case {
  std::string name;
  std::function<Step()> make;  // draws the inputs; the step it returns is what is timed
  double flops = 0;            // of one step, where they are easily told: two per multiply-add
};

std::vector<Case> training_cases();   // forward, backward and Adam of a whole model
std::vector<Case> operation_cases();  // forward and backward of one operation
std::vector<Case> product_cases();    // one matrix product
std::vector<Case> function_cases();   // exp, tanh, .. over 65536 numbers
std::vector<Case> growth_cases();     // forward and backward along sequences of growing length

std::vector<Case> all_cases();

}  // namespace rapt::benchmark
