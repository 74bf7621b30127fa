#include "examples/benchmark/case.h"

namespace rapt::benchmark {

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& group :
       {training_cases(), operation_cases(), product_cases(), function_cases(), growth_cases()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace rapt::benchmark
