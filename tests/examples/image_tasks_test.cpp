// Tasks on images that are drawn: the digits, a digit in clutter, a marked picture.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "examples/image_tasks/glyphs.h"
#include "tests/examples/task_checks.h"

namespace rapt::image_tasks {
namespace {

using tasks::Split;
using tasks::usage_error_of;

std::string text_of(Index digit) {
  std::string text;
  for (Index y = 0; y < kGlyphHeight; ++y)
    for (Index x = 0; x < kGlyphWidth; ++x) text += is_ink(digit, y, x) ? '#' : '.';
  return text;
}

TEST(Glyphs, DigitsDifferInThreePixelsOrMore) {
  for (Index a = 0; a < kDigits; ++a)
    for (Index b = 0; b < a; ++b) {
      const std::string one = text_of(a), other = text_of(b);
      Index different = 0;
      for (std::size_t i = 0; i < one.size(); ++i) different += one[i] != other[i];
      EXPECT_GE(different, 3) << a << " and " << b;
    }
}

TEST(Glyphs, TouchTopAndBottomAndHaveNoBlock) {
  for (Index digit = 0; digit < kDigits; ++digit) {
    EXPECT_GT(ink_in(digit, {0, 0, 1, kGlyphWidth}), 0) << digit;
    EXPECT_GT(ink_in(digit, {kGlyphHeight - 1, 0, 1, kGlyphWidth}), 0) << digit;
    for (Index y = 0; y + 1 < kGlyphHeight; ++y)
      for (Index x = 0; x + 1 < kGlyphWidth; ++x)
        EXPECT_LT(ink_in(digit, {y, x, 2, 2}), 4) << digit << " at " << y << ", " << x;
  }
}

TEST(Glyphs, AreWhatTheyLookLike) {
  EXPECT_EQ(text_of(4),
            "#...#"
            "#...#"
            "#...#"
            "#####"
            "....#"
            "....#"
            "....#");
  EXPECT_EQ(text_of(7),
            "#####"
            "....#"
            "....#"
            "...#."
            "..#.."
            "..#.."
            "..#..");
}

TEST(Glyphs, PaintAPartAtAPlaceOfOneChannel) {
  Tensor images({2, 3, 4, 6});
  paint(7, canvas(images, 1, 2), 1, 2, {0, 3, 3, 2});
  EXPECT_EQ(images.slice(0, 0, 1).values(), std::vector<Scalar>(72, 0));
  EXPECT_EQ(images.slice(0, 1, 2).slice(1, 0, 2).values(), std::vector<Scalar>(48, 0));
  EXPECT_EQ(images.slice(0, 1, 2).slice(1, 2, 3).values(),
            (std::vector<Scalar>{0, 0, 0, 0, 0, 0,  //
                                 0, 0, 1, 1, 0, 0,  //
                                 0, 0, 0, 1, 0, 0,  //
                                 0, 0, 0, 1, 0, 0}));
}

TEST(Glyphs, BoxesOverlapWhereTheyShareAPixel) {
  const Box box{5, 5, 3, 2};
  EXPECT_TRUE(overlap(box, {7, 6, 1, 1}));
  EXPECT_FALSE(overlap(box, {8, 6, 1, 1}));
  EXPECT_FALSE(overlap(box, {7, 7, 1, 1}));
  EXPECT_TRUE(overlap(box, {8, 7, 1, 1}, 1)) << "corners touch";
  EXPECT_FALSE(overlap(box, {9, 6, 1, 1}, 1));
  EXPECT_FALSE(overlap(box, {3, 3, 1, 1}, 1));
}

// Whether what is bright in one channel, noise aside, is the ink of this digit in this box. What
// lies outside the box does not count.
bool holds(const ImageBatch& batch, Index row, Index channel, Index digit, const Box& box) {
  for (Index y = 0; y < box.height; ++y)
    for (Index x = 0; x < box.width; ++x)
      if ((batch.images.at({row, channel, box.top + y, box.left + x}) > 0.5) != is_ink(digit, y, x))
        return false;
  return true;
}

Index bright(const ImageBatch& batch, Index row, Index channel) {
  Index count = 0;
  for (const Scalar pixel :
       batch.images.slice(0, row, row + 1).slice(1, channel, channel + 1).values())
    count += pixel > 0.5;
  return count;
}

TEST(Clutter, BoxesHoldTheDigitAloneWhateverTheClutter) {
  for (const Index pieces : {0, 8, 20}) {
    const auto task = find_image_task("clutter").make({.clutter = pieces});
    Rng rng(1);
    const ImageBatch batch = task->batch(200, Split::training, rng);
    EXPECT_EQ(batch.images.shape(), (Shape{200, 1, 20, 20}));
    ASSERT_EQ(batch.boxes.size(), 200u);
    EXPECT_TRUE(batch.channels.empty());
    Index outside = 0;
    for (Index b = 0; b < 200; ++b) {
      const Index digit = batch.labels.values[b];
      const Index ink = ink_in(digit, {0, 0, kGlyphHeight, kGlyphWidth});
      EXPECT_TRUE(holds(batch, b, 0, digit, batch.boxes[b])) << "image " << b;
      const Index others = bright(batch, b, 0) - ink;
      if (pieces == 0)
        EXPECT_EQ(others, 0) << "image " << b;
      else
        EXPECT_GE(others, 1) << "image " << b;
      EXPECT_LE(others, 9 * pieces) << "image " << b;
      outside += others;
    }
    EXPECT_GE(outside, 200 * 2 * pieces);
  }
}

// Whether what is bright outside the digit's box is a part of 3 x 3 of another digit.
bool has_a_piece_of_another(const ImageBatch& batch, Index row) {
  std::vector<bool> outside, none(400);
  for (Index i = 0; i < 400; ++i)
    outside.push_back(batch.images.at({row, 0, i / 20, i % 20}) > 0.5 &&
                      !overlap(batch.boxes[row], {i / 20, i % 20, 1, 1}));
  const Index bright = std::count(outside.begin(), outside.end(), true);
  const auto is_here = [&](Index digit, const Box& part, Index top, Index left) {
    std::vector<bool> piece = none;
    for (Index y = 0; y < 3; ++y)
      for (Index x = 0; x < 3; ++x)
        piece[(top + y) * 20 + left + x] = is_ink(digit, part.top + y, part.left + x);
    return piece == outside;
  };
  for (Index digit = 0; digit < kDigits; ++digit)
    for (Index corner = 0; corner < 15 * 18 * 18; ++corner) {
      const Box part{corner % 5, corner / 5 % 3, 3, 3};
      if (digit != batch.labels.values[row] && bright > 0 && ink_in(digit, part) == bright &&
          is_here(digit, part, corner / 15 % 18, corner / 15 / 18))
        return true;
    }
  return false;
}

TEST(Clutter, PiecesAreCutFromOtherDigitsAndNotBlank) {
  Rng rng(8);
  const auto task = find_image_task("clutter").make({.clutter = 1});
  const ImageBatch batch = task->batch(300, Split::training, rng);
  for (Index b = 0; b < 300; ++b) EXPECT_TRUE(has_a_piece_of_another(batch, b)) << "image " << b;
}

TEST(Clutter, EightPiecesIsItsOwn) {
  Rng rng(2), same(2), fewer(2);
  const auto own = find_image_task("clutter").make({})->batch(4, Split::training, rng);
  const auto eight = find_image_task("clutter").make({.clutter = 8})->batch(4, Split::test, same);
  const auto four = find_image_task("clutter").make({.clutter = 4})->batch(4, Split::test, fewer);
  EXPECT_EQ(own.images.values(), eight.images.values());
  EXPECT_NE(own.images.values(), four.images.values());
}

TEST(Cue, OnlyTheMarkedPictureHasABlockAndItsDigitIsTheAnswer) {
  const auto task = find_image_task("cue").make({});
  EXPECT_TRUE(task->sizes().separate);
  Rng rng(3);
  const ImageBatch batch = task->batch(300, Split::training, rng);
  EXPECT_EQ(batch.images.shape(), (Shape{300, 4, 20, 20}));
  std::set<Index> marked;
  for (Index b = 0; b < 300; ++b) {
    marked.insert(batch.channels[b]);
    EXPECT_TRUE(holds(batch, b, batch.channels[b], batch.labels.values[b], batch.boxes[b]));
    const Box& digit = batch.boxes[b];
    for (Index c = 0; c < 4; ++c) {
      Index blocks = 0;
      for (Index y = 0; y + 1 < 20; ++y)
        for (Index x = 0; x + 1 < 20; ++x) {
          const auto on = [&](Index i, Index j) { return batch.images.at({b, c, i, j}) > 0.5; };
          if (!on(y, x) || !on(y, x + 1) || !on(y + 1, x) || !on(y + 1, x + 1)) continue;
          ++blocks;
          EXPECT_FALSE(overlap({y, x, 2, 2}, digit, 1)) << "image " << b << ", channel " << c;
        }
      EXPECT_EQ(blocks, c == batch.channels[b] ? 1 : 0) << "image " << b << ", channel " << c;
    }
  }
  EXPECT_EQ(marked, (std::set<Index>{0, 1, 2, 3}));
}

TEST(Cue, EveryPictureHasOneDigit) {
  const auto task = find_image_task("cue").make({});
  Rng rng(4);
  const ImageBatch batch = task->batch(50, Split::training, rng);
  for (Index b = 0; b < 50; ++b)
    for (Index c = 0; c < 4; ++c) {
      Index found = 0;
      const Index ink = bright(batch, b, c) - (c == batch.channels[b] ? 4 : 0);
      for (Index digit = 0; digit < kDigits; ++digit) {
        if (ink_in(digit, {0, 0, kGlyphHeight, kGlyphWidth}) != ink) continue;
        for (Index y = 0; y <= 20 - kGlyphHeight; ++y)
          for (Index x = 0; x <= 20 - kGlyphWidth; ++x)
            found += holds(batch, b, c, digit, {y, x, kGlyphHeight, kGlyphWidth});
      }
      EXPECT_EQ(found, 1) << "image " << b << ", channel " << c;
    }
}

TEST(ImageTasks, NoiseHasItsDeviation) {
  Rng rng(5);
  const ImageBatch batch =
      find_image_task("clutter").make({.clutter = 0})->batch(100, Split::training, rng);
  double square = 0;
  for (const Scalar pixel : batch.images.values()) {
    const double noise = pixel > 0.5 ? pixel - 1 : pixel;
    square += noise * noise;
  }
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(batch.images.size())), 0.1, 1e-3);
}

