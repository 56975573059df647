// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>
#include <limits>

#include "tests/fakes/fake_experiment.h"
#include "widgets/parameters/number_scale.h"

using namespace viva;
using namespace viva::fakes;

namespace {

QLineEdit* lineOf(ParameterPanel& panel, const char* name) {
  return panel.control(name)->findChild<QLineEdit*>();
}

/// The list that a combo box drops down is named by the box.
bool isInsideComboBox(const QWidget* part) {
  for (part = part->parentWidget(); part; part = part->parentWidget())
    if (part->inherits("QComboBox")) return true;
  return false;
}

void type(QLineEdit* line, const QString& text) {
  line->selectAll();
  QTest::keyClicks(line, text);
  QTest::keyClick(line, Qt::Key_Return);
}

}  // namespace

class ParameterPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyParameterHasAControlWithAccessibleNames() {
    ParameterPanel panel(fakeSpec());
    panel.setWords(Words::in(Language::English));
    for (const ParameterSpec& spec : fakeSpec().parameters) {
      ParameterControl* control = panel.control(spec.name);
      QVERIFY2(control, spec.name.c_str());
      for (QWidget* part : control->findChildren<QWidget*>())
        if (part->focusPolicy() & Qt::TabFocus && !isInsideComboBox(part))
          QVERIFY2(!part->accessibleName().isEmpty(), spec.name.c_str());
    }
  }

  void anExactEntryIsTakenToTheLastDigit() {
    ParameterPanel panel(fakeSpec());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    type(lineOf(panel, "rate"), "0.123456789012345");
    QCOMPARE(edited.count(), 1);
    QCOMPARE(std::get<double>(edited[0][1].value<Value>()), 0.123456789012345);
    QVERIFY(edited[0][2].toBool());
  }

  void smallNumbersAreWrittenAsPeopleWriteThem() {
    ParameterPanel panel(fakeSpec());
    Parameters parameters(fakeSpec().parameters);
    for (const auto& [value, shown] :
         {std::pair{5e-4, "0.0005"}, {0.25, "0.25"}, {1.5e-5, "1.5e-5"}}) {
      parameters.set("rate", value);
      panel.setValues(parameters);
      QCOMPARE(lineOf(panel, "rate")->text(), QString(shown));
    }
  }

  void aLongNumberIsSeenWhole() {
    ParameterPanel panel(fakeSpec());
    panel.setWords(Words::in(Language::English));
    panel.resize(345, 600);
    panel.show();
    QLineEdit* line = lineOf(panel, "rate");
    type(line, "0.123456789012345");
    panel.grab();  // lays out
    QVERIFY(line->width() > line->fontMetrics().horizontalAdvance(line->text()));
  }

  void nonsenseIsRefusedInWordsAndTheValueStays_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"abc", "", "nan", "inf", "-1", "3", "1e999", "0.1.2"})
      QTest::newRow(*text ? text : "empty") << text;
  }
  void nonsenseIsRefusedInWordsAndTheValueStays() {
    QFETCH(QString, text);
    ParameterPanel panel(fakeSpec());
    panel.setWords(Words::in(Language::English));
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    QLineEdit* line = lineOf(panel, "rate");
    line->selectAll();
    QTest::keyClick(line, Qt::Key_Delete);
    type(line, text);
    QCOMPARE(edited.count(), 0);
    const auto* problem = panel.control("rate")->findChild<QLabel*>("problem");
    QVERIFY(!problem->isHidden());
    QVERIFY(problem->text().contains("rate"));
  }

  void escapeTakesTheLastGoodValueBack() {
    ParameterPanel panel(fakeSpec());
    QLineEdit* line = lineOf(panel, "rate");
    line->selectAll();
    QTest::keyClicks(line, "junk");
    QTest::keyClick(line, Qt::Key_Escape);
    QCOMPARE(line->text(), "0.1");
  }

  void aDraggedSliderSaysSoUntilItIsLetGo() {
    ParameterPanel panel(fakeSpec());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    auto* slider = panel.control("rate")->findChild<QSlider*>();
    slider->setSliderDown(true);
    slider->setSliderPosition(slider->maximum() / 2);
    QVERIFY(edited.count() >= 1);
    QVERIFY(!edited.last()[2].toBool());
    slider->setSliderDown(false);
    QVERIFY(edited.last()[2].toBool());
    QCOMPARE(lineOf(panel, "rate")->text(),
             QString::fromStdString(formatValue(edited.last()[1].value<Value>())));
  }

  void aValueThatDiffersFromThePresetIsMarkedAndCanBeReset() {
    ParameterPanel panel(fakeSpec());
    panel.setWords(Words::in(Language::English));
    panel.setBaseline(fakeParameters({{"rate", "0.05"}}));
    ParameterControl* control = panel.control("rate");
    QVERIFY(control->differs());
    auto* reset = control->findChild<QToolButton*>();
    QVERIFY(!reset->isHidden());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    reset->click();
    QCOMPARE(std::get<double>(edited.last()[1].value<Value>()), 0.05);
    QVERIFY(!control->differs());
    QVERIFY(reset->isHidden());
  }

  void choicesAndTogglesAreEdited() {
    ParameterPanel panel(fakeSpec());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    panel.control("second")->findChild<QCheckBox*>()->click();
    QCOMPARE(edited.last()[1].value<Value>(), Value(true));
    auto* box = panel.control("shape")->findChild<QComboBox*>();
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(edited.last()[1].value<Value>(), Value(Choice{"saddle"}));
  }

  void distributionsAndPointsAreTypedAsText() {
    ParameterPanel panel(fakeSpec());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    type(lineOf(panel, "start"), "1.5,-2");
    QCOMPARE(edited.last()[1].value<Value>(), Value(Point{1.5, -2}));
    type(lineOf(panel, "weights"), "0.5,0.25,0.25");
    QCOMPARE(edited.last()[1].value<Value>(), Value(Distribution{{0.5, 0.25, 0.25}}));
    const auto count = edited.count();
    type(lineOf(panel, "weights"), "0.5,0.6");
    QCOMPARE(edited.count(), count);
  }

  void freeTextWrapsAndIsTakenWithEnterOrLeft() {
    ParameterPanel panel(fakeSpec());
    panel.setUnfolded(true);
    panel.resize(260, 400);
    panel.show();
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    auto* text = panel.control("title")->findChild<QPlainTextEdit*>();
    QVERIFY(text);
    QTRY_VERIFY(text->height() < 2 * text->fontMetrics().lineSpacing() + 20);
    const int one_line = text->height();
    text->setFocus();
    QTest::keyClicks(text, "a stack of many layers that does not fit on a line of this panel");
    QTRY_VERIFY(text->height() > one_line);
    QCOMPARE(edited.count(), 0);
    QTest::keyClick(text, Qt::Key_Escape);
    QCOMPARE(text->toPlainText(), QString());
    QTest::keyClicks(text, "one");
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(edited.last()[1].value<Value>(), Value(Text{"one"}));
    QTest::keyClicks(text, "two ");
    QTest::keyClick(text, Qt::Key_Tab);
    QCOMPARE(edited.count(), 2);
    QVERIFY(!text->hasFocus());
    // Closing with something half typed.
    text->setFocus();
    QTest::keyClicks(text, "three");
  }

  void hiddenControlsAreNotShown() {
    ParameterPanel panel(fakeSpec());
    panel.setHidden({"rate"});
    QVERIFY(panel.control("rate")->isHidden());
    QVERIFY(!panel.control("noise")->isHidden());
  }

  void sliderPositionsCoverTheRangeAndAreMonotonic_data() {
    QTest::addColumn<int>("spec");
    for (int i = 0; i < 5; ++i) QTest::addRow("%d", i) << i;
  }
  void sliderPositionsCoverTheRangeAndAreMonotonic() {
    QFETCH(int, spec);
    const ParameterSpec specs[] = {real("a", 1).range(1e-6, 10).logarithmic(),
                                   real("b", 0).range(0, 10).logarithmic(),
                                   real("c", 0).range(-2, 3).stepping(0.1),
                                   integer("d", 1).range(1, 100), real("e", 0.5).range(0, 1)};
    const NumberScale scale(specs[spec]);
    QVERIFY(scale.isBounded());
    QCOMPARE(scale.valueAt(0), specs[spec].minimum);
    QCOMPARE(scale.valueAt(scale.positions()), specs[spec].maximum);
    for (int position = 1; position <= scale.positions(); ++position) {
      QVERIFY(scale.valueAt(position) >= scale.valueAt(position - 1));
      QVERIFY(std::abs(scale.positionOf(scale.valueAt(position)) - position) <= 1);
    }
  }

  void anOpenRangeHasNoSlider() { QVERIFY(!NumberScale(real("x", 0)).isBounded()); }
};

QTEST_MAIN(ParameterPanelTest)
#include "parameter_panel_test.moc"
