// SPDX-License-Identifier: GPL-3.0-or-later
// What is computed before anything is drawn: decimation, smoothing, ticks, contours, colours.
#include <QTest>
#include <cmath>
#include <limits>
#include <set>

#include "tests/widgets/views/fake_race.h"
#include "widgets/views/axis.h"
#include "widgets/views/chart_frame.h"
#include "widgets/views/colour_scale.h"
#include "widgets/views/colours.h"
#include "widgets/views/contours.h"
#include "widgets/views/picture.h"
#include "widgets/views/record_curve.h"

using namespace viva;

namespace {

const double kNan = std::nan("");
const double kInfinity = std::numeric_limits<double>::infinity();

struct Sampled {
  std::vector<std::pair<double, double>> points;
  int breaks = 0;
  double largest = -kInfinity, smallest = kInfinity;
};

Sampled sample(const RecordCurve& curve, const Records& records, std::int64_t first,
               std::int64_t last, std::int64_t bucket, bool positive_only = false) {
  Sampled result;
  curve.sample(records, 0, first, last, bucket, positive_only, [&](double step, double value) {
    if (std::isnan(value)) {
      ++result.breaks;
      return;
    }
    result.points.emplace_back(step, value);
    result.largest = std::max(result.largest, value);
    result.smallest = std::min(result.smallest, value);
  });
  return result;
}

Records column(std::int64_t rows, const std::function<double(std::int64_t)>& value) {
  return fakes::recordsOf({"a"}, rows, [&](std::int64_t row, std::size_t) { return value(row); });
}

double lightness(QRgb colour) {
  const QColor c = QColor::fromRgb(colour);
  return 0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF();
}

}  // namespace

class DataTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void spikesSurviveDecimation() {
    const Records records = column(100000, [](std::int64_t row) {
      return row == 31234 ? 50.0 : row == 77777 ? -40.0 : std::sin(row * 0.001);
    });
    RecordCurve curve;
    curve.extend(records, 0);
    for (const std::int64_t bucket : {7, 64, 100, 128, 6400}) {
      const Sampled sampled = sample(curve, records, 0, 100000, bucket);
      QCOMPARE(sampled.largest, 50.0);
      QCOMPARE(sampled.smallest, -40.0);
      QVERIFY(std::int64_t(sampled.points.size()) <= 2 * (100000 / bucket + 1));
    }
  }

  void pointsComeInTheOrderOfTheSteps() {
    const Records records = column(10000, [](std::int64_t row) { return std::sin(row * 0.37); });
    RecordCurve curve;
    curve.extend(records, 0);
    for (const std::int64_t bucket : {1, 5, 64, 192}) {
      const Sampled sampled = sample(curve, records, 0, 10000, bucket);
      for (std::size_t i = 1; i < sampled.points.size(); ++i)
        QVERIFY(sampled.points[i - 1].first < sampled.points[i].first);
    }
  }

  void absentValuesArePassedOver() {
    const Records records =
        column(1000, [](std::int64_t row) { return row % 20 == 0 ? double(row) : absentValue(); });
    RecordCurve curve;
    curve.extend(records, 0);
    QCOMPARE(curve.present(), 50);
    QVERIFY(curve.isSparse());
    QVERIFY(curve.breaks().empty());
    const Sampled sampled = sample(curve, records, 0, 1000, 1);
    QCOMPARE(sampled.points.size(), std::size_t{50});
    QCOMPARE(sampled.breaks, 0);
    QCOMPARE(sampled.points[3], std::make_pair(60.0, 60.0));
  }

  void valuesThatAreNotFiniteBreakTheLineOnceAStretch() {
    const Records records = column(300, [](std::int64_t row) {
      return row >= 100 && row < 120 ? kNan : row == 200 ? kInfinity : 1.0;
    });
    RecordCurve curve;
    curve.extend(records, 0);
    QCOMPARE(curve.breaks().size(), std::size_t{2});
    QCOMPARE(curve.breaks()[0].step, 100);
    QVERIFY(std::isnan(curve.breaks()[0].value));
    QCOMPARE(curve.breaks()[1].step, 200);
    QCOMPARE(curve.breaks()[1].value, kInfinity);
    QCOMPARE(curve.maximum(), 1.0);
    QVERIFY(sample(curve, records, 0, 300, 1).breaks >= 2);
    QVERIFY(sample(curve, records, 0, 300, 64).breaks >= 2);
  }

  void logarithmicSamplingSkipsWhatIsNotPositive() {
    const Records records = column(640, [](std::int64_t row) {
      return row % 10 == 0 ? -1.0 : row % 10 == 1 ? 0.0 : row;
    });
    RecordCurve curve;
    curve.extend(records, 0);
    QCOMPARE(curve.notPositive(), 128);
    QCOMPARE(curve.smallestPositive(), 2.0);
    for (const std::int64_t bucket : {1, 8, 64, 128})
      QVERIFY(sample(curve, records, 0, 640, bucket, true).smallest > 0);
  }

  void longStretchesWithoutAValueCostOneBreakABucket() {
    const Records records = column(10000, [](std::int64_t row) {
      return row < 640 ? 1.0 : row < 5120 ? 0.0 : kNan;
    });
    RecordCurve curve;
    curve.extend(records, 0);
    const Sampled sampled = sample(curve, records, 0, 10000, 640, true);
    QCOMPARE(sampled.points.size(), std::size_t{1});
    QCOMPARE(sampled.breaks, 15);
  }

  void growingInPiecesGivesTheSameAsAtOnce() {
    std::vector<RecordSpec> specs{{"a", "", false}};
    RecordTable table(specs, 1u << 20);
    RecordCurve grown;
    for (int row = 0; row < 9000; ++row) {
      table.set(0, std::cos(row * 0.05) * row);
      table.endRow();
      if (row % 37 == 0) grown.extend(table.records(), 0);
    }
    grown.extend(table.records(), 0);
    RecordCurve whole;
    whole.extend(table.records(), 0);
    for (const std::int64_t bucket : {1, 64, 320})
      QCOMPARE(sample(grown, table.records(), 0, 9000, bucket).points,
               sample(whole, table.records(), 0, 9000, bucket).points);
  }

  void hugeValuesStayHuge() {
    const Records records =
        column(5000, [](std::int64_t row) { return row == 4321 ? 1e300 : 1e-300; });
    RecordCurve curve;
    curve.extend(records, 0);
    QCOMPARE(sample(curve, records, 0, 5000, 64).largest, 1e300);
    QCOMPARE(curve.smallestPositive(), 1e-300);
  }

  void smoothingFollowsItsDefinition() {
    const Records records = column(
        500, [](std::int64_t row) { return row % 7 == 3 ? absentValue() : std::sin(row * 1.3); });
    SmoothCurve smooth;
    smooth.extend(records, 0, 0.9);
    double sum = 0, weight = 0;
    for (std::int64_t row = 0; row < 500; ++row) {
      const double value = records.at(row, 0);
      if (!isAbsent(value)) {
        sum = 0.9 * sum + 0.1 * value;
        weight = 0.9 * weight + 0.1;
      }
      QCOMPARE(smooth.at(records, 0, row), sum / weight);
    }
  }

  void spikesSurviveSmoothing_data() {
    QTest::addColumn<qint64>("bucket");
    QTest::newRow("rows of a pixel") << qint64{64};
    QTest::newRow("blocks") << qint64{RecordChunk::kBlock};
    QTest::newRow("several blocks") << qint64{4 * RecordChunk::kBlock};
  }
  void spikesSurviveSmoothing() {
    QFETCH(qint64, bucket);
    const Records records = column(40000, [](std::int64_t row) {
      return row == 20000 ? 1000.0 : row == 30001 ? -1000.0 : row % 3 ? 1.0 : absentValue();
    });
    SmoothCurve smooth;
    smooth.extend(records, 0, 0.5);
    double largest = -kInfinity, smallest = kInfinity, drawn_largest = -kInfinity,
           drawn_smallest = kInfinity, before = -1;
    for (std::int64_t row = 0; row < records.rows(); ++row) {
      const double value = smooth.at(records, 0, row);
      if (std::isnan(value)) continue;
      largest = std::max(largest, value);
      smallest = std::min(smallest, value);
    }
    int points = 0;
    smooth.sample(records, 0, 0, records.rows(), bucket, false, [&](double row, double value) {
      ++points;
      QVERIFY(row > before && row < 40000);
      before = row;
      drawn_largest = std::max(drawn_largest, value);
      drawn_smallest = std::min(drawn_smallest, value);
    });
    QCOMPARE(drawn_largest, largest);
    QCOMPARE(drawn_smallest, smallest);
    QVERIFY(points <= 2 * (40000 / bucket + 1));
    // Every row by itself is the curve.
    smooth.sample(records, 0, 0, 100, 1, false, [&](double row, double value) {
      QCOMPARE(value, smooth.at(records, 0, static_cast<std::int64_t>(row)));
    });
  }

  void ticksAreInsideAndLabelled_data() {
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<bool>("logarithmic");
    QTest::newRow("ordinary") << 0.0 << 1.0 << false;
    QTest::newRow("steps") << 0.0 << 1e6 << false;
    QTest::newRow("negative") << -3.7 << -1.2 << false;
    QTest::newRow("tiny") << 1e-9 << 3e-9 << false;
    QTest::newRow("huge") << -1e300 << 1e300 << false;
    QTest::newRow("offset") << 1000.0 << 1000.5 << false;
    QTest::newRow("decades") << 1e-6 << 1e3 << true;
    QTest::newRow("under a decade") << 2.1 << 2.9 << true;
    QTest::newRow("one decade") << 0.5 << 4.0 << true;
    QTest::newRow("all doubles") << 1e-300 << 1e300 << true;
  }
  void ticksAreInsideAndLabelled() {
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(bool, logarithmic);
    const AxisRange range{low, high, logarithmic};
    for (const int wanted : {2, 5, 10}) {
      const auto ticks = ticksOf(range, wanted);
      std::set<QString> labels;
      int labelled = 0;
      for (const Tick& tick : ticks) {
        QVERIFY(tick.place >= 0 && tick.place <= 1);
        if (tick.label.isEmpty()) continue;
        ++labelled;
        labels.insert(tick.label);
      }
      QVERIFY2(labelled >= (wanted == 2 ? 1 : 2), qPrintable(QString::number(wanted)));
      QVERIFY(labelled <= wanted * 2 + 2);
      QCOMPARE(static_cast<int>(labels.size()), labelled);
    }
  }

  void tickLabelsSayTheirValue() {
    QCOMPARE(tickLabel(0, 1), QStringLiteral("0"));
    QCOMPARE(tickLabel(0.25, 0.25), QStringLiteral("0.25"));
    QCOMPARE(tickLabel(-1.5, 0.5), QStringLiteral("−1.5"));
    QCOMPARE(tickLabel(20000, 20000), QStringLiteral("20k"));
    QCOMPARE(tickLabel(1500000, 500000), QStringLiteral("1.5M"));
    QCOMPARE(tickLabel(1e-6, 1e-6), QStringLiteral("10⁻⁶"));
    QCOMPARE(tickLabel(2e12, 1e12), QStringLiteral("2×10¹²"));
    QCOMPARE(readoutNumber(0.012345678), QStringLiteral("0.012346"));
    QCOMPARE(readoutNumber(kNan), QStringLiteral("NaN"));
    QCOMPARE(readoutNumber(1.5e-7), QStringLiteral("1.500×10⁻⁷"));
    QCOMPARE(readoutNumber(123456.7), QStringLiteral("123457"));
    QCOMPARE(readoutNumber(4641, 3), QStringLiteral("4641"));
    QCOMPARE(readoutNumber(-1234.4, 3), QStringLiteral("−1234"));
    QCOMPARE(readoutNumber(0.00046456, 3), QStringLiteral("0.000465"));
    QCOMPARE(readoutNumber(4.258e-32, 3), QStringLiteral("4.3×10⁻³²"));
  }

  void ofATitleThatDoesNotFitTheUnitGoesFirst() {
    const QFont font;
    const QFontMetricsF metrics(font);
    const QString title = QStringLiteral("batch loss (nats)"), bare = QStringLiteral("batch loss");
    const double needed = metrics.horizontalAdvance(bare);
    QCOMPARE(fittingTitle(title, font, metrics.horizontalAdvance(title) + 1), title);
    QCOMPARE(fittingTitle(title, font, needed + 1), bare);
    QCOMPARE(fittingTitle(title, font, needed * 0.7), bare);
    QCOMPARE(fittingTitle(title, font, needed * 0.4), QString());
    QCOMPARE(fittingTitle(QStringLiteral("损失（奈特）"), font,
                          metrics.horizontalAdvance(QStringLiteral("损失")) + 1),
             QStringLiteral("损失"));
  }

  void rangesCopeWithWhatIsNotARange() {
    for (const bool logarithmic : {false, true})
      for (const auto& [low, high] : std::vector<std::pair<double, double>>{{kInfinity, -kInfinity},
                                                                            {0, 0},
                                                                            {5, 5},
                                                                            {-1, 3},
                                                                            {1e300, 1e300},
                                                                            {-1.7e308, 1.7e308},
                                                                            {5e-324, 1e308},
                                                                            {kNan, kNan}}) {
        const AxisRange range = roundedRange(low, high, logarithmic);
        QVERIFY(std::isfinite(range.low) && std::isfinite(range.high));
        QVERIFY(range.low < range.high);
        QVERIFY(!logarithmic || range.low > 0);
        QVERIFY(std::isfinite(range.place(range.low / 2 + range.high / 2)));
      }
  }

  void rangesShowAllDataAndWasteLittle() {
    for (double last = 1; last < 3e6; last = std::floor(last * 1.7) + 1) {
      const AxisRange range = stepRange(last);
      QVERIFY(range.high >= last);
      QVERIFY(range.high <= last * 1.34 || last < 5);
    }
    QCOMPARE(stepRange(1000).high, 1000.0);
  }

  void contoursLieWhereTheFieldHasTheLevel() {
    constexpr int kSize = 60;
    std::vector<float> values;
    for (int row = 0; row < kSize; ++row)
      for (int column = 0; column < kSize; ++column)
        values.push_back(static_cast<float>(std::hypot(column - 30.0, row - 30.0)));
    const auto lines = contour(values, kSize, kSize, 20);
    QVERIFY(lines.size() > 60);
    double length = 0;
    for (const QLineF& line : lines) {
      QVERIFY(std::abs(std::hypot(line.x1() - 30, line.y1() - 30) - 20) < 0.02);
      length += line.length();
    }
    QVERIFY(std::abs(length - 2 * M_PI * 20) < 0.5);  // closed, and nothing drawn twice
    values.assign(values.size(), std::nanf(""));
    QVERIFY(contour(values, kSize, kSize, 20).isEmpty());
  }

  void coloursStandOutOfTheirBackground() {
    for (const bool dark : {false, true}) {
      const Theme& colours = theme(dark);
      for (const QColor& text : {colours.text, colours.muted_text, colours.good, colours.bad})
        for (const QColor& ground : {colours.background, colours.row})
          QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(text.name()));
      for (const QColor& curve : curveColours(dark))
        QVERIFY2(contrast(curve, colours.background) >= 3, qPrintable(curve.name()));
      for (const QColor& mark : {colours.accent, colours.reference, colours.axis})
        QVERIFY2(contrast(mark, colours.background) >= 3, qPrintable(mark.name()));
    }
    QCOMPARE(qRound(contrast(Qt::black, Qt::white)), 21);
  }

  // Machado, Oliveira and Fernandes 2009, severity 1, applied to linear RGB.
  void curvesDifferForColourBlindEyes() {
    const double kinds[2][3][3] = {{{0.152286, 1.052583, -0.204868},
                                    {0.114503, 0.786281, 0.099216},
                                    {-0.003882, -0.048116, 1.051998}},
                                   {{0.367322, 0.860646, -0.227968},
                                    {0.280085, 0.672501, 0.047413},
                                    {-0.011820, 0.042940, 0.968881}}};
    const auto linear = [](double c) {
      return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    for (const bool dark : {false, true})
      for (const auto& kind : kinds) {
        const auto& colours = curveColours(dark);
        for (std::size_t i = 0; i < colours.size(); ++i)
          for (std::size_t j = 0; j < i; ++j) {
            double distance = 0;
            for (const auto& row : kind) {
              const auto seen = [&](const QColor& c) {
                return std::cbrt(std::clamp(row[0] * linear(c.redF()) +
                                                row[1] * linear(c.greenF()) +
                                                row[2] * linear(c.blueF()),
                                            0.0, 1.0));
              };
              distance += std::pow(seen(colours[i]) - seen(colours[j]), 2);
            }
            QVERIFY2(
                std::sqrt(distance) > 0.1,
                qPrintable(QStringLiteral("%1 and %2").arg(colours[i].name(), colours[j].name())));
          }
      }
  }

  void colourMapsGrowEvenlyInLightness() {
    for (const bool dark : {false, true})
      for (const ColourMap map : {ColourMap::Sequential, ColourMap::Muted})
        for (int i = 1; i < 256; ++i) {
          const double change =
              lightness(tableOf(map, dark)[i]) - lightness(tableOf(map, dark)[i - 1]);
          QVERIFY2(dark ? change > -0.003 : change < 0.003, qPrintable(QString::number(i)));
        }
  }

  void noTwoOfFortyCurvesLookAlike() {
    StyleTable styles;
    std::set<std::tuple<QRgb, QString, int>> looks;
    for (int i = 0; i < 40; ++i) {
      const CurveStyle style = styles.style("curve " + std::to_string(i), false);
      QString dashes;
      for (double length : style.dashes) dashes += QString::number(length) + u' ';
      looks.insert({style.colour.rgb(), dashes, static_cast<int>(style.marker)});
    }
    QCOMPARE(looks.size(), std::size_t{40});
  }

  void switchingACurveOffKeepsTheStylesOfTheOthers() {
    static const std::vector<ParameterSpec> parameters = [] {
      std::vector<ParameterSpec> list;
      list.push_back(toggle("a.on", true));
      list.push_back(toggle("b.on", true));
      return list;
    }();
    ExperimentSpec spec;
    spec.parameters = parameters;
    spec.views = {series("loss", {"*/f"}, {})};
    spec.records = [](const Parameters& p) {
      std::vector<RecordSpec> records;
      for (const char* id : {"a", "b"})
        if (p.toggle(std::string(id) + ".on"))
          records.push_back({std::string(id) + "/f", "", false});
      return records;
    };
    Parameters both(parameters), only_b(parameters);
    only_b.set("a.on", false);
    QCOMPARE(StyleTable::of(spec, both)->style("b", false).colour,
             StyleTable::of(spec, only_b)->style("b", false).colour);
  }

  void logarithmicScalesPlaceTheirEndsAndMiddle() {
    const ColourScale logarithmic(ColourScale::Form::Logarithmic, 0.01, 100);
    QCOMPARE(logarithmic.place(0.01), 0.0);
    QCOMPARE(logarithmic.place(1), 0.5);
    QCOMPARE(logarithmic.place(-5), 0.0);
    const ColourScale diverging(ColourScale::Form::Diverging, -1, 4);
    QCOMPARE(diverging.place(0), 0.5);
    QCOMPARE(diverging.place(4), 1.0);
    const ColourScale flat(ColourScale::Form::Linear, 3, 3);
    QVERIFY(std::isfinite(flat.place(3)));
    QVERIFY(std::isnan(flat.place(kNan)));
  }

  void dataBecomesTextThatReadsBack() {
    DataTable table{{"name", "x, y"}, {}};
    table.rows.push_back({std::string("a \"quoted\" one"), 0.1});
    table.rows.push_back({TableData::Cell{}, 1.0 / 3});
    QCOMPARE(dataText(table, ',', Language::English),
             QByteArray("name,\"x, y\"\n\"a \"\"quoted\"\" one\",0.1\n,0.3333333333333333\n"));
    QVERIFY(dataText(table, '\t', Language::English).startsWith("name\tx, y\n"));
  }

  void aColourDoesNotDependOnWhichViewsAPresetFills() {
    ExperimentSpec spec;
    spec.views = {plane("plane", {}, {}), bars("modes", {}, {})};
    Frame drawn, ring;
    for (Frame* frame : {&drawn, &ring})
      for (const char* id : {"real", "generated"}) {
        PointsLayer points;
        points.id = id;
        frame->at<PlaneData>("plane").layers.emplace_back(points);
      }
    // Before the plane by name, behind it by declaration.
    ring.at<BarsData>("modes").groups = {{"generated", std::string(), {}}};
    const auto colourOf = [&](const Frame& frame, const char* id) {
      const auto styles = StyleTable::of(spec, Parameters(spec.parameters));
      styles->learn(frame);
      return styles->style(id, false).colour;
    };
    for (const char* id : {"real", "generated"}) QCOMPARE(colourOf(drawn, id), colourOf(ring, id));
    QVERIFY(colourOf(ring, "real") != colourOf(ring, "generated"));
  }
};

QTEST_MAIN(DataTest)
#include "data_test.moc"
