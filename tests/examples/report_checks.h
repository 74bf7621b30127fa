#pragma once
#include <limits>
#include <stdexcept>
#include <string>

// What tests of reports share.
namespace rapt::report {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The message of the error that an action should end in.
template <class Error = std::invalid_argument, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace rapt::report
