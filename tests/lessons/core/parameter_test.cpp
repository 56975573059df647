// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/parameter.h"

#include <QTest>
#include <bit>
#include <cfloat>
#include <limits>
#include <random>

#include "tests/fakes/fake_experiment.h"
#include "tests/fakes/refusal.h"

using namespace viva;
using fakes::argumentOf;
using fakes::fakeParameters;
using fakes::refusalOf;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kHuge = std::numeric_limits<double>::max();

std::uint64_t bits(double number) { return std::bit_cast<std::uint64_t>(number); }

/// One specification of every kind, as wide as its kind goes.
std::vector<ParameterSpec> wideSpecs() {
  std::vector<ParameterSpec> specs;
  specs.push_back(real("real", 0).range(-kHuge, kHuge));
  specs.push_back(integer("integer", 0).range(-9.3e18, 9.3e18));
  specs.push_back(toggle("toggle", false));
  specs.push_back(choice("choice", {"one", "two-b", "three_c"}, "one"));
  specs.push_back(point("point", {}).range(-kHuge, kHuge));
  specs.push_back(distribution("distribution", {0.5, 0.5}));
  specs.push_back(text("text", ""));
  specs.push_back(file("file"));
  specs.push_back(points("points").range(-kHuge, kHuge));
  specs.push_back(box("box", {}).range(-kHuge, kHuge));
  specs.push_back(drawing("drawing"));
  return specs;
}

const ParameterSpec& specOf(const std::vector<ParameterSpec>& specs, const Value& value) {
  return specs[static_cast<std::size_t>(kindOf(value))];
}

}  // namespace

Q_DECLARE_METATYPE(viva::Value)

class ParameterTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void textReadsBackToTheSameValue_data() {
    QTest::addColumn<Value>("value");
    const auto row = [](const char* name, Value value) { QTest::newRow(name) << value; };
    row("zero", 0.0);
    row("tenth", 0.1);
    row("third", 1.0 / 3);
    row("largest", DBL_MAX);
    row("lowest", -DBL_MAX);
    row("smallest normal", DBL_MIN);
    row("smallest", DBL_TRUE_MIN);
    row("after one", std::nextafter(1.0, 2.0));
    row("before one", std::nextafter(1.0, 0.0));
    row("2^53 + 2", 9007199254740994.0);
    row("largest integer", std::numeric_limits<std::int64_t>::max());
    row("lowest integer", std::numeric_limits<std::int64_t>::min());
    row("2^53 + 1", std::int64_t{9007199254740993});
    row("true", true);
    row("false", false);
    row("choice", Choice{"two-b"});
    row("point", Point{0.1, -1e-310});
    row("far point", Point{DBL_MAX, -DBL_MAX});
    row("distribution", Distribution{{1.0 / 3, 1.0 / 3, 1 - 2.0 / 3}});
    row("certain", Distribution{{0, 1, 0}});
    row("empty text", Text{""});
    row("text", Text{"a=b, c; d  e\n\"f\" 你好"});
    row("file", File{"folder, with = all/数据.csv"});
    row("no points", Points{});
    row("points", Points{{{0.1, -2e-300, 0}, {DBL_MAX, 3, 1000}}});
    row("box", Box{-0.1, 1.0 / 3, 1e300, DBL_MAX});
    row("box without area", Box{1, 2, 1, 2});
    row("no drawing", Drawing{});
    row("drawing", Drawing{{{{0.1, 1.0 / 3}, {1, 0}}, {{0.5, 0.5}}}});
  }
  void textReadsBackToTheSameValue() {
    QFETCH(Value, value);
    const auto specs = wideSpecs();
    const ParameterSpec& spec = specOf(specs, value);
    const Value again = parseValue(spec, formatValue(value));
    QVERIFY2(again == value, formatValue(again).c_str());
    QVERIFY(!problemWith(spec, value));
  }

  void negativeZeroKeepsItsSign() {
    const ParameterSpec spec = real("r", 0).range(-1, 1);
    QCOMPARE(bits(std::get<double>(parseValue(spec, formatValue(-0.0)))), bits(-0.0));
  }

  void manyRandomDoublesReadBackBitForBit() {
    const ParameterSpec spec = real("r", 0).range(-kHuge, kHuge);
    std::mt19937_64 draw(7);
    for (int i = 0; i < 20000; ++i) {
      const double number = std::bit_cast<double>(draw());
      if (!std::isfinite(number)) continue;
      QCOMPARE(bits(std::get<double>(parseValue(spec, formatNumber(number)))), bits(number));
    }
  }

  void numbersAreReadInTheWaysPeopleWriteThem() {
    const auto specs = wideSpecs();
    QCOMPARE(std::get<double>(parseValue(specs[0], "1e-3")), 1e-3);
    QCOMPARE(std::get<double>(parseValue(specs[0], "+2.5")), 2.5);
    QCOMPARE(std::get<double>(parseValue(specs[0], "3")), 3.0);
    QCOMPARE(std::get<double>(parseValue(specs[0], ".5")), 0.5);
    QCOMPARE(std::get<std::int64_t>(parseValue(specs[1], "1e3")), std::int64_t{1000});
    QCOMPARE(std::get<std::int64_t>(parseValue(specs[1], "5.0")), std::int64_t{5});
  }

  void unreadableTextIsRefusedAndSaysWhatIsExpected_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    const auto row = [](ParameterKind kind, const char* text) {
      QTest::addRow("%d: %s", static_cast<int>(kind), text) << static_cast<int>(kind) << text;
    };
    for (const char* text :
         {"", " ", "abc", "1,5", "0x10", "1e", "1 2", "++1", "+-1", "--", "1e999", "十", "1.5x"})
      row(ParameterKind::Real, text);
    for (const char* text : {"", "1.5", "abc", "1e99", "99999999999999999999", "0b1"})
      row(ParameterKind::Integer, text);
    for (const char* text : {"", "yes", "1", "TRUE", "true "}) row(ParameterKind::Toggle, text);
    for (const char* text : {"", "1", "1,2,3", "1;2", "a,b", "1,"}) row(ParameterKind::Point, text);
    for (const char* text : {"", "a", "0.5,,0.5", "0.5;0.5"})
      row(ParameterKind::Distribution, text);
    for (const char* text : {"1", "1,2,3,4", "1,2,0;", "1,2,-1", "1,2,0.5", "1,2,9999999999"})
      row(ParameterKind::Points, text);
    for (const char* text : {"", "1,2,3", "1,2,3,4,5", "1,2;3,4", "a,b,c,d"})
      row(ParameterKind::Box, text);
    for (const char* text : {"0.5", "0,0 ", "0,0;", ";", "0,0,0", "0,0  1,1", "a,b"})
      row(ParameterKind::Drawing, text);
  }
  void unreadableTextIsRefusedAndSaysWhatIsExpected() {
    QFETCH(int, kind);
    QFETCH(QString, text);
    const auto specs = wideSpecs();
    const auto& spec = specs[static_cast<std::size_t>(kind)];
    const Message refusal = refusalOf([&] { parseValue(spec, text.toStdString()); });
    QCOMPARE(QString::fromStdString(refusal.key), QString("error.unreadable_value"));
    QCOMPARE(argumentOf(refusal, "name"), spec.name);
    QVERIFY(!argumentOf(refusal, "expected").empty());
  }

  void notANumberAndInfinityAreRefused() {
    for (const char* text : {"nan", "inf", "-inf", "NaN", "infinity", "-nan"}) {
      auto p = fakeParameters();
      const Message refusal = refusalOf([&] { p.setFromText("rate", text); });
      QVERIFY2(refusal.key.starts_with("error."), text);
      QCOMPARE(p.real("rate"), 0.1);
    }
    for (const double number : {kNan, kInfinity, -kInfinity}) {
      auto p = fakeParameters();
      QCOMPARE(refusalOf([&] { p.set("rate", number); }).key, std::string("error.not_finite"));
      QVERIFY(refusalOf([&] { p.set("start", Point{0, number}); }).key != "nothing thrown");
      QVERIFY(refusalOf([&] {
                p.set("weights", Distribution{{1, number}});
              }).key != "nothing thrown");
      QVERIFY(refusalOf([&] { p.set("drawn", Points{{{number, 0, 0}}}); }).key != "nothing thrown");
      QVERIFY(p == fakeParameters());
    }
  }

  void rangesIncludeTheirEndsAndNothingBeyond() {
    auto p = fakeParameters();
    p.set("rate", 2.0);
    p.set("rate", 1e-6);
    for (const double number : {std::nextafter(2.0, 3.0), std::nextafter(1e-6, 0.0), -1.0, 1e300}) {
      const Message refusal = refusalOf([&] { p.set("rate", number); });
      QCOMPARE(refusal.key, std::string("error.out_of_range"));
      QCOMPARE(argumentOf(refusal, "minimum"), formatNumber(1e-6));
      QCOMPARE(argumentOf(refusal, "maximum"), std::string("2"));
    }
    QCOMPARE(p.real("rate"), 1e-6);
    p.set("start", Point{-10, 10});
    QCOMPARE(refusalOf([&] {
               p.set("start", Point{0, 10.001});
             }).key,
             std::string("error.out_of_range"));
    QCOMPARE(refusalOf([&] {
               p.set("drawn", Points{{{0, -11, 0}}});
             }).key,
             std::string("error.out_of_range"));
    p.set("finish_at", std::int64_t{1000000});
    QCOMPARE(refusalOf([&] { p.set("finish_at", std::int64_t{1000001}); }).key,
             std::string("error.out_of_range"));
  }

  void unknownNamesListTheAllowedOnes() {
    auto p = fakeParameters();
    for (const Message& refusal :
         {refusalOf([&] { p.set("lr", 0.1); }), refusalOf([&] { p.setFromText("lr", "0.1"); }),
          refusalOf([&] { p.value("lr"); }), refusalOf([&] { p.spec(""); })}) {
      QCOMPARE(refusal.key, std::string("error.unknown_parameter"));
      for (const ParameterSpec& spec : p.specs())
        QVERIFY(argumentOf(refusal, "allowed").find(spec.name) != std::string::npos);
    }
  }

  void unknownChoicesListTheAllowedOnes() {
    auto p = fakeParameters();
    for (const char* name : {"", "Bowl", "bowl ", "cup"}) {
      const Message refusal = refusalOf([&] { p.setFromText("shape", name); });
      QCOMPARE(refusal.key, std::string("error.not_a_choice"));
      QCOMPARE(argumentOf(refusal, "allowed"), std::string("bowl, saddle, plateau"));
    }
  }

  void distributionsMustBeProbabilities() {
    auto p = fakeParameters();
    p.setFromText("weights", "0.2,0.3,0.5");
    p.set("weights", Distribution{{0.25, 0.25, 0.5 + 9e-7}});
    for (const char* wrong : {"0.5,0.6", "0.5,0.4", "-0.1,1.1", "1"})
      QVERIFY2(
          refusalOf([&] { p.setFromText("weights", wrong); }).key.starts_with("error.distribution"),
          wrong);
  }

  void aBoxHasItsSmallerCornerFirst() {
    const ParameterSpec spec = box("box", {0, 0, 1, 1}).range(-5, 5);
    QVERIFY(!problemWith(spec, Box{-1, 2, 3, 2}));
    QCOMPARE(problemWith(spec, Box{1, 0, 0, 1})->key, std::string("error.box_corners"));
    QCOMPARE(problemWith(spec, Box{0, 1, 1, 0})->key, std::string("error.box_corners"));
    QCOMPARE(problemWith(spec, Box{0, 0, 6, 1})->key, std::string("error.out_of_range"));
  }

  void aDrawingStaysOnItsPaperAndEnds() {
    const ParameterSpec spec = drawing("digit").seenAs(8);
    QCOMPARE(spec.side, 8);
    QCOMPARE(problemWith(spec, Drawing{{{{0.5, 1.01}}}})->key, std::string("error.out_of_range"));
    Drawing endless;
    endless.strokes.resize(1);
    endless.strokes[0].resize(5001);
    QCOMPARE(problemWith(spec, endless)->key, std::string("error.drawing_too_long"));
  }

  void valuesOfAnotherKindAreRefused() {
    auto p = fakeParameters();
    QCOMPARE(refusalOf([&] { p.set("second", 1.0); }).key, std::string("error.wrong_kind"));
    QCOMPARE(refusalOf([&] { p.set("finish_at", 1.0); }).key, std::string("error.wrong_kind"));
    QCOMPARE(refusalOf([&] { p.set("shape", Text{"bowl"}); }).key, std::string("error.wrong_kind"));
    p.set("rate", std::int64_t{1});  // a whole number is a number
    QCOMPARE(p.real("rate"), 1.0);
  }

  void handlesGiveTypedValues() {
    enum class Shape { Bowl, Saddle, Plateau };
    auto p = fakeParameters({{"shape", "plateau"}, {"rate", "0.25"}, {"second", "true"}});
    QCOMPARE(p[ParameterName<Shape>{"shape"}], Shape::Plateau);
    QCOMPARE(p[ParameterName<double>{"rate"}], 0.25);
    QCOMPARE(p[ParameterName<bool>{"second"}], true);
    QCOMPARE(p[ParameterName<std::int64_t>{"fail_at"}], std::int64_t{-1});
    QCOMPARE(p[ParameterName<Point>{"start"}].x, 4.0);
  }

  void aHandleIsItsDeclaration() {
    enum class Shape { Bowl, Saddle };
    const auto kShape = choice<Shape>("shape", {{Shape::Saddle, "saddle"}, {Shape::Bowl, "bowl"}});
    const auto kOther =
        choice<Shape>("other", {{Shape::Saddle, "saddle"}, {Shape::Bowl, "bowl"}}, Shape::Bowl);
    const auto kOn = toggle("on", false).live();
    const auto kRate = real("rate", 0.5).range(0, 1).live().onlyWhen(kShape, {Shape::Bowl});
    const auto kCount = integer("count", 3).range(0, 9).onlyWhen(kOn);
    const std::vector<ParameterSpec> specs{kShape, kOther, kOn, kRate, kCount};
    Parameters p(specs);
    QCOMPARE(p[kShape], Shape::Saddle);
    QCOMPARE(p[kOther], Shape::Bowl);
    QCOMPARE(p[kRate], 0.5);
    QCOMPARE(p[kCount], std::int64_t{3});
    QVERIFY(!p.isRelevant(specs[3]));
    QVERIFY(!p.isRelevant(specs[4]));
    p.setFromText("shape", "bowl");
    p.setFromText("on", "true");
    QCOMPARE(p[kShape], Shape::Bowl);
    QVERIFY(p[kOn]);
    QVERIFY(p.isRelevant(specs[3]));
    QVERIFY(p.isRelevant(specs[4]));
  }

  void relevanceFollowsTheOtherParameter() {
    std::vector<ParameterSpec> specs;
    specs.push_back(choice("surface", {"ravine", "beale"}, "beale"));
    specs.push_back(real("kappa", 25).range(1, 1000).onlyWhen("surface", {"ravine"}));
    Parameters p(specs);
    QVERIFY(p.isRelevant(specs[0]));
    QVERIFY(!p.isRelevant(specs[1]));
    p.setFromText("surface", "ravine");
    QVERIFY(p.isRelevant(specs[1]));
  }

  void buildersKeepWhatTheyWereTold() {
    const ParameterSpec spec = real("rate", 0.1)
                                   .range(0.01, 1)
                                   .logarithmic()
                                   .stepping(0.01)
                                   .live()
                                   .in("unit.steps")
                                   .grouped("descent");
    QCOMPARE(spec.minimum, 0.01);
    QCOMPARE(spec.maximum, 1.0);
    QCOMPARE(spec.scale, Scale::Logarithmic);
    QCOMPARE(spec.step, 0.01);
    QCOMPARE(spec.effect, Effect::Live);
    QCOMPARE(spec.unit, std::string("unit.steps"));
    QCOMPARE(spec.group, std::string("descent"));
    QCOMPARE(real("r", 0).effect, Effect::Restart);
  }

  void numbersAreWrittenShortAndExactly() {
    QCOMPARE(formatNumber(0.1), std::string("0.1"));
    QCOMPARE(formatNumber(kNan), std::string("nan"));
    QCOMPARE(formatNumber(kInfinity), std::string("inf"));
    QCOMPARE(formatNumber(-kInfinity), std::string("-inf"));
  }

  void presetsAreDefaultsWithTheirSettings() {
    const ExperimentSpec& spec = fakes::fakeSpec();
    QVERIFY(spec.parametersOf("") == fakeParameters());
    QVERIFY(spec.parametersOf("calm") == fakeParameters({{"rate", "0.05"}}));
    const Message refusal = refusalOf([&] { spec.parametersOf("loud"); });
    QCOMPARE(refusal.key, std::string("error.unknown_preset"));
    QCOMPARE(argumentOf(refusal, "allowed"), std::string("calm, wild"));
  }
};

QTEST_APPLESS_MAIN(ParameterTest)
#include "parameter_test.moc"
