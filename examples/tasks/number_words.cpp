#include "examples/tasks/number_words.h"

#include "tensor/errors.h"

namespace rapt::tasks {
namespace {

constexpr Index kNumbers = 1'000'000;

void expect_in_range(const char* function, Index n) {
  if (n < 0 || n >= kNumbers)
    throw ValueError(message(function, ": expected 0 to ", kNumbers - 1, ", got ", n));
}

void append(std::string& words, const std::string& word) {
  if (!words.empty()) words += " ";
  words += word;
}

// ---- English

constexpr const char* kOnes[] = {"zero",    "one",     "two",       "three",    "four",
                                 "five",    "six",     "seven",     "eight",    "nine",
                                 "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                 "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr const char* kTens[] = {"",      "",      "twenty",  "thirty", "forty",
                                 "fifty", "sixty", "seventy", "eighty", "ninety"};

// n < 1000; nothing for 0.
void append_english(std::string& words, Index n) {
  if (n >= 100) {
    append(words, kOnes[n / 100]);
    append(words, "hundred");
  }
  n %= 100;
  if (n >= 20) {
    append(words, kTens[n / 10]);
    n %= 10;
  }
  if (n > 0) append(words, kOnes[n]);
}

// ---- Russian

constexpr const char* kEdinitsy[] = {"ноль",        "один",       "два",          "три",
                                     "четыре",      "пять",       "шесть",        "семь",
                                     "восемь",      "девять",     "десять",       "одиннадцать",
                                     "двенадцать",  "тринадцать", "четырнадцать", "пятнадцать",
                                     "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"};
constexpr const char* kDesyatki[] = {
    "",          "",           "двадцать",  "тридцать",    "сорок",
    "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"};
constexpr const char* kSotni[] = {"",        "сто",      "двести",  "триста",    "четыреста",
                                  "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"};

// n < 1000; nothing for 0. Only one and two have a feminine form.
void append_russian(std::string& words, Index n, bool feminine) {
  if (n >= 100) append(words, kSotni[n / 100]);
  n %= 100;
  if (n >= 20) {
    append(words, kDesyatki[n / 10]);
    n %= 10;
  }
  if (feminine && n == 1) return append(words, "одна");
  if (feminine && n == 2) return append(words, "две");
  if (n > 0) append(words, kEdinitsy[n]);
}

// одна тысяча, две тысячи, пять тысяч; одиннадцать тысяч, двадцать одна тысяча.
const char* russian_thousands(Index n) {
  const Index last = n % 10;
  if (n / 10 % 10 == 1 || last == 0 || last >= 5) return "тысяч";
  return last == 1 ? "тысяча" : "тысячи";
}

// ---- Chinese

constexpr const char* kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr const char* kUnits[] = {"千", "百", "十", ""};

// n < 10000; nothing for 0. A gap before the first digit counts where other digits stand before.
std::string chinese_part(Index n, bool first) {
  std::string words;
  bool gap = false;
  Index unit = 1000;
  for (const char* name : kUnits) {
    const Index digit = n / unit % 10;
    unit /= 10;
    if (digit == 0) {
      gap = !(first && words.empty());
      continue;
    }
    if (gap) words += kDigits[0];
    gap = false;
    const bool plain_ten = first && words.empty() && digit == 1 && unit == 1;
    words += std::string(plain_ten ? "" : kDigits[digit]) + name;
  }
  return words;
}

}  // namespace

std::string english_number(Index n) {
  expect_in_range("english_number", n);
  if (n == 0) return kOnes[0];
  std::string words;
  append_english(words, n / 1000);
  if (n >= 1000) append(words, "thousand");
  append_english(words, n % 1000);
  return words;
}

std::string russian_number(Index n) {
  expect_in_range("russian_number", n);
  if (n == 0) return kEdinitsy[0];
  std::string words;
  append_russian(words, n / 1000, true);
  if (n >= 1000) append(words, russian_thousands(n / 1000));
  append_russian(words, n % 1000, false);
  return words;
}

std::string chinese_number(Index n) {
  expect_in_range("chinese_number", n);
  if (n == 0) return kDigits[0];
  if (n < 10'000) return chinese_part(n, true);
  return chinese_part(n / 10'000, true) + "万" + chinese_part(n % 10'000, false);
}

}  // namespace rapt::tasks
