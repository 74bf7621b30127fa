#pragma once
#include <functional>

namespace rapt::report {

// What standard output can show. The default is the most careful choice: a plain file.
struct Terminal {
  bool interactive = false;  // a line may be drawn again in place
  bool color = false;        // escape sequences for colour are understood and wanted
  bool utf8 = false;
  int width = 80;  // cells in a line
};

// Asks the system. On Windows it also switches the console to UTF-8 and escape sequences.
Terminal detect();

// The rules behind it: LC_ALL, LC_CTYPE, LANG (the first that is set) for UTF-8; no colour where
// NO_COLOR is set; nothing fancy on TERM=dumb; COLUMNS before the width of the window (0: unknown).
using Environment = std::function<const char*(const char* name)>;
Terminal detect(const Environment& environment, bool is_terminal, int window_width);

}  // namespace rapt::report
