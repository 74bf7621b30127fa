#include "examples/report/flags.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

#include "examples/report/text.h"

namespace rapt::report {
namespace {

// What the user typed, safe to print and of a bearable length.
std::string quoted(const std::string& value) {
  return "'" + cut_to_width(on_one_line(value), 60, "...") + "'";
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

// How many letters must be inserted, deleted or replaced to turn a into b (Levenshtein 1966).
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

[[noreturn]] void reject(const std::string& name, const std::string& expected,
                         const std::string& value, const std::string& why = "") {
  throw UsageError(name + ": expected " + expected + ", got " + quoted(value) + why);
}

std::string between(const std::string& kind, bool show_minimum, const std::string& minimum,
                    bool show_maximum, const std::string& maximum) {
  if (show_minimum && show_maximum) return kind + " from " + minimum + " to " + maximum;
  if (show_minimum) return kind + " of at least " + minimum;
  if (show_maximum) return kind + " of at most " + maximum;
  return kind;
}

bool looks_real(const std::string& value) {
  return value.find_first_not_of("0123456789+-.eE") == std::string::npos;
}

const std::string& one_of(const std::string& name, const std::vector<std::string>& allowed,
                          const std::string& value) {
  const auto found = std::find(allowed.begin(), allowed.end(), value);
  if (found == allowed.end()) reject(name, "one of " + joined(allowed, ", "), value);
  return *found;
}

// Words of a text in lines of at most `width` cells; all but the first line are indented.
std::string wrapped(const std::string& text, int width, int indent) {
  std::istringstream words(text);
  std::string lines, word;
  int used = 0;
  while (words >> word) {
    const int length = display_width(word);
    if (used > 0 && used + 1 + length > width) {
      lines.append("\n").append(indent, ' ');
      used = 0;
    }
    lines += (used > 0 ? " " : "") + word;
    used += (used > 0 ? 1 : 0) + length;
  }
  return lines;
}

}  // namespace

Flags::Flags(std::string program, std::string purpose)
    : program_(std::move(program)), purpose_(std::move(purpose)) {}

void Flags::add(const std::string& name, const std::string& placeholder, const std::string& help,
                const std::string& default_text, std::function<void(const std::string&)> assign) {
  const bool known = std::any_of(options_.begin(), options_.end(),
                                 [&](const Option& option) { return option.name == name; });
  if (known || name == "--help" || name.size() < 3 || name.compare(0, 2, "--") != 0) {
    throw std::logic_error("Flags: expected a new name such as --steps, got '" + name + "'");
  }
  const bool show_default = !default_text.empty() && help.find("(default") == std::string::npos;
  options_.push_back({name, placeholder,
                      show_default ? help + " (default: " + default_text + ")" : help,
                      std::move(assign)});
}

void Flags::whole(const std::string& name, const std::string& placeholder,
                  const std::string& default_text, const std::string& help,
                  const Range<std::int64_t>& range, std::function<void(std::int64_t)> assign) {
  add(name, placeholder, help, default_text,
      [name, range, assign = std::move(assign)](const std::string& value) {
        // A plus sign is what people write, and from_chars does not know it.
        const std::size_t sign = value.size() > 1 && value[0] == '+' && value[1] != '-' ? 1 : 0;
        std::int64_t number = 0;
        const char* end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data() + sign, end, number);
        const bool overflow = error == std::errc::result_out_of_range && stop == end;
        const bool is_whole = overflow || (error == std::errc() && stop == end);
        const bool negative = value[0] == '-';
        const bool below = is_whole && (overflow ? negative : number < range.minimum);
        const bool above = is_whole && (overflow ? !negative : number > range.maximum);
        if (is_whole && !below && !above) return assign(number);
        reject(name,
               between("a whole number", below || range.show_minimum, std::to_string(range.minimum),
                       above || range.show_maximum, std::to_string(range.maximum)),
               value);
      });
}

void Flags::real(const std::string& name, const std::string& placeholder,
                 const std::string& default_text, const std::string& help,
                 const Range<double>& range, std::function<void(double)> assign) {
  add(name, placeholder, help, default_text,
      [name, range, assign = std::move(assign)](const std::string& value) {
        char* stop = nullptr;
        const double number = looks_real(value) ? std::strtod(value.c_str(), &stop) : 0;
        const bool is_number = stop != nullptr && stop != value.c_str() && *stop == '\0';
        const bool below = is_number && number < range.minimum;
        const bool above = is_number && number > range.maximum;
        if (is_number && !below && !above) return assign(number);
        reject(name,
               between("a number", below || range.show_minimum, shortest(range.minimum),
                       above || range.show_maximum, shortest(range.maximum)),
               value);
      });
}

void Flags::option(const std::string& name, const std::string& placeholder, std::string* target,
                   const std::string& help) {
  add(name, placeholder, help, *target, [target](const std::string& value) { *target = value; });
}

void Flags::choice(const std::string& name, const std::string& placeholder, std::string* target,
                   const std::vector<std::string>& allowed, const std::string& help) {
  add(name, placeholder, help + ": " + joined(allowed, ", "), *target,
      [=](const std::string& value) { *target = one_of(name, allowed, value); });
}

void Flags::choices(const std::string& name, const std::string& placeholder,
                    std::vector<std::string>* target, const std::vector<std::string>& allowed,
                    const std::string& help) {
  add(name, placeholder, help + ", separated by commas: " + joined(allowed, ", "),
      joined(*target, ","), [=](const std::string& value) {
        std::vector<std::string> chosen;
        for (std::size_t begin = 0; begin <= value.size();) {
          const std::size_t comma = std::min(value.find(',', begin), value.size());
          const std::string part = value.substr(begin, comma - begin);
          if (std::find(chosen.begin(), chosen.end(), part) != chosen.end()) {
            reject(name, "each name once", value);
          }
          chosen.push_back(one_of(name, allowed, part));
          begin = comma + 1;
        }
        *target = chosen;
      });
}

void Flags::toggle(const std::string& name, bool* target, const std::string& help) {
  add(name, "", help, "", [target](const std::string&) { *target = true; });
}

void Flags::parse(int argc, const char* const* argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (apply(arguments)) return;
  std::fputs(usage().c_str(), stdout);
  std::exit(0);
}

bool Flags::apply(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") return false;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.empty() || argument[0] != '-') {
      throw UsageError("expected a flag that begins with --, got " + quoted(argument));
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    Option& option = find(name);
    if (option.given) throw UsageError(name + ": expected once, given twice");
    option.given = true;
    std::string value;
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
      if (option.placeholder.empty()) reject(name, "no value", value);
    } else if (!option.placeholder.empty() && i + 1 < arguments.size() &&
               arguments[i + 1].compare(0, 2, "--") != 0) {
      value = arguments[++i];
    }
    if (value.empty() && !option.placeholder.empty()) {
      throw UsageError(name + ": expected a value (" + option.placeholder + "), got none");
    }
    option.assign(value);
  }
  return true;
}

