#include "examples/report/interrupt.h"

#include <csignal>

namespace rapt::report {
namespace {

volatile std::sig_atomic_t raised = 0;

extern "C" void remember_interrupt(int) {
  raised = 1;
  // The system's own handler takes the second one, so that a stuck program can still be ended.
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

void install_interrupt_handler() {
  raised = 0;
  if (std::signal(SIGINT, remember_interrupt) == SIG_IGN) std::signal(SIGINT, SIG_IGN);
}

bool interrupted() { return raised != 0; }

}  // namespace rapt::report
