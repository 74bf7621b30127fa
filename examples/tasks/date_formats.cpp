#include "examples/tasks/date_formats.h"

#include "tensor/errors.h"

namespace rapt::tasks {
namespace {

constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};
constexpr const char* kShortMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr const char* kRussianMonths[] = {"января",   "февраля", "марта",  "апреля",
                                          "мая",      "июня",    "июля",   "августа",
                                          "сентября", "октября", "ноября", "декабря"};
constexpr const char* kWeekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                     "Thursday", "Friday", "Saturday"};

struct Parts {
  int year;
  unsigned month, day;
};

Parts parts_of(Day day) {
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

std::string two_digits(unsigned n) { return message(n < 10 ? "0" : "", n); }

// 1st, 2nd, 3rd, 4th, but 11th, 12th, 13th.
std::string ordinal(unsigned n) {
  const bool teen = n / 10 == 1;
  const char* ending = n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
  return message(n, teen ? "th" : ending);
}

std::string english(Day day) {
  const Parts p = parts_of(day);
  return message(kMonths[p.month - 1], " ", p.day, ", ", p.year);
}

const std::vector<DateFormat> kFormats = {
    {"20 JAN",
     [](Day day) {
       const Parts p = parts_of(day);
       return message(p.day, " ", kShortMonths[p.month - 1], " ", p.year);
     }},
    {"January 20", english},
    {"Sunday",
     [](Day day) {
       return message(kWeekdays[std::chrono::weekday(day).c_encoding()], ", ", english(day));
     }},
    {"20th",
     [](Day day) {
       const Parts p = parts_of(day);
       return message("the ", ordinal(p.day), " of ", kMonths[p.month - 1], " ", p.year);
     }},
    {"20.01.",
     [](Day day) {
       const Parts p = parts_of(day);
       return message(two_digits(p.day), ".", two_digits(p.month), ".", p.year);
     }},
    {"01/20/",
     [](Day day) {
       const Parts p = parts_of(day);
       return message(two_digits(p.month), "/", two_digits(p.day), "/", p.year);
     }},
    {"20 января",
     [](Day day) {
       const Parts p = parts_of(day);
       return message(p.day, " ", kRussianMonths[p.month - 1], " ", p.year, " г.");
     }},
    {"1月20日",
     [](Day day) {
       const Parts p = parts_of(day);
       return message(p.year, "年", p.month, "月", p.day, "日");
     }},
};

}  // namespace

const std::vector<DateFormat>& date_formats() { return kFormats; }

std::string iso_date(Day day) {
  const Parts p = parts_of(day);
  return message(p.year, "-", two_digits(p.month), "-", two_digits(p.day));
}

}  // namespace rapt::tasks
