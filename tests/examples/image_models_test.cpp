// Every model of images meets every task of images; and where a map lies is measured right.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "examples/training/images.h"
#include "tensor/elementwise.h"
#include "tests/examples/own_folder.h"

namespace rapt::image_models {
namespace {

// Two classes of sixty tiny pictures each, for the task that reads a folder.
std::string folder_of_pictures() {
  const auto root = tasks::own_folder();
  for (int label = 0; label < 2; ++label) {
    const auto folder = root / std::string(1, static_cast<char>('a' + label));
    std::filesystem::create_directories(folder);
    for (int i = 0; i < 60; ++i) {
      std::ofstream file(folder / (std::to_string(i) + ".pgm"), std::ios::binary);
      file << "P2\n16 16\n255\n";
      for (int pixel = 0; pixel < 256; ++pixel)
        file << (label == 0 ? pixel * (i + 1) % 256 : pixel % 16 * i % 256) << '\n';
    }
  }
  return root.string();
}

struct Meeting {
  std::string name;
  std::unique_ptr<image_tasks::ImageTask> task;
  std::unique_ptr<ImageModel> model;
};

std::vector<Meeting> meetings() {
  std::vector<Meeting> all;
  for (const image_tasks::ImageTaskEntry& task : image_tasks::all_image_tasks())
    for (const ImageModelEntry& model : all_image_models()) {
      image_tasks::ImageTaskOptions options;
      if (task.name == "folder") options.data = folder_of_pictures();
      Meeting meeting{model.name + " on " + task.name, task.make(options), nullptr};
      Rng rng(1);
      meeting.model = model.make(meeting.task->sizes(), rng);
      all.push_back(std::move(meeting));
    }
  return all;
}

TEST(ImageMeetings, AnswersHaveTheShapeOfTheQuestion) {
  const std::vector<Meeting> all = meetings();
  EXPECT_GT(all.size(), 20u);
  for (const Meeting& m : all) {
    const NoGrad off;
    m.model->eval();
    Rng rng(2);
    const image_tasks::ImageBatch batch = m.task->batch(3, tasks::Split::test, rng);
    const image_tasks::ImageSizes sizes = m.task->sizes();
    EXPECT_EQ(batch.images.shape(), (Shape{3, sizes.channels, sizes.height, sizes.width}))
        << m.name;
    const ImageOutput output = (*m.model)(batch.images);
    EXPECT_EQ(output.logits.shape(), (Shape{3, sizes.classes})) << m.name;
    if (output.places) {
      EXPECT_EQ(output.places->rank(), 3) << m.name;
      for (const Scalar w : output.places->values()) EXPECT_TRUE(w >= 0 && w <= 1) << m.name;
    }
    if (output.channels) {
      EXPECT_EQ(output.channels->rank(), 2) << m.name;
      for (const Scalar w : output.channels->values()) EXPECT_TRUE(w >= 0 && w <= 1) << m.name;
    }
    for (const Tensor& centre : output.glimpses) EXPECT_EQ(centre.shape(), (Shape{3, 2})) << m.name;
    const ImageOutput again = (*m.model)(batch.images);
    EXPECT_EQ(output.logits.value().values(), again.logits.value().values())
        << m.name << ": in eval() nothing is left to chance";
  }
}

TEST(ImageMeetings, EveryParameterLearns) {
  for (const Meeting& m : meetings()) {
    Rng rng(3);
    backward(m.model->loss(m.task->batch(4, tasks::Split::training, rng)));
    for (const NamedVariable& p : m.model->named_parameters()) {
      ASSERT_TRUE(p.variable.has_grad()) << m.name << ": " << p.name;
      for (const Scalar g : p.variable.grad().values())
        ASSERT_TRUE(std::isfinite(g)) << m.name << ": " << p.name;
    }
  }
}

TEST(ImageMeetings, EqualSeedsGiveEqualLosses) {
  const auto losses = [](const std::string& model) {
    const auto task = image_tasks::find_image_task("clutter").make({});
    Rng rng(1);
    const auto made = find_image_model(model).make(task->sizes(), rng);
    std::vector<double> all;
    training::train(*made, *task, {.steps = 3, .batch = 4}, [&](Index, double loss) {
      all.push_back(loss);
      return true;
    });
    return all;
  };
  for (const ImageModelEntry& model : all_image_models()) {
    const std::vector<double> once = losses(model.name);
    EXPECT_EQ(once.size(), 3u);
    EXPECT_EQ(once, losses(model.name)) << model.name;
  }
}

TEST(Maps, TheShareOnABoxCountsPartsOfPlaces) {
  // 2 x 2 places over 4 x 4 pixels: each stands for 2 x 2 of them.
  const Tensor map({2, 2}, std::vector<Scalar>{1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(training::share_on(map, {0, 0, 4, 4}, 4, 4), 1);
  EXPECT_DOUBLE_EQ(training::share_on(map, {2, 2, 2, 2}, 4, 4), 0.4);
  EXPECT_DOUBLE_EQ(training::share_on(map, {0, 0, 1, 2}, 4, 4), 0.05) << "half of the first";
  EXPECT_DOUBLE_EQ(training::share_on(map, {1, 1, 2, 2}, 4, 4), 0.25) << "a quarter of each";
  EXPECT_DOUBLE_EQ(training::share_on(Tensor({2, 2}), {0, 0, 1, 1}, 4, 4), 0) << "an empty map";
}

TEST(Maps, TheStrongestPlaceIsNearOrNot) {
  Tensor map({10, 10});
  map.data()[57] = 1;  // row 5, column 7 of 10: its middle is at 11, 15 of 20 pixels
  EXPECT_TRUE(training::strongest_near(map, {10, 14, 2, 2}, 20, 20, 0));
  EXPECT_TRUE(training::strongest_near(map, {0, 14, 9, 5}, 20, 20, 2));
  EXPECT_FALSE(training::strongest_near(map, {0, 14, 8, 5}, 20, 20, 2)) << "three rows off";
  EXPECT_FALSE(training::strongest_near(map, {10, 0, 2, 5}, 20, 20, 2)) << "ten columns off";
  EXPECT_FALSE(training::strongest_near(map, {0, 17, 9, 3}, 20, 20, 2)) << "2 and 2 are 2.8";
}

TEST(Readme, NamesEveryImageTaskAndModel) {
  std::ifstream file(RAPT_SOURCE_DIR "/README.md");
  const std::string readme((std::istreambuf_iterator<char>(file)), {});
  for (const image_tasks::ImageTaskEntry& entry : image_tasks::all_image_tasks())
    EXPECT_NE(readme.find("`" + entry.name + "`"), std::string::npos) << entry.name;
  for (const ImageModelEntry& entry : all_image_models())
    EXPECT_NE(readme.find("`" + entry.name + "`"), std::string::npos) << entry.name;
}

}  // namespace
}  // namespace rapt::image_models
