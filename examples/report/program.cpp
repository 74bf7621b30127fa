#include "examples/report/program.h"

#include <cstdio>
#include <exception>

namespace rapt::report {
namespace {

int fail(const std::string& program, const std::string& message, int code) {
  // Results printed so far come first, also when both streams go to one file.
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", program.c_str(), message.c_str());
  return code;
}

}  // namespace

int guarded(const std::string& program, const std::function<int()>& body) {
  try {
    return body();
  } catch (const UsageError& error) {
    return fail(program, error.what() + std::string("\ntry: ") + program + " --help", 2);
  } catch (const std::invalid_argument& error) {
    return fail(program, error.what(), 2);
  } catch (const std::exception& error) {
    return fail(program, error.what(), 1);
  } catch (...) {
    return fail(program, "stopped by an unknown exception", 1);
  }
}

}  // namespace rapt::report
