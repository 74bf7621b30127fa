// Folder: the user's own images. --data FOLDER holds one folder per class, and each of these its
// images as PGM or PPM files (data/pnm.h), all of one size and with as many channels:
//
//   shapes/circle/001.pgm   shapes/circle/002.pgm   shapes/square/a.pgm   ..
//
// Classes stand in alphabetical order. An image is dealt out by a hash of its pixels: 8 : 1 : 1 for
// training, validation and test, and no image is in two parts, whatever its name or class. Files
// of other kinds and whatever begins with a dot are left alone.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <system_error>

#include "examples/data/pnm.h"
#include "examples/image_tasks/options.h"
#include "examples/report/program.h"
#include "examples/report/text.h"
#include "examples/tasks/split.h"

namespace rapt::image_tasks {
namespace {

namespace fs = std::filesystem;
using report::UsageError;
using tasks::Split;

constexpr Index kSmallestSide = 8, kLargestSide = 256;

struct Example {
  Tensor image;  // [C, Y, X]
  std::int32_t label;
};

// What a folder holds, by name: its own order differs between file systems.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (!at->path().filename().string().starts_with('.')) entries.push_back(at->path());
  if (error) throw UsageError("--data: cannot read '" + folder.string() + "': " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_image(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return (ending == ".pgm" || ending == ".ppm") && !is_folder(path);
}

std::vector<fs::path> images_of(const fs::path& folder) {
  std::vector<fs::path> entries = entries_of(folder);
  const std::size_t all = entries.size();
  std::erase_if(entries, [](const fs::path& path) { return !is_image(path); });
  if (entries.empty())
    throw UsageError(message("--data: expected .pgm or .ppm files in '", folder.string(),
                             "', got none among ", all, " entries"));
  return entries;
}

std::string described(const Tensor& image) {
  return message("width ", image.dim(2), ", height ", image.dim(1), ", ",
                 image.dim(0) == 1 ? "gray" : "colour");
}

class Folder : public ImageTask {
 public:
  explicit Folder(const std::string& path) {
    std::vector<fs::path> folders = entries_of(path);
    std::erase_if(folders, [](const fs::path& entry) { return !is_folder(entry); });
    if (folders.size() < 2)
      throw UsageError(message("--data: expected at least 2 folders of images in '", path,
                               "', one for each class, got ", folders.size()));
    std::string first;
    for (const fs::path& folder : folders) {
      const auto label = static_cast<std::int32_t>(answers_.size());
      answers_.push_back(report::on_one_line(folder.filename().string()));
      for (const fs::path& file : images_of(folder)) {
        const Tensor image = data::read_pnm(file.string(), "--data");
        if (first.empty()) {
          first = file.string();
          shape_ = image.shape();
          expect_good_size(first, image);
        }
        if (image.shape() != shape_)
          throw UsageError(message(file.string(), ": expected an image like the first, '", first,
                                   "' (", described(Tensor(shape_)), "), got ", described(image)));
        parts_[tasks::split_of(data::encode_pnm(image))].push_back({image, label});
      }
    }
    expect_enough(path);
  }

  ImageSizes sizes() const override {
    return {shape_[0], shape_[1], shape_[2], static_cast<Index>(answers_.size())};
  }
  ImageDefaults defaults() const override { return {1000, 32}; }
  std::string answer(std::int32_t label) const override {
    return answers_[static_cast<std::size_t>(label)];
  }

  // Of who always says the most frequent class of the test.
  double chance() const override {
    std::map<std::int32_t, std::size_t> counts;
    std::size_t most = 0;
    const std::vector<Example>& test = parts_.at(Split::test);
    for (const Example& example : test) most = std::max(most, ++counts[example.label]);
    return static_cast<double>(most) / static_cast<double>(test.size());
  }

  ImageBatch batch(Index size, Split split, Rng& rng) const override {
    const std::vector<Example>& examples = parts_.at(split);
    ImageBatch batch{.images = Tensor({size, shape_[0], shape_[1], shape_[2]}),
                     .labels = {{size}, {}}};
    Scalar* pixels = batch.images.data();
    for (Index b = 0; b < size; ++b) {
      const Index drawn = rng.below(static_cast<Index>(examples.size()));
      const Example& example = examples[static_cast<std::size_t>(drawn)];
      pixels = std::copy_n(example.image.data(), example.image.size(), pixels);
      batch.labels.values.push_back(example.label);
    }
    return batch;
  }

 private:
  static void expect_good_size(const std::string& file, const Tensor& image) {
    const auto [least, most] = std::minmax({image.dim(1), image.dim(2)});
    if (least < kSmallestSide || most > kLargestSide)
      throw UsageError(message(file, ": expected a width and a height of ", kSmallestSide, " to ",
                               kLargestSide, ", got ", described(image)));
  }

  void expect_enough(const std::string& path) {
    std::size_t all = 0;
    for (const auto& [split, part] : parts_) all += part.size();
    for (const Split split : {Split::training, Split::validation, Split::test})
      if (parts_[split].empty())
        throw UsageError(message("--data ", path,
                                 ": expected images enough for training, validation and test "
                                 "(8 : 1 : 1), got ",
                                 all));
  }

  std::vector<std::string> answers_;  // by name
  Shape shape_;                       // [C, Y, X], of every image
  std::map<Split, std::vector<Example>> parts_;
};

std::unique_ptr<ImageTask> make(const ImageTaskOptions& options) {
  expect_no_clutter(options, "folder");
  if (options.data.empty())
    throw UsageError(
        "--data: image task folder expects a folder that holds one folder of images per class, "
        "got none");
  return std::make_unique<Folder>(options.data);
}

const bool registered = register_image_task(
    {"folder", "your own images: --data FOLDER with one folder of PGM or PPM files per class",
     make});

}  // namespace
}  // namespace rapt::image_tasks
