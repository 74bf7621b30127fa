// The task on a folder of the user's images.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "examples/data/pnm.h"
#include "examples/image_tasks/image_task.h"
#include "tests/examples/task_checks.h"

namespace rapt::image_tasks {
namespace {

using tasks::Split;
using tasks::usage_error_of;
namespace fs = std::filesystem;

class FolderTask : public testing::Test {
 protected:
  FolderTask() { fs::remove_all(root_); }
  ~FolderTask() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& content) { tasks::written(name, content); }
  void write(const std::string& name, const Tensor& image) { write(name, data::encode_pnm(image)); }
  // The number of the image stands in its first pixels, that of its class in the last.
  void write_classes(Index count) {
    for (Index i = 0; i < count; ++i)
      for (const Index label : {2, 0, 1}) {
        Tensor image({1, 8, 9});
        image.data()[0] = static_cast<Scalar>(i) / 255;
        image.data()[71] = static_cast<Scalar>(label) / 255;
        write(message(std::string(1, static_cast<char>('a' + label)), "/", i,
                      i % 2 == 0 ? ".pgm" : ".PgM"),
              image);
      }
  }
  std::unique_ptr<ImageTask> make() const {
    return find_image_task("folder").make({.data = root_.string()});
  }
  std::string error() const {
    std::string text = usage_error_of([&] { make(); });
    for (std::size_t at; (at = text.find(root_.string())) != std::string::npos;)
      text.replace(at, root_.string().size(), "ROOT");
    return text;
  }

