// Cue: which digit stands in the marked picture? Four pictures of 20 x 20 pixels, each a channel of
// its own with a digit of 5 x 7 at a random place; one of them also has a marker, a block of 4 x 4
// at a random place that does not touch the digit. Noise of deviation 0.1.
//
//   picture 0: 7     picture 1: 3 and a marker     picture 2: 3     picture 3: 0       answer: 3
//
// The strokes of a digit are one pixel wide, so that a block is never part of one. The four
// digits are drawn independently: who sees them all but not the marker is right in 38 % when it
// guesses the most frequent one. That is what a gate for channels is for (Hu et al. 2018,
// Squeeze-and-Excitation Networks): the marker is seen in the channel's average, and says how much
// the channel counts. (With a block of 2 x 2, and filters of its own for each picture, channel
// attention did not learn it: its gates stood at 0 and 1. Which of the two was to blame was not
// measured.)
#include "examples/image_tasks/glyphs.h"
#include "examples/image_tasks/options.h"

namespace rapt::image_tasks {
namespace {

constexpr Index kSize = 20, kPictures = 4, kMarker = 4;
constexpr double kNoise = 0.1;

class Cue : public ImageTask {
 public:
  ImageSizes sizes() const override { return {kPictures, kSize, kSize, kDigits, true}; }
  ImageDefaults defaults() const override { return {1200, 32}; }
  double chance() const override { return 1.0 / kDigits; }
  std::string answer(std::int32_t label) const override { return std::to_string(label); }

  ImageBatch batch(Index size, tasks::Split, Rng& rng) const override {
    ImageBatch batch{.images = Tensor({size, kPictures, kSize, kSize}), .labels = {{size}, {}}};
    for (Index b = 0; b < size; ++b) {
      const Index marked = rng.below(kPictures);
      for (Index c = 0; c < kPictures; ++c) {
        const Canvas picture = canvas(batch.images, b, c);
        const Index digit = rng.below(kDigits);
        const Box box = random_box(kGlyphHeight, kGlyphWidth, picture, rng);
        paint(digit, picture, box.top, box.left);
        if (c != marked) continue;
        paint_block(marker_beside(box, picture, rng), picture);
        batch.labels.values.push_back(static_cast<std::int32_t>(digit));
        batch.boxes.push_back(box);
      }
      batch.channels.push_back(marked);
    }
    add_noise(batch.images, kNoise, rng);
    return batch;
  }

 private:
  static Box marker_beside(const Box& digit, const Canvas& picture, Rng& rng) {
    Box marker = random_box(kMarker, kMarker, picture, rng);
    while (overlap(marker, digit, 1)) marker = random_box(kMarker, kMarker, picture, rng);
    return marker;
  }
};

const bool registered =
    register_image_task({"cue", "which digit stands in the marked one of 4 pictures?",
                         [](const ImageTaskOptions& options) {
                           expect_no_clutter(options, "cue");
                           expect_no_data(options, "cue");
                           return std::make_unique<Cue>();
                         }});

}  // namespace
}  // namespace rapt::image_tasks
