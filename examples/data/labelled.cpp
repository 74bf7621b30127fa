#include "examples/data/labelled.h"

#include "examples/data/lines.h"
#include "examples/report/text.h"

namespace rapt::data {
namespace {

char32_t lower_case(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within(U'A', U'Z') || within(U'À', U'Ö') || within(U'Ø', U'Þ')) return c + 0x20;
  if (within(U'Α', U'Ω') || within(U'А', U'Я')) return c + 0x20;
  if (within(U'Ѐ', U'Џ')) return c + 0x50;
  return c;
}

bool is_ideograph(char32_t c) {
  return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool separates(char32_t c) {
  if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '\'');
  return c <= U'¿' || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
         (c >= 0xFF00 && c <= 0xFF0F);
}

}  // namespace

std::vector<std::string> words_of(const std::u32string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto close = [&] {
    const std::size_t first = word.find_first_not_of('\'');
    if (first != std::string::npos)
      words.push_back(word.substr(first, word.find_last_not_of('\'') - first + 1));
    word.clear();
  };
  for (const char32_t upper : text) {
    const char32_t c = upper == U'’' ? U'\'' : lower_case(upper);
    if (separates(c) || is_ideograph(c)) close();
    if (!separates(c)) word += report::encode_utf8(c);
    if (is_ideograph(c)) close();
  }
  close();
  return words;
}

std::vector<LabelledText> read_labelled(const std::string& path) {
  std::vector<LabelledText> texts;
  for (const Line& line : read_lines(path, "--data")) {
    if (line.text.find_first_not_of(" \t") == std::string::npos) continue;
    const std::size_t tab = line.text.find('\t');
    if (tab == std::string::npos || tab == 0)
      malformed(path, line.number,
                "expected a label, a tab and a text, got '" + report::on_one_line(line.text) + "'");
    const std::string text = line.text.substr(tab + 1);
    LabelledText read{line.text.substr(0, tab), words_of(report::decode_utf8(text, path))};
    if (read.words.empty())
      malformed(path, line.number,
                "expected a text with at least one word, got '" + report::on_one_line(text) + "'");
    texts.push_back(std::move(read));
  }
  return texts;
}

}  // namespace rapt::data
