#pragma once
#include <string>
#include <vector>

// Numbers as text, the same in every locale. Not-a-number is "nan", infinities are "inf", "-inf".
namespace rapt::report {

// fixed(0.12345, 3) = "0.123". At most 17 digits.
std::string fixed(double value, int digits);

// significant(0.00012345, 3) = "0.000123", significant(1234567, 3) = "1.23e+06"; no trailing zeros.
std::string significant(double value, int digits);

// percent(0.9876) = "98.8 %".
std::string percent(double fraction, int digits = 1);

// The middle one, or the mean of the middle two; NaN if there are none.
double median(std::vector<double> values);

// "0.4 s", "42 s", "1 m 05 s", "2 h 03 m"; "?" for a negative or unknown time.
std::string duration(double seconds);

// The shortest text that reads back as exactly this number.
std::string shortest(double value);
std::string shortest(float value);

}  // namespace rapt::report
