#include "examples/report/terminal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace rapt::report {
namespace {

std::string value_of(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value ? value : "";
}

bool names_utf8(std::string locale) {
  std::transform(locale.begin(), locale.end(), locale.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

bool has_utf8_locale(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = value_of(environment, name);
    if (!locale.empty()) return names_utf8(locale);
  }
  return false;
}

// A whole number that can be the width of a screen, or 0.
int as_width(const std::string& text) {
  int width = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, width);
  return error == std::errc() && stop == end && width > 0 && width <= 10000 ? width : 0;
}

}  // namespace

Terminal detect(const Environment& environment, bool is_terminal, int window_width) {
  Terminal terminal;
  terminal.interactive = is_terminal && value_of(environment, "TERM") != "dumb";
  terminal.color = terminal.interactive && value_of(environment, "NO_COLOR").empty();
  terminal.utf8 = has_utf8_locale(environment);
  const int columns = as_width(value_of(environment, "COLUMNS"));
  if (columns > 0) {
    terminal.width = columns;
  } else if (window_width > 0) {
    terminal.width = window_width;
  }
  return terminal;
}

#ifdef _WIN32
Terminal detect() {
  const HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  const bool understands_escapes =
      _isatty(_fileno(stdout)) && GetConsoleMode(console, &mode) &&
      SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
  CONSOLE_SCREEN_BUFFER_INFO screen;
  int width = 0;
  if (GetConsoleScreenBufferInfo(console, &screen)) {
    width = screen.srWindow.Right - screen.srWindow.Left + 1;
  }
  Terminal terminal =
      detect([](const char* name) { return std::getenv(name); }, understands_escapes, width);
  if (understands_escapes) terminal.utf8 = SetConsoleOutputCP(CP_UTF8) != 0;
  return terminal;
}
#else
Terminal detect() {
  int width = 0;
#ifdef TIOCGWINSZ
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0) width = window.ws_col;
#endif
  return detect([](const char* name) { return std::getenv(name); }, isatty(STDOUT_FILENO) != 0,
                width);
}
#endif

}  // namespace rapt::report
