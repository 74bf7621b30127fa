#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// UTF-8 text: its characters, and how many cells of a terminal it covers.
namespace rapt::report {

// One character of a text. A byte that starts no well-formed character (overlong forms, surrogates
// and values above U+10FFFF included) is returned alone, as U+FFFD, with valid = false.
struct Character {
  char32_t code;
  std::size_t bytes;
  bool valid;
};
Character character_at(std::string_view text, std::size_t position);  // position < text.size()

// All characters of a text, without a leading byte order mark. Throws UsageError, with `source`
// first and the byte offset, at an ill-formed byte and at a zero byte (then the file is binary).
std::u32string decode_utf8(std::string_view text, const std::string& source);
std::string encode_utf8(char32_t code);

// Cells of a terminal: two for East Asian wide characters and emoji, none for combining marks and
// control characters, one for the rest.
int display_width(char32_t code);
int display_width(std::string_view text);

// What is drawn as one unit: a character with the combining marks that follow it.
std::vector<std::string> display_units(std::string_view text);

// Spaces up to a display width, after or before the text; a longer text is returned as it is.
std::string pad_right(std::string_view text, int width);
std::string pad_left(std::string_view text, int width);

// The longest beginning that fits into the width; a text that is cut ends in `mark`.
std::string cut_to_width(std::string_view text, int width, std::string_view mark);

// The text on one line, with nothing a terminal would act on: newline, tab and space as symbols
// (without UTF-8: \n, \t and _), other control characters and stray bytes as \x1b, and without
// UTF-8 whatever is not ASCII as \u{e9}.
std::string visible(std::string_view text, bool utf8);

// The same for messages and tables, where spaces stay spaces and a newline is \n.
std::string on_one_line(std::string_view text);

}  // namespace rapt::report
