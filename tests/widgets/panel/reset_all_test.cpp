// SPDX-License-Identifier: GPL-3.0-or-later
// "Reset all": one step, taken back and repeated as one.
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include "tests/fakes/fake_experiment.h"
#include "tests/widgets/panel/lab.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;
using namespace viva::fakes;

namespace {

struct Lab : PanelOnScreen {
  void type(const char* name, const QString& text) {
    panel.parameterPanel().reveal(name);
    auto* line = panel.parameterPanel().control(name)->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
  }
  void resetAll() { QTest::mouseClick(panel.parameterPanel().resetAllButton(), Qt::LeftButton); }
  bool isAsThePreset() {
    return panel.parameters() == fakeSpec().parametersOf(panel.preset()) && differing() == 0;
  }
  int differing() {
    int count = 0;
    for (const ParameterSpec& spec : fakeSpec().parameters)
      count += panel.parameterPanel().control(spec.name)->differs();
    return count;
  }
};

}  // namespace

class ResetAllTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

  void whatIsLiveGoesBackInTheRunThatGoesOn() {
    Lab lab;
    lab.panel.runner().stepForward(3);
    QTRY_COMPARE(lab.state().step, 3);
    lab.type("rate", "0.5");
    lab.type("noise", "1");
    QTRY_COMPARE(lab.state().events.size(), std::size_t(2));
    const auto generation = lab.state().generation;
    lab.resetAll();
    QVERIFY(lab.isAsThePreset());
    QTRY_COMPARE(lab.state().events.size(), std::size_t(4));
    QCOMPARE(lab.state().generation, generation);
    QCOMPARE(lab.state().step, 3);
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 4);
    QCOMPARE(probe().last_applied_rate, 0.05);
  }

  void itIsOneChangeToTakeBackAndToRepeat() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    lab.type("rate", "0.5");
    lab.type("noise", "1");
    lab.type("start", "7,1");
    QCOMPARE(lab.panel.changes().count(), 3);
    const Parameters changed = lab.panel.parameters();
    lab.resetAll();
    QVERIFY(lab.isAsThePreset());
    QCOMPARE(lab.panel.changes().count(), 4);
    lab.panel.changes().undo();
    QVERIFY(lab.panel.parameters() == changed);
    QCOMPARE(lab.differing(), 3);
    lab.panel.changes().redo();
    QVERIFY(lab.isAsThePreset());
    lab.panel.changes().undo();
    lab.panel.changes().undo();  // and on to the change before
    QCOMPARE(lab.differing(), 2);
  }

  void whatNeedsANewRunBeginsOneAndOnlyOne() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    lab.type("start", "7,1");
    lab.type("rate", "0.5");
    QTRY_COMPARE(lab.state().generation, lab.panel.runner().newestGeneration());
    QTRY_COMPARE(lab.state().records.rows(), 1);
    const auto before = lab.panel.runner().newestGeneration();
    lab.resetAll();
    QCOMPARE(lab.panel.runner().newestGeneration(), before + 1);
    QTRY_COMPARE(lab.state().generation, before + 1);
    QTRY_COMPARE(lab.state().records.rows(), 1);
    QCOMPARE(lab.state().records.at(0, 0), 4.0);
    QVERIFY(lab.state().events.empty());
  }

  void aRunThatPlaysGoesOnPlaying() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    lab.type("start", "7,1");
    lab.panel.runner().setSpeed(20);
    lab.panel.play();
    QTRY_VERIFY(lab.state().playing);
    const auto before = lab.panel.runner().newestGeneration();
    lab.resetAll();
    QTRY_COMPARE(lab.state().generation, before + 1);
    QTRY_VERIFY(lab.state().playing && lab.state().step > 0);
  }

  void anotherPresetHasOtherControlsFirst() {
    Lab lab;
    QVERIFY(lab.panel.parameterPanel().first() ==
            (std::vector<std::string>{"rate", "noise", "burden"}));
    RunSettings settings = lab.panel.settings();
    settings.preset = "";
    lab.panel.open(settings);
    QCOMPARE(lab.panel.parameterPanel().first().size(), std::size_t(5));
    lab.panel.openPreset("wild");
    QCOMPARE(lab.panel.parameterPanel().first().size(), std::size_t(3));
    QVERIFY(!lab.panel.parameterPanel().resetAllButton()->isEnabled());
  }
};

QTEST_MAIN(ResetAllTest)
#include "reset_all_test.moc"
