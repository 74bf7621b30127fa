// Pooling as a whole: the gradients for inputs and parameters against differences.
#include "nn/pooling.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

TEST(ModuleGradients, Pooling) {
  const nn::Module nothing;
  const Variable x = random_input({3, 4, 2});
  for (const std::vector<Index>& lengths :
       {std::vector<Index>{}, std::vector<Index>{4, 2, 1}, std::vector<Index>{0, 3, 4}}) {
    expect_gradients_match_differences(nothing, {x}, [&] { return nn::mean_pooling(x, lengths); });
    expect_gradients_match_differences(nothing, {x}, [&] { return nn::max_pooling(x, lengths); });
    expect_gradients_match_differences(nothing, {x}, [&] { return nn::last_pooling(x, lengths); });
  }
}

TEST(ModuleGradients, AttentionPooling) {
  Rng rng(1);
  const nn::AttentionPooling pooling(3, 4, rng);
  const Variable x = random_input({3, 4, 3});
  for (const std::vector<Index>& lengths : {std::vector<Index>{}, std::vector<Index>{0, 3, 1}}) {
    const auto attended = [&] { return pooling(x, lengths); };
    expect_gradients_match_differences(pooling, {x}, [&] { return attended().context; });
    expect_gradients_match_differences(pooling, {x}, [&] { return attended().weights; });
  }
}

TEST(ModuleGradients, BagOfEmbeddings) {
  Rng rng(1);
  const nn::BagOfEmbeddings bag(4, 3, rng);
  expect_gradients_match_differences(bag, {}, [&] {
    return bag(Ids{{2, 3}, {0, 3, 3, 1, 2, 2}}, {3, 1});
  });
}

}  // namespace
}  // namespace rapt
