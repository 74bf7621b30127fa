#pragma once
#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tensor/shape.h"

namespace rapt {

// Every error names the operation, what is wrong, and every shape involved:
//   matmul: inner dimensions differ: [2, 5] x [2, 5] (5 vs 2); did you mean transpose(b)?
struct ShapeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// An id, position or axis outside its range.
struct IndexError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// An argument that is no shape and no index: a probability of 2, a learning rate of -1.
struct ValueError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

std::string number_text(double value);  // "0.1": the shortest text that reads back as the value

inline void append(std::string& all, std::string_view part) { all += part; }
inline void append(std::string& all, char part) { all += part; }  // itself, not its number
inline void append(std::string& all, const Shape& part) { all += to_string(part); }
void append(std::string& all, std::integral auto part) { all += std::to_string(part); }
void append(std::string& all, std::floating_point auto part) { all += number_text(part); }

// message("sum: axis ", 3, " of ", shape) joins texts, numbers and shapes into one line.
template <class... Parts>
std::string message(const Parts&... parts) {
  std::string all;
  (append(all, parts), ...);
  return all;
}

// The axis counted from the front; negative axes count from the back. Throws IndexError.
Index checked_axis(std::string_view op, Index axis, const Shape& shape);

}  // namespace rapt
