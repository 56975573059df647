// SPDX-License-Identifier: GPL-3.0-or-later
// Marks are whole at the edge of a plot, a legend shows the mark that is drawn, noise is smoothed,
// names say what is meant, tables keep their numbers whole.
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTest>
#include <cmath>
#include <functional>
#include <random>

#include "tests/fakes/fake_text_views.h"
#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/measured.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/bars_view.h"
#include "widgets/views/curve_name.h"
#include "widgets/views/legend.h"
#include "widgets/views/picture.h"
#include "widgets/views/plane_view.h"
#include "widgets/views/series_view.h"
#include "widgets/views/table_view.h"
#include "widgets/views/text.h"
#include "widgets/views/tokens_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

template <typename Data>
std::shared_ptr<const Frame> frameOf(const std::string& id, Data data) {
  auto frame = std::make_shared<Frame>();
  frame->views.emplace(id, std::move(data));
  return frame;
}

/// How many pixels about a place have about this colour.
int inked(const QImage& image, QPointF at, const QColor& colour) {
  int count = 0;
  for (int y = -14; y <= 14; ++y)
    for (int x = -14; x <= 14; ++x) {
      const QPoint place = at.toPoint() + QPoint(x, y);
      if (!image.rect().contains(place)) continue;
      const QColor here = image.pixelColor(place);
      count += std::abs(here.red() - colour.red()) + std::abs(here.green() - colour.green()) +
                   std::abs(here.blue() - colour.blue()) <
               60;
    }
  return count;
}

QImage asSvg(const View& view) {
  PictureSettings settings;
  settings.size = view.size() + QSize(12, 12);  // drawPicture keeps a margin of 6
  settings.title = settings.legend = false;
  QSvgRenderer renderer(pictureSvg(view, settings));
  QImage image(view.size() + QSize(12, 12), QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  renderer.render(&painter);
  painter.end();
  return image.copy(QRect(QPoint(6, 6), view.size()));
}

/// Values of one record, a step a row.
template <typename Value>
Records recorded(std::int64_t rows, Value value) {
  return recordsOf({"a/x"}, rows,
                   [&](std::int64_t row, std::size_t) { return static_cast<double>(value(row)); });
}

double noise(std::int64_t row) {
  std::mt19937 engine(static_cast<unsigned>(row));
  return static_cast<double>(engine()) / 4294967296.0;
}

std::unique_ptr<SeriesView> seriesView() {
  auto view = make<SeriesView>(series("s", {"*/x"}), {}, {700, 400});
  view->show();
  return view;
}

}  // namespace

class MarksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pointsAtTheEdgeOfAPlaneAreWholeInWindowAndPictures() {
    const auto view = make<PlaneView>(plane("p"), {}, {500, 400});
    PlaneData data{-1, 1, -1, 1, {}};
    const std::vector<Point> corners{{-1, -1}, {1, 1}, {-1, 1}, {1, -1}, {0, 1}, {1, 0}};
    PointsLayer layer{"points", std::string("points"), corners, {}, "a", 9};
    layer.points.push_back({0, 0});
    data.layers.emplace_back(layer);
    view->setFrame(frameOf("p", data));
    view->show();
    const QColor colour = view->legend().front().style.colour;
    const Plot plot = view->plot();
    QImage screen(view->size(), QImage::Format_RGB32);
    view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
    for (const QImage& image : {screen, rendered(*view), asSvg(*view)}) {
      const int whole = inked(image, plot.at(0, 0), colour);
      QVERIFY(whole > 30);
      for (const Point& corner : corners) {
        const int here = inked(image, plot.at(corner.x, corner.y), colour);
        QVERIFY2(std::abs(here - whole) <= whole / 5,
                 qPrintable(QStringLiteral("%1 instead of %2 at %3, %4")
                                .arg(here)
                                .arg(whole)
                                .arg(corner.x)
                                .arg(corner.y)));
      }
    }
  }

  void whereACurveIsNowIsWholeAtTheLastStep() {
    const auto view = seriesView();
    view->setRecords(recorded(101, [](std::int64_t row) { return row == 0 ? 0.0 : 1.0; }));
    const Plot plot = view->plot();
    QCOMPARE(plot.x.high, 100.0);
    const QColor colour = view->legend().front().style.colour;
    QImage screen(view->size(), QImage::Format_RGB32);
    view->QWidget::render(&screen, {}, {}, QWidget::DrawChildren);
    for (const QImage& image : {screen, rendered(*view), asSvg(*view)}) {
      int right = 0, above = 0;
      const QPoint at = plot.at(100, 1).toPoint();
      for (int x = 1; x <= 5; ++x) right += inked(image.copy(at.x() + x, at.y(), 1, 1), {}, colour);
      for (int y = 1; y <= 4; ++y) above += inked(image.copy(at.x(), at.y() - y, 1, 1), {}, colour);
      QVERIFY2(right >= 3 && above >= 3, qPrintable(QString::number(right * 10 + above)));
    }
  }

  void aLineThatLeavesThePlotEndsAtItsEdge() {
    const auto view = seriesView();
    view->setRecords(recorded(101, [](std::int64_t row) { return static_cast<double>(row); }));
    view->setZoom(AxisRange{40, 60}, AxisRange{45, 55});
    const QColor colour = view->legend().front().style.colour;
    const QRectF inner = view->plot().inner;
    for (const QImage& image : {rendered(*view), asSvg(*view)})
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
          if (!inner.adjusted(-3, -3, 3, 3).contains(x, y))
            QVERIFY(image.pixelColor(x, y) != colour);
  }

  void aRecordWithoutAWordIsNamedByItsCurveAndItsQuantity() {
    const auto view =
        makeView(viva::series("largest", {"largest", "unscaled/largest"}), "attention-numbers", {});
    view->resize(600, 400);
    view->show();
    const Records records = recordsOf({"largest", "unscaled/largest"}, 3,
                                      [](std::int64_t row, std::size_t) { return double(row); });
    dynamic_cast<SeriesView&>(*view).setRecords(records);
    const auto legend = view->legend();
    QCOMPARE(legend.size(), std::size_t{2});
    QCOMPARE(legend[0].label, QString("Mean of the largest weights"));
    QCOMPARE(legend[1].label, QString::fromUtf8("without the scale · Mean of the largest weights"));
  }

  void twoTheoriesOfAPlotHaveDifferentDashes() {
    const auto view = make<View>(viva::series("s", {}));
    SeriesData data;
    for (const char* id : {"measured", "limit", "theory", "drift", "limit"})
      data.curves.push_back({id, std::string(id), {0, 1}, {0, 1}, id != std::string("measured")});
    view->setFrame(frameOf("s", data));
    const auto legend = view->legend();
    QCOMPARE(legend.size(), std::size_t{5});
    QCOMPARE(legend[1].style.colour, legend[2].style.colour);
    QVERIFY(legend[1].style.dashes != legend[2].style.dashes);
    QVERIFY(legend[1].style.dashes != legend[3].style.dashes);
    QVERIFY(legend[2].style.dashes != legend[3].style.dashes);
    QCOMPARE(legend[4].style.dashes, legend[1].style.dashes);  // one theory in two pieces
  }

  void theLegendShowsBarsForBarsAndTheClassesOfPoints() {
    const auto bars = make<View>(viva::bars("b"));
    BarsData data;
    data.categories = {std::string("one"), std::string("two")};
    data.groups = {{"p", std::string("p"), {0.2, 0.8}}, {"q", std::string("q"), {0.5, 0.5}}};
    bars->setFrame(frameOf("b", data));
    const LegendEntry entry = bars->legend().front();
    QVERIFY(entry.bar && entry.marker && !entry.line);
    QImage image(120, 24, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    drawLegendEntry(painter, image.rect(), entry, viewFont(1), false);
    painter.end();
    // Its colour reaches to the corners of the sample, which no marker does.
    int block = 0;
    for (int x = 0; x < 40; ++x) block += image.pixelColor(x, 5) == entry.style.colour;
    QVERIFY(block > 8);

    const auto plane = make<View>(viva::plane("p"));
    PlaneData points{-1, 1, -1, 1, {}};
    points.layers.emplace_back(PointsLayer{
        "samples", std::string("samples"), {{0, 0}, {1, 1}, {-1, 0}}, {1, 0, 1}, "", 6});
    plane->setFrame(frameOf("p", points));
    QCOMPARE(plane->legend().size(), std::size_t{1});
    QCOMPARE(plane->legend()[0].classes.size(), std::size_t{2});
    QCOMPARE(plane->legend()[0].classes[1].colour, StyleTable::styleOfClass(1, false).colour);
  }

  void handDrawnPointsLookAsTheLessonShowsThemOrAreRings() {
    std::vector<ParameterSpec> specs;
    specs.push_back(viva::points("drawn").range(-2, 2));
    Parameters parameters(specs);
    parameters.set("drawn", Points{{{0, 0, 0}, {1, 1, 0}}});
    const auto view = make<PlaneView>(plane("p").dragging({"drawn"}), {}, {400, 400});
    view->setParameters(parameters);
    PlaneData data{-2, 2, -2, 2, {}};
    view->setFrame(frameOf("p", data));
    // The default has no points: it is not known that they are of one kind.
    QVERIFY(view->legend().empty());
    specs.front().default_value = Points{{{0, 0, 0}}};
    Parameters one_kind(specs);
    one_kind.set("drawn", Points{{{0, 0, 0}, {1, 1, 0}}});
    view->setParameters(one_kind);
    QCOMPARE(view->legend().size(), std::size_t{1});
    QVERIFY(view->legend()[0].ring);
    data.layers.emplace_back(
        PointsLayer{"points", std::string("points"), {{0, 0}, {1, 1}}, {}, "z"});
    view->setFrame(frameOf("p", data));
    QCOMPARE(view->legend().size(), std::size_t{1});
    QVERIFY(!view->legend()[0].ring);
    QVERIFY(inked(rendered(*view), view->plot().at(0, 0), view->legend()[0].style.colour) > 30);
  }

  void noiseIsSmoothedUntilSomebodyChoosesOtherwise() {
    const auto view = seriesView();
    view->setRecords(recorded(200, noise));
    QCOMPARE(view->smoothing(), 0.0);  // few enough to be told apart
    view->setRecords(recorded(2000, noise));
    QCOMPARE(view->smoothing(), 0.95);
    QVERIFY(!view->chosenSmoothing());
    const QImage smoothed = rendered(*view);
    view->setSmoothing(0);
    QCOMPARE(view->smoothing(), 0.0);
    QVERIFY(differing(smoothed, rendered(*view), 40) > 1000);
    view->setRecords(recorded(3000, noise));
    QCOMPARE(view->smoothing(), 0.0);
    view->smoothAutomatically();
    QCOMPARE(view->smoothing(), 0.98);
    // The picture of it is the same, and the numbers are those that were recorded.
    const auto copy = make<SeriesView>(view->spec(), {}, view->size());
    copy->copyStateFrom(*view);
    QCOMPARE(copy->smoothing(), 0.98);
    QCOMPARE(differing(rendered(*copy), rendered(*view), 0), 0);
    QCOMPARE(std::get<double>(view->dataTable().rows[7][1]), noise(7));
  }

  void aCourseThatIsSeenIsNotSmoothed() {
    const auto view = seriesView();
    for (const auto& course : std::vector<std::function<double(std::int64_t)>>{
             [](std::int64_t row) { return 1.0 / static_cast<double>(row + 1); },
             [](std::int64_t row) { return std::sin(static_cast<double>(row) * 0.02); },
             // Noise that is small beside the way that was made.
             [](std::int64_t row) { return static_cast<double>(row) / 500 + 0.1 * noise(row); },
             [](std::int64_t) { return 1.0; }}) {
      view->setRecords(recorded(2000, course));
      QCOMPARE(view->smoothing(), 0.0);
    }
  }

  void howNoisyACurveIsDoesNotDependOnHowItsRowsArrive() {
    const auto value = [](std::int64_t row) { return 3 * std::exp(-row / 200.0) + noise(row); };
    for (const std::int64_t rows : {350, 800, 1500}) {
      RecordCurve at_once;
      at_once.extend(recorded(rows, value), 0);
      RecordCurve by_and_by;
      for (std::int64_t end = 50; end <= rows; end += 50) by_and_by.extend(recorded(end, value), 0);
      QCOMPARE(by_and_by.isNoise(false), at_once.isNoise(false));
      QCOMPARE(by_and_by.isNoise(true), at_once.isNoise(true));
    }
  }

  void namesSayWhatTheParametersMake() {
    std::vector<ParameterSpec> specs;
    specs.push_back(real("lr.1", 0.05).range(0, 10));
    specs.push_back(toggle("a.residual", false));
    specs.push_back(toggle("b.residual", true));
    specs.push_back(integer("a.depth", 50).range(1, 100));
    specs.push_back(integer("b.depth", 50).range(1, 100));
    specs.push_back(choice("compare", {"nothing", "degree"}, "degree"));
    specs.push_back(integer("degree", 9).range(0, 20));
    specs.push_back(integer("other.degree", 3).range(0, 20));
    std::optional<Parameters> parameters{std::in_place, specs};
    const Words& english = Words::in(Language::English);
    const auto name = [&](const char* experiment, const char* id) {
      return nameHere(english, experiment, "curve", id, parameters);
    };
    QCOMPARE(name("lr-valley", "ball-1"), std::string("rate 0.05"));
    parameters->set("lr.1", 0.2);
    QCOMPARE(name("lr-valley", "ball-1"), std::string("rate 0.2"));
    QCOMPARE(name("gradient-flow", "a"), std::string("A: plain"));
    QCOMPARE(name("gradient-flow", "b"), std::string("B: residual"));
    parameters->set("b.depth", std::int64_t{3});
    QCOMPARE(name("gradient-flow", "b"), std::string("B: residual, 3 layers"));
    parameters->set("b.depth", std::int64_t{50});
    parameters->set("b.residual", false);
    QCOMPARE(name("gradient-flow", "a"), std::string("A"));  // nothing differs
    QCOMPARE(name("capacity-lab", "this"), std::string("degree: 9"));
    QCOMPARE(name("capacity-lab", "other"), std::string("degree: 3"));
    parameters->set("compare", Choice{"nothing"});
    QCOMPARE(name("capacity-lab", "this"), std::string("this model"));
    QCOMPARE(nameHere(english, "lr-valley", "curve", "ball-1", std::nullopt),
             std::string("ball 1"));
  }

  void aNameThatHasNoRoomTakesTwoLinesInAHighPlot() {
    BarsData data;
    for (const char* name : {"standard", "depthwise-separable", "逐点卷积加逐通道卷积", "grouped"})
      data.categories.emplace_back(std::string(name));
    data.groups = {{"cost", std::string("cost"), {4, 1, 1, 2}}};
    for (const int height : {400, 120}) {
      const auto view = make<BarsView>(viva::bars("b"), {}, {470, height});
      view->setFrame(frameOf("b", data));
      const QStringList texts = textsOfPicture(*view);
      const auto has = [&](const char* text) { return texts.contains(QString(text)); };
      QVERIFY2(has("standard") && has("grouped"), qPrintable(texts.join('|')));
      QVERIFY(!has("depthwise-separable"));
      for (const char* half : {"depthwise-", "separable", "逐点卷积加", "逐通道卷积"})
        QVERIFY2(has(half) == (height == 400), qPrintable(texts.join('|')));
    }
  }

  void countsOfAColumnHaveOneFormat() {
    const auto view = make<TableView>(table("t"), {}, {500, 200});
    TableData data;
    data.columns = {{"layer"}, {"parameters"}};
    data.rows = {{"", {std::string("a"), 61706.0}}, {"", {std::string("b"), 120.0}}};
    for (const double other : {120.0, 416520.0}) {
      data.rows[1].cells[1] = other;
      view->setFrame(frameOf("t", data));
      const QStringList texts = textsOfPicture(*view);
      QVERIFY2(texts.contains("61,706") && !texts.contains("61706"), qPrintable(texts.join(" ")));
    }
  }

  void aTableOfFewRowsTurnsBeforeItsNumbersAreCut() {
    const auto view = make<TableView>(table("t"), {}, {330, 150});
    TableData data;
    for (const char* column : {"model", "training", "validation", "gap", "test", "best_epoch",
                               "weights_in_use", "diagnosis"})
      data.columns.push_back({column, TableData::Best::None});
    for (const char* name : {"degree nine", "degree three"})
      data.rows.push_back({"",
                           {std::string(name), 0.000311, 0.4391, 0.4388, 0.5127, 1.0,
                            std::string("9 / 9"), std::string("overfitted")}});
    view->setFrame(frameOf("t", data));
    view->show();
    Measured painted(view->size());
    view->QWidget::render(&painted, {}, {}, QWidget::DrawChildren);
    int names = 0, numbers = 0;
    for (const DrawnText& text : painted.texts()) {
      QVERIFY2(!text.text.contains(QChar(0x2026)), qPrintable(text.text));
      QVERIFY(painted.whole().contains(text.box) && text.clip.contains(text.box));
      names += text.text.startsWith("degree");
      numbers += text.text == "0.4391" || text.text == "0.000311";
    }
    QCOMPARE(names, 2);
    QCOMPARE(numbers, 4);
    // A row is where it is seen.
    const auto readout = view->readoutAt({320, 30});
    QVERIFY(readout && readout->text().contains("degree three"));
  }

  void headingsOfANarrowTableHaveWholeWordsOrDots() {
    for (const int width : {520, 470, 430}) {
      const auto view = make<TableView>(table("t"), {}, {width, 140});
      TableData data;
      for (const char* column : {"net", "depth", "parameters", "macs", "train_loss",
                                 "train_accuracy", "accuracy", "milliseconds"})
        data.columns.push_back({column, TableData::Best::Largest});
      for (const char* name :
           {"shallow, plain", "deep, plain", "deep, with shortcuts", "deep, with projections"})
        data.rows.push_back(
            {"", {std::string(name), 56.0, 54214.0, 1104352.0, 1.646, 0.9325, 0.9225, 53.6}});
      view->setFrame(frameOf("t", data));
      view->show();
      for (const DrawnText& text : textsOnScreen(*view))
        QVERIFY2(text.clip.adjusted(-1, -1, 1, 1).contains(text.box),
                 qPrintable(QString("%1 at %2").arg(text.text).arg(width)));
    }
  }

  void whatHasNoColumnIsCountedAndRead() {
    const auto view = make<TableView>(table("t"), {}, {140, 140});
    TableData data;
    for (const char* column : {"box", "decision", "score", "overlap", "milliseconds"})
      data.columns.push_back({column, TableData::Best::None});
    for (const double score : {0.95, 0.85, 0.75})
      data.rows.push_back({"", {std::string("b0"), std::string("kept"), score, 0.8182, 53.61}});
    view->setFrame(frameOf("t", data));
    view->show();
    const auto textsNow = [&] {
      QStringList texts;
      for (const DrawnText& text : textsOnScreen(*view)) texts << text.text;
      return texts.join('|');
    };
    const QString narrow = textsNow();
    QVERIFY2(narrow.contains("columns not shown") && !narrow.contains("53.6"), qPrintable(narrow));
    QVERIFY2(!narrow.contains(QChar(0x2026)), qPrintable(narrow));
    const auto readout = view->readoutAt({20, 45});
    QVERIFY(readout && readout->text().contains("53.61"));
    // The keyboard stays in what is shown.
    for (const auto key :
         {Qt::Key_Down, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right})
      QTest::keyClick(view.get(), key);
    QVERIFY(view->readout() && view->readout()->text().contains("53.61"));
    view->resize(600, 140);
    const QString wide = textsNow();
    QVERIFY2(!wide.contains("columns not shown") && wide.contains("53.61"), qPrintable(wide));
  }

  void aPageHoldsThreeHundredPiecesAndOfFourHundredSaysHowManyAreLeftOut() {
    for (const int count : {300, 400}) {
      const auto page = make<TokensView>(tokens("t"), {}, {500, 200});
      page->setFrame(frameOf("t", longTokens(count)));
      PictureSettings settings;
      settings.size = {900, 600};
      const QString svg = QString::fromUtf8(pictureSvg(*page, settings));
      const auto match = QRegularExpression("(\\d+) more pieces").match(svg);
      QCOMPARE(match.hasMatch(), count == 400);
      const int drawn = count - match.captured(1).toInt();
      QVERIFY(drawn >= 300 && drawn <= count);
      // The first ones, each of them.
      qsizetype wanted = 0;
      for (int i = 0; i < drawn; ++i) wanted += longTokens(count).rows[0].pieces[i].text == "跳过";
      QVERIFY(wanted > 10);
      QCOMPARE(svg.count("跳过"), wanted);
    }
  }

  void arcsPaleBesideThoseOfTheHoveredPiece() {
    TokensData data = attentionTokens();
    data.arcs = {{0, 0, 0, 2, 1, ""}, {0, 6, 0, 8, 1, ""}};
    const auto view = make<TokensView>(tokens("t"));
    view->setFrame(frameOf("t", data));
    view->show();
    const QColor ground = theme(false).background;
    // How much ink there is above the pieces from `first` to `last`, where their arc is.
    const auto ink = [&](int first, int last) {
      const QImage image = view->grab().toImage();
      const QRectF from = view->pieceRect(0, first), to = view->pieceRect(0, last);
      double sum = 0;
      for (int x = static_cast<int>(from.right()); x < static_cast<int>(to.left()); ++x)
        for (int y = 0; y < static_cast<int>(from.top()) - 4; ++y)
          sum += std::abs(image.pixelColor(x, y).lightnessF() - ground.lightnessF());
      return sum;
    };
    const double left = ink(0, 2), right = ink(6, 8);
    QVERIFY(left > 10 && right > 10);
    // A read-out would lie over the arcs: the keyboard's is spoken too.
    QTest::keyClick(view.get(), Qt::Key_Home);
    QVERIFY(view->readout());
    QVERIFY2(ink(6, 8) < 0.4 * right, qPrintable(QString("%1 of %2").arg(ink(6, 8)).arg(right)));
    QVERIFY(ink(0, 2) > 0.9 * left);
    QTest::keyClick(view.get(), Qt::Key_End);
    QVERIFY(ink(0, 2) < 0.4 * left);
    QTest::keyClick(view.get(), Qt::Key_Escape);
    QVERIFY(std::abs(ink(6, 8) - right) < 0.02 * right);
  }
};

QTEST_MAIN(MarksTest)
#include "marks_test.moc"
