// SPDX-License-Identifier: GPL-3.0-or-later
// Presenting with a laptop and a projector: the lab on one screen, the teacher's desk on the other.
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/presenter.h"

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
    QSignalSpy ready(window_.get(), &MainWindow::ready);
    window_->show();
    if (!window_->isReady()) QVERIFY(ready.wait(20000));
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

  void afterwardsThereIsOneWindowOnTheLaptopAgain() {
    window_->present(false);
    QVERIFY(!window_->findChild<PresenterDesk*>());
    QVERIFY(!window_->isFullScreen());
    QTRY_COMPARE(window_->screen(), QGuiApplication::primaryScreen());
  }

  void cleanupTestCase() { window_.reset(); }
};

int main(int argc, char** argv) {
  const QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
  QFile screens(home.filePath("screens.json"));
  if (!screens.open(QIODevice::WriteOnly)) return 1;
  screens.write(R"({"synchronousWindowSystemEvents": true, "windowFrameMargins": false, "screens": [
    {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 800,
     "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
    {"name": "projector", "x": 1280, "y": 0, "width": 1024, "height": 768,
     "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
  screens.close();
  qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screens.fileName().toLocal8Bit());
  QApplication application(argc, argv);
  TwoScreensTest test;
  return QTest::qExec(&test, argc, argv);
}

#include "two_screens_test.moc"
