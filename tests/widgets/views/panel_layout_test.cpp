// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel_layout.h"

#include <QTest>
#include <cmath>

#include "lessons/core/view.h"

using namespace viva;

namespace {

ViewSpec viewOf(const char* id, Room room, ViewKind kind = ViewKind::Series) {
  ViewSpec view;
  view.id = id;
  view.room = room;
  view.kind = kind;
  return view;
}

std::vector<const ViewSpec*> pointersTo(const std::vector<ViewSpec>& views) {
  std::vector<const ViewSpec*> pointers;
  for (const ViewSpec& view : views) pointers.push_back(&view);
  return pointers;
}

}  // namespace

class PanelLayoutTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void viewsFillThePictureAndDoNotOverlap() {
    const std::vector<ViewSpec> all{viewOf("a", Room::Large),  viewOf("b", Room::Medium),
                                    viewOf("c", Room::Small),  viewOf("d", Room::Medium),
                                    viewOf("e", Room::Medium), viewOf("f", Room::Large)};
    const QRectF whole(0, 0, 1280, 800);
    for (std::size_t count = 1; count <= all.size(); ++count) {
      const std::vector<ViewSpec> views(all.begin(),
                                        all.begin() + static_cast<std::ptrdiff_t>(count));
      const auto places = panelPlaces(pointersTo(views), whole.size());
      QCOMPARE(places.size(), count);
      double area = 0;
      for (std::size_t i = 0; i < count; ++i) {
        QVERIFY(whole.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(places[i]));
        area += places[i].width() * places[i].height();
        for (std::size_t k = 0; k < i; ++k) {
          const QRectF common = places[i].intersected(places[k]);
          QVERIFY(common.width() * common.height() < 1e-3);
        }
      }
      QVERIFY(std::abs(area - 1280.0 * 800) < 1);
    }
  }

  void largeViewsComeFirstWithATableBelowThem() {
    const std::vector<ViewSpec> views{viewOf("curves", Room::Medium), viewOf("plane", Room::Large),
                                      viewOf("table", Room::Medium, ViewKind::Table),
                                      viewOf("bars", Room::Medium)};
    const auto columns = panelColumns(pointersTo(views));
    QCOMPARE(columns.size(), std::size_t{2});
    QVERIFY(columns[0] == (std::vector<std::size_t>{1, 2}));
    QVERIFY(columns[1] == (std::vector<std::size_t>{0, 3}));
  }

  void aSentenceStandsOnTopHoweverHighThePictureIs() {
    const std::vector<ViewSpec> views{viewOf("plane", Room::Large), viewOf("curves", Room::Medium),
                                      viewOf("verdict", Room::Line, ViewKind::Verdict)};
    const auto places = panelPlaces(pointersTo(views), {1920, 1080});
    QCOMPARE(places[2].topLeft(), QPointF(0, 0));
    QCOMPARE(places[2].width(), 1920.0);
    QVERIFY(places[2].height() < 100);
    QVERIFY(places[0].top() == places[2].bottom() && places[1].bottom() > 1079);
  }

  void aPresetShowsTheViewsThatItIsAbout() {
    ExperimentSpec spec;
    spec.views = {viewOf("curves", Room::Medium), viewOf("small", Room::Small)};
    Preset about;
    about.name = "about";
    about.views = {"small"};
    spec.presets = {about};
    QCOMPARE(viewsAtFirst(spec, "about").front()->id, std::string("small"));
    QCOMPARE(viewsAtFirst(spec, "about").size(), std::size_t{1});
    QCOMPARE(viewsAtFirst(spec, "").front()->id, std::string("curves"));
    QCOMPARE(viewsAtFirst(spec, "unknown").size(), std::size_t{1});
  }
};

QTEST_APPLESS_MAIN(PanelLayoutTest)
#include "panel_layout_test.moc"