TEST(ImageTasks, EqualGeneratorsGiveEqualBatchesAndDigitsAreEquallyLikely) {
  for (const std::string name : {"clutter", "cue"}) {
    const auto task = find_image_task(name).make({});
    EXPECT_EQ(task->chance(), 0.1);
    EXPECT_EQ(task->answer(7), "7");
    Rng rng(6), same(6), other(7);
    const ImageBatch batch = task->batch(2000, Split::training, rng);
    EXPECT_EQ(task->batch(2000, Split::test, same).images.values(), batch.images.values());
    EXPECT_NE(task->batch(2000, Split::training, other).images.values(), batch.images.values());
    EXPECT_EQ(batch.size(), 2000);
    std::vector<Index> counts(10), tops(20), lefts(20);
    for (Index b = 0; b < 2000; ++b) {
      ++counts[batch.labels.values[b]];
      ++tops[batch.boxes[b].top];
      ++lefts[batch.boxes[b].left];
    }
    for (Index digit = 0; digit < 10; ++digit) EXPECT_NEAR(counts[digit], 200, 50) << name;
    for (Index top = 0; top < 14; ++top) EXPECT_NEAR(tops[top], 2000 / 14, 50) << name;
    for (Index left = 0; left < 16; ++left) EXPECT_NEAR(lefts[left], 2000 / 16, 50) << name;
  }
}

TEST(ImageTasks, RefuseWhatTheyCannotBeTold) {
  const auto error = [](const std::string& task, const ImageTaskOptions& options) {
    return usage_error_of([&] { find_image_task(task).make(options); });
  };
  EXPECT_EQ(error("clutter", {.clutter = 21}),
            "--clutter: image task clutter expects 0 to 20, got 21");
  EXPECT_EQ(error("clutter", {.clutter = -2}),
            "--clutter: image task clutter expects 0 to 20, got -2");
  EXPECT_EQ(error("clutter", {.data = "x"}), "--data: image task clutter expects none, got 'x'");
  EXPECT_EQ(error("cue", {.clutter = 8}), "--clutter: image task cue expects none, got 8");
  EXPECT_EQ(error("cue", {.data = "x"}), "--data: image task cue expects none, got 'x'");
  EXPECT_EQ(error("folder", {.clutter = 8}), "--clutter: image task folder expects none, got 8");
  EXPECT_EQ(error("folder", {}),
            "--data: image task folder expects a folder that holds one folder of images per class, "
            "got none");
}

}  // namespace
}  // namespace rapt::image_tasks
