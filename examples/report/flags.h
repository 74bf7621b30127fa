#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "examples/report/numbers.h"
#include "examples/report/program.h"

namespace rapt::report {

template <class T>
concept Whole = std::integral<T> && !std::same_as<T, bool>;

// The command line of a program, declared flag by flag:
//
//   Flags flags("compare", "Trains attention and a recurrent network on the same batches.");
//   flags.option("--steps", "N", &steps, "training steps per model (default: per task)", 1);
//   flags.choices("--task", "NAMES", &tasks, {"reverse", "copy", "text"}, "tasks to run");
//   flags.toggle("--quick", &quick, "a short run, 15 s");
//   flags.parse(argc, argv);
//
// Values are given as `--steps 100` or `--steps=100`. The default of a flag is what its target
// holds when it is declared; the help shows it, unless the description has a "(default" of its own.
class Flags {
 public:
  Flags(std::string program, std::string purpose);

  // A whole number from minimum to maximum.
  template <Whole T>
  void option(const std::string& name, const std::string& placeholder, T* target,
              const std::string& help,
              std::int64_t minimum = std::numeric_limits<std::int64_t>::min(),
              std::int64_t maximum = std::numeric_limits<std::int64_t>::max()) {
    if (!std::in_range<T>(minimum)) minimum = static_cast<std::int64_t>(Limits<T>::lowest());
    if (!std::in_range<T>(maximum)) maximum = static_cast<std::int64_t>(Limits<T>::max());
    whole(
        name, placeholder, std::to_string(*target), help,
        {minimum, maximum, std::unsigned_integral<T> || std::cmp_greater(minimum, Limits<T>::min()),
         maximum < kLargest && std::cmp_less(maximum, Limits<T>::max())},
        [target](std::int64_t value) { *target = static_cast<T>(value); });
  }

  // A finite real number from minimum to maximum.
  template <std::floating_point T>
  void option(const std::string& name, const std::string& placeholder, T* target,
              const std::string& help, double minimum = std::numeric_limits<double>::lowest(),
              double maximum = std::numeric_limits<double>::max()) {
    const double largest = static_cast<double>(Limits<T>::max());
    real(name, placeholder, shortest(*target), help,
         {std::max(minimum, -largest), std::min(maximum, largest), minimum > -largest,
          maximum < largest},
         [target](double value) { *target = static_cast<T>(value); });
  }

  // Any text that is not empty.
  void option(const std::string& name, const std::string& placeholder, std::string* target,
              const std::string& help);

  // One of the allowed names, or a comma-separated list of them without repetition.
  void choice(const std::string& name, const std::string& placeholder, std::string* target,
              const std::vector<std::string>& allowed, const std::string& help);
  void choices(const std::string& name, const std::string& placeholder,
               std::vector<std::string>* target, const std::vector<std::string>& allowed,
               const std::string& help);

  // A switch without a value: given means true.
  void toggle(const std::string& name, bool* target, const std::string& help);

  // Sets the targets; throws UsageError on wrong use. `--help` or `-h` anywhere prints the usage
  // and exits with code 0.
  void parse(int argc, const char* const* argv);

  // The same for arguments without the program's name; returns false where help is asked for.
  bool apply(const std::vector<std::string>& arguments);

  bool given(const std::string& name) const;  // stood on the command line
  std::string usage(int width = 80) const;

 private:
  template <class T>
  using Limits = std::numeric_limits<T>;
  static constexpr std::int64_t kLargest = Limits<std::int64_t>::max();

  // A bound is not worth showing where it is only the limit of the target's type.
  template <class N>
  struct Range {
    N minimum, maximum;
    bool show_minimum, show_maximum;
  };
  struct Option {
    std::string name, placeholder, help;  // a switch has no placeholder
    std::function<void(const std::string&)> assign;
    bool given = false;
  };

  void add(const std::string& name, const std::string& placeholder, const std::string& help,
           const std::string& default_text, std::function<void(const std::string&)> assign);
  void whole(const std::string& name, const std::string& placeholder,
             const std::string& default_text, const std::string& help,
             const Range<std::int64_t>& range, std::function<void(std::int64_t)> assign);
  void real(const std::string& name, const std::string& placeholder,
            const std::string& default_text, const std::string& help, const Range<double>& range,
            std::function<void(double)> assign);
  Option& find(const std::string& name);  // throws UsageError for an unknown flag

  std::string program_, purpose_;
  std::vector<Option> options_;
};

}  // namespace rapt::report
