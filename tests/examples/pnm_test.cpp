// The reader and the writer of PGM and PPM images.
#include <gtest/gtest.h>

#include <filesystem>

#include "examples/data/pnm.h"
#include "tests/examples/task_checks.h"

namespace rapt::data {
namespace {

using tasks::usage_error_of;
using tasks::written;
using Values = std::vector<Scalar>;

std::string error_of(const std::string& content) {
  return usage_error_of([&] { decode_pnm(content, "a.pgm"); });
}

std::string bytes(std::initializer_list<int> values) {
  std::string all;
  for (const int value : values) all += static_cast<char>(value);
  return all;
}

TEST(Pnm, ReadsGrayBinaryAndPlain) {
  const Values expected = {0, 1, Scalar(0.2), Scalar(0.4), Scalar(0.6), Scalar(0.8)};
  const Tensor binary = decode_pnm("P5\n3 2\n255\n" + bytes({0, 255, 51, 102, 153, 204}), "a.pgm");
  EXPECT_EQ(binary.shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(binary.values(), expected);
  const Tensor plain = decode_pnm("P2 3 2 5\n0 5 1\n2 3 4", "a.pgm");
  EXPECT_EQ(plain.shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(plain.values(), expected);
}

TEST(Pnm, ColoursBecomeChannels) {
  const Values expected = {1, 0, 0, Scalar(0.2), 0, 1};  // red, green, blue of two pixels
  EXPECT_EQ(decode_pnm("P6 2 1 255\n" + bytes({255, 0, 0, 0, 51, 255}), "a.ppm").values(),
            expected);
  const Tensor plain = decode_pnm("P3\n2 1\n10\n10 0 0  0 2 10\n", "a.ppm");
  EXPECT_EQ(plain.shape(), (Shape{3, 1, 2}));
  EXPECT_EQ(plain.values(), expected);
}

TEST(Pnm, ReadsSixteenBitsHighByteFirst) {
  const Tensor image =
      decode_pnm("P5 3 1 65535 " + bytes({0xFF, 0xFF, 0x80, 0, 0x00, 0x80}), "a.pgm");
  EXPECT_EQ(image.values(), (Values{1, Scalar(32768) / 65535, Scalar(128) / 65535}));
  EXPECT_EQ(decode_pnm("P5 1 1 256 " + bytes({1, 0}), "a.pgm").values(), Values{1});
  EXPECT_EQ(decode_pnm("P2 2 1 65535 65535 1", "a.pgm").values(), (Values{1, Scalar(1) / 65535}));
}

TEST(Pnm, SkipsCommentsButNoPixelsThatLookLikeThem) {
  EXPECT_EQ(decode_pnm("P5# one\n#two\r\n 2 # three\n1 #\n255# four\n##", "a.pgm").values(),
            (Values{Scalar(35) / 255, Scalar(35) / 255}));
  EXPECT_EQ(decode_pnm("P5 2 1 255\n\n ", "a.pgm").values(),
            (Values{Scalar(10) / 255, Scalar(32) / 255}));
  EXPECT_EQ(decode_pnm("P2\n2 1\n#c\n9\n9# nine\n0 # nought\n# end\n", "a.pgm").values(),
            (Values{1, 0}));
}

TEST(Pnm, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(""),
            "a.pgm: expected a PGM or PPM image (P2, P3, P5 or P6), got the end of the file");
  EXPECT_EQ(error_of("\x89PNG\r\n\x1a\n"),
            "a.pgm: expected a PGM or PPM image (P2, P3, P5 or P6), got '\\x89PNG'");
  EXPECT_EQ(error_of("P4 8 1 x"),
            "a.pgm: expected a PGM or PPM image (P2, P3, P5 or P6), got 'P4'");
  EXPECT_EQ(error_of("P51 1 255 x"), "a.pgm: expected the width, 1 to 16384, got '1'");
  EXPECT_EQ(error_of("P5 0 1 255 "), "a.pgm: expected the width, 1 to 16384, got '0'");
  EXPECT_EQ(error_of("P5 -1 1 255 "), "a.pgm: expected the width, 1 to 16384, got '-1'");
  EXPECT_EQ(error_of("P5 1 16385 255 "), "a.pgm: expected the height, 1 to 16384, got '16385'");
  EXPECT_EQ(error_of("P5 1 99999999999999999999999 255 "),
            "a.pgm: expected the height, 1 to 16384, got '9999999999999999'");
  EXPECT_EQ(error_of("P5 1 1 0 x"), "a.pgm: expected the largest value, 1 to 65535, got '0'");
  EXPECT_EQ(error_of("P5 1 1 65536 xx"),
            "a.pgm: expected the largest value, 1 to 65535, got '65536'");
  EXPECT_EQ(error_of("P5 1 1 25x5 x"), "a.pgm: expected the largest value, 1 to 65535, got '25x5'");
  EXPECT_EQ(error_of("P5 2"), "a.pgm: is cut short: expected the height, got the end of the file");
  EXPECT_EQ(error_of("P5 2 2 255\n123"),
            "a.pgm: is cut short: expected 4 bytes of pixels for width 2 and height 2, got 3");
  EXPECT_EQ(error_of("P6 1 1 256\n12345"),
            "a.pgm: is cut short: expected 6 bytes of pixels for width 1 and height 1 in colour, "
            "got 5");
  EXPECT_EQ(error_of("P5 2 1 255\n123"),
            "a.pgm: expected 2 bytes of pixels for width 2 and height 1, got 3");
  EXPECT_EQ(error_of("P5 2 1 9\n" + bytes({9, 10})),
            "a.pgm: expected value 2 of 2, 0 to 9, got 10");
  EXPECT_EQ(error_of("P2 2 1 9\n9 10"), "a.pgm: expected value 2 of 2, 0 to 9, got '10'");
  EXPECT_EQ(error_of("P2 2 1 9\n9 x "), "a.pgm: expected value 2 of 2, 0 to 9, got 'x'");
  EXPECT_EQ(error_of("P2 2 1 9\n9 1 1"),
            "a.pgm: expected no more than 2 values for width 2 and height 1, got '1'");
  EXPECT_NE(usage_error_of([] {
              read_pnm("/no/such.pgm", "--data");
            }).find("--data: cannot read '/no/such.pgm'"),
            std::string::npos);
}

// A header that promises gigabytes asks for none.
TEST(Pnm, BelievesNoHeaderWithoutItsPixels) {
  EXPECT_EQ(error_of("P6 16384 16384 65535\n12"),
            "a.pgm: is cut short: expected 1610612736 bytes of pixels for width 16384 and height "
            "16384 in colour, got 2");
  EXPECT_EQ(error_of("P2 16384 16384 255\n1 2 3"),
            "a.pgm: is cut short: expected 268435456 values for width 16384 and height 16384, got "
            "at most 3");
}

TEST(Pnm, RefusesEveryTruncation) {
  const std::vector<std::string> files = {message("P5 # gray\n12 2\n255\n", std::string(24, 'x')),
                                          message("P6\n2 3\n65535\n", std::string(36, '\0')),
                                          "P2\n10 1\n12\n12 11 10 9 8 7 6 5 4 3",
                                          "P3 1 2 # colour\n255 255 0 10\n 20\t30 4"};
  for (const std::string& file : files) {
    EXPECT_EQ(error_of(file), "no error");
    for (std::size_t length = 0; length < file.size(); ++length)
      EXPECT_EQ(error_of(file.substr(0, length)).find("a.pgm: "), 0u)
          << length << " bytes of " << file;
  }
}

// Whatever a byte becomes, the file is read or refused, and what is read lies within 0 .. 1.
TEST(Pnm, SurvivesEveryChangedByte) {
  const std::vector<std::string> files = {"P5\n3 2\n200\nabcdef", "P3\n1 2 9\n1 2 3 4 5 6\n",
                                          message("P6 1 1 300\n", std::string(6, '\1'))};
  for (const std::string& file : files)
    for (std::size_t at = 0; at < file.size(); ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string changed = file;
        changed[at] = static_cast<char>(byte);
        try {
          for (const Scalar value : decode_pnm(changed, "a.pgm").values()) {
            ASSERT_GE(value, 0) << changed;
            ASSERT_LE(value, 1) << changed;
          }
        } catch (const report::UsageError& error) {
          ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        }
      }
}

TEST(Pnm, WritesWhatItReads) {
  const std::string path = written("written.ppm", "");
  Rng rng(1);
  for (const Index channels : {1, 3}) {
    Tensor image({channels, 4, 5});
    for (Index i = 0; i < image.size(); ++i)
      image.data()[i] = static_cast<Scalar>(rng.below(256)) / 255;
    write_pnm(path, image);
    const Tensor read = read_pnm(path, "--data");
    EXPECT_EQ(read.shape(), image.shape());
    EXPECT_EQ(read.values(), image.values());
  }
  EXPECT_EQ(encode_pnm(Tensor({3, 1, 2}, {1, 0, 0, Scalar(0.2), 0, 1})),
            "P6\n2 1\n255\n" + bytes({255, 0, 0, 0, 51, 255}));
}

TEST(Pnm, WritesWhatIsNoBrightnessAsTheNearest) {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  EXPECT_EQ(encode_pnm(Tensor({1, 1, 4}, {-1, 2, nan, Scalar(0.5)})),
            "P5\n4 1\n255\n" + bytes({0, 255, 0, 128}));
}

TEST(Pnm, WritesNoOtherShapes) {
  for (const Shape& shape : {Shape{2, 4, 4}, Shape{4, 4}, Shape{1, 0, 4}}) try {
      encode_pnm(Tensor(shape));
      FAIL() << to_string(shape);
    } catch (const ShapeError& error) {
      EXPECT_EQ(error.what(),
                message("encode_pnm: expected an image [1, Y, X] or [3, Y, X], got ", shape));
    }
}

}  // namespace
}  // namespace rapt::data
