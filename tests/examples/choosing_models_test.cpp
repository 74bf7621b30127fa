// Image models that choose where to look: what they return, and what they learn from.
#include "examples/image_models/image_model.h"
#include "tests/nn/module_checks.h"

namespace rapt::image_models {
namespace {

constexpr Index kBatch = 8;

struct Meeting {
  std::unique_ptr<ImageModel> model;
  image_tasks::ImageBatch batch;
};

Meeting meet(const std::string& name) {
  const auto task = image_tasks::find_image_task("clutter").make({});
  Rng rng(1), data(2);
  return {find_image_model(name).make(task->sizes(), rng),
          task->batch(kBatch, tasks::Split::training, data)};
}

TEST(ChoosingModels, EveryParameterLearns) {
  for (const std::string name : {"glimpses", "gumbel", "hard"}) {
    SCOPED_TRACE(name);
    const Meeting m = meet(name);
    // Neither softmax nor batch norm sees what is added everywhere.
    std::vector<std::string> idle{"second.bias", "score.bias"};
    if (name == "glimpses") idle.clear();
    expect_every_parameter_learns(*m.model, m.model->loss(m.batch), idle);
  }
}

TEST(ChoosingModels, AnswerTheSameTwiceInEval) {
  for (const std::string name : {"glimpses", "gumbel", "hard"}) {
    SCOPED_TRACE(name);
    const Meeting m = meet(name);
    m.model->eval();
    const Variable first = (*m.model)(m.batch.images).logits;
    EXPECT_TRUE(same_bits(first, (*m.model)(m.batch.images).logits));
  }
}

TEST(ChoosingModels, SayWhereTheyLooked) {
  for (const std::string name : {"gumbel", "hard"}) {
    SCOPED_TRACE(name);
    const Meeting m = meet(name);
    const ImageOutput said = (*m.model)(m.batch.images);
    ASSERT_TRUE(said.places);
    EXPECT_EQ(said.places->shape(), (Shape{kBatch, 10, 10}));
    EXPECT_TRUE(
        close(sum(Variable(said.places->reshape({kBatch, 100})), -1), Tensor({kBatch}, Scalar(1))));
  }
  const Meeting m = meet("glimpses");
  const ImageOutput said = (*m.model)(m.batch.images);
  ASSERT_EQ(said.glimpses.size(), 4u);
  EXPECT_EQ(said.glimpses[3].shape(), (Shape{kBatch, 2}));
}

}  // namespace
}  // namespace rapt::image_models