  fs::path root_ = tasks::own_folder();
};

TEST_F(FolderTask, DealsEveryImageToOnePartWithTheClassOfItsFolder) {
  write_classes(60);
  write("b/.hidden.pgm", "no image");
  write("b/notes.txt", "no image");
  write("readme.ppm", "no image, and in no class");
  write(".git/x.pgm", "no image");
  const auto task = make();
  EXPECT_EQ(task->sizes().channels, 1);
  EXPECT_EQ(task->sizes().height, 8);
  EXPECT_EQ(task->sizes().width, 9);
  EXPECT_EQ(task->sizes().classes, 3);
  EXPECT_FALSE(task->sizes().separate);
  EXPECT_EQ(task->answer(0) + task->answer(1) + task->answer(2), "abc");
  std::map<std::pair<Index, Index>, Split> seen;
  std::map<Split, Index> parts;
  for (const Split split : {Split::training, Split::validation, Split::test}) {
    Rng rng(1), same(1);
    const ImageBatch batch = task->batch(2000, split, rng);
    EXPECT_EQ(task->batch(2000, split, same).images.values(), batch.images.values());
    for (Index b = 0; b < 2000; ++b) {
      const Scalar* pixels = batch.images.data() + b * 72;
      const auto id = std::lround(pixels[0] * 255), label = std::lround(pixels[71] * 255);
      EXPECT_EQ(batch.labels.values[b], label);
      const auto [at, is_new] = seen.try_emplace({id, label}, split);
      EXPECT_EQ(at->second, split) << "image " << id << " is in two parts";
      parts[split] += is_new;
    }
  }
  EXPECT_EQ(seen.size(), 180u) << "every image is in a part";
  EXPECT_NEAR(parts[Split::training], 144, 15);
  EXPECT_NEAR(parts[Split::validation], 18, 10);
  EXPECT_NEAR(parts[Split::test], 18, 10);
  EXPECT_GE(task->chance(), 1.0 / 3);
  EXPECT_LT(task->chance(), 0.7);
}

TEST_F(FolderTask, PutsEqualImagesIntoOnePart) {
  write_classes(60);
  for (Index i = 0; i < 60; ++i)  // the images of a once more, in class b
    fs::copy_file(root_ / message("a/", i, i % 2 == 0 ? ".pgm" : ".PgM"),
                  root_ / message("b/again", i, ".pgm"));
  const auto task = make();
  std::map<Index, Split> seen;
  for (const Split split : {Split::training, Split::validation, Split::test}) {
    Rng rng(2);
    const ImageBatch batch = task->batch(3000, split, rng);
    for (Index b = 0; b < 3000; ++b) {
      const Scalar* pixels = batch.images.data() + b * 72;
      if (pixels[71] > 0) continue;  // no image of a
      EXPECT_EQ(seen.try_emplace(std::lround(pixels[0] * 255), split).first->second, split);
    }
  }
  EXPECT_EQ(seen.size(), 60u);
}

TEST_F(FolderTask, ReadsColours) {
  Rng rng(3);
  for (Index i = 0; i < 60; ++i)
    for (const std::string label : {"red", "blue"}) {
      Tensor image({3, 10, 8});
      const Index channel = label == "red" ? 0 : 2;
      image.data()[channel * 80 + i] = 1;
      write(message(label, "/", i, ".ppm"), image);
    }
  const auto task = make();
  EXPECT_EQ(task->sizes().channels, 3);
  EXPECT_EQ(task->answer(0), "blue");
  const ImageBatch batch = task->batch(100, Split::training, rng);
  for (Index b = 0; b < 100; ++b) {
    const std::vector<Scalar> pixels = batch.images.slice(0, b, b + 1).values();
    const auto bright = std::find(pixels.begin(), pixels.end(), Scalar(1)) - pixels.begin();
    EXPECT_EQ(bright / 80, batch.labels.values[b] == 0 ? 2 : 0) << "image " << b;
  }
}

TEST_F(FolderTask, SaysWhatIsWrong) {
  EXPECT_EQ(error().find("--data: cannot read 'ROOT': "), 0u) << error();
  const Tensor good({1, 8, 9});
  write("loose.pgm", good);
  EXPECT_EQ(error(),
            "--data: expected at least 2 folders of images in 'ROOT', one for each class, got 0");
  write("b/1.pgm", good);
  EXPECT_EQ(error(),
            "--data: expected at least 2 folders of images in 'ROOT', one for each class, got 1");
  write("a/notes.txt", "");
  EXPECT_EQ(error(), "--data: expected .pgm or .ppm files in 'ROOT/a', got none among 1 entries");
  write("a/1.pgm", good);
  EXPECT_EQ(error(),
            "--data ROOT: expected images enough for training, validation and test (8 : 1 : 1), "
            "got 2");
  write("b/2.pgm", Tensor({1, 9, 8}));
  EXPECT_EQ(error(),
            "ROOT/b/2.pgm: expected an image like the first, 'ROOT/a/1.pgm' (width 9, height 8, "
            "gray), got width 8, height 9, gray");
  write("b/2.pgm", Tensor({3, 8, 9}));  // the content decides, not the name
  EXPECT_EQ(error(),
            "ROOT/b/2.pgm: expected an image like the first, 'ROOT/a/1.pgm' (width 9, height 8, "
            "gray), got width 9, height 8, colour");
  write("b/2.pgm", "P5 8 8 255\n");
  EXPECT_EQ(error(),
            "ROOT/b/2.pgm: is cut short: expected 64 bytes of pixels for width 8 and height 8, got "
            "0");
  write("a/0.pgm", Tensor({1, 7, 9}));
  EXPECT_EQ(error(),
            "ROOT/a/0.pgm: expected a width and a height of 8 to 256, got width 9, height 7, gray");
  write("a/0.pgm", Tensor({1, 8, 257}));
  EXPECT_EQ(
      error(),
      "ROOT/a/0.pgm: expected a width and a height of 8 to 256, got width 257, height 8, gray");
}

TEST_F(FolderTask, RefusesAFile) {
  write("x", "no folder");
  root_ /= "x";
  EXPECT_EQ(error().find("--data: cannot read 'ROOT': "), 0u) << error();
  root_ = root_.parent_path();
}

}  // namespace
}  // namespace rapt::image_tasks
