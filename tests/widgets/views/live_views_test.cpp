// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms, images and graphs: what they show, say and answer.
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/views/fake_race.h"
#include "tests/widgets/views/view_testing.h"
#include "widgets/views/graph_view.h"
#include "widgets/views/histogram_view.h"
#include "widgets/views/images_view.h"
#include "widgets/views/picture.h"

using namespace viva;
using namespace viva::fakes;

namespace {

std::shared_ptr<Frame> liveFrame(std::int64_t step = 300) {
  auto frame = std::make_shared<Frame>();
  frame->step = step;
  addLiveViews(*frame);
  return frame;
}

template <typename Kind>
std::unique_ptr<Kind> live(const std::string& id, QSize size = {600, 400}) {
  auto view = make<Kind>(FakeRace::view(id), {}, size);
  view->setFrame(liveFrame());
  return view;
}

}  // namespace

class LiveViewsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aHistogramReadsTheCountOfEveryGroupInABin() {
    auto view = make<HistogramView>(histogram("h", {}, {}));
    auto frame = std::make_shared<Frame>();
    frame->at<HistogramData>("h") = {
        {0, 1, 2, 4},
        {{"a", std::string("a"), {5, 7, 3}, 0, 2}, {"b", std::string("b"), {1, 0, 11}}},
        {},
        {},
        false};
    view->setFrame(frame);
    hover(*view, view->plot().at(1.5, 3));
    QVERIFY(view->readout());
    QVERIFY(view->readout()->text().contains("from 1 to 2"));
    QVERIFY(view->readout()->text().contains("a  7"));
    QVERIFY(view->readout()->text().contains("b  0"));
    QVERIFY(view->summary().contains("17"));  // values in all, with those beyond
    view->setShown("b", false);
    QVERIFY(view->plot().y.high < 11);
  }

  void valuesBeyondTheEdgesStandInBinsOfTheirOwn() {
    auto view = live<HistogramView>("magnitudes");
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(view->readout()->text().contains("731"));
    QVERIFY(view->readout()->text().contains("0, or below"));
    const Plot plot = view->plot();
    QVERIFY(plot.x.logarithmic && plot.x.low < 1e-10 && plot.x.low > 0);
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(!view->readout()->text().contains("731"));
    for (int i = 0; i < 6; ++i) QTest::keyClick(view.get(), Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(view->readout()->text().contains("above"));
    QVERIFY(view->summary().contains("731"));
  }

  void anAxisDoesNotMoveWhenAnEndBinEmpties() {
    auto view = live<HistogramView>("magnitudes");
    const AxisRange before = view->plot().x;
    auto frame = liveFrame();
    for (auto& group : frame->at<HistogramData>("magnitudes").groups) group.below = group.above = 0;
    view->setFrame(frame);
    QCOMPARE(view->plot().x, before);
  }

  void countsCanBeLogarithmicAndAreWhenTheDataSaySo() {
    QVERIFY(live<HistogramView>("magnitudes")->isLogarithmic(View::Axis::Y));
    auto view = live<HistogramView>("weights");
    QVERIFY(!view->isLogarithmic(View::Axis::Y));
    QVERIFY(!view->canBeLogarithmic(View::Axis::X));  // its edges are not positive
    const QImage linear = rendered(*view);
    view->setLogarithmic(View::Axis::Y, true);
    QVERIFY(view->plot().y.logarithmic);
    QVERIFY(differing(rendered(*view), linear, 40) > 1000);
  }

  void groupsDifferByMoreThanTheirColour() {
    auto view = live<HistogramView>("weights");
    const auto legend = view->legend();
    QCOMPARE(legend.size(), std::size_t{2});
    QVERIFY(legend[0].style.dashes != legend[1].style.dashes);
    QVERIFY(legend[0].style.marker != legend[1].style.marker);
  }

  void marksAreNamedInPictureAndWords() {
    auto view = live<HistogramView>("magnitudes");
    QVERIFY(view->summary().contains("smallest normal float16"));
    PictureSettings settings;
    settings.size = {600, 400};
    QVERIFY(pictureSvg(*view, settings).contains("smallest normal float16"));
  }

  void overTimeTheNewestRidgeIsInFrontAndStepsAreRead() {
    auto view = live<HistogramView>("history");
    QTest::keyClick(view.get(), Qt::Key_Right);
    QCOMPARE(*view->readout()->step, 300);
    QSignalSpy hovered(view.get(), &View::stepHovered);
    QTest::keyClick(view.get(), Qt::Key_Up);
    QVERIFY(*view->readout()->step < 300);
    QCOMPARE(hovered.last().first().toLongLong(), *view->readout()->step);
    const Plot plot = view->plot();
    hover(*view, plot.at(0, -24) + QPointF(0, -1));
    QCOMPARE(*view->readout()->step, 300);
    QVERIFY(view->summary().contains("25 "));
    QVERIFY(view->dataTable().headings.size() == 2 + 24 + 1);
  }

  void tablesOfHistogramsHaveOpenEnds() {
    const DataTable table = live<HistogramView>("weights")->dataTable();
    QCOMPARE(table.rows.size(), std::size_t{62});
    QCOMPARE(std::get<double>(table.rows.front()[0]), -std::numeric_limits<double>::infinity());
    QCOMPARE(std::get<double>(table.rows.back()[3]), 17.0);
  }

  void imagesReadThePixelUnderThePointer() {
    auto view = make<ImagesView>(images("i"));
    auto frame = std::make_shared<Frame>();
    frame->at<ImagesData>("i") = {2,
                                  2,
                                  1,
                                  0,
                                  shareFloats({0, 1, 2, 3, 4, 5, 6, 7}),
                                  0,
                                  7,
                                  {{std::string("one"), {}}, {std::string("two"), {}}}};
    view->setFrame(frame);
    const QRectF place = view->imageRect(1);
    hover(*view, place.topLeft() + QPointF(0.75 * place.width(), 0.25 * place.height()));
    QVERIFY(view->readout()->text().contains("two"));
    QVERIFY(view->readout()->text().contains("value 5"));
    QTest::keyClick(view.get(), Qt::Key_Left);
    QVERIFY(view->readout()->text().contains("one"));
    // Nearest neighbour: the pixels of the screen have the four shades and no others between.
    const QImage image = rendered(*view);
    const QRect inner = view->imageRect(1).toRect().adjusted(2, 2, -2, -2);
    std::set<QRgb> shades;
    for (int y = inner.top(); y <= inner.bottom(); ++y)
      for (int x = inner.left(); x <= inner.right(); ++x) shades.insert(image.pixel(x, y));
    QCOMPARE(shades.size(), std::size_t{4});
  }

  void imagesFillTheAreaAndStayApart() {
    for (const QSize size : {QSize(600, 400), QSize(900, 200), QSize(200, 500)}) {
      auto view = live<ImagesView>("digits", size);
      double covered = 0;
      for (int i = 0; i < 20; ++i) {
        const QRectF place = view->imageRect(i);
        QVERIFY(QRectF(view->rect()).contains(place));
        covered += place.width() * place.height();
        for (int k = 0; k < i; ++k) QVERIFY(!place.intersects(view->imageRect(k)));
      }
      QVERIFY(covered > 0.25 * size.width() * size.height());
    }
  }

  void textOfAGraphNeverOverlaps() {
    for (const QSize size : {QSize(600, 400), QSize(1200, 700), QSize(420, 300)}) {
      auto view = live<GraphView>("cell", size);
      const GraphView::Layout layout = view->layoutFor(view->rect());
      QCOMPARE(layout.nodes.size(), std::size_t{14});
      if (size.width() >= 600) QVERIFY(layout.values_shown);
      std::vector<QRectF> boxes = layout.nodes;
      for (const auto& text : layout.edge_texts) boxes.push_back(text.box);
      for (const auto& line : layout.lines) boxes.push_back(line.box);
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        QVERIFY(QRectF(view->rect()).contains(boxes[i]));
        for (std::size_t k = 0; k < i; ++k)
          QVERIFY2(!boxes[i].intersects(boxes[k]), qPrintable(QString("%1 %2").arg(i).arg(k)));
      }
    }
  }

  void aGraphIsReadByPointerAndKeyboard() {
    auto view = live<GraphView>("cell");
    const GraphView::Layout layout = view->layoutFor(view->rect());
    hover(*view, layout.nodes[4].center());
    QVERIFY(view->readout()->text().contains("forget f"));
    QVERIFY(view->readout()->text().contains("0.73"));  // from the detail
    QTest::keyClick(view.get(), Qt::Key_Right);
    QVERIFY(view->readout()->text().contains("input i"));
    QTest::keyClick(view.get(), Qt::Key_Escape);
    QVERIFY(!view->readout());
    hover(*view, (layout.edges[0].first() + layout.edges[0].last()) / 2);
    QVERIFY(view->readout()->text().contains("0.8"));
    QVERIFY(view->summary().contains("forget f"));
    QVERIFY(view->summary().contains("o·tanh c(t)"));
  }

  void aGraphWithNothingFiniteIsSurvived() {
    auto frame = std::make_shared<Frame>();
    GraphData data;
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    data.nodes = {{"a", std::string(), {nan, 2}, GraphData::Shape::Circle, nan, true, {}},
                  {"b", std::string("b"), {0.5, 0.5}, GraphData::Shape::Box, infinity, true, {}}};
    data.edges = {
        {"a", "b", {}, nan, {{nan, 0}}}, {"a", "nobody", {}, 1.0}, {"b", "b", {}, -1e300}};
    data.minimum = data.maximum = 0;
    frame->at<GraphData>("g") = data;
    auto& bins = frame->at<HistogramData>("h");
    bins.edges = {0, nan, infinity};
    bins.groups = {{"a", std::string("a"), {nan}, infinity, -1}};
    bins.marks = {{nan, std::string("nan")}};
    frame->at<ImagesData>("i") = {3, 3, 2, 0, shareFloats({1}), 1, 1, {{}}};
    for (const ViewSpec& spec : {graph("g"), histogram("h", {"", "", true}, {}), images("i")})
      for (const QSize size : {QSize(3, 3), QSize(60, 40), QSize(400, 300)}) {
        auto view = make(spec, {}, size);
        view->setFrame(frame);
        view->grab();
        view->setLogarithmic(View::Axis::Y, true);
        view->grab();
        view->summary();
        view->dataTable();
        hover(*view, QPointF(size.width() / 2.0, size.height() / 2.0));
        for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Up, Qt::Key_Down})
          QTest::keyClick(view.get(), key);
      }
  }

  void newViewsExportTheirTextAsText() {
    for (const auto& [id, text] : {std::pair{"weights", "at initialisation"},
                                   {"digits", "digit 3"},
                                   {"cell", "candidate g"}}) {
      auto view = live<View>(id);
      PictureSettings settings;
      settings.size = {600, 400};
      QVERIFY2(pictureSvg(*view, settings).contains(text), text);
      QVERIFY(picturePdf(*view, settings).startsWith("%PDF"));
    }
  }
};

QTEST_MAIN(LiveViewsTest)
#include "live_views_test.moc"
