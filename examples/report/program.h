#pragma once
#include <functional>
#include <stdexcept>
#include <string>

namespace rapt::report {

// The user asked for something impossible: an unknown flag, a value out of range, a file that
// cannot be read. The message is one line that names the flag and what was expected.
class UsageError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Runs the body of a program, prints an escaping exception as "program: message" on standard error
// and returns the exit code for main:
//   what the body returned            normally
//   2, with a hint to see --help      after a UsageError
//   2                                 after another std::invalid_argument, such as a wrong shape
//   1                                 after anything else
int guarded(const std::string& program, const std::function<int()>& body);

}  // namespace rapt::report
