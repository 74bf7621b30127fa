#pragma once
#include <string>

#include "tensor/shape.h"

// Whole numbers from 0 to 999999 in words, as they are read aloud. ValueError outside.
namespace rapt::tasks {

// 203041: "two hundred three thousand forty one" (the American form: without "and" and hyphens).
std::string english_number(Index n);

// 203041: "двести три тысячи сорок один". A thousand is feminine, and its form follows the number:
// одна тысяча, две тысячи, пять тысяч.
std::string russian_number(Index n);

// 203041: "二十万三千零四十一". 万 is ten thousand. In each part, before 万 and after it, one 零 stands
// for a gap between digits that are not zero, and none for zeros at the end; ten to nineteen at the
// start is 十.., not 一十... Two is 二 everywhere, as in writing (speech has 两千).
std::string chinese_number(Index n);

}  // namespace rapt::tasks
