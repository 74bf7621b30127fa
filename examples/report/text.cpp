#include "examples/report/text.h"

#include <algorithm>
#include <iterator>

#include "examples/report/program.h"

namespace rapt::report {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kByteOrderMark = 0xFEFF;

struct Range {
  char32_t first, last;
};

// Rough by intention: whole blocks, enough to keep columns aligned.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};
constexpr Range kCombining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F},  {0x0E34, 0x0E3A},
    {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},  {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};

template <std::size_t N>
bool within(const Range (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](Range r) { return r.first <= code && code <= r.last; });
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

// Line separators and the marks that reverse the writing direction would disturb a whole line.
bool disturbs_line(char32_t code) {
  return (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string hexadecimal(char32_t value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
    value /= 16;
  } while (value != 0);
  return digits;
}

std::string escaped_byte(char32_t value) {
  return (value < 16 ? "\\x0" : "\\x") + hexadecimal(value);
}

struct Symbols {
  const char *newline, *tab, *space;
};

std::string with_symbols(std::string_view text, const Symbols& symbols, bool utf8) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (c.code == '\n') {
      shown += symbols.newline;
    } else if (c.code == '\t') {
      shown += symbols.tab;
    } else if (c.code == ' ') {
      shown += symbols.space;
    } else if (!c.valid) {
      shown += escaped_byte(static_cast<unsigned char>(text[at]));
    } else if (is_control(c.code)) {
      shown += escaped_byte(c.code);
    } else if (c.code >= 0x80 && (!utf8 || disturbs_line(c.code))) {
      shown += "\\u{" + hexadecimal(c.code) + "}";
    } else {
      shown += text.substr(at, c.bytes);
    }
    at += c.bytes;
  }
  return shown;
}

}  // namespace

Character character_at(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const Character bad{kReplacement, 1, false};
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - position < bytes) return bad;
  char32_t code = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return bad;
    code = code << 6 | (byte(i) & 0x3F);
  }
  const char32_t smallest = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest || surrogate || code > 0x10FFFF) return bad;
  return {code, bytes, true};
}

std::u32string decode_utf8(std::string_view text, const std::string& source) {
  std::u32string codes;
  codes.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (c.code == 0) {
      throw UsageError(source + ": is binary: expected text, found a zero byte at offset " +
                       std::to_string(at));
    }
    if (!c.valid) {
      throw UsageError(source + ": is not UTF-8: byte " +
                       escaped_byte(static_cast<unsigned char>(text[at])) + " at offset " +
                       std::to_string(at) + " starts no character");
    }
    if (at > 0 || c.code != kByteOrderMark) codes.push_back(c.code);
    at += c.bytes;
  }
  return codes;
}

std::string encode_utf8(char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = kReplacement;
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  const auto lead = [code](unsigned mark, int shift) {
    return static_cast<char>(mark | code >> shift);
  };
  if (code < 0x80) return {lead(0, 0)};
  if (code < 0x800) return {lead(0xC0, 6), tail(0)};
  if (code < 0x10000) return {lead(0xE0, 12), tail(6), tail(0)};
  return {lead(0xF0, 18), tail(12), tail(6), tail(0)};
}

int display_width(char32_t code) {
  if (is_control(code) || within(kCombining, code)) return 0;
  return within(kWide, code) ? 2 : 1;
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    width += display_width(c.code);
    at += c.bytes;
  }
  return width;
}

std::vector<std::string> display_units(std::string_view text) {
  std::vector<std::string> units;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (units.empty() || display_width(c.code) > 0) units.emplace_back();
    units.back() += text.substr(at, c.bytes);
    at += c.bytes;
  }
  return units;
}

std::string pad_right(std::string_view text, int width) {
  return std::string(text) + std::string(std::max(0, width - display_width(text)), ' ');
}

std::string pad_left(std::string_view text, int width) {
  return std::string(std::max(0, width - display_width(text)), ' ') + std::string(text);
}

std::string cut_to_width(std::string_view text, int width, std::string_view mark) {
  if (display_width(text) <= width) return std::string(text);
  // A mark that would fill the whole width tells less than the beginning of the text.
  if (display_width(mark) >= width) mark = {};
  std::string kept;
  int used = display_width(mark);
  for (const std::string& unit : display_units(text)) {
    used += display_width(unit);
    if (used > width) break;
    kept += unit;
  }
  return kept.append(mark);
}

std::string visible(std::string_view text, bool utf8) {
  const Symbols symbols = {"\u23CE", "\u21E5", "\u2423"}, ascii = {"\\n", "\\t", "_"};
  return with_symbols(text, utf8 ? symbols : ascii, utf8);
}

std::string on_one_line(std::string_view text) {
  return with_symbols(text, {"\\n", "\\t", " "}, true);
}

}  // namespace rapt::report
