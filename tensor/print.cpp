#include <cmath>
#include <cstdio>

#include "tensor/tensor.h"

namespace rapt {
namespace {

constexpr Index kEdge = 3;        // elements shown at each end of a long axis
constexpr Index kShownWhole = 8;  // an axis of up to so many is not shortened

std::string number(Scalar value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", static_cast<double>(value));
  return text;
}

// Numbers are padded to one width, so that columns stand below each other.
class Printer {
 public:
  explicit Printer(const Tensor& x) : x_(x) { visit(0, x_, &Printer::measure); }

  std::string print() {
    visit(0, x_, &Printer::write);
    return text_;
  }

 private:
  using Visit = void (Printer::*)(Scalar);

  void measure(Scalar value) { width_ = std::max(width_, number(value).size()); }
  void write(Scalar value) {
    const std::string digits = number(value);
    text_ += std::string(width_ - digits.size(), ' ') + digits;
  }

  void visit(Index axis, const Tensor& x, Visit number) {
    if (axis == x.rank()) return (this->*number)(*x.base());
    const Index extent = x.dim(axis);
    text_ += "[";
    for (Index i = 0; i < extent; ++i) {
      if (i > 0) separate(axis, x.rank());
      if (extent > kShownWhole && i == kEdge) {
        text_ += "..";
        i = extent - kEdge - 1;
        continue;
      }
      visit(axis + 1, x.slice(axis, i, i + 1), number);
    }
    text_ += "]";
    if (axis == 0 && number == &Printer::measure) text_.clear();
  }

  void separate(Index axis, Index rank) {
    text_ += ",";
    if (axis == rank - 1) return (void)(text_ += " ");
    text_ += std::string(static_cast<std::size_t>(rank - 1 - axis), '\n');
    text_ += std::string(static_cast<std::size_t>(axis) + 1, ' ');
  }

  const Tensor& x_;
  std::size_t width_ = 0;
  std::string text_;
};

}  // namespace

std::string Tensor::str() const { return Printer(*this).print(); }

}  // namespace rapt
