// Clutter: which digit stands somewhere among pieces of others? 20 x 20 pixels, one digit of 5 x 7
// at a random place, 8 pieces of 3 x 3 cut from other digits, noise of deviation 0.1. The toy form
// of the cluttered translated MNIST of Mnih et al. 2014, Recurrent Models of Visual Attention,
// section 4.1.
//
// No piece touches the 5 x 7 pixels of the digit, so that nothing is hidden: whoever looks at the
// right place can be sure. Pieces may lie on each other. Averaging over all places mixes the
// digit with strokes that mean nothing, more of them than the digit has itself; a model that
// weighs places can leave them out. Whether attention gains more
// with more clutter was not measured.
//
// --clutter N: so many pieces, 0 to 20 (8).
#include "examples/image_tasks/glyphs.h"
#include "examples/image_tasks/options.h"
#include "examples/report/program.h"

namespace rapt::image_tasks {
namespace {

constexpr Index kSize = 20, kPiece = 3, kPieces = 8, kMostPieces = 20;
constexpr double kNoise = 0.1;

// Part of another digit, with some ink in it, off the digit's box.
void paint_piece(Index digit, const Box& box, const Canvas& canvas, Rng& rng) {
  const Index other = (digit + 1 + rng.below(kDigits - 1)) % kDigits;
  Box part{0, 0, kPiece, kPiece};
  do {
    part.top = rng.below(kGlyphHeight - kPiece + 1);
    part.left = rng.below(kGlyphWidth - kPiece + 1);
  } while (ink_in(other, part) == 0);
  Box place;
  do place = random_box(kPiece, kPiece, canvas, rng);
  while (overlap(place, box));
  paint(other, canvas, place.top, place.left, part);
}

class Clutter : public ImageTask {
 public:
  explicit Clutter(Index pieces) : pieces_(pieces) {}

  ImageSizes sizes() const override { return {1, kSize, kSize, kDigits}; }
  ImageDefaults defaults() const override { return {600, 32}; }
  double chance() const override { return 1.0 / kDigits; }
  std::string answer(std::int32_t label) const override { return std::to_string(label); }

  ImageBatch batch(Index size, tasks::Split, Rng& rng) const override {
    ImageBatch batch{.images = Tensor({size, 1, kSize, kSize}), .labels = {{size}, {}}};
    for (Index b = 0; b < size; ++b) {
      const Canvas image = canvas(batch.images, b, 0);
      const Index digit = rng.below(kDigits);
      const Box box = random_box(kGlyphHeight, kGlyphWidth, image, rng);
      paint(digit, image, box.top, box.left);
      for (Index i = 0; i < pieces_; ++i) paint_piece(digit, box, image, rng);
      batch.labels.values.push_back(static_cast<std::int32_t>(digit));
      batch.boxes.push_back(box);
    }
    add_noise(batch.images, kNoise, rng);
    return batch;
  }

 private:
  Index pieces_;
};

std::unique_ptr<ImageTask> make(const ImageTaskOptions& options) {
  expect_no_data(options, "clutter");
  const Index pieces = options.clutter == -1 ? kPieces : options.clutter;
  if (pieces < 0 || pieces > kMostPieces)
    throw report::UsageError(
        message("--clutter: image task clutter expects 0 to ", kMostPieces, ", got ", pieces));
  return std::make_unique<Clutter>(pieces);
}

const bool registered =
    register_image_task({"clutter", "which digit stands among pieces of others?", make});

}  // namespace
}  // namespace rapt::image_tasks
