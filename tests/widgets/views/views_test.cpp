// SPDX-License-Identifier: GPL-3.0-or-later
// What the views show and how they answer to mouse and keyboard.
#include <QAccessible>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/bars_view.h"
#include "widgets/views/colours.h"
#include "widgets/views/matrix_view.h"
#include "widgets/views/plane_view.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/series_view.h"
#include "widgets/views/table_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

const double kNan = std::nan("");
const double kInfinity = std::numeric_limits<double>::infinity();

QString description(View& view) {
  return QAccessible::queryAccessibleInterface(&view)->text(QAccessible::Description);
}

}  // namespace

class ViewsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyViewHasAnAccessibleNameAndDescription() {
    FakeRace race;
    race.advance(50);
    for (const ViewSpec& spec : FakeRace::views()) {
      auto view = make(spec);
      QVERIFY(view->isEmpty());
      const QString before = description(*view);
      view->setRecords(race.records());
      view->setFrame(race.frame());
      QVERIFY2(!view->isEmpty(), spec.id.c_str());
      const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(view.get());
      QCOMPARE(spoken->text(QAccessible::Name), view->title());
      QVERIFY(!view->title().isEmpty());
      QCOMPARE(spoken->text(QAccessible::Description), view->summary());
      QVERIFY(spoken->text(QAccessible::Description) != before);
      QVERIFY(spoken->text(QAccessible::Description).contains(QRegularExpression("[0-9]")));
      QVERIFY(view->focusPolicy() & Qt::TabFocus);
    }
  }

  void aViewWithoutDataSaysWhatWillAppear() {
    for (const ViewSpec& spec : FakeRace::views()) {
      auto view = make(spec);
      const QImage image = rendered(*view);
      QImage blank(image.size(), image.format());
      blank.fill(theme(false).background);
      QVERIFY2(differing(image, blank, 60) > 20, spec.id.c_str());
    }
  }

  void everyViewSurvivesSmallSizesAndOddData() {
    ViewSpec plane_spec = plane("odd", {}, {});
    plane_spec.path = ViewSpec::Path{"a", "b"};
    ViewSpec series_spec = series("odd", {"a", "b"}, {"", "", true});
    const std::vector<std::function<double(std::int64_t, std::size_t)>> fillings{
        [](std::int64_t, std::size_t) { return kNan; },
        [](std::int64_t, std::size_t) { return absentValue(); },
        [](std::int64_t, std::size_t) { return 0.0; },
        [](std::int64_t row, std::size_t) { return row % 2 ? 1e300 : -1e300; },
        [](std::int64_t row, std::size_t) { return row % 2 ? kInfinity : -kInfinity; },
        [](std::int64_t, std::size_t) { return 5e-324; },
        [](std::int64_t, std::size_t) { return 1.7e308; }};
    auto frame = std::make_shared<Frame>();
    for (const QSize size :
         {QSize(1, 1), QSize(12, 9), QSize(80, 60), QSize(400, 3), QSize(500, 300)})
      for (const std::int64_t rows : {0, 1, 2, 300, 9000})
        for (const auto& filling : fillings)
          for (const ViewSpec& spec : {series_spec, plane_spec}) {
            auto view = make(spec, {}, size);
            view->setRecords(recordsOf({"a", "b"}, rows, filling));
            view->setFrame(frame);
            view->setCursor(rows / 2);
            view->grab();
            view->setLogarithmic(View::Axis::Y, false);
            view->setLogarithmic(View::Axis::X, true);
            view->setSmoothing(0.9);
            view->zoomBy(1e9);
            view->grab();
            view->summary();
            hover(*view, QPointF(size.width() / 2.0, size.height() / 2.0));
          }
  }

  void framesWithOddDataAreSurvived() {
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("matrix") = {2,  2, shareFloats({1, NAN, INFINITY, -INFINITY}), {}, {},
                                       {}, {}};
    frame->at<BarsData>("bars") = {
        {std::string("a"), std::string("b")},
        {{"g", std::string("g"), {kNan, kInfinity}}, {"h", std::string("h"), {-1e300}}},
        {}};
    frame->at<TableData>("table") = {{{"a"}, {"b", TableData::Best::Largest}},
                                     {{"", {}}, {"x", {kNan, kNan}}, {"", {std::string("s")}}}};
    auto& plane_data = frame->at<PlaneData>("plane");
    plane_data = {0, 0, 3, -3, {}};
    plane_data.layers.push_back(
        FieldLayer{"f", 0, 0, 0, 0, 3, 3, shareFloats({1, 2}), true, false, 5});
    plane_data.layers.push_back(FieldLayer{"n", -1, 1, -1, 1, 0, 0, nullptr});
    plane_data.layers.push_back(PointsLayer{"p", std::string("p"), {{kNan, 1e300}}, {7, 8}, ""});
    plane_data.layers.push_back(MeshLayer{"m", 5, 5, {}});
    frame->at<VerdictData>("verdict") = {};
    for (const ViewSpec& spec : {matrix("matrix", {}, {}), bars("bars", {}, {}), table("table"),
                                 plane("plane", {}, {}), verdict("verdict")})
      for (const QSize size : {QSize(5, 5), QSize(300, 200)}) {
        auto view = make(spec, {}, size);
        view->setFrame(frame);
        view->grab();
        view->setLogarithmic(View::Axis::Y, true);
        view->grab();
        view->summary();
        view->dataTable();
        hover(*view, QPointF(size.width() / 2.0, size.height() / 2.0));
      }
  }

  void theScreenShowsWhatRenderDraws() {
    FakeRace race;
    for (const ViewSpec& spec : FakeRace::views()) {
      FakeRace growing;
      auto view = make(spec);
      for (const std::int64_t step : {0, 30, 31, 180, 400, 1000, 2300}) {
        growing.advance(step);
        view->setRecords(growing.records());
        view->setFrame(growing.frame());
        view->grab();
      }
      const QImage screen = view->grab().toImage().convertToFormat(QImage::Format_RGB32);
      // Composing antialiased layers rounds twice.
      const int different = differing(screen, rendered(*view), 40);
      QVERIFY2(different >= 0 && different < 60,
               qPrintable(QStringLiteral("%1: %2").arg(spec.id.c_str()).arg(different)));
    }
  }

  /// The first of the images as the others, on screen and in files.
  void whatAPainterWasToldBeforeDoesNotShowInImages() {
    FakeRace race;
    race.advance(400);
    for (const ViewSpec& spec : FakeRace::views()) {
      if (spec.kind != ViewKind::Images) continue;
      auto view = make(spec);
      view->setFrame(race.frame());
      QImage image(view->size(), QImage::Format_RGB32);
      image.fill(Qt::white);
      QPainter painter(&image);
      painter.setRenderHint(QPainter::Antialiasing);
      painter.setRenderHint(QPainter::SmoothPixmapTransform);
      view->render(painter, view->rect());
      painter.end();
      QImage plain(view->size(), QImage::Format_RGB32);
      plain.fill(Qt::white);
      QPainter untold(&plain);
      view->render(untold, view->rect());
      untold.end();
      QCOMPARE(differing(image, plain, 0), 0);
    }
  }

  void hoveringYieldsTheStepAndTheValues() {
    auto view = make<SeriesView>(series("loss", {"*/f"}, {}));
    view->setRecords(recordsOf({"a/f", "b/f"}, 101, [](std::int64_t row, std::size_t column) {
      return column == 0 ? row * 0.5 : 100.0 - row;
    }));
    QSignalSpy hovered(view.get(), &View::stepHovered);
    const Plot plot = view->plot();
    hover(*view, plot.at(40, 21));
    QVERIFY(view->readout());
    QCOMPARE(*view->readout()->step, 40);
    QCOMPARE(hovered.last().first().toLongLong(), 40);
    QVERIFY(view->readout()->text().contains("20"));
    QVERIFY(view->readout()->text().contains("60"));
    QVERIFY(view->readout()->lines[1].strong);  // the nearer curve
    QVERIFY(!view->readout()->lines[2].strong);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(view.get(), &leave);
    QVERIFY(!view->readout());
    QCOMPARE(hovered.last().first().toLongLong(), -1);
  }

  void arrowKeysMoveTheReadoutAndSpeak() {
    auto view = make<SeriesView>(series("loss", {"*/f"}, {}));
    view->setRecords(recordsOf({"a/f", "b/f"}, 101, [](std::int64_t row, std::size_t column) {
      return column == 0 ? row * 0.5 : 100.0 - row;
    }));
    QTest::keyClick(view.get(), Qt::Key_Left);
    QCOMPARE(*view->readout()->step, 100);
    QTest::keyClick(view.get(), Qt::Key_Left);
    QCOMPARE(*view->readout()->step, 99);
    QVERIFY(view->readout()->lines[1].strong);
    QTest::keyClick(view.get(), Qt::Key_Down);
    QVERIFY(view->readout()->lines[2].strong);
    QVERIFY(description(*view).startsWith(view->readout()->text()));
    QTest::keyClick(view.get(), Qt::Key_Escape);
    QVERIFY(!view->readout());
  }

  void aLogarithmicAxisLeavesOutWhatIsNotPositiveAndSaysSo() {
    auto view = make<SeriesView>(series("loss", {"a"}, {"", "", true}));
    view->setRecords(recordsOf(
        {"a"}, 50, [](std::int64_t row, std::size_t) { return row < 10 ? -1.0 : row * 1.0; }));
    QVERIFY(view->isLogarithmic(View::Axis::Y));
    QVERIFY(view->plot().y.low > 0);
    QVERIFY(view->summary().contains("10 "));
    const QString with = view->summary();
    view->setLogarithmic(View::Axis::Y, false);
    QVERIFY(view->plot().y.low < 0);
    QVERIFY(view->summary() != with);
  }

  void aSparseCurveIsConnected() {
    auto view = make<SeriesView>(series("accuracy", {"a"}, {}));
    view->setRecords(recordsOf({"a"}, 101, [](std::int64_t row, std::size_t) {
      return row % 50 == 0 ? 0.5 : absentValue();
    }));
    const Plot plot = view->plot();
    const QPoint between = plot.at(26.6, 0.5).toPoint();
    const QColor colour = StyleTable().style("a", false).colour;
    QVERIFY(hasColour(rendered(*view), colour, QRect(between - QPoint(3, 3), QSize(7, 7))));
  }

  void hiddenCurvesAreNotDrawnAndDoNotSetTheAxis() {
    auto view = make<SeriesView>(series("loss", {"*/f"}, {}));
    view->setRecords(recordsOf({"a/f", "b/f"}, 101, [](std::int64_t row, std::size_t column) {
      return column == 0 ? row : row * 1000.0;
    }));
    StyleTable styles;
    styles.learn(std::string("a"));
    const QColor colour = styles.style("b", false).colour;
    QVERIFY(hasColour(rendered(*view), colour, view->rect()));
    QVERIFY(view->plot().y.high > 1000);
    view->setShown("b", false);
    QVERIFY(!hasColour(rendered(*view), colour, view->rect()));
    QVERIFY(view->plot().y.high < 1000);
  }

  void smoothingKeepsTheSpikeInSight() {
    auto view = make<SeriesView>(series("loss", {"a"}, {}));
    view->setRecords(recordsOf(
        {"a"}, 401, [](std::int64_t row, std::size_t) { return row == 200 ? 10.0 : 1.0; }));
    view->setSmoothing(0.95);
    QVERIFY(view->plot().y.high >= 10);
    const Plot plot = view->plot();
    const QPoint top = plot.at(200, 8).toPoint();
    const QImage image = rendered(*view);
    bool drawn = false;
    for (int x = top.x() - 3; x <= top.x() + 3; ++x)
      drawn = drawn || (qBlue(image.pixel(x, top.y())) - qRed(image.pixel(x, top.y())) > 30);
    QVERIFY(drawn);
  }

  void wheelBandAndKeysZoomAndResetting() {
    FakeRace race;
    race.advance(200);
    auto view = make<PlotView>(FakeRace::view("loss"));
    view->setRecords(race.records());
    const Plot whole = view->plot();
    QTest::keyClick(view.get(), Qt::Key_Plus);
    QVERIFY(view->isZoomed());
    QVERIFY(view->plot().x.high - view->plot().x.low < whole.x.high - whole.x.low);
    QTest::keyClick(view.get(), Qt::Key_0);
    QVERIFY(!view->isZoomed());
    QTest::mousePress(view.get(), Qt::LeftButton, {}, whole.at(50, 1).toPoint());
    QMouseEvent move(QEvent::MouseMove, whole.at(100, 0.01), view->mapToGlobal(whole.at(100, 0.01)),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view.get(), &move);
    QTest::mouseRelease(view.get(), Qt::LeftButton, {}, whole.at(100, 0.01).toPoint());
    QVERIFY(std::abs(view->plot().x.low - 50) < 1);
    QVERIFY(std::abs(view->plot().x.high - 100) < 1);
    QTest::mouseDClick(view.get(), Qt::LeftButton, {}, whole.inner.center().toPoint());
    QCOMPARE(view->plot().x, whole.x);
    const QPointF centre = whole.inner.center();
    QWheelEvent wheel(centre, view->mapToGlobal(centre), {}, QPoint(0, 120), Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.get(), &wheel);
    QVERIFY(view->isZoomed());
    QVERIFY(std::abs(view->plot().xOf(centre.x()) - whole.xOf(centre.x())) < 2);
  }

  void draggingAHandleSaysWhereInTheCoordinatesOfThePlane() {
    FakeRace race;
    auto view = make<PlaneView>(FakeRace::view("plane"));
    view->setFrame(race.frame());
    view->setParameters(Parameters(FakeRace::parameters()));
    QSignalSpy dragged(view.get(), &View::parameterDragged);
    const Plot plot = view->plot();
    QTest::mousePress(view.get(), Qt::LeftButton, {}, plot.at(-4, 1.6).toPoint());
    const QPointF to = plot.at(2, -1);
    QMouseEvent move(QEvent::MouseMove, to, view->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(view.get(), &move);
    QVERIFY(dragged.count() >= 1);
    QCOMPARE(dragged.last().at(0).toString(), QStringLiteral("start"));
    QCOMPARE(dragged.last().at(2).toBool(), false);
    QTest::mouseRelease(view.get(), Qt::LeftButton, {}, to.toPoint());
    QCOMPARE(dragged.last().at(2).toBool(), true);
    const Point point = std::get<Point>(dragged.last().at(1).value<viva::Value>());
    QVERIFY(std::abs(point.x - 2) < 0.05);
    QVERIFY(std::abs(point.y + 1) < 0.05);
    QVERIFY(!view->isZoomed());
  }

  void arrowKeysMoveAHandle() {
    FakeRace race;
    auto view = make<PlaneView>(FakeRace::view("plane"));
    view->setFrame(race.frame());
    view->setParameters(Parameters(FakeRace::parameters()));
    QSignalSpy dragged(view.get(), &View::parameterDragged);
    QTest::keyPress(view.get(), Qt::Key_Right);
    QTest::keyPress(view.get(), Qt::Key_Right);
    QCOMPARE(dragged.last().at(2).toBool(), false);
    QTest::keyRelease(view.get(), Qt::Key_Right);
    QCOMPARE(dragged.last().at(2).toBool(), true);
    const Point point = std::get<Point>(dragged.last().at(1).value<viva::Value>());
    QVERIFY(std::abs(point.x - (-4 + 2 * 0.01 * 10)) < 1e-9);
    QCOMPARE(point.y, 1.6);
  }

  void handlesStayInTheirRange() {
    FakeRace race;
    auto view = make<PlaneView>(FakeRace::view("plane"));
    view->setFrame(race.frame());
    view->setParameters(Parameters(FakeRace::parameters()));
    QSignalSpy dragged(view.get(), &View::parameterDragged);
    for (int i = 0; i < 30; ++i) QTest::keyClick(view.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(std::get<Point>(dragged.last().at(1).value<viva::Value>()).x, -5.0);
  }

  void theCursorShowsThePathUpToItsStep() {
    FakeRace race;
    race.advance(300);
    auto view = make<PlaneView>(FakeRace::view("plane"));
    view->setRecords(race.records());
    view->setFrame(race.frame());
    const QString newest = view->summary();
    view->grab();
    view->setCursor(5);
    QVERIFY(view->summary() != newest);
    QVERIFY(view->summary().contains("5"));
    const QImage back = view->grab().toImage().convertToFormat(QImage::Format_RGB32);
    QVERIFY(differing(back, rendered(*view), 40) < 60);
    view->setCursor(std::nullopt);
    QCOMPARE(view->summary(), newest);
  }

  void equalScalesAreEqual() {
    ViewSpec spec = FakeRace::view("plane");
    spec.equal_scale = true;
    FakeRace race;
    auto view = make<PlaneView>(spec);
    view->setFrame(race.frame());
    const Plot plot = view->plot();
    const double x = (plot.x.high - plot.x.low) / plot.inner.width();
    const double y = (plot.y.high - plot.y.low) / plot.inner.height();
    QVERIFY(std::abs(x / y - 1) < 0.02);
    QVERIFY(plot.x.low <= -5 && plot.x.high >= 5 && plot.y.low <= -2.5 && plot.y.high >= 2.5);
  }

  void aMillionStepsOfAPathStayFew() {
    ViewSpec spec = plane("plane", {}, {});
    spec.path = ViewSpec::Path{"x", "y"};
    auto view = make<PlaneView>(spec);
    std::uint32_t state = 1;
    view->setRecords(recordsOf({"x", "y"}, 1000000, [&](std::int64_t, std::size_t) {
      state = state * 1664525u + 1013904223u;
      return state / 4294967296.0 - 0.5;
    }));
    // A trembling path fills its region once, not once a step.
    view->grab();
    QVERIFY(view->keptPoints() > 1000);
    QVERIFY(view->keptPoints() < 60000);
  }

  void tablesSortByMouseAndKeyboardAndKeepEmptyCellsLast() {
    FakeRace race;
    race.advance(20);
    auto view = make<TableView>(FakeRace::view("standings"));
    view->setFrame(race.frame());
    const auto numbers = [&](std::size_t column) {
      std::vector<double> values;
      for (const auto& row : view->dataTable().rows)
        if (const auto* number = std::get_if<double>(&row[column])) values.push_back(*number);
      return values;
    };
    view->sortBy(1);
    auto sorted = numbers(1);
    QVERIFY(std::is_sorted(sorted.begin(), sorted.end()));
    for (int i = 0; i < 3; ++i) QTest::keyClick(view.get(), Qt::Key_Right);
    QTest::keyClick(view.get(), Qt::Key_Return);
    QCOMPARE(view->sortedColumn(), 2);
    QTest::keyClick(view.get(), Qt::Key_Return);
    QVERIFY(view->isDescending());
    sorted = numbers(2);
    QVERIFY(std::is_sorted(sorted.rbegin(), sorted.rend()));
    QVERIFY(std::holds_alternative<std::monostate>(view->dataTable().rows.back()[2]));
    QTest::mouseClick(view.get(), Qt::LeftButton, {}, QPoint(20, 8));
    QCOMPARE(view->sortedColumn(), 0);
  }

  void theBestCellIsNamed() {
    FakeRace race;
    race.advance(200);
    auto view = make<TableView>(FakeRace::view("standings"));
    view->setFrame(race.frame());
    double best = kInfinity;
    QString name;
    for (const auto& row : view->dataTable().rows)
      if (std::get<double>(row[1]) < best) {
        best = std::get<double>(row[1]);
        name = QString::fromStdString(std::get<std::string>(row[0]));
      }
    QVERIFY(view->summary().contains(name));
    QVERIFY(hasColour(rendered(*view), theme(false).good, view->rect()));
  }

  void whereAllAreEqualNoneIsBest() {
    for (const bool equal : {true, false}) {
      auto frame = std::make_shared<Frame>();
      auto& standings = frame->at<TableData>("standings");
      standings.columns = {{"net"}, {"parameters", TableData::Best::Smallest}};
      standings.rows = {{"a", {std::string("a"), 4641.0}},
                        {"b", {std::string("b"), equal ? 4641.0 : 5000.0}}};
      auto view = make<TableView>(table("standings"));
      view->setFrame(frame);
      QCOMPARE(hasColour(rendered(*view), theme(false).good, view->rect()), !equal);
    }
  }

  void matrixReadsRowColumnAndValue() {
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("gates") = {
        2, 3, shareFloats({1, 2, 3, 4, 5, 6}), {"up", "down"}, {"a", "b", "c"}, {}, {}};
    auto view = make<MatrixView>(matrix("gates", {}, {}));
    view->setFrame(frame);
    hover(*view, view->plot().at(2, 0));  // the first row is on top
    QVERIFY(view->readout()->text().contains("up"));
    QVERIFY(view->readout()->text().contains("3"));
    QVERIFY(view->plot().at(0, 0).y() < view->plot().at(0, -1).y());
    for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Down})
      QTest::keyClick(view.get(), key);
    QVERIFY(view->readout()->text().contains("down"));
    QVERIFY(view->readout()->text().contains("5"));
  }

  void barsReadTheirCategoryAndMarkExactZerosOnALogarithmicAxis() {
    FakeRace race;
    auto view = make<BarsView>(FakeRace::view("gradients"));
    view->setFrame(race.frame());
    QVERIFY(view->isLogarithmic(View::Axis::Y));
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(view->readout()->text().contains("layer 0"));
    QVERIFY(view->readout()->text().contains("plain  0"));
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(view->readout()->text().contains("layer 1"));
    const Plot plot = view->plot();
    StyleTable styles;
    styles.learn(*race.frame());
    const QPoint foot = QPointF(plot.horizontal(0), plot.inner.bottom()).toPoint();
    QVERIFY(hasColour(rendered(*view), styles.style("plain", false).colour,
                      QRect(foot - QPoint(40, 6), QSize(40, 6))));
  }

  void draggingABarKeepsADistribution() {
    static const std::vector<ParameterSpec> parameters = [] {
      std::vector<ParameterSpec> list;
      list.push_back(distribution("q", {0.2, 0.3, 0.5}).draggedOn("bars"));
      return list;
    }();
    ViewSpec spec = bars("bars", {}, {});
    spec.drags = {"q"};
    auto frame = std::make_shared<Frame>();
    frame->at<BarsData>("bars") = {
        {std::string("a"), std::string("b"), std::string("c")},
        {{"p", std::string("p"), {0.1, 0.1, 0.8}}, {"q", std::string("q"), {0.2, 0.3, 0.5}}},
        {}};
    auto view = make<BarsView>(spec);
    view->setFrame(frame);
    view->setParameters(Parameters(parameters));
    QSignalSpy dragged(view.get(), &View::parameterDragged);
    const Plot plot = view->plot();
    const QPointF from = plot.at(0.2, 0.2), to = plot.at(0.2, 0.6);
    QTest::mousePress(view.get(), Qt::LeftButton, {}, from.toPoint());
    QMouseEvent move(QEvent::MouseMove, to, view->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(view.get(), &move);
    QTest::mouseRelease(view.get(), Qt::LeftButton, {}, to.toPoint());
    QVERIFY(dragged.count() >= 2);
    QCOMPARE(dragged.last().at(2).toBool(), true);
    const auto weights = std::get<Distribution>(dragged.last().at(1).value<viva::Value>()).weights;
    QVERIFY(std::abs(weights[0] - 0.6) < 0.01);
    QVERIFY(std::abs(weights[1] / weights[2] - 0.6) < 1e-12);
    QVERIFY(std::abs(weights[0] + weights[1] + weights[2] - 1) < 1e-12);
    QVERIFY(!view->isZoomed());
  }

  void equalIdsLookEqualInEveryView() {
    FakeRace race;
    auto styles = std::make_shared<StyleTable>();
    auto loss = make(FakeRace::view("loss"));
    auto surface = make(FakeRace::view("plane"));
    for (View* view : {surface.get(), loss.get()}) {
      view->setStyles(styles);
      view->setFrame(race.frame());
      view->setRecords(race.records());
    }
    for (const LegendEntry& one : loss->legend())
      for (const LegendEntry& other : surface->legend())
        if (one.id == other.id) {
          QCOMPARE(one.style.colour, other.style.colour);
          QCOMPARE(one.style.marker, other.style.marker);
        }
  }

  void theOtherLanguageArrivesWithoutNewData() {
    FakeRace race;
    race.advance(10);
    auto view = make(FakeRace::view("loss"));
    view->setRecords(race.records());
    const QString english = view->summary();
    view->setAppearance({false, Language::Chinese, 1.0});
    QVERIFY(view->summary() != english);
    QVERIFY(view->summary().contains(QStringLiteral("步")));
  }

  void anotherRunStartsAfresh() {
    auto view = make<SeriesView>(series("loss", {"a"}, {}));
    view->setRecords(
        recordsOf({"a"}, 500, [](std::int64_t row, std::size_t) { return row * 1.0; }));
    view->grab();
    view->setRecords(recordsOf({"a"}, 600, [](std::int64_t, std::size_t) { return 7.0; }));
    const QImage screen = view->grab().toImage().convertToFormat(QImage::Format_RGB32);
    QVERIFY(differing(screen, rendered(*view), 40) < 60);
    QVERIFY(view->plot().y.high < 8);
  }
};

QTEST_MAIN(ViewsTest)
#include "views_test.moc"
