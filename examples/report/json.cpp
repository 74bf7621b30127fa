#include "examples/report/json.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "examples/report/text.h"

namespace rapt::report {
namespace {

std::string escaped(char32_t code) {
  switch (code) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (code >= 0x20 && code != 0x7F) return encode_utf8(code);
  const char* digits = "0123456789abcdef";
  return std::string("\\u00") + digits[code / 16] + digits[code % 16];
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    out += escaped(c.code);
    at += c.bytes;
  }
  return out + '"';
}

template <class T>
std::string number(T value) {
  return std::isfinite(value) ? shortest(value) : "null";
}

}  // namespace

Json::Json(const std::string& text) : leaf_(quoted(text)) {}
Json::Json(double value) : leaf_(number(value)) {}
Json::Json(float value) : leaf_(number(value)) {}

Json Json::object() {
  Json json;
  json.kind_ = Kind::object;
  return json;
}

Json Json::array(std::vector<Json> elements) {
  Json json;
  json.kind_ = Kind::array;
  json.values_ = std::move(elements);
  return json;
}

Json& Json::set(const std::string& key, Json value) {
  if (kind_ != Kind::object) throw std::logic_error("Json: set(\"" + key + "\") needs an object");
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found != keys_.end()) {
    values_[found - keys_.begin()] = std::move(value);
  } else {
    keys_.push_back(key);
    values_.push_back(std::move(value));
  }
  return *this;
}

Json& Json::add(Json value) {
  if (kind_ != Kind::array) throw std::logic_error("Json: add() needs an array");
  values_.push_back(std::move(value));
  return *this;
}

std::string Json::text() const {
  std::string out;
  write(out, 0);
  return out + '\n';
}

void Json::write(std::string& out, int level) const {
  if (kind_ == Kind::leaf) {
    out += leaf_;
    return;
  }
  const bool is_object = kind_ == Kind::object;
  const bool one_line =
      values_.empty() ||
      (!is_object && std::all_of(values_.begin(), values_.end(),
                                 [](const Json& v) { return v.kind_ == Kind::leaf; }));
  const auto new_line = [&](int depth) {
    if (!one_line) out += '\n' + std::string(2 * depth, ' ');
  };
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (i > 0) out += one_line ? ", " : ",";
    new_line(level + 1);
    if (is_object) out += quoted(keys_[i]) + ": ";
    values_[i].write(out, level + 1);
  }
  new_line(level);
  out += is_object ? '}' : ']';
}

}  // namespace rapt::report
