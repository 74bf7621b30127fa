#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "examples/report/numbers.h"

namespace rapt::report {

// A JSON value to be written:
//   Json run = Json::object();
//   run.set("task", "reverse").set("loss", 0.25).set("curve", Json::numbers(losses));
//   write_atomically("run.json", run.text());
// Members keep their order. Numbers are written so that they read back exactly; NaN and infinities,
// which JSON does not have, become null.
class Json {
 public:
  Json() : leaf_("null") {}
  Json(const std::string& text);  // ill-formed UTF-8 is replaced by U+FFFD
  Json(const char* text) : Json(std::string(text)) {}
  template <std::integral T>
  Json(T value) : leaf_(std::to_string(value)) {}
  Json(bool value) : leaf_(value ? "true" : "false") {}
  Json(double value);
  Json(float value);

  static Json object();
  static Json array(std::vector<Json> elements = {});

  template <class T>
  static Json numbers(const std::vector<T>& values) {
    return array(std::vector<Json>(values.begin(), values.end()));
  }

  // Adds or replaces a member; adds an element. Throws std::logic_error on another kind of value.
  Json& set(const std::string& key, Json value);
  Json& add(Json value);

  std::string text() const;  // two spaces per level; an array of plain values stands on one line

 private:
  enum class Kind { leaf, object, array };
  void write(std::string& out, int level) const;

  Kind kind_ = Kind::leaf;
  std::string leaf_;               // as it is written
  std::vector<std::string> keys_;  // of an object, beside its values
  std::vector<Json> values_;
};

}  // namespace rapt::report
