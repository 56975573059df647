// SPDX-License-Identifier: GPL-3.0-or-later
// A whole plan in front of a class with nothing but the keys of a clicker, sent to whatever has the
// focus and to the second window.
#include <QLabel>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QtTest>

#include "app/study/study_store.h"
#include "app/window/lesson_page.h"
#include "app/window/main_window.h"
#include "app/window/plan_pane.h"
#include "app/window/presenter.h"
#include "app/window/presenter_line.h"
#include "tests/app/window/laptop_and_projector.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/comparison.h"
#include "widgets/panel/timeline.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/study/demo_pane.h"

using namespace viva;
using Stage = DemoPane::Stage;

class ClickerTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  std::unique_ptr<MainWindow> window_;
  bool from_desk_ = false;

  ExperimentPanel& panel() { return *window_->page().panel(); }
  DemoPane& demo() { return *window_->page().demo(); }
  const RunState& state() { return panel().runner().state(); }
  bool isSettled() { return viva::isSettled(*window_); }
  PresenterDesk* desk() { return window_->findChild<PresenterDesk*>(); }
  void press(Qt::Key key) {
    QWidget* window = from_desk_ ? static_cast<QWidget*>(desk()) : window_.get();
    QTest::keyClick(window->focusWidget() ? window->focusWidget() : window, key);
  }
  static LabLink link(const char* experiment, const char* preset) {
    LabLink made;
    made.experiment = experiment;
    made.preset = preset;
    return made;
  }
  /// Question, run, reveal with three presses of one key.
  void goThroughTheDemo(const char* preset) {
    QVERIFY(demo().isOpen());
    QCOMPARE(demo().preset(), QString(preset));
    QCOMPARE(demo().stage(), Stage::Predict);
    press(Qt::Key_PageDown);
    QCOMPARE(demo().stage(), Stage::Run);
    press(Qt::Key_PageDown);  // to its end, without waiting
    QTRY_COMPARE_WITH_TIMEOUT(demo().stage(), Stage::Reveal, 60000);
  }
  QString writePlanOf(const std::vector<PlanStep>& steps) {
    const QString path = home_.filePath("class.viva-plan");
    writePlan(path, {"A class", steps});
    return path;
  }
  void keepPicture(const char* name) {
    const QString folder = qEnvironmentVariable("VIVA_PICTURES");
    if (folder.isEmpty()) return;
    for (int pass = 0; pass < 3; ++pass) QCoreApplication::processEvents();
    QVERIFY(window_->grab().save(folder + "/" + name));
  }

 private Q_SLOTS:
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.language = "en";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showUntilReady(*window_));
    QTRY_VERIFY(isSettled());
  }
  void cleanup() { window_.reset(); }

  void aWholePlanRunsWithOneKey_data() {
    QTest::addColumn<bool>("from_desk");
    QTest::newRow("to what has the focus") << false;
    QTest::newRow("to the second window") << true;
  }
  void aWholePlanRunsWithOneKey() {
    QFETCH(bool, from_desk);
    LabLink changed = link("optimizer-race", "ravine-zigzag");
    changed.settings = {{"momentum.beta", "0.5"}};
    LabLink halfway = link("optimizer-race", "adagrad-stalls");
    halfway.step = 30;
    window_->openPlan(writePlanOf({{"Zigzag", link("optimizer-race", "ravine-zigzag")},
                                   {"Less momentum", changed},
                                   {"Halfway", halfway},
                                   {"Classes", link("loss-race", "label-smoothing")}}));
    window_->present(true);
    from_desk_ = from_desk;
    QVERIFY(desk());
    QVERIFY(!demo().isOpen());
    press(Qt::Key_PageDown);
    goThroughTheDemo("ravine-zigzag");
    keepPicture("reveal.png");
    QVERIFY(window_->study().predictions().empty());
    press(Qt::Key_PageDown);
    // A state of one's own is no question: it stands ready, runs, and is followed by the next.
    QCOMPARE(window_->plan().step(), std::size_t{1});
    QVERIFY(!demo().isOpen());
    QTRY_VERIFY(isSettled());
    QVERIFY(!state().playing);
    press(Qt::Key_PageDown);
    QTRY_VERIFY(state().playing);
    QCOMPARE(window_->plan().step(), std::size_t{1});
    press(Qt::Key_PageDown);
    QCOMPARE(window_->plan().step(), std::size_t{2});
    QTRY_VERIFY(isSettled() && state().step == 30);
    press(Qt::Key_PageDown);
    QCOMPARE(window_->plan().step(), std::size_t{3});
    QCOMPARE(panel().spec().id, std::string("loss-race"));
    goThroughTheDemo("label-smoothing");
    press(Qt::Key_PageDown);
    QCOMPARE(window_->plan().step(), std::size_t{3});
    QCOMPARE(window_->presenterLine()->text(), QString("That was the last step."));
    press(Qt::Key_PageUp);
    QCOMPARE(window_->plan().step(), std::size_t{2});
    press(Qt::Key_PageUp);
    press(Qt::Key_PageUp);
    QCOMPARE(window_->plan().step(), std::size_t{0});
    QCOMPARE(demo().stage(), Stage::Predict);
    press(Qt::Key_PageUp);
    QCOMPARE(window_->presenterLine()->text(), QString("This is the first step."));
  }

  void withoutAPlanTheLessonIsGoneThrough() {
    window_->present(true);
    from_desk_ = false;
    const auto& presets = panel().spec().presets;
    press(Qt::Key_PageDown);
    goThroughTheDemo(presets[0].name.c_str());
    press(Qt::Key_PageDown);
    goThroughTheDemo(presets[1].name.c_str());
  }

  void spaceRunsWhatWasAsked() {
    window_->present(true);
    press(Qt::Key_PageDown);
    QCOMPARE(demo().stage(), Stage::Predict);
    press(Qt::Key_Space);
    QCOMPARE(demo().stage(), Stage::Run);
  }

  void theQuestionFitsAndNothingElseIsAsked() {
    window_->present(true);
    for (const Preset& preset : panel().spec().presets) {
      const QString name = QString::fromStdString(preset.name);
      if (!demo().has(name)) continue;
      demo().begin(name);
      QCoreApplication::processEvents();
      const auto* scroll = demo().findChild<QScrollArea*>();
      QVERIFY2(scroll->verticalScrollBar()->maximum() == 0, preset.name.c_str());
      for (const QLabel* label : demo().findChildren<QLabel*>())
        QVERIFY(!(label->isVisible() && label->text().contains("sure")));
    }
    keepPicture("question.png");
  }

  void theKeysAreSaidAndFadeAndComeBack() {
    window_->present(true);
    PresenterLine* line = window_->presenterLine();
    QVERIFY(line && line->isVisible());
    QCOMPARE(line->window(), static_cast<QWidget*>(desk()));
    QVERIFY(line->text().contains("Page Down") && line->text().contains("F1"));
    QVERIFY(desk()->rect().contains(line->geometry()));
    line->fade();
    QVERIFY(line->isVisible());
    QTRY_VERIFY(!line->isVisible());
    for (const Qt::Key key : {Qt::Key_F1, Qt::Key_Question}) {
      press(key);
      QVERIFY(line->isVisible());
      press(key);
      QTRY_VERIFY(!line->isVisible());
    }
    QVERIFY(!QApplication::activeModalWidget());
    window_->present(false);
    QVERIFY(!window_->presenterLine());
  }

  void withReducedMotionTheKeysAreGoneAtOnce() {
    QWidget over;
    over.resize(400, 300);
    over.show();
    PresenterLine line(&over);
    line.say("keys", true);
    QVERIFY(line.isVisible());
    line.fade();
    QVERIFY(!line.isVisible());
  }

  void stepAndProgressAreReadFromTheLastRow() {
    const auto label = [&]() -> QLabel* {
      for (QLabel* each : panel().timeline().findChildren<QLabel*>())
        if (each->text().contains("step")) return each;
      return nullptr;
    };
    const int before = QFontInfo(label()->font()).pixelSize();
    window_->present(true);
    QVERIFY(label() && label()->isVisible());
    QTRY_VERIFY(QFontInfo(label()->font()).pixelSize() >= 2 * before);
    QVERIFY(panel().timeline().findChild<QSlider*>()->isVisible());
    panel().runner().stepForward(12);
    QTRY_VERIFY(label()->text().contains("12"));
    QTRY_VERIFY([&] {
      for (const QLabel* each : desk()->findChildren<QLabel*>())
        if (each->text().contains("step 12")) return true;
      return false;
    }());
    window_->present(false);
    QTRY_COMPARE(QFontInfo(label()->font()).pixelSize(), before);
  }

  void theTypeGrowsWithTheScreen() {
    window_->present(true);
    const double height = window_->screen()->size().height();
    QVERIFY(window_->appearance().font_scale >= std::min(3.0, 1.5 * height / 768) - 1e-9);
  }

  void pinsAndDifferencesOfThePreparationStayAtHome() {
    panel().runner().stepForward(20);
    QTRY_COMPARE(state().step, 20);
    panel().pinRun();
    QTRY_COMPARE(panel().comparison().pinned().size(), std::size_t{1});
    panel().comparison().setDifference(true);
    QVERIFY(panel().comparison().isDifference());
    window_->present(true);
    QVERIFY(panel().comparison().pinned().empty());
    QVERIFY(!panel().comparison().isDifference());
    QVERIFY(!panel().comparison().isVisible());
    for (const ViewFrame* frame : panel().frames())
      for (const LegendEntry& entry : frame->view().legend()) QVERIFY(!entry.run);
    // What is pinned in front of the class is seen there, and both are there afterwards.
    panel().pinRun();
    QTRY_COMPARE(panel().comparison().pinned().size(), std::size_t{1});
    QVERIFY(panel().comparison().isVisible());
    window_->present(false);
    const auto& pinned = panel().comparison().pinned();
    QCOMPARE(pinned.size(), std::size_t{2});
    QVERIFY(pinned[0].place != pinned[1].place);
    QVERIFY(panel().comparison().isDifference());
  }

  void whatWasTriedSinceAStepWasOpenedStaysAtHome() {
    window_->openPlan(writePlanOf({{"Zigzag", link("optimizer-race", "ravine-zigzag")}}));
    QTRY_VERIFY(isSettled());
    const Parameters before = panel().parameters();
    Q_EMIT panel().parameterPanel().edited("momentum.beta", 0.5, true);
    QVERIFY(!(panel().parameters().value("momentum.beta") == before.value("momentum.beta")));
    window_->present(true);
    QVERIFY(panel().parameters().value("momentum.beta") == before.value("momentum.beta"));
  }
};

int main(int argc, char** argv) {
  return viva::runWithProjector<ClickerTest>({1920, 1080}, argc, argv);
}

#include "clicker_test.moc"
