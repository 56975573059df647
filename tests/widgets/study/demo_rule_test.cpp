// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/demo_rule.h"

#include <QTest>
#include <cmath>

#include "lessons/core/error.h"

using namespace viva;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Records `a` and `b`, a value a row.
Records recordsOf(const std::vector<double>& a, const std::vector<double>& b = {}) {
  RecordTable table({{"a", "", false}, {"b", "", false}}, 1 << 20);
  for (std::size_t row = 0; row < a.size(); ++row) {
    table.set(0, a[row]);
    if (row < b.size()) table.set(1, b[row]);
    table.endRow();
  }
  return table.records();
}

DemoRule ruleOf(const char* json) {
  return demoRulesIn(QByteArray("{\"p\": ") + json + "}").at("p");
}

std::optional<double> numberOf(const char* quantity, const Records& records) {
  const DemoRule rule =
      ruleOf(QByteArray(R"({"predict": "number", "within": {"absolute": 1}, "quantity": )")
                 .append(quantity)
                 .append("}")
                 .constData());
  return valueOf(rule.quantity, records);
}

}  // namespace

class DemoRuleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void quantitiesAreTakenFromTheRecords() {
    const Records records = recordsOf({absentValue(), 4, 1, kInfinity, 2, 3}, {8, 8, 8, 8, 8, 2});
    QCOMPARE(*numberOf(R"({"first": "a"})", records), 4.0);
    QCOMPARE(*numberOf(R"({"last": "a"})", records), 3.0);
    QCOMPARE(*numberOf(R"({"min": "a"})", records), 1.0);
    QCOMPARE(*numberOf(R"({"max": "a"})", records), 4.0);
    QCOMPARE(*numberOf(R"({"mean": "a"})", records), 2.5);
    QCOMPARE(*numberOf(R"({"first_below": ["a", 3]})", records), 2.0);
    QCOMPARE(*numberOf(R"({"first_above": ["b", 7.9]})", records), 0.0);
    QCOMPARE(*numberOf(R"({"first_not_finite": "a"})", records), 3.0);
    QCOMPARE(*numberOf(R"({"ratio": [{"last": "a"}, {"last": "b"}]})", records), 1.5);
    QCOMPARE(*numberOf(R"({"difference": [{"last": "a"}, {"last": "b"}]})", records), 1.0);
  }

  void theLastTenthIsTheMeanOfTheLastRows() {
    std::vector<double> values(100, 5.0);
    for (std::size_t row = 90; row < 100; ++row) values[row] = 1;
    QCOMPARE(*numberOf(R"({"last_tenth": "a"})", recordsOf(values)), 1.0);
  }

  void whatNeverHappenedHasNoValue() {
    const Records records = recordsOf({3, 2, 1});
    QVERIFY(!numberOf(R"({"first_below": ["a", 0]})", records));
    QVERIFY(!numberOf(R"({"first_not_finite": "a"})", records));
    QVERIFY(!numberOf(R"({"last": "no-such-record"})", records));
    QVERIFY(!numberOf(R"({"last": "a"})", Records()));
  }

  void theSmallestOfSeveralIsChosenAndWhatDivergedIsTheLargest() {
    const char* text =
        R"({"predict": "choice", "%1": [["one", {"last": "a"}], ["two", {"last": "b"}]]})";
    const DemoRule smallest = ruleOf(QByteArray(text).replace("%1", "smallest"));
    const DemoRule largest = ruleOf(QByteArray(text).replace("%1", "largest"));
    QCOMPARE(*outcomeOf(smallest, recordsOf({1}, {2})), Expectation(QString("one")));
    QCOMPARE(*outcomeOf(largest, recordsOf({1}, {2})), Expectation(QString("two")));
    QCOMPARE(*outcomeOf(smallest, recordsOf({kNan}, {2})), Expectation(QString("two")));
    QCOMPARE(*outcomeOf(largest, recordsOf({kNan}, {2})), Expectation(QString("one")));
  }

  void bandsAreHalfOpen() {
    const DemoRule rule = ruleOf(R"({"predict": "choice", "bands": {"last": "a"},
      "options": ["low", "middle", "high"], "bounds": [1, 2], "never": "none"})");
    QCOMPARE(*outcomeOf(rule, recordsOf({0.5})), Expectation(QString("low")));
    QCOMPARE(*outcomeOf(rule, recordsOf({1})), Expectation(QString("middle")));
    QCOMPARE(*outcomeOf(rule, recordsOf({2})), Expectation(QString("high")));
    QCOMPARE(*outcomeOf(rule, recordsOf({kInfinity})), Expectation(QString("high")));
    QCOMPARE(*outcomeOf(rule, recordsOf({kNan})), Expectation(QString("none")));
    QCOMPARE(*outcomeOf(rule, recordsOf({absentValue()})), Expectation(QString("none")));
  }

  void whatIsExpectedIsAnOptionOrARange() {
    const DemoRule choice = ruleOf(R"({"predict": "choice", "bands": {"last": "a"},
      "options": ["low", "high"], "bounds": [1], "expect": "high"})");
    QVERIFY(isExpected(choice, *outcomeOf(choice, recordsOf({2}))));
    QVERIFY(!isExpected(choice, *outcomeOf(choice, recordsOf({0}))));
    const DemoRule number = ruleOf(R"({"predict": "number", "quantity": {"last": "a"},
      "within": {"factor": 2}, "expect": [1, 2]})");
    QVERIFY(isExpected(number, *outcomeOf(number, recordsOf({2}))));
    QVERIFY(!isExpected(number, *outcomeOf(number, recordsOf({2.1}))));
    QVERIFY(!isExpected(number, kNan));
    const DemoRule curve = ruleOf(R"({"predict": "curve", "record": "a", "scale": "linear",
      "range": [0, 10], "within": {"absolute": 1}, "expect": [4, 5]})");
    QVERIFY(isExpected(curve, *outcomeOf(curve, recordsOf({9, 9, 4.5}))));
    QVERIFY(!isExpected(curve, *outcomeOf(curve, recordsOf({4.5, 4.5, 9}))));
    const DemoRule none =
        ruleOf(R"({"predict": "number", "quantity": {"last": "a"}, "within": {"factor": 2}})");
    QVERIFY(isExpected(none, 7.0));
  }

  void anExpectationThatCannotComeTrueIsRefused_data() {
    QTest::addColumn<QByteArray>("expect");
    QTest::addColumn<bool>("choice");
    QTest::newRow("another option") << QByteArray(R"("middle")") << true;
    QTest::newRow("a range of a choice") << QByteArray("[1, 2]") << true;
    QTest::newRow("an option of a number") << QByteArray(R"("low")") << false;
    QTest::newRow("one bound") << QByteArray("[1]") << false;
    QTest::newRow("turned round") << QByteArray("[2, 1]") << false;
  }
  void anExpectationThatCannotComeTrueIsRefused() {
    QFETCH(QByteArray, expect);
    QFETCH(bool, choice);
    const QByteArray rule =
        choice ? R"({"predict": "choice", "bands": {"last": "a"}, "options": ["low", "high"],
                     "bounds": [1], "expect": )"
               : R"({"predict": "number", "quantity": {"last": "a"}, "within": {"factor": 2},
                     "expect": )";
    QVERIFY_EXCEPTION_THROWN(ruleOf(rule + expect + "}"), RequestError);
  }

  void aNumberIsRightWithinItsTolerance() {
    const DemoRule factor =
        ruleOf(R"({"predict": "number", "quantity": {"last": "a"}, "within": {"factor": 2}})");
    const Expectation outcome = *outcomeOf(factor, recordsOf({8}));
    QVERIFY(isRight(factor, 4.0, outcome));
    QVERIFY(isRight(factor, 16.0, outcome));
    QVERIFY(!isRight(factor, 3.9, outcome));
    QVERIFY(!isRight(factor, -8.0, outcome));
    const DemoRule absolute =
        ruleOf(R"({"predict": "number", "quantity": {"last": "a"}, "within": {"absolute": 1}})");
    QVERIFY(isRight(absolute, 9.0, outcome));
    QVERIFY(!isRight(absolute, 9.5, outcome));
  }

  void aSketchIsRightWhenFourFifthsOfItAreNear() {
    const DemoRule rule = ruleOf(R"({"predict": "curve", "record": "a", "scale": "linear",
      "range": [0, 10], "within": {"absolute": 0.5}})");
    std::vector<double> line(1000);
    for (std::size_t i = 0; i < line.size(); ++i) line[i] = double(i) / 100;
    const Expectation outcome = *outcomeOf(rule, recordsOf(line));
    const auto sketch = [](double wrong_from) {
      SketchedCurve curve;
      for (int i = 0; i <= 100; ++i)
        curve.emplace_back(i / 100.0, i / 10.0 + (i / 100.0 >= wrong_from ? 3 : 0));
      return Expectation(curve);
    };
    QVERIFY(isRight(rule, sketch(2), outcome));
    QVERIFY(isRight(rule, sketch(0.85), outcome));
    QVERIFY(!isRight(rule, sketch(0.75), outcome));
    QVERIFY(!isRight(rule, Expectation(SketchedCurve{{0, 0}, {0.5, 5}}), outcome));
  }

  void whatIsWrongWithARuleIsNamed_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("nonsense");
    QTest::newRow("no kind") << QByteArray(R"({"p": {}})");
    QTest::newRow("unknown quantity") << QByteArray(
        R"({"p": {"predict": "number", "quantity": {"median": "a"}, "within": {"factor": 2}}})");
    QTest::newRow("no tolerance") << QByteArray(
        R"({"p": {"predict": "number", "quantity": {"last": "a"}}})");
    QTest::newRow("a bound too few") << QByteArray(
        R"({"p": {"predict": "choice", "bands": {"last": "a"}, "options": ["x", "y"], "bounds": []}})");
    QTest::newRow("a logarithmic range from zero") << QByteArray(
        R"({"p": {"predict": "curve", "record": "a", "scale": "log", "range": [0, 1], "within": {"factor": 2}}})");
  }
  void whatIsWrongWithARuleIsNamed() {
    QFETCH(QByteArray, json);
    QVERIFY_EXCEPTION_THROWN(demoRulesIn(json), RequestError);
  }
};

QTEST_GUILESS_MAIN(DemoRuleTest)
#include "demo_rule_test.moc"
