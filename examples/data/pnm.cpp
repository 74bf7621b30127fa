#include "examples/data/pnm.h"

#include <algorithm>
#include <cmath>

#include "examples/report/files.h"
#include "examples/report/program.h"
#include "examples/report/text.h"

namespace rapt::data {
namespace {

constexpr Index kLargestSide = 16384, kLargestMaximum = 65535;
constexpr std::size_t kQuoted = 16;  // as much of a wrong word as a message shows

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  Parser(const std::string& content, const std::string& source)
      : text_(content), source_(source), plain_(false) {}

  Tensor image() {
    const std::string kind = text_.substr(0, 2);
    if (kind != "P2" && kind != "P3" && kind != "P5" && kind != "P6")
      fail("expected a PGM or PPM image (P2, P3, P5 or P6), got " + word());
    at_ = 2;
    plain_ = kind == "P2" || kind == "P3";
    channels_ = kind == "P2" || kind == "P5" ? 1 : 3;
    width_ = number("the width", 1, kLargestSide);
    height_ = number("the height", 1, kLargestSide);
    maximum_ = number("the largest value", 1, kLargestMaximum);
    return plain_ ? plain_pixels() : binary_pixels();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw report::UsageError(source_ + ": " + what);
  }

  // What stands here, for a message.
  std::string word() const {
    if (at_ >= text_.size()) return "the end of the file";
    std::size_t end = at_;
    while (end < text_.size() && end - at_ < kQuoted && !is_space(text_[end])) ++end;
    return message("'", report::on_one_line(text_.substr(at_, std::max<std::size_t>(end - at_, 1))),
                   "'");
  }

  void skip_spaces_and_comments() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '#')) {
      if (text_[at_] == '#') at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      if (at_ < text_.size()) ++at_;
    }
  }

  Index number(const std::string& name, Index least, Index most) {
    const std::size_t before = at_;
    skip_spaces_and_comments();
    if (at_ == text_.size()) fail("is cut short: expected " + name + ", got the end of the file");
    const std::string found = word();
    Index value = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
      value = std::min(10 * value + (text_[at_] - '0'), most + 1);  // never too large for Index
    const bool ends = at_ == text_.size() || is_space(text_[at_]) || text_[at_] == '#';
    if (at_ == begin || begin == before || !ends || value < least || value > most)
      fail(message("expected ", name, ", ", least, " to ", most, ", got ", found));
    return value;
  }

  Tensor plain_pixels() {
    // Each pixel takes a digit and a space: nobody's memory is asked for more than the file's size.
    const auto rest = static_cast<Index>(text_.size() - at_);
    if (rest < 2 * count()) cut_short("values", count(), rest / 2, "at most ");
    Tensor image({channels_, height_, width_});
    for (Index i = 0; i < count(); ++i)
      set(image, i, number(message("value ", i + 1, " of ", count()), 0, maximum_));
    skip_spaces_and_comments();
    if (at_ < text_.size())
      fail(message("expected no more than ", count(), " values", of_size(), ", got ", word()));
    return image;
  }

  Tensor binary_pixels() {
    if (at_ < text_.size() && text_[at_] == '#')
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    if (at_ < text_.size()) ++at_;  // exactly one: the next byte may be a pixel that looks like one
    const Index bytes = maximum_ > 255 ? 2 : 1, rest = static_cast<Index>(text_.size() - at_);
    if (rest < bytes * count()) cut_short("bytes of pixels", bytes * count(), rest, "");
    if (rest > bytes * count())
      fail(message("expected ", bytes * count(), " bytes of pixels", of_size(), ", got ", rest));
    Tensor image({channels_, height_, width_});
    for (Index i = 0; i < count(); ++i) {
      Index value = byte();
      if (bytes == 2) value = 256 * value + byte();  // the higher byte comes first
      if (value > maximum_)
        fail(message("expected value ", i + 1, " of ", count(), ", 0 to ", maximum_, ", got ",
                     value));
      set(image, i, value);
    }
    return image;
  }

  Index byte() { return static_cast<unsigned char>(text_[at_++]); }
  Index count() const { return channels_ * height_ * width_; }

  // The file goes pixel by pixel, with the colours of each side by side.
  void set(Tensor& image, Index i, Index value) const {
    image.data()[i % channels_ * height_ * width_ + i / channels_] =
        static_cast<Scalar>(value) / static_cast<Scalar>(maximum_);
  }

  std::string of_size() const {
    return message(" for width ", width_, " and height ", height_,
                   channels_ == 3 ? " in colour" : "");
  }
  [[noreturn]] void cut_short(const std::string& what, Index wanted, Index found,
                              const std::string& about) const {
    fail(message("is cut short: expected ", wanted, " ", what, of_size(), ", got ", about, found));
  }

  const std::string& text_;
  const std::string& source_;
  bool plain_;
  std::size_t at_ = 0;
  Index channels_ = 0, width_ = 0, height_ = 0, maximum_ = 0;
};

}  // namespace

Tensor decode_pnm(const std::string& content, const std::string& source) {
  return Parser(content, source).image();
}

Tensor read_pnm(const std::string& path, const std::string& flag) {
  return decode_pnm(report::read_text_file(path, flag), path);
}

std::string encode_pnm(const Tensor& image) {
  const bool fits = image.rank() == 3 && (image.dim(0) == 1 || image.dim(0) == 3);
  if (!fits || image.dim(1) < 1 || image.dim(2) < 1)
    throw ShapeError(
        message("encode_pnm: expected an image [1, Y, X] or [3, Y, X], got ", image.shape()));
  std::string content =
      message(image.dim(0) == 1 ? "P5" : "P6", "\n", image.dim(2), " ", image.dim(1), "\n255\n");
  for (const Scalar value : image.permute({1, 2, 0}).values()) {
    const Scalar share = value > 0 ? std::min(value, Scalar(1)) : Scalar(0);
    content += static_cast<char>(static_cast<unsigned char>(std::lround(share * 255)));
  }
  return content;
}

void write_pnm(const std::string& path, const Tensor& image) {
  report::write_atomically(path, encode_pnm(image));
}

}  // namespace rapt::data
