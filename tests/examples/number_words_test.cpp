// Numbers in words: cases by hand, and all of them read back by readers that know nothing of how
// they were written.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "examples/report/text.h"
#include "examples/tasks/number_words.h"
#include "tensor/errors.h"

namespace rapt::tasks {
namespace {

struct Case {
  Index n;
  const char *english, *russian, *chinese;
};

TEST(NumberWords, AreRightWhereTheyAreHard) {
  const Case cases[] = {
      {0, "zero", "ноль", "零"},
      {7, "seven", "семь", "七"},
      {10, "ten", "десять", "十"},
      {11, "eleven", "одиннадцать", "十一"},
      {12, "twelve", "двенадцать", "十二"},
      {14, "fourteen", "четырнадцать", "十四"},
      {19, "nineteen", "девятнадцать", "十九"},
      {20, "twenty", "двадцать", "二十"},
      {21, "twenty one", "двадцать один", "二十一"},
      {40, "forty", "сорок", "四十"},
      {99, "ninety nine", "девяносто девять", "九十九"},
      {100, "one hundred", "сто", "一百"},
      {101, "one hundred one", "сто один", "一百零一"},
      {110, "one hundred ten", "сто десять", "一百一十"},
      {115, "one hundred fifteen", "сто пятнадцать", "一百一十五"},
      {200, "two hundred", "двести", "二百"},
      {1000, "one thousand", "одна тысяча", "一千"},
      {1001, "one thousand one", "одна тысяча один", "一千零一"},
      {1010, "one thousand ten", "одна тысяча десять", "一千零一十"},
      {1100, "one thousand one hundred", "одна тысяча сто", "一千一百"},
      {2002, "two thousand two", "две тысячи два", "二千零二"},
      {4000, "four thousand", "четыре тысячи", "四千"},
      {5000, "five thousand", "пять тысяч", "五千"},
      {10000, "ten thousand", "десять тысяч", "一万"},
      {10010, "ten thousand ten", "десять тысяч десять", "一万零一十"},
      {11000, "eleven thousand", "одиннадцать тысяч", "一万一千"},
      {12012, "twelve thousand twelve", "двенадцать тысяч двенадцать", "一万二千零一十二"},
      {21000, "twenty one thousand", "двадцать одна тысяча", "二万一千"},
      {22000, "twenty two thousand", "двадцать две тысячи", "二万二千"},
      {100000, "one hundred thousand", "сто тысяч", "十万"},
      {100010, "one hundred thousand ten", "сто тысяч десять", "十万零一十"},
      {101000, "one hundred one thousand", "сто одна тысяча", "十万一千"},
      {111111, "one hundred eleven thousand one hundred eleven",
       "сто одиннадцать тысяч сто одиннадцать", "十一万一千一百一十一"},
      {112000, "one hundred twelve thousand", "сто двенадцать тысяч", "十一万二千"},
      {200300, "two hundred thousand three hundred", "двести тысяч триста", "二十万零三百"},
      {203041, "two hundred three thousand forty one", "двести три тысячи сорок один",
       "二十万三千零四十一"},
      {999999, "nine hundred ninety nine thousand nine hundred ninety nine",
       "девятьсот девяносто девять тысяч девятьсот девяносто девять", "九十九万九千九百九十九"}};
  for (const Case& c : cases) {
    EXPECT_EQ(english_number(c.n), c.english) << c.n;
    EXPECT_EQ(russian_number(c.n), c.russian) << c.n;
    EXPECT_EQ(chinese_number(c.n), c.chinese) << c.n;
  }
}

TEST(NumberWords, RefuseWhatTheyCannotSay) {
  EXPECT_THROW(english_number(-1), ValueError);
  EXPECT_THROW(russian_number(1'000'000), ValueError);
  EXPECT_THROW(chinese_number(1'000'000), ValueError);
}

// Words that stand for a number are added; "hundred" multiplies what came last, "thousand" all.
using Values = std::map<std::string, Index>;

Index read(const std::string& text, const Values& values, const Values& multipliers) {
  std::istringstream words(text);
  Index part = 0, total = 0;
  for (std::string word; words >> word;) {
    if (const auto value = values.find(word); value != values.end()) {
      part += value->second;
    } else if (const auto times = multipliers.find(word); times == multipliers.end()) {
      ADD_FAILURE() << "unknown word '" << word << "' in '" << text << "'";
    } else if (times->second == 100) {
      part *= 100;
    } else {
      total += part * times->second;
      part = 0;
    }
  }
  return total + part;
}

const Values kEnglish = {{"zero", 0},     {"one", 1},        {"two", 2},       {"three", 3},
                         {"four", 4},     {"five", 5},       {"six", 6},       {"seven", 7},
                         {"eight", 8},    {"nine", 9},       {"ten", 10},      {"eleven", 11},
                         {"twelve", 12},  {"thirteen", 13},  {"fourteen", 14}, {"fifteen", 15},
                         {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
                         {"twenty", 20},  {"thirty", 30},    {"forty", 40},    {"fifty", 50},
                         {"sixty", 60},   {"seventy", 70},   {"eighty", 80},   {"ninety", 90}};

const Values kRussian = {
    {"ноль", 0},          {"один", 1},          {"одна", 1},         {"два", 2},
    {"две", 2},           {"три", 3},           {"четыре", 4},       {"пять", 5},
    {"шесть", 6},         {"семь", 7},          {"восемь", 8},       {"девять", 9},
    {"десять", 10},       {"одиннадцать", 11},  {"двенадцать", 12},  {"тринадцать", 13},
    {"четырнадцать", 14}, {"пятнадцать", 15},   {"шестнадцать", 16}, {"семнадцать", 17},
    {"восемнадцать", 18}, {"девятнадцать", 19}, {"двадцать", 20},    {"тридцать", 30},
    {"сорок", 40},        {"пятьдесят", 50},    {"шестьдесят", 60},  {"семьдесят", 70},
    {"восемьдесят", 80},  {"девяносто", 90},    {"сто", 100},        {"двести", 200},
    {"триста", 300},      {"четыреста", 400},   {"пятьсот", 500},    {"шестьсот", 600},
    {"семьсот", 700},     {"восемьсот", 800},   {"девятьсот", 900}};

Index read_chinese(const std::string& text) {
  const std::u32string digits = U"零一二三四五六七八九";
  const std::map<char32_t, Index> units = {{U'十', 10}, {U'百', 100}, {U'千', 1000}};
  Index digit = 0, part = 0, total = 0;
  char32_t before = 0;
  for (const char32_t c : report::decode_utf8(text, "test")) {
    EXPECT_FALSE(c == U'零' && before == U'零') << text;
    if (const auto at = digits.find(c); at != std::u32string::npos) {
      digit = static_cast<Index>(at);
    } else if (c == U'万') {
      total = (part + digit) * 10000;
      part = digit = 0;
    } else {
      EXPECT_TRUE(digit > 0 || before == 0) << text << ": only at the start is 十 a whole ten";
      part += (digit == 0 ? 1 : digit) * units.at(c);
      digit = 0;
    }
    before = c;
  }
  EXPECT_TRUE(before != U'零' || text == "零") << text;
  return total + part + digit;
}

TEST(NumberWords, AreReadBackFromZeroToTheLast) {
  const Values english = {{"hundred", 100}, {"thousand", 1000}};
  const Values russian = {{"тысяча", 1000}, {"тысячи", 1000}, {"тысяч", 1000}};
  // Every number to 50000, and steps of a prime through the rest.
  for (Index n = 0; n < 1'000'000; n += n < 50'000 ? 1 : 37) {
    ASSERT_EQ(read(english_number(n), kEnglish, english), n) << english_number(n);
    ASSERT_EQ(read(russian_number(n), kRussian, russian), n) << russian_number(n);
    ASSERT_EQ(read_chinese(chinese_number(n)), n) << chinese_number(n);
  }
}

// The forms of "thousand" and of one and two by the grammar books: by the last word before it.
TEST(NumberWords, RussianThousandsAgreeWithTheWordBefore) {
  for (Index n = 1; n < 1000; ++n) {
    std::istringstream words(russian_number(n * 1000));
    std::string last, word;
    while (words >> word && word.find("тысяч") != 0) last = word;
    const std::string expected = last == "одна" ? "тысяча"
                                 : last == "две" || last == "три" || last == "четыре" ? "тысячи"
                                                                                      : "тысяч";
    EXPECT_EQ(word, expected) << russian_number(n * 1000);
    EXPECT_TRUE(last != "один" && last != "два") << russian_number(n * 1000);
    // Behind the thousand the forms are masculine again.
    const std::string behind = russian_number(1000 + n);
    EXPECT_EQ(behind.substr(behind.find("тысяча ") + std::string("тысяча ").size()),
              russian_number(n));
    EXPECT_EQ(russian_number(n).find("одна"), std::string::npos);
  }
}

}  // namespace
}  // namespace rapt::tasks
