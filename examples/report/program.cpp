#include "examples/report/program.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <new>

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
    const int code = body();
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0)
      throw std::runtime_error("cannot write to standard output");
    return code;
  } catch (const UsageError& error) {
    return fail(program, error.what() + (" (see " + program + " --help)"), 2);
  } catch (const std::invalid_argument& error) {
    return fail(program, error.what(), 2);
  } catch (const std::bad_alloc&) {
    return fail(program, "out of memory; shorter sequences or smaller batches need less", 1);
  } catch (const std::exception& error) {
    return fail(program, error.what(), 1);
  } catch (...) {
    return fail(program, "stopped by an unknown exception", 1);
  }
}

}  // namespace rapt::report
