// SPDX-License-Identifier: GPL-3.0-or-later
// What a class changes on the views: cells that are picked, points that are drawn, bars by key.
#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/measured.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/bars_view.h"
#include "widgets/views/graph_view.h"
#include "widgets/views/images_view.h"
#include "widgets/views/matrix_view.h"
#include "widgets/views/plane_view.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/table_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

const std::vector<ParameterSpec>& specs() {
  static const std::vector<ParameterSpec> list = [] {
    std::vector<ParameterSpec> made;
    made.push_back(integer("unit", 0).range(0, 20));
    made.push_back(integer("time", 0).range(0, 20));
    made.push_back(points("points").range(-2, 2));
    made.push_back(point("handle", {0, 0}).range(-2, 2));
    made.push_back(distribution("q", {0.2, 0.3, 0.5}));
    made.push_back(text("list", "").range(0, 5));
    made.push_back(box("region", {-1, -0.5, 1, 0.5}).range(-2, 2));
    return made;
  }();
  return list;
}

/// A view whose changes come back to it, as a panel does it.
template <typename Kind>
struct Driven {
  std::unique_ptr<Kind> view;
  Parameters parameters{specs()};
  int announced = 0, finished = 0;

  explicit Driven(const ViewSpec& spec) : view(make<Kind>(spec)) {
    view->setParameters(parameters);
    QObject::connect(view.get(), &View::parameterDragged, view.get(),
                     [this](const QString& name, const Value& value, bool is_finished) {
                       parameters.set(name.toStdString(), value);
                       finished += is_finished;
                       ++announced;
                       view->setParameters(parameters);
                     });
  }
  std::vector<Points::Labelled> points() const {
    return std::get<Points>(parameters.value("points")).points;
  }
};

ViewSpec boxPlane() {
  ViewSpec spec = plane("boxed", {}, {});
  spec.drags = {"region"};
  return spec;
}

/// A plane from -2 to 2 with the box in it.
void giveBoxPlane(View& view) {
  auto frame = std::make_shared<Frame>();
  frame->at<PlaneData>("boxed") = {-2, 2, -2, 2, {}};
  view.setFrame(frame);
}

Box boxOf(const Parameters& parameters) { return std::get<Box>(parameters.value("region")); }

ViewSpec drawingPlane() {
  ViewSpec spec = plane("drawn", {}, {});
  spec.drags = {"points"};
  return spec;
}

bool rightClick(QWidget& widget, QPoint at) {
  QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget.mapToGlobal(at));
  event.ignore();
  QApplication::sendEvent(&widget, &event);
  return event.isAccepted();
}

}  // namespace

class DrawingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ofACurveOfFewPointsEachIsMarkedWholeAtTheEdgeToo() {
    ViewSpec spec = series("few", {}, {});
    const auto view = make<PlotView>(spec);
    auto frame = std::make_shared<Frame>();
    // A gap after each point: nothing is drawn but the markers.
    const double gap = std::nan("");
    frame->at<SeriesData>("few").curves = {
        {"few", std::string("few"), {0, 0, 1, 1, 2, 2}, {0, gap, 1, gap, 0, gap}, false}};
    view->setFrame(frame);
    const QColor colour = view->legend().at(0).style.colour;
    const Plot plot = view->plot();
    const QImage image = rendered(*view);
    for (const double x : {0.0, 1.0, 2.0}) {
      const QPoint at = plot.at(x, x == 1 ? 1 : 0).toPoint();
      for (const int side : {-1, 1})
        QVERIFY2(hasColour(image, colour, QRect(at + QPoint(side > 0 ? 1 : -5, -5), QSize(5, 11))),
                 qPrintable(QString("%1 %2").arg(x).arg(side)));
    }
  }

  void aClickOnACellPicksItsRowAndColumn() {
    ViewSpec spec = matrix("m", {}, {});
    spec.picks = ViewSpec::Picks{"unit", "time"};
    Driven<MatrixView> driven(spec);
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("m") = {3, 4, shareFloats(std::vector<float>(12, 0.5f)), {}, {}, {}, {}};
    driven.view->setFrame(frame);
    const QImage before = rendered(*driven.view);
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {},
                      driven.view->plot().at(3, -2).toPoint());
    QCOMPARE(driven.parameters.integer("unit"), 2);
    QCOMPARE(driven.parameters.integer("time"), 3);
    QCOMPARE(driven.finished, 1);
    QVERIFY(differing(rendered(*driven.view), before, 40) > 100);  // it is marked
    QVERIFY(!driven.view->isZoomed());
    QTest::keyClick(driven.view.get(), Qt::Key_Right);  // begins at the first cell
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Return);
    QCOMPARE(driven.parameters.integer("unit"), 0);
    QCOMPARE(driven.parameters.integer("time"), 1);
  }

  void aPickBeyondTheRangeOrOfTheSameCellChangesNothing() {
    ViewSpec spec = matrix("m", {}, {});
    spec.picks = ViewSpec::Picks{"", "time"};
    Driven<MatrixView> driven(spec);
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("m") = {1, 40, shareFloats(std::vector<float>(40, 0.5f)), {}, {}, {}, {}};
    driven.view->setFrame(frame);
    for (const int column : {30, 0}) {
      QTest::mouseClick(driven.view.get(), Qt::LeftButton, {},
                        driven.view->plot().at(column, 0).toPoint());
      QCOMPARE(driven.finished, 0);
    }
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {},
                      driven.view->plot().at(9, 0).toPoint());
    QCOMPARE(driven.parameters.integer("time"), 9);
    QCOMPARE(driven.parameters.integer("unit"), 0);
  }

  void aClickOnAnImagePicksIt() {
    ViewSpec spec = images("digits");
    spec.picks = ViewSpec::Picks{"unit", ""};
    Driven<ImagesView> driven(spec);
    auto frame = std::make_shared<Frame>();
    addLiveViews(*frame);
    driven.view->setFrame(frame);
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {},
                      driven.view->imageRect(7).center().toPoint());
    QCOMPARE(driven.parameters.integer("unit"), 7);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Space);
    QVERIFY(driven.parameters.integer("unit") != 7);
  }

  void aClickOnATableRowPicksItByItsPlaceInTheData() {
    ViewSpec spec = table("t");
    spec.picks = ViewSpec::Picks{"unit", ""};
    Driven<TableView> driven(spec);
    auto frame = std::make_shared<Frame>();
    auto& data = frame->at<TableData>("t");
    data.columns = {{"name"}, {"value"}};
    for (int i = 0; i < 6; ++i)
      data.rows.push_back({"", {"row " + std::to_string(i), double((i * 5) % 6)}});
    driven.view->setFrame(frame);
    driven.view->sortBy(1);
    driven.view->sortBy(1);  // descending: 5 stands first, which is row 1
    const QImage before = rendered(*driven.view);
    const auto clickRow = [&](int shown) {
      for (int y = 1; y < 400; ++y) {
        const auto found = driven.view->readoutAt(QPointF(20, y));
        if (!found || !found->text().startsWith("row " + QString::number(shown))) continue;
        return QTest::mouseClick(driven.view.get(), Qt::LeftButton, {}, QPoint(20, y + 3));
      }
      QFAIL("no such row");
    };
    clickRow(1);
    QCOMPARE(driven.parameters.integer("unit"), 1);
    QVERIFY(differing(rendered(*driven.view), before, 40) > 50);  // it is marked
    clickRow(4);
    QCOMPARE(driven.parameters.integer("unit"), 4);
    QCOMPARE(driven.finished, 2);
    QTest::keyClick(driven.view.get(), Qt::Key_Down);  // the first shown
    QTest::keyClick(driven.view.get(), Qt::Key_Return);
    QCOMPARE(driven.parameters.integer("unit"), 1);
    QVERIFY(driven.view->isDescending());  // Enter on a row does not sort
    QVERIFY(driven.view->readout()->text().contains("picked"));
    // A click on a heading sorts and picks nothing.
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {}, QPoint(20, 5));
    QCOMPARE(driven.finished, 3);
  }

  void aListTakesRowsInAndOutWithinItsRange() {
    ViewSpec spec = matrix("m", {}, {});
    spec.picks = ViewSpec::Picks{"", "list"};
    Driven<MatrixView> driven(spec);
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("m") = {1, 9, shareFloats(std::vector<float>(9, 0.5f)), {}, {}, {}, {}};
    driven.view->setFrame(frame);
    for (const int column : {5, 0, 3, 8, 0})  // 8 is beyond the range
      QTest::mouseClick(driven.view.get(), Qt::LeftButton, {},
                        driven.view->plot().at(column, 0).toPoint());
    QCOMPARE(std::get<Text>(driven.parameters.value("list")).text, std::string("3,5"));
    QCOMPARE(driven.finished, 4);
  }

  void aNodeOfAGraphIsPickedByClickAndByKey() {
    ViewSpec spec = graph("g");
    spec.picks = ViewSpec::Picks{"unit", ""};
    Driven<GraphView> driven(spec);
    auto frame = std::make_shared<Frame>();
    auto& data = frame->at<GraphData>("g");
    for (int i = 0; i < 4; ++i)
      data.nodes.push_back(
          {std::to_string(i), std::to_string(i), {i / 3.0, 0.5}, GraphData::Shape::Box, {}});
    driven.view->setFrame(frame);
    const auto layout = driven.view->layoutFor(driven.view->rect());
    const QImage before = rendered(*driven.view);
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {}, layout.nodes[2].center().toPoint());
    QCOMPARE(driven.parameters.integer("unit"), 2);
    QVERIFY(differing(rendered(*driven.view), before, 40) > 20);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Space);
    QCOMPARE(driven.parameters.integer("unit"), 1);
    QVERIFY(driven.view->readout()->text().contains("picked"));
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, {}, QPoint(3, 3));  // nothing there
    QCOMPARE(driven.parameters.integer("unit"), 1);
  }

  void aBoxIsMovedByItsInsideAndResizedBySidesAndCorners() {
    Driven<PlaneView> driven(boxPlane());
    giveBoxPlane(*driven.view);
    const Plot plot = driven.view->plot();
    const auto drag = [&](Point from, Point to) {
      draw(*driven.view,
           {plot.at(from.x, from.y), plot.at((from.x + to.x) / 2, from.y), plot.at(to.x, to.y)});
    };
    drag({0, 0}, {0.5, 0.25});
    QCOMPARE(boxOf(driven.parameters), (Box{-0.5, -0.25, 1.5, 0.75}));
    QCOMPARE(driven.finished, 1);
    drag({1.5, 0.75}, {1.0, 1.5});  // the upper right corner
    QCOMPARE(boxOf(driven.parameters), (Box{-0.5, -0.25, 1, 1.5}));
    drag({-0.5, 0.6}, {-1, 0.6});  // the left side
    QCOMPARE(boxOf(driven.parameters), (Box{-1, -0.25, 1, 1.5}));
    drag({0.3, -0.25}, {0.3, -1});  // the lower side
    QCOMPARE(boxOf(driven.parameters), (Box{-1, -1, 1, 1.5}));
    QVERIFY(!driven.view->isZoomed());
  }

  void aBoxKeepsItsRangeAndItsSidesDoNotCross() {
    Driven<PlaneView> driven(boxPlane());
    giveBoxPlane(*driven.view);
    driven.view->setZoom(AxisRange{-4, 4, false}, AxisRange{-4, 4, false});
    const Plot plot = driven.view->plot();
    draw(*driven.view, {plot.at(0, 0), plot.at(3.5, 3.5)});
    QCOMPARE(boxOf(driven.parameters), (Box{0, 1, 2, 2}));   // of the same size, at the corner
    draw(*driven.view, {plot.at(0, 1.5), plot.at(3, 1.5)});  // left side beyond the right one
    QCOMPARE(boxOf(driven.parameters).x0, 2.0);
    QCOMPARE(boxOf(driven.parameters).x1, 2.0);
  }

  void aBoxIsMovedAndResizedByTheKeyboard() {
    ViewSpec spec = boxPlane();
    spec.drags = {"handle", "region"};
    Driven<PlaneView> driven(spec);
    giveBoxPlane(*driven.view);
    QCOMPARE(driven.view->activeHandle(), std::string("handle"));
    QTest::keyClick(driven.view.get(), Qt::Key_Tab);
    QCOMPARE(driven.view->activeHandle(), std::string("region"));
    for (int i = 0; i < 5; ++i) QTest::keyPress(driven.view.get(), Qt::Key_Right);
    QCOMPARE(driven.finished, 0);
    QTest::keyRelease(driven.view.get(), Qt::Key_Right);
    QCOMPARE(driven.finished, 1);
    QCOMPARE(boxOf(driven.parameters), (Box{-0.8, -0.5, 1.2, 0.5}));
    QTest::keyClick(driven.view.get(), Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(boxOf(driven.parameters), (Box{-0.8, -0.5, 1.2, 0.54}));
    QTest::keyClick(driven.view.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(boxOf(driven.parameters), (Box{-0.8, -0.5, 1.16, 0.54}));
    QVERIFY2(driven.view->summary().contains("1.16"), qPrintable(driven.view->summary()));
    QCOMPARE(formatValue(driven.parameters.value("region")), std::string("-0.8,-0.5,1.16,0.54"));
  }

  void aBoxOnAPlaneIsSeenInTheWindowAndInPictures() {
    for (const bool dark : {false, true}) {
      auto view = make<PlaneView>(boxPlane(), {dark, Language::English, 1.0});
      giveBoxPlane(*view);
      const QImage without = rendered(*view);
      view->setParameters(Parameters(specs()));
      const QImage with = rendered(*view);
      const QRect place = view->boxRect("region").toRect().adjusted(-3, -3, 3, 3);
      QVERIFY(differing(with, without, 60) > 300);
      QVERIFY(hasColour(with, theme(dark).accent, place));
    }
  }

  void clicksAndStrokesDrawPointsOfTheChosenClass() {
    Driven<PlaneView> driven(drawingPlane());
    QVERIFY(!driven.view->isEmpty());
    const Plot plot = driven.view->plot();
    draw(*driven.view, {plot.at(0.5, -1)});
    QCOMPARE(driven.points().size(), std::size_t{1});
    QVERIFY(std::abs(driven.points()[0].x - 0.5) < 0.02);
    QVERIFY(std::abs(driven.points()[0].y + 1) < 0.02);
    QCOMPARE(driven.points()[0].label, 0);
    QTest::keyClick(driven.view.get(), Qt::Key_3);
    std::vector<QPointF> way;
    for (int i = 0; i <= 100; ++i) way.push_back(plot.at(-1, 0) + QPointF(i, 0));
    draw(*driven.view, way);
    QVERIFY(driven.points().size() >= 8 && driven.points().size() <= 14);
    QCOMPARE(driven.points().back().label, 3);
    QCOMPARE(driven.finished, 2);   // once a stroke
    QCOMPARE(driven.announced, 2);  // each is an event of the run, with all points
    QVERIFY(!driven.view->isZoomed());
    QVERIFY(hasColour(rendered(*driven.view), StyleTable::styleOfClass(3, false).colour,
                      driven.view->rect()));
  }

  void drawnPointsAreErasedUndoneAndCleared() {
    Driven<PlaneView> driven(drawingPlane());
    const Plot plot = driven.view->plot();
    draw(*driven.view, {plot.at(-1, 0)});
    draw(*driven.view, {plot.at(1, 0)});
    QVERIFY(rightClick(*driven.view, plot.at(1, 0).toPoint()));
    QCOMPARE(driven.points().size(), std::size_t{1});
    QTest::keyClick(driven.view.get(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(driven.points().size(), std::size_t{2});
    QTest::mouseClick(driven.view.get(), Qt::LeftButton, Qt::ShiftModifier,
                      plot.at(-1, 0).toPoint());
    QCOMPARE(driven.points().size(), std::size_t{1});
    QVERIFY(driven.points()[0].x > 0);
    QMenu menu;
    driven.view->extendMenu(menu);
    QVERIFY(menu.actions().size() >= 2);
    menu.actions().back()->trigger();
    QVERIFY(driven.points().empty());
    for (int i = 0; i < 4; ++i) QTest::keyClick(driven.view.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(driven.points().empty());  // before the first stroke
  }

  void pointsAreDrawnByTheKeyboardAlone() {
    Driven<PlaneView> driven(drawingPlane());
    QTest::keyClick(driven.view.get(), Qt::Key_1);
    for (int i = 0; i < 3; ++i) QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Return);
    QCOMPARE(driven.points().size(), std::size_t{1});
    QCOMPARE(driven.points()[0].label, 1);
    QVERIFY(driven.points()[0].x > 0);
    for (int i = 0; i < 3; ++i) QTest::keyClick(driven.view.get(), Qt::Key_Up, Qt::ShiftModifier);
    QTest::keyClick(driven.view.get(), Qt::Key_Space);
    QCOMPARE(driven.points().size(), std::size_t{2});
    QTest::keyClick(driven.view.get(), Qt::Key_Delete);
    QCOMPARE(driven.points().size(), std::size_t{1});
    QVERIFY(std::abs(driven.points()[0].y) < 0.05);
    QVERIFY(driven.view->summary().contains("1 point "));
  }

  void tabGoesFromThePencilToTheHandleAndBack() {
    ViewSpec spec = drawingPlane();
    spec.drags = {"handle", "points"};
    Driven<PlaneView> driven(spec);
    QCOMPARE(driven.view->activeHandle(), std::string());
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QCOMPARE(std::get<Point>(driven.parameters.value("handle")).x, 0.0);
    QTest::keyClick(driven.view.get(), Qt::Key_Tab);
    QCOMPARE(driven.view->activeHandle(), std::string("handle"));
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QVERIFY(std::get<Point>(driven.parameters.value("handle")).x > 0);
    QTest::keyClick(driven.view.get(), Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(driven.view->activeHandle(), std::string());
  }

  void whereTheDefaultIsOfOneKindThereAreNoClassesToChoose() {
    std::vector<ParameterSpec> plain{points("points").range(-2, 2)};
    plain.front().default_value = Points{{{0, 1, 0}, {1, 0, 0}}};
    auto view = make<PlaneView>(drawingPlane());
    view->setParameters(Parameters(plain));
    QVERIFY(!view->summary().contains("class"));
    Points drawn;
    QObject::connect(
        view.get(), &View::parameterDragged, view.get(),
        [&](const QString&, const Value& value, bool) { drawn = std::get<Points>(value); });
    QTest::keyClick(view.get(), Qt::Key_3);
    QTest::keyClick(view.get(), Qt::Key_Return);
    QCOMPARE(drawn.points.size(), std::size_t{3});
    QCOMPARE(drawn.points.back().label, 0);
  }

  void pointsStayInTheRangeOfTheirParameter() {
    Driven<PlaneView> driven(drawingPlane());
    driven.view->setZoom(AxisRange{-4, 4, false}, AxisRange{-4, 4, false});
    const Plot plot = driven.view->plot();
    draw(*driven.view, {plot.at(1.9, 0), plot.at(2.5, 0), plot.at(3.5, 0)});
    for (const auto& point : driven.points()) QVERIFY(point.x <= 2);
    QCOMPARE(driven.points().size(), std::size_t{1});
  }

  void shiftAndArrowKeysChangeABarOfADistribution() {
    ViewSpec spec = bars("bars", {}, {});
    spec.drags = {"q"};
    Driven<BarsView> driven(spec);
    auto frame = std::make_shared<Frame>();
    frame->at<BarsData>("bars") = {
        {std::string("a"), std::string("b"), std::string("c")},
        {{"p", std::string("p"), {0.1, 0.1, 0.8}}, {"q", std::string("q"), {0.2, 0.3, 0.5}}},
        {}};
    driven.view->setFrame(frame);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);
    QTest::keyClick(driven.view.get(), Qt::Key_Right);  // category b of p, which is not dragged
    QTest::keyClick(driven.view.get(), Qt::Key_Down);   // of q
    for (int i = 0; i < 5; ++i) QTest::keyPress(driven.view.get(), Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(driven.finished, 0);
    QTest::keyRelease(driven.view.get(), Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(driven.finished, 1);
    const auto weights = std::get<Distribution>(driven.parameters.value("q")).weights;
    QVERIFY(std::abs(weights[1] - 0.4) < 1e-9);
    QVERIFY(std::abs(weights[0] + weights[1] + weights[2] - 1) < 1e-12);
    QVERIFY(std::abs(weights[0] / weights[2] - 0.4) < 1e-9);
    QTest::keyClick(driven.view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(std::abs(std::get<Distribution>(driven.parameters.value("q")).weights[1] - 0.38) <
            1e-9);
  }

  void aFieldWhoseColoursHaveGivenEndsIsFaintWhereItsValuesAreSmall() {
    const auto colourOfTheRight = [](std::optional<double> maximum) {
      auto frame = std::make_shared<Frame>();
      FieldLayer field{"f", -1, 1, -1, 1, 1, 2, shareFloats({-0.05f, 0.05f})};
      field.diverging = true;
      field.maximum = maximum;
      frame->at<PlaneData>("p") = {-1, 1, -1, 1, {field}};
      auto view = make<PlaneView>(plane("p", {}, {}));
      view->setFrame(frame);
      return rendered(*view).pixelColor(view->plot().at(0.9, 0).toPoint());
    };
    QVERIFY(colourOfTheRight({}).saturation() > 4 * colourOfTheRight(1).saturation());
    QCOMPARE(colourOfTheRight(0.05), colourOfTheRight({}));
  }

  void zerosAndNotANumberLookDifferentOnALogarithmicMatrix() {
    auto frame = std::make_shared<Frame>();
    MatrixData data{1, 3, shareFloats({0.0f, NAN, 1e-4f}), {}, {}, {}, {}};
    data.logarithmic = true;
    frame->at<MatrixData>("m") = data;
    auto view = make<MatrixView>(matrix("m", {}, {}));
    view->setFrame(frame);
    const Plot plot = view->plot();
    const QImage image = rendered(*view);
    std::vector<QRgb> looks;
    looks.reserve(3);
    for (int column = 0; column < 3; ++column)
      looks.push_back(image.pixel((plot.at(column, 0) + QPointF(0, 40)).toPoint()));
    QVERIFY(looks[0] != looks[1] && looks[1] != looks[2] && looks[0] != looks[2]);
    QVERIFY(view->summary().contains("1 values are exactly 0"));
    QVERIFY(view->summary().contains("1 values are not a number"));
  }

  void cellsSayInfinityAndNaNAsTheReadoutDoes() {
    auto frame = std::make_shared<Frame>();
    frame->at<MatrixData>("m") = {1,  4, shareFloats({-INFINITY, NAN, INFINITY, -1.5f}), {}, {},
                                  {}, {}};
    auto view = make<MatrixView>(matrix("m", {}, {}));
    view->setFrame(frame);
    const QStringList texts = textsOfPicture(*view);
    for (const char* text : {"−∞", "NaN", "∞"})
      QVERIFY2(texts.contains(QString(text)), qPrintable(texts.join(' ')));
    QVERIFY(!texts.contains("nan"));
  }

  void aMatrixWritesNumbersOnlyWhereAllFit() {
    for (const float value : {0.25f, 0.00473f}) {
      auto frame = std::make_shared<Frame>();
      frame->at<MatrixData>("m") = {1,  8, shareFloats({value, 0.515f, 0, 0, 0, 0, 0, 1}), {}, {},
                                    {}, {}};
      auto view = make<MatrixView>(matrix("m", {}, {}), {}, {400, 300});
      view->setFrame(frame);
      const QStringList texts = textsOfPicture(*view);
      QVERIFY2(texts.contains("0.515") == (value == 0.25f), qPrintable(texts.join(' ')));
      QVERIFY(!texts.contains("0.00473"));
    }
  }

  void aPendingMatrixIsEmptyAndWritesNoNaN() {
    auto frame = std::make_shared<Frame>();
    MatrixData data{1, 2, shareFloats({NAN, NAN}), {}, {}, {}, {}};
    data.is_pending = true;
    frame->at<MatrixData>("m") = data;
    auto view = make<MatrixView>(matrix("m", {}, {}));
    view->setFrame(frame);
    QVERIFY(view->isEmpty());
    for (const QString& text : textsOfPicture(*view)) QVERIFY(!text.contains("NaN"));
  }

  void whatIsPaleLiesBelowTheRest() {
    // Two curves that cross; the one that is drawn last has the crossing.
    const auto records = recordsOf({"a/f", "b/f"}, 101, [](std::int64_t row, std::size_t column) {
      return column == 0 ? static_cast<double>(row) : 100.0 - static_cast<double>(row);
    });
    auto view = make<PlotView>(series("crossing", {"*/f"}));
    view->setRecords(records);
    view->setSmoothing(0);
    for (const char* pale : {"a", "b"}) {
      view->setPale({pale});
      const QColor crossing = rendered(*view).pixelColor(view->plot().at(50, 50).toPoint());
      const auto distance = [&](const QColor& other) {
        return std::abs(crossing.red() - other.red()) + std::abs(crossing.green() - other.green()) +
               std::abs(crossing.blue() - other.blue());
      };
      std::map<bool, int> distances;
      for (const LegendEntry& entry : view->legend()) {
        QCOMPARE(entry.style.pale, entry.id == pale);
        distances[entry.style.pale] = distance(entry.style.colour);
      }
      QVERIFY2(3 * distances[false] < distances[true], pale);
    }
  }

  void zerosOfBarsAreSaidOnALogarithmicAxis() {
    FakeRace race;
    auto view = make<BarsView>(FakeRace::view("gradients"));
    view->setFrame(race.frame());
    QVERIFY(view->summary().contains("exactly 0 in 1 categories"));
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(view->readout()->text().contains("exactly 0"));
    view->setLogarithmic(View::Axis::Y, false);
    QTest::keyClick(view.get(), Qt::Key_Left);
    QVERIFY(!view->readout()->text().contains("exactly 0"));
  }

  void aTheoryIsSeenOverTheBars() {
    auto frame = std::make_shared<Frame>();
    auto& data = frame->at<BarsData>("bars");
    for (int i = 0; i < 100; ++i) data.categories.emplace_back(std::to_string(i));
    for (const char* id : {"a", "b"})
      data.groups.push_back({id, std::string(id), std::vector<double>(100, 2.0)});
    Curve theory{"theory", std::string("theory"), {}, {}, true};
    for (int i = 0; i < 100; ++i) {
      theory.x.push_back(i);
      theory.y.push_back(1);
    }
    data.overlays = {theory};
    for (const bool dark : {false, true}) {
      auto view = make<BarsView>(bars("bars", {}, {}), {dark, Language::English, 1.0});
      view->setFrame(frame);
      const QPoint on = view->plot().at(50, 1).toPoint();
      const QImage image = rendered(*view);
      QVERIFY(hasColour(image, theme(dark).text, QRect(on - QPoint(12, 2), QSize(24, 5))));
      QVERIFY(hasColour(image, theme(dark).background, QRect(on - QPoint(12, 5), QSize(24, 11))));
    }
  }

  void theLegendShowsArrowsAsTheyAreDrawn() {
    FakeRace race;
    auto view = make<PlaneView>(FakeRace::view("points"));
    auto styles = std::make_shared<StyleTable>();
    for (const std::string& id : FakeRace::ids()) styles->learn(id);
    view->setStyles(styles);
    view->setFrame(race.frame());
    bool found = false;
    for (const LegendEntry& entry : view->legend())
      if (entry.id == "gradient") {
        found = true;
        QVERIFY(entry.arrow);
        QVERIFY(entry.style.dashes.isEmpty());
      }
    QVERIFY(found);
  }
};

QTEST_MAIN(DrawingTest)
#include "drawing_test.moc"
