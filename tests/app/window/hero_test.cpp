// SPDX-License-Identifier: GPL-3.0-or-later
// The room that the views of every preset get.
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "app/catalog_loader.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/views/panel_layout.h"

using namespace viva;

namespace {

double areaOf(const QWidget& widget) {
  return static_cast<double>(widget.width()) * widget.height();
}

}  // namespace

class HeroTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPresetGivesItsHeroMostOfTheLab_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("1280x800") << QSize(1060, 720);
    QTest::newRow("1366x768") << QSize(1150, 650);
    QTest::newRow("1920x1080") << QSize(1280, 960);
    QTest::newRow("900x600") << QSize(860, 480);
  }
  void everyPresetGivesItsHeroMostOfTheLab() {
    QFETCH(QSize, size);
    const Catalog& catalog = loadCatalog();
    for (const Lesson& lesson : catalog.lessons())
      for (const ExperimentSpec* spec : lesson.experiments) {
        ExperimentPanel panel(*spec, catalog.runtime(), Appearance{});
        panel.resize(size);
        panel.show();
        for (const Preset& preset : spec->presets) {
          panel.openPreset(preset.name);
          QCoreApplication::processEvents();
          const std::string name = spec->id + "/" + preset.name;
          ViewFrame* hero = panel.arrangement().hero();
          QVERIFY2(hero && hero->view().spec().id == preset.views.front(), name.c_str());
          double all = 0;
          for (const ViewFrame* frame : panel.frames())
            if (frame->isVisible() && frame->view().spec().kind != ViewKind::Verdict)
              all += areaOf(*frame);
          QString places;
          for (const ViewFrame* frame : panel.frames())
            if (frame->isVisible())
              places += QStringLiteral(" %1 %2x%3")
                            .arg(QString::fromStdString(frame->view().spec().id))
                            .arg(frame->width())
                            .arg(frame->height());
          QVERIFY2(areaOf(*hero) >= 0.6 * all, qPrintable(QString::fromStdString(name) + places));
          for (const ViewFrame* frame : panel.frames())
            if (frame->isVisible())
              QVERIFY2(
                  panel.rect().contains(QRect(frame->mapTo(&panel, QPoint()), frame->size())) ||
                      size.height() < 600,
                  (name + " " + frame->view().spec().id).c_str());
        }
      }
  }

  void aCompanionBecomesTheHero_data() {
    QTest::addColumn<int>("how");
    QTest::newRow("by its title") << 0;
    QTest::newRow("by its button") << 1;
    QTest::newRow("by the key") << 2;
  }
  void aCompanionBecomesTheHero() {
    QFETCH(int, how);
    const Catalog& catalog = loadCatalog();
    ExperimentPanel panel(catalog.experiment("optimizer-race"), catalog.runtime(), Appearance{});
    panel.resize(1060, 720);
    panel.show();
    panel.activateWindow();
    QCoreApplication::processEvents();
    ViewFrame* const hero = panel.arrangement().hero();
    ViewFrame* companion = nullptr;
    for (ViewFrame* frame : panel.frames())
      if (frame->isVisible() && frame != hero) companion = frame;
    QVERIFY(companion);
    const double before = areaOf(*companion);
    if (how == 0) {
      QTest::mouseClick(companion->findChild<QLabel*>(), Qt::LeftButton);
    } else if (how == 1) {
      for (auto* button : companion->findChildren<QToolButton*>())
        if (button->accessibleName().endsWith("Show large")) button->click();
    } else {
      companion->view().setFocus();
      QTest::keyClick(&companion->view(), Qt::Key_H);
    }
    QTRY_COMPARE(panel.arrangement().hero(), companion);
    QTRY_VERIFY(areaOf(*companion) > 1.5 * before && areaOf(*hero) < areaOf(*companion));
    panel.arrangement().arrangeAsAtFirst();
    QCOMPARE(panel.arrangement().hero(), hero);
  }

  void onlyWhatThePresetNamesIsSaidBesideTheVerdict() {
    const Catalog& catalog = loadCatalog();
    for (const Lesson& lesson : catalog.lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        for (const Preset& preset : spec->presets)
          for (const ViewSpec* view : viewsAtFirst(*spec, preset.name))
            QVERIFY(view->id == "verdict" ||
                    std::count(preset.views.begin(), preset.views.end(), view->id) > 0);
  }
};

QTEST_MAIN(HeroTest)
#include "hero_test.moc"
