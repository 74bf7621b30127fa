#pragma once
#include <chrono>
#include <string>
#include <vector>

// The ways in which people write a day.
namespace rapt::tasks {

using Day = std::chrono::sys_days;

struct DateFormat {
  std::string name;  // a part of it that no other has: "20th"
  std::string (*written)(Day day);
};

//   20 JAN 2019                 20.01.2019 (day first)      20 января 2019 г.
//   January 20, 2019            01/20/2019 (month first)    2019年1月20日
//   Sunday, January 20, 2019    the 20th of January 2019
const std::vector<DateFormat>& date_formats();

// "2019-01-20"
std::string iso_date(Day day);

}  // namespace rapt::tasks
