// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/number_text.h"

#include <QTest>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

using namespace viva;

class NumberTextTest : public QObject {
  Q_OBJECT

  /// As the C library writes it; this program leaves the locale as it is, "C".
  static std::string printed(const char* format, int precision, double number) {
    char text[512];
    std::snprintf(text, sizeof text, format, precision, number);
    return text;
  }

 private Q_SLOTS:
  void numbersForPeopleAreShort() {
    QCOMPARE(readableNumber(0.123456), std::string("0.1235"));
    QCOMPARE(readableNumber(2), std::string("2"));
    QCOMPARE(readableNumber(1500), std::string("1500"));
    QCOMPARE(readableNumber(0.5), std::string("0.5"));
    QCOMPARE(readableNumber(0), std::string("0"));
    QCOMPARE(readableNumber(12543.4), std::string("12543"));
    QCOMPARE(readableNumber(999999.4), std::string("999999"));
    QCOMPARE(readableNumber(999999.6), std::string("1×10⁶"));
    QCOMPARE(readableNumber(1438700), std::string("1.44×10⁶"));
    QCOMPARE(readableNumber(-3.7654e-8), std::string("-3.77×10⁻⁸"));
    QCOMPARE(readableNumber(2e-100), std::string("2×10⁻¹⁰⁰"));
    QCOMPARE(readableNumber(std::numeric_limits<double>::infinity()), std::string("inf"));
    QCOMPARE(readableNumber(std::numeric_limits<double>::quiet_NaN()), std::string("nan"));
  }

  void numbersAreWrittenAsTheCLibraryWritesThem() {
    std::vector<double> numbers{
        0.0,     -0.0,   0.5,  1.5,  2.5,   0.125,  0.0001, 0.00001,
        99999.5, 999995, 1e15, 1e16, 1e100, 1e-300, 5e-324, std::numeric_limits<double>::max()};
    std::mt19937_64 engine(7);
    std::normal_distribution<double> digits;
    std::uniform_real_distribution<double> exponent(-12, 12);
    for (int i = 0; i < 4000; ++i)
      numbers.push_back(digits(engine) * std::pow(10, exponent(engine)));
    for (const double number : numbers)
      for (const double signed_number : {number, -number})
        for (const int precision : {0, 1, 2, 3, 4, 6}) {
          QCOMPARE(withDecimals(signed_number, precision),
                   printed("%.*f", precision, signed_number));
          QCOMPARE(withDigits(signed_number, precision), printed("%.*g", precision, signed_number));
        }
  }

  void aNumberIsReadWholeOrNotAtAll() {
    QCOMPARE(numberFrom("0.55"), std::optional<double>(0.55));
    QCOMPARE(numberFrom("+1"), std::optional<double>(1));
    QCOMPARE(numberFrom(".5"), std::optional<double>(0.5));
    QCOMPARE(numberFrom("-1e-3"), std::optional<double>(-0.001));
    for (const char* none : {"", " 1", "1 ", "0,5", "1x", "+-1", "++1", "0x10", "e5", "."})
      QVERIFY2(!numberFrom(none), none);
  }

  void verdictsWriteThreeDigits() {
    QCOMPARE(readable(0.23649), std::string("0.236"));
    QCOMPARE(readable(74900), std::string("74900"));
    QCOMPARE(readable(2.31e-32), std::string("2.31×10⁻³²"));
    QCOMPARE(readable(std::nullopt), std::string("–"));
    QCOMPARE(readable(-std::numeric_limits<double>::infinity()), std::string("−∞"));
    QCOMPARE(percent(0.125), std::string("12.5\u00a0%"));
  }
};

QTEST_APPLESS_MAIN(NumberTextTest)
#include "number_text_test.moc"
