// SPDX-License-Identifier: GPL-3.0-or-later
// Other runs drawn beside the present one.
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/picture.h"
#include "widgets/views/series_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

/// One record that is `height` everywhere.
Records flat(double height, std::int64_t rows) {
  return recordsOf({"a/x"}, rows, [=](std::int64_t, std::size_t) { return height; });
}

std::unique_ptr<SeriesView> seriesView() {
  return make<SeriesView>(series("x", {"*/x"}, {"axis.x", "", false}));
}

OtherRun other(int place, const QString& title, const Records& records) {
  return {"run:" + std::to_string(place), title, place, records, {}};
}

}  // namespace

class SeriesOthersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anotherRunIsDrawnInTheColourOfItsRecordAndWidensTheAxes() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    const Plot before = view->plot();
    view->setOthers({other(0, "A: faster", flat(5, 200))});
    const Plot now = view->plot();
    QVERIFY(before.y.high < 5 && now.y.high >= 5);
    QVERIFY(before.x.high < 199 && now.x.high >= 199);
    const QImage image = rendered(*view);
    const QColor colour = view->legend().front().style.colour;
    const auto strip = [&](double value) {
      return QRect(static_cast<int>(now.inner.left()), static_cast<int>(now.vertical(value)) - 2,
                   static_cast<int>(now.inner.width()), 5);
    };
    QVERIFY(hasColour(image, colour, strip(1)));
    QVERIFY(hasColour(image, colour, strip(5)));
    QVERIFY(!hasColour(image, colour, strip(3)));
  }

  void theScreenShowsWhatAPictureShows() {
    const auto view = seriesView();
    FakeRace now, then;
    now.advance(100);
    then.advance(300);
    view->setRecords(now.records());
    view->setOthers({other(0, "A", then.records()), other(1, "B", flat(2, 80))});
    QImage screen(view->size(), QImage::Format_RGB32);
    view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
    QVERIFY(differing(screen, rendered(*view), 40) < screen.width() * screen.height() / 200);
  }

  void theLegendNamesTheRunAndHidingItTakesItsCurvesAway() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    const QImage alone = rendered(*view);
    QSignalSpy spy(view.get(), &View::legendChanged);
    view->setOthers({other(1, "B: seed 3", flat(5, 50))});
    QVERIFY(!spy.isEmpty());
    const LegendEntry entry = view->legend().back();
    QCOMPARE(entry.label, QString("B: seed 3"));
    QCOMPARE(entry.style.marker, Marker::LetterB);
    QVERIFY(!entry.style.dashes.isEmpty());
    QVERIFY(differing(alone, rendered(*view), 40) > 0);
    view->setShown(entry.id, false);
    QCOMPARE(differing(alone, rendered(*view), 0), 0);
    view->setShown(entry.id, true);
    view->setOthers({});
    QCOMPARE(differing(alone, rendered(*view), 0), 0);
  }

  void runsDifferInLineAndMarkerNotInColour() {
    const QColor colour(10, 20, 30);
    for (int one = 0; one < kMostOtherRuns; ++one)
      for (int two = 0; two < one; ++two) {
        const CurveStyle a = StyleTable::styleOfRun(one, colour);
        const CurveStyle b = StyleTable::styleOfRun(two, colour);
        QVERIFY(a.dashes != b.dashes && a.marker != b.marker);
        QCOMPARE(a.colour, b.colour);
      }
  }

  void theReadOutHasTheSameRecordOfEveryRun() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    view->setOthers({other(0, "A", flat(5, 50)), other(2, "C", flat(7, 20))});
    const auto readout = view->readoutAt(view->plot().at(10, 5));
    QVERIFY(readout);
    QVERIFY2(readout->text().contains("A · a  5"), qPrintable(readout->text()));
    QVERIFY2(readout->text().contains("C · a  7"), qPrintable(readout->text()));
    // The third run has ended before step 40, which is no value rather than its last one.
    const auto later = view->readoutAt(view->plot().at(40, 5));
    QVERIFY2(later->text().contains("C · a  –"), qPrintable(later->text()));
  }

  void arrowKeysReachTheCurvesOfOtherRuns() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    view->setOthers({other(0, "A", flat(5, 50))});
    QTest::keyClick(view.get(), Qt::Key_Right);
    QTest::keyClick(view.get(), Qt::Key_Down);
    QVERIFY(view->readout());
    const auto strong = [&] {
      for (const auto& line : view->readout()->lines)
        if (line.strong) return line.text;
      return QString();
    };
    const QString first = strong();
    QTest::keyClick(view.get(), Qt::Key_Down);
    QVERIFY(first != strong());
  }

  void descriptionAndDataHaveTheOtherRuns() {
    const auto view = seriesView();
    view->setRecords(flat(1, 3));
    view->setOthers({other(0, "A: seed 3", flat(5, 4))});
    QVERIFY2(view->summary().contains("A: seed 3"), qPrintable(view->summary()));
    QVERIFY(view->summary().contains("5"));
    const QByteArray csv = dataText(view->dataTable(), ',', Language::English);
    QCOMPARE(csv, QByteArray("step,a/x,a/x (A: seed 3)\n0,1,5\n1,1,5\n2,1,5\n3,,5\n"));
  }

  void aCopyForExportHasThemToo() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    view->setOthers({other(0, "A: seed 3", flat(5, 50))});
    PictureSettings settings;
    settings.size = view->size();
    settings.appearance = {true, Language::Chinese, 1.0};  // another one: a copy is drawn
    const QByteArray svg = pictureSvg(*view, settings);
    QVERIFY(svg.contains("A: seed 3"));
    settings.appearance = view->appearance();
    QVERIFY(pictureSvg(*view, settings).contains("A: seed 3"));
  }

  void severalSeedsAreABandWithThinLinesAndTheirMean() {
    for (const bool logarithmic : {false, true}) {
      const auto view = seriesView();
      view->setLogarithmic(View::Axis::Y, logarithmic);
      view->setRecords(flat(2, 100));
      OtherRun seeds = other(0, "A", flat(4, 100));
      seeds.spread = OtherRun::Spread{
          flat(3, 100), flat(6, 100), {flat(3, 100), flat(6, 100)}, {"seed 1", "seed 2"}, {{}, {}}};
      const QImage before = rendered(*view);
      view->setOthers({seeds});
      const Plot now = view->plot();
      QVERIFY(now.y.high >= 6);
      const QImage image = rendered(*view);
      const QColor background = theme(false).background;
      const auto tinted = [&](double value) {
        const QPoint at = now.at(50.5, value).toPoint();
        const QColor there(image.pixel(at));
        return there != background && there.value() > 128;
      };
      QVERIFY(tinted(5.1));
      QVERIFY(tinted(3.4));
      QVERIFY(!tinted(2.6));
      const auto readout = view->readoutAt(now.at(50, 4));
      QVERIFY2(readout->text().contains("A · a  4  (3 to 6)"), qPrintable(readout->text()));
      QImage screen(view->size(), QImage::Format_RGB32);
      view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
      QVERIFY(differing(screen, image, 40) < image.width() * image.height() / 200);
    }
  }

  void differencesAreThisRunMinusTheOtherStepByStep() {
    const auto view = seriesView();
    view->setLogarithmic(View::Axis::Y, true);
    view->setDifference(true);
    QVERIFY(!view->isDifference());  // nothing to subtract
    const auto rising = [](std::int64_t rows) {
      return recordsOf({"b/x", "a/x"}, rows, [](std::int64_t row, std::size_t column) {
        if (row % 10 == 3) return absentValue();
        return column == 1 ? 0.5 * static_cast<double>(row) : 100.0;
      });
    };
    view->setRecords(rising(20));
    view->setOthers({other(0, "A: seed 3", flat(4, 30))});
    view->setDifference(true);
    QVERIFY(view->isDifference() && !view->isLogarithmic(View::Axis::Y));
    QVERIFY(!view->canBeLogarithmic(View::Axis::Y));
    const auto difference = [&](std::int64_t rows) {
      const DataTable table = view->dataTable();
      QCOMPARE(table.headings.size(), std::size_t{2});  // what only one run has is left out
      QCOMPARE(table.headings[1], std::string("a/x (this run − A: seed 3)"));
      QCOMPARE(static_cast<std::int64_t>(table.rows.size()), rows);
      for (std::int64_t row = 0; row < rows; ++row) {
        const auto& cell = table.rows[static_cast<std::size_t>(row)][1];
        if (row % 10 == 3)
          QVERIFY(std::holds_alternative<std::monostate>(cell));
        else
          QCOMPARE(std::get<double>(cell), 0.5 * static_cast<double>(row) - 4);
      }
    };
    difference(20);
    QVERIFY(view->plot().y.low <= -4 && view->plot().y.high >= 5);
    QVERIFY2(view->summary().contains("this run − A"), qPrintable(view->summary()));
    QCOMPARE(view->legend().front().label, QString("a"));
    // The run goes on, beyond the end of the other.
    view->setRecords(rising(40));
    difference(30);
    QImage screen(view->size(), QImage::Format_RGB32);
    view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
    QVERIFY(differing(screen, rendered(*view), 40) < screen.width() * screen.height() / 200);
    PictureSettings settings;
    settings.size = view->size();
    settings.appearance = {true, Language::Chinese, 1.0};
    QVERIFY(pictureSvg(*view, settings).contains("A: seed 3"));
    view->setOthers({});
    QVERIFY(!view->isDifference() && view->isLogarithmic(View::Axis::Y));
    QCOMPARE(view->dataTable().headings.size(), std::size_t{3});
  }

  void differencesGrowWithTheRun() {
    const auto view = make<SeriesView>(FakeRace::view("loss"));
    FakeRace then, now;
    then.advance(300);
    now.advance(100);
    view->setRecords(now.records());
    view->setOthers({other(0, "A", then.records())});
    view->setDifference(true);
    QImage screen(view->size(), QImage::Format_RGB32);
    const auto paint = [&] { view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren); };
    for (std::int64_t step : {100, 101, 180, 260}) {
      now.advance(step);
      view->setRecords(now.records());
      paint();
      QCOMPARE(static_cast<std::int64_t>(view->dataTable().rows.size()), step + 1);
    }
    QVERIFY(differing(screen, rendered(*view), 40) < screen.width() * screen.height() / 200);
    for (const auto& row : view->dataTable().rows)
      for (std::size_t i = 1; i < row.size(); ++i) QCOMPARE(std::get<double>(row[i]), 0.0);
  }

  void aNewRunKeepsThemAndRowsThatAreKnownAreNotReadAgain() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    const OtherRun run = other(0, "A: one", flat(5, 50));
    view->setOthers({run});
    view->setRecords(flat(2, 10));
    QVERIFY(view->summary().contains("A: one"));
    OtherRun renamed = run;
    renamed.title = "A: two";
    view->setOthers({renamed});
    QVERIFY(view->summary().contains("A: two") && !view->summary().contains("A: one"));
  }

  void anInfinityOfAnotherRunIsMarked() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    view->setOthers({other(0, "A", recordsOf({"a/x"}, 50, [](std::int64_t row, std::size_t) {
                             return row < 20 ? 2.0 : std::numeric_limits<double>::infinity();
                           }))});
    QVERIFY2(view->summary().contains("step 20"), qPrintable(view->summary()));
  }

  void runsAreAlignedByTimeWhereASlowRunIsStretched() {
    const auto view = seriesView();
    const auto steps = [](std::int64_t rows) {
      return recordsOf({"a/x"}, rows, [](std::int64_t row, std::size_t) { return 1.0 + row; });
    };
    const auto times = [](std::int64_t last, double seconds) {
      StepTimes made;
      made.add(0, 0);
      made.add(last, seconds);
      return made;
    };
    view->setRecords(steps(101));
    view->setTimes(times(100, 2));
    OtherRun slow = other(0, "A", steps(101)), unknown = other(1, "B", steps(101));
    slow.times = times(100, 8);
    view->setOthers({slow, unknown});
    view->setByTime(true);
    const Plot now = view->plot();
    QVERIFY(now.x.high >= 8 && now.x.high < 20);
    // After one second this run has made 50 steps, the slow one 12 or 13.
    const auto readout = view->readoutAt(now.at(1, 51));
    QVERIFY2(readout->text().contains("a  51"), qPrintable(readout->text()));
    QVERIFY2(readout->text().contains("A · a  13") || readout->text().contains("A · a  14"),
             qPrintable(readout->text()));
    QVERIFY(!readout->text().contains("B ·"));
    QCOMPARE(*readout->step, std::int64_t{50});
    // Where this run has ended, the slow one has still a value.
    const auto later = view->readoutAt(now.at(6, 70));
    QVERIFY2(later->text().contains("A · a  76"), qPrintable(later->text()));
    QVERIFY(view->summary().contains("seconds"));
    QImage screen(view->size(), QImage::Format_RGB32);
    view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
    QVERIFY(differing(screen, rendered(*view), 40) < screen.width() * screen.height() / 200);
    const QColor colour = view->legend().front().style.colour;
    const QPoint end = now.at(2, 101).toPoint();
    QVERIFY(hasColour(screen, colour, QRect(end - QPoint(4, 4), QSize(9, 9))));
    QTest::keyClick(view.get(), Qt::Key_Left);
    QVERIFY(view->readout());
    const DataTable table = view->dataTable();
    QCOMPARE(table.headings.size(), std::size_t{6});
    QCOMPARE(table.headings[1], std::string("seconds"));
    QVERIFY(table.headings[3].starts_with("seconds (A"));
    QVERIFY(table.headings[5].starts_with("a/x (B"));
    QVERIFY(std::get<double>(table.rows[50][1]) == 1 && std::get<double>(table.rows[50][3]) == 4);
    view->setByTime(false);
    QVERIFY(view->plot().x.high > 90);
    QCOMPARE(view->dataTable().headings.size(), std::size_t{4});
  }

  void bracketsSmoothByKeyboardAndSayHowMuch() {
    const auto view = seriesView();
    view->setRecords(flat(1, 50));
    QTest::keyClick(view.get(), Qt::Key_BracketLeft);
    QCOMPARE(view->smoothing(), 0.0);
    QTest::keyClicks(view.get(), "]]");
    QCOMPARE(view->smoothing(), 0.75);
    QVERIFY(view->readout()->text().contains("smoothing 0.75"));
    QTest::keyClicks(view.get(), "]]]]]]]");
    QCOMPARE(view->smoothing(), 0.99);
    view->setSmoothing(0.8);
    QTest::keyClicks(view.get(), "[");
    QCOMPARE(view->smoothing(), 0.75);
  }

  void smoothingIsSpokenAndKeepsTheUnsmoothedValue() {
    const auto view = seriesView();
    view->setRecords(recordsOf(
        {"a/x"}, 50, [](std::int64_t row, std::size_t) { return row == 25 ? 10.0 : 0.0; }));
    view->setSmoothing(0.9);
    QVERIFY2(view->summary().contains("smoothing of 0.9"), qPrintable(view->summary()));
    const auto readout = view->readoutAt(view->plot().at(25, 5));
    QVERIFY2(readout->text().contains("a  10  (smoothed "), qPrintable(readout->text()));
  }
};

QTEST_MAIN(SeriesOthersTest)
#include "series_others_test.moc"
