// SPDX-License-Identifier: GPL-3.0-or-later
// Presenting with a laptop and a projector: the lab on one screen, the teacher's desk on the other.
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"
#include "tests/app/window/laptop_and_projector.h"
#include "tests/app/window/open_window.h"
#include "widgets/study/demo_pane.h"

using namespace viva;

class TwoScreensTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<MainWindow> window_;

  /// With VIVA_PICTURES, a folder, what either screen shows is kept to be looked at.
  void keepPicture(QWidget& widget, const char* name) const {
    const QString folder = qEnvironmentVariable("VIVA_PICTURES");
    if (!folder.isEmpty()) QVERIFY(widget.grab().save(folder + "/" + name));
  }

 private Q_SLOTS:
  void initTestCase() {
    if (QGuiApplication::screens().size() < 2) QSKIP("this Qt cannot be told of a second screen");
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.experiment = "optimizer-race";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
  }

  void theLabGoesToTheProjectorAndTheDeskStaysOnTheLaptop() {
    QScreen* laptop = window_->screen();
    window_->present(true);
    auto* desk = window_->findChild<PresenterDesk*>();
    QVERIFY(desk && desk->isVisible());
    QCOMPARE(desk->screen(), laptop);
    QTRY_VERIFY(window_->screen() != laptop);
    QVERIFY(window_->isFullScreen());
    QCOMPARE(window_->geometry(), window_->screen()->geometry());
    QVERIFY(laptop->geometry().contains(desk->geometry()));
  }

  void bothGoOnTogetherFromEitherScreen() {
    auto* desk = window_->findChild<PresenterDesk*>();
    QVERIFY(desk);
    const auto shown = [&] {
      QStringList texts;
      for (const QLabel* label : desk->findChildren<QLabel*>()) texts << label->text();
      return texts;
    };
    const QStringList at_first = shown();
    QTest::keyClick(window_.get(), Qt::Key_PageDown);
    QTRY_VERIFY(shown() != at_first);
    keepPicture(*desk, "desk.png");
    keepPicture(*window_, "projector.png");
    const QStringList at_the_second = shown();
    desk->findChildren<QPushButton*>().back()->click();
    QTRY_VERIFY(shown() != at_the_second);
  }

  void bothWindowsObeyTheClickerAndTheMenusKeys() {
    auto* desk = window_->findChild<PresenterDesk*>();
    QVERIFY(desk);
    ExperimentPanel& panel = *window_->page().panel();
    desk->activateWindow();
    QList<QWidget*> places = {desk};
    for (QWidget* widget : desk->findChildren<QWidget*>())
      if (widget->isVisible() && widget->focusPolicy() != Qt::NoFocus) places << widget;
    QVERIFY(places.size() > 3);
    for (QWidget* place : places) {
      place->setFocus();
      for (const Qt::Key key : {Qt::Key_B, Qt::Key_Period, Qt::Key_L, Qt::Key_D}) {
        QTest::keyClick(place, key);
        QVERIFY(window_->overlay().mode() != PresenterOverlay::Mode::Nothing);
        QTest::keyClick(place, Qt::Key_Escape);
        QCOMPARE(window_->overlay().mode(), PresenterOverlay::Mode::Nothing);
      }
      const std::string preset = panel.preset();
      const auto stage = window_->page().demo()->stage();
      QTest::keyClick(place, Qt::Key_PageDown);
      QVERIFY(window_->page().panel()->preset() != preset ||
              window_->page().demo()->stage() != stage || window_->page().demo()->isOpen());
      QTest::keyClick(place, Qt::Key_PageUp);
    }
    QVERIFY(window_->isPresenting());
    window_->page().demo()->leave();
    panel.openPreset("ravine-zigzag");
    Runner& runner = panel.runner();
    QTRY_VERIFY(runner.state().generation == runner.newestGeneration() &&
                runner.state().records.rows() == 1);
    const auto playing = [&] { return runner.state().playing; };
    QVERIFY(!playing());
    desk->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), static_cast<QWidget*>(desk));
    QTest::keyClick(desk, Qt::Key_P, Qt::ControlModifier);
    QTRY_VERIFY(playing());
    QTest::keyClick(desk, Qt::Key_Space);
    QTRY_VERIFY(!playing());
    QTest::keyClick(desk, Qt::Key_F5);
    QVERIFY(!window_->isPresenting());
    window_->present(true);
  }

  void afterwardsThereIsOneWindowOnTheLaptopAgain() {
    window_->present(false);
    QVERIFY(!window_->findChild<PresenterDesk*>());
    QVERIFY(!window_->isFullScreen());
    QTRY_COMPARE(window_->screen(), QGuiApplication::primaryScreen());
  }

  void cleanupTestCase() { window_.reset(); }
};

int main(int argc, char** argv) {
  return viva::runWithProjector<TwoScreensTest>({1024, 768}, argc, argv);
}

#include "two_screens_test.moc"
