#include "nn/expect.h"

namespace rapt::nn {
namespace {

std::string pattern(const Shape& expected) {
  std::string text;
  for (const Index extent : expected) {
    if (!text.empty()) text += ", ";
    text += extent == kFront ? ".." : extent == kAny ? "any" : std::to_string(extent);
  }
  return "[" + text + "]";
}

bool matches(const Shape& got, const Shape& expected) {
  const bool open = expected.rank() > 0 && expected[0] == kFront;
  const Index fixed = expected.rank() - (open ? 1 : 0);
  if (open ? got.rank() < fixed : got.rank() != fixed) return false;
  for (Index back = 1; back <= fixed; ++back) {
    const Index want = expected[expected.rank() - back];
    if (want != kAny && want != got[got.rank() - back]) return false;
  }
  return true;
}

}  // namespace

void expect_shape(std::string_view what, const Shape& got, const Shape& expected) {
  if (!matches(got, expected))
    throw ShapeError(message(what, ": expected ", pattern(expected), ", got ", got));
}

void expect_lengths(std::string_view what, std::string_view batch, const Shape& shape,
                    const std::vector<Index>& lengths, Index least) {
  if (!lengths.empty() && static_cast<Index>(lengths.size()) != shape[0])
    throw ShapeError(message(what, ": ", lengths.size(), " lengths for ", batch, " of ", shape));
  for (const Index length : lengths)
    if (length < least || length > shape[1])
      throw ValueError(message(what, ": length ", length, " does not lie in ", least, " .. ",
                               shape[1], " of ", batch, " of ", shape));
}

void expect_at_least(std::string_view what, Index got, Index least) {
  if (got < least) throw ValueError(message(what, " must be at least ", least, ", got ", got));
}

void expect_probability(std::string_view what, Scalar got) {
  if (!(got >= 0 && got < 1)) throw ValueError(message(what, " must lie in [0, 1), got ", got));
}

void expect_tokens(std::string_view what, const Ids& ids, const Shape& shape, Index vocabulary) {
  expect_shape(what, ids.shape, shape);
  if (ids.values.empty() || static_cast<Index>(ids.values.size()) != element_count(ids.shape))
    throw ShapeError(message(what, ": expected at least one token and as many as the shape has, ",
                             "got ", ids.values.size(), " in ", ids.shape));
  for (const std::int32_t id : ids.values)
    if (id < 0 || id >= vocabulary)
      throw IndexError(message(what, ": token ", id, " is outside 0 .. ", vocabulary - 1));
}

}  // namespace rapt::nn