Flags::Option& Flags::find(const std::string& name) {
  const Option* nearest = nullptr;
  // Half of the letters may be wrong, three at most.
  std::size_t distance =
      std::min<std::size_t>(3, (std::max<std::size_t>(name.size(), 2) - 1) / 2) + 1;
  for (Option& option : options_) {
    if (option.name == name) return option;
    const std::size_t edits = edit_distance(name, option.name);
    if (edits < distance) {
      nearest = &option;
      distance = edits;
    }
  }
  throw UsageError("unknown flag " + quoted(name) +
                   (nearest ? ": did you mean " + nearest->name + "?"
                            : ": expected one of those that --help lists"));
}

bool Flags::given(const std::string& name) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const Option& option) { return option.name == name && option.given; });
}

std::string Flags::usage(int width) const {
  std::vector<Option> shown = options_;
  shown.push_back({"--help", "", "print this and exit", nullptr});
  const auto left = [](const Option& option) {
    return "  " + option.name + (option.placeholder.empty() ? "" : " " + option.placeholder);
  };
  int indent = 0;
  for (const Option& option : shown) indent = std::max(indent, display_width(left(option)) + 2);
  std::string text = "Usage: " + program_ + " [flags]\n\n" + wrapped(purpose_, width, 0) + "\n\n";
  for (const Option& option : shown) {
    text += pad_right(left(option), indent) +
            wrapped(option.help, std::max(20, width - indent), indent) + "\n";
  }
  return text;
}

}  // namespace rapt::report
