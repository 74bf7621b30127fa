#pragma once

namespace rapt::report {

// From here on the first Ctrl-C only raises a flag, so that a training loop can stop after its
// current step and report what it has; a second Ctrl-C terminates the program at once. Where the
// shell made the program ignore Ctrl-C (a background job), it stays ignored. Lowers the flag.
void install_interrupt_handler();

// True once Ctrl-C was pressed.
bool interrupted();

}  // namespace rapt::report
