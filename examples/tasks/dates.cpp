// Dates: read a day as people write it, answer as ISO 8601 has it.
//
//   Sunday, January 20, 2019 > 2019-01-20        20.01.2019 > 2019-01-20
//   20 января 2019 г. > 2019-01-20               2019年1月20日 > 2019-01-20
//
// Any day of 1950 .. 2049 in one of the 8 formats of date_formats.h, both equally likely. Numbers
// alone would leave day and month open: the slash has the month first, the dot the day. Of the
// days, a hash leaves 10 % for validation and 10 % for the test, in whichever format. Guessing (see
// PairTask) knows the dashes and that the year begins with 19 or 20. Accuracy is that of whole
// answers; one probe for each format, of days of the test.
//
// What is expected (the form of the task is that of teaching material on attention): the answer is
// the parts of the source in another order, so that attention aligns them, the month's digits with
// the month's name; who reads the source into one vector learns the same later, if at all.
#include "examples/tasks/date_formats.h"
#include "examples/tasks/options.h"
#include "examples/tasks/pair_task.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {
namespace {

using namespace std::chrono_literals;

constexpr Day kFirst = 1950y / 1 / 1, kEndDay = 2050y / 1 / 1, kLeapYear = 1952y / 1 / 1;

Pair pair_of(const DateFormat& format, Day day) { return {format.written(day), iso_date(day)}; }

// The days of one leap year: in every month, every weekday falls on a day of two digits.
std::vector<Pair> samples() {
  std::vector<Pair> pairs;
  for (const DateFormat& format : date_formats())
    for (int i = 0; i < 366; ++i)
      pairs.push_back(pair_of(format, kLeapYear + std::chrono::days(i)));
  return pairs;
}

class Dates : public PairTask {
 public:
  Dates() : PairTask(samples()) {}

  Defaults defaults() const override {
    return {800, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }

  std::vector<std::string> probes() const override {
    std::vector<std::string> names;
    for (const DateFormat& format : date_formats()) names.push_back(format.name);
    return names;
  }

 private:
  Pair draw(Split split, Rng& rng) const override {
    const auto count = static_cast<Index>(date_formats().size());
    const DateFormat& format = date_formats()[static_cast<std::size_t>(rng.below(count))];
    return pair_of(format, day_of(split, rng));
  }
  Pair draw_probe(std::size_t which, Rng& rng) const override {
    return pair_of(date_formats()[which], day_of(Split::test, rng));
  }

  static Day day_of(Split split, Rng& rng) {
    for (;;) {
      const Day day = kFirst + std::chrono::days(rng.below((kEndDay - kFirst).count()));
      if (split_of(iso_date(day)) == split) return day;
    }
  }
};

const bool registered =
    register_task({"dates", "dates as people write them into 2019-01-20: alignment",
                   Form::translation, [](const TaskOptions& options) {
                     expect_no_length(options, "dates");
                     return std::make_unique<Dates>();
                   }});

}  // namespace
}  // namespace rapt::tasks
