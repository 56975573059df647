// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of a claim come first, the others are folded, all go back at once.
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QtTest>
#include <algorithm>

#include "lessons/core/error.h"
#include "tests/fakes/fake_experiment.h"
#include "widgets/parameters/claim_parameters.h"
#include "widgets/parameters/parameter_panel.h"

using namespace viva;
using namespace viva::fakes;

namespace {

using Names = std::vector<std::string>;

ExperimentSpec specOf(std::vector<ParameterSpec> parameters, std::vector<Preset> presets = {}) {
  ExperimentSpec spec;
  spec.id = "fake-descent";
  spec.parameters = std::move(parameters);
  spec.presets = std::move(presets);
  return spec;
}

/// `a` to `h`, of which `d`, `f` and `h` are live.
std::vector<ParameterSpec> eight() {
  std::vector<ParameterSpec> made;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    ParameterSpec one = real(name, 0).range(0, 1);
    if (std::string("dfh").find(*name) != std::string::npos) one.effect = Effect::Live;
    made.push_back(std::move(one));
  }
  return made;
}

/// On screen, with the keyboard.
struct Shown {
  ParameterPanel panel;
  explicit Shown(const ExperimentSpec& spec = fakeSpec(), const char* preset = "calm",
                 QSize size = {345, 900})
      : panel(spec) {
    panel.setWords(Words::in(Language::English));
    panel.setPreset(preset);
    panel.resize(size);
    panel.show();
    panel.activateWindow();
    if (!QTest::qWaitForWindowActive(&panel)) qWarning("the window has not become active");
  }
};

template <typename Part>
Part* partOf(ParameterPanel& panel, const char* name) {
  return panel.control(name)->findChild<Part*>();
}

int topOf(const QWidget* part, const ParameterPanel& panel) {
  return part->mapTo(panel.widget(), QPoint()).y();
}

}  // namespace

class ClaimControlsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatThePresetSetsComesFirstInOrderOfDeclaration() {
    const auto spec = specOf(eight(), {preset("p").with({{"g", "1"}, {"b", "1"}, {"e", "1"}})});
    QCOMPARE(claimParameters(spec, "p"), (Names{"b", "e", "g"}));
  }

  void noMoreThanFiveComeFirst() {
    const auto spec = specOf(
        eight(),
        {preset("p").with(
            {{"h", "1"}, {"g", "1"}, {"f", "1"}, {"e", "1"}, {"d", "1"}, {"c", "1"}, {"b", "1"}})});
    QCOMPARE(claimParameters(spec, "p"), (Names{"b", "c", "d", "e", "f"}));
  }

  void fewAreFilledUpToThreeWithWhatChangesARunningExperiment() {
    const auto spec = specOf(eight(), {preset("p").with({{"e", "1"}}), preset("none")});
    QCOMPARE(claimParameters(spec, "p"), (Names{"d", "e", "f"}));
    QCOMPARE(claimParameters(spec, "none"), (Names{"d", "f", "h"}));
    std::vector<ParameterSpec> parameters = eight();
    for (ParameterSpec& parameter : parameters) parameter.effect = Effect::Restart;
    QCOMPARE(claimParameters(specOf(parameters, {preset("p").with({{"e", "1"}})}), "p"),
             (Names{"a", "b", "e"}));
  }

  void whatIsNotRelevantToThePresetDoesNotComeFirst() {
    std::vector<ParameterSpec> parameters = eight();
    for (const std::size_t i : {0u, 3u})
      parameters[i].relevance = ParameterSpec::Relevance{"c", {"0.5"}};
    const auto spec =
        specOf(parameters, {preset("p").with({{"a", "1"}, {"b", "1"}}),
                            preset("q").with({{"a", "1"}, {"b", "1"}, {"c", "0.5"}})});
    QCOMPARE(claimParameters(spec, "p"), (Names{"b", "f", "h"}));
    QCOMPARE(claimParameters(spec, "q"), (Names{"a", "b", "c"}));
    QCOMPARE(claimParameters(spec, ""), (Names{"b", "c", "e", "f", "g"}));
    QVERIFY_EXCEPTION_THROWN(claimParameters(spec, "nobody"), RequestError);
  }

  void theClaimsControlsStandAboveTheFoldAndTheOthersAreFoldedAway() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    QCOMPARE(panel.first(), (Names{"rate", "noise", "burden"}));
    const int fold = topOf(panel.foldButton(), panel);
    for (const ParameterSpec& spec : fakeSpec().parameters) {
      const bool first = std::count(panel.first().begin(), panel.first().end(), spec.name) > 0;
      QCOMPARE(panel.control(spec.name)->isVisible(), first);
      if (first) QVERIFY(topOf(panel.control(spec.name), panel) < fold);
    }
    panel.setUnfolded(true);
    QTRY_VERIFY(topOf(panel.control("title"), panel) > fold);
    for (const ParameterSpec& spec : fakeSpec().parameters)
      QVERIFY2(panel.control(spec.name)->isVisible(), spec.name.c_str());
  }

  void theFoldIsOpenedByKeyAndByMouseAndSaysSo() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    QSignalSpy changed(&panel, &ParameterPanel::unfoldedChanged);
    panel.foldButton()->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QVERIFY(panel.isUnfolded() && panel.control("title")->isVisible());
    QTest::mouseClick(panel.foldButton(), Qt::LeftButton);
    QVERIFY(!panel.isUnfolded() && !panel.control("title")->isVisible());
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed[0][0].toBool(), true);
    QCOMPARE(changed[1][0].toBool(), false);
    panel.setUnfolded(true);  // what is remembered is the user's doing
    QCOMPARE(changed.size(), 2);
    QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(panel.foldButton());
    QCOMPARE(heard->text(QAccessible::Name), QString("All parameters"));
    QVERIFY(heard->state().checkable && heard->state().checked);
    QVERIFY(!heard->text(QAccessible::Description).isEmpty());
  }

  void sixParametersNeedNoFold() {
    std::vector<ParameterSpec> six = eight();
    six.resize(6);
    const ExperimentSpec spec = specOf(std::move(six));
    Shown shown(spec, "");
    QVERIFY(!shown.panel.foldButton()->isVisible());
    for (const ParameterSpec& parameter : spec.parameters)
      QVERIFY(shown.panel.control(parameter.name)->isVisible());
  }

  void anotherPresetMovesTheSameControls() {
    const auto spec = specOf(eight(), {preset("p").with({{"a", "1"}, {"b", "1"}, {"c", "1"}}),
                                       preset("q").with({{"c", "1"}, {"g", "1"}, {"h", "1"}})});
    Shown shown(spec, "p");
    ParameterPanel& panel = shown.panel;
    ParameterControl* const before = panel.control("h");
    panel.setPreset("q");
    QCOMPARE(panel.control("h"), before);
    QVERIFY(before->isVisible());
    QVERIFY(!panel.control("a")->isVisible());
    QTRY_VERIFY(topOf(panel.control("c"), panel) < topOf(panel.control("g"), panel) &&
                topOf(panel.control("g"), panel) < topOf(before, panel));
    panel.setPreset("p");
    panel.setUnfolded(true);
    QTRY_VERIFY(topOf(panel.control("d"), panel) > topOf(panel.foldButton(), panel));
    for (const char* names : {"de", "ef", "fg", "gh"}) {
      const std::string one(1, names[0]), next(1, names[1]);
      QVERIFY(topOf(panel.control(one), panel) < topOf(panel.control(next), panel));
    }
  }

  void tabVisitsTheControlsAsTheyAreSeen() {
    const auto spec = specOf(eight(), {preset("p").with({{"a", "1"}, {"f", "1"}, {"c", "1"}}),
                                       preset("q").with({{"c", "1"}, {"g", "1"}, {"b", "1"}})});
    for (const char* preset : {"p", "q"}) {
      Shown shown(spec, "p");
      ParameterPanel& panel = shown.panel;
      panel.setPreset(preset);
      panel.setUnfolded(true);
      QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
      panel.reveal(panel.first().front());
      QWidget* const begin = QApplication::focusWidget();
      QVERIFY(begin && panel.control(panel.first().front())->isAncestorOf(begin));
      int visited = 0, last = -1;
      for (QWidget* now = begin; visited < 100;) {
        // A control's parts stand in two lines: the control is what goes down.
        const auto* control = now;
        while (control != panel.foldButton() && !qobject_cast<const ParameterControl*>(control))
          control = control->parentWidget();
        QVERIFY(topOf(control, panel) >= last);
        last = topOf(control, panel);
        ++visited;
        QTest::keyClick(now, Qt::Key_Tab);
        now = QApplication::focusWidget();
        if (now == begin || now == panel.resetAllButton() || now == &panel) break;
      }
      QCOMPARE(visited, 8 * 2 + 1);  // sliders, entries and the fold
    }
  }

  void revealUnfoldsScrollsAndGivesTheKeyboard() {
    Shown shown(fakeSpec(), "calm", {300, 240});
    ParameterPanel& panel = shown.panel;
    QVERIFY(!panel.control("weights")->isVisible());
    panel.reveal("weights");
    QVERIFY(panel.isUnfolded());
    const auto is_in_sight = [&](const char* name) {
      const ParameterControl* control = panel.control(name);
      const QRect seen(control->mapTo(panel.viewport(), QPoint()), control->size());
      return panel.viewport()->rect().contains(seen);
    };
    QTRY_VERIFY(is_in_sight("weights"));
    QCOMPARE(QApplication::focusWidget(), partOf<QLineEdit>(panel, "weights"));
    panel.reveal("rate");
    QTRY_VERIFY(is_in_sight("rate"));
    panel.setHidden({"noise"});
    panel.reveal("noise");
    QVERIFY(!panel.control("noise")->isVisible());
  }

  void whatATeacherHidesIsNowhere() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    panel.setUnfolded(true);
    panel.setHidden({"rate", "start"});
    QVERIFY(!panel.control("rate")->isVisible() && !panel.control("start")->isVisible());
    panel.setPreset("wild");
    QVERIFY(!panel.control("rate")->isVisible() && !panel.control("start")->isVisible());
    Names others;
    for (const ParameterSpec& spec : fakeSpec().parameters)
      if (!std::count(panel.first().begin(), panel.first().end(), spec.name))
        others.push_back(spec.name);
    panel.setHidden(others);
    QVERIFY(!panel.foldButton()->isVisible());  // it would unfold nothing
  }

  void resetAllGivesThePresetsValuesInOneStep() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    const Parameters preset = fakeSpec().parametersOf("calm");
    panel.setBaseline(preset);
    panel.setValues(preset);
    QVERIFY(!panel.resetAllButton()->isEnabled());
    Parameters changed = preset;
    changed.set("rate", 0.5);
    changed.set("noise", 1.0);
    changed.set("shape", Choice{"saddle"});
    panel.setValues(changed);
    QVERIFY(panel.resetAllButton()->isEnabled());
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    std::vector<Parameters> given;
    connect(&panel, &ParameterPanel::resetAllPressed, &panel,
            [&](const Parameters& values) { given.push_back(values); });
    panel.resetAllButton()->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QCOMPARE(edited.size(), 0);
    QCOMPARE(given.size(), std::size_t(1));
    QVERIFY(given[0] == preset);
    QVERIFY(!panel.control("rate")->differs() && !panel.control("shape")->differs());
    QVERIFY(!panel.resetAllButton()->isEnabled());
  }

  void resetAllLeavesWhatATeacherHasHidden() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    panel.setBaseline(fakeSpec().parametersOf("calm"));
    panel.setValues(fakeParameters({{"rate", "0.5"}, {"noise", "1"}}));
    panel.setHidden({"noise"});
    Parameters given(fakeSpec().parameters);
    connect(&panel, &ParameterPanel::resetAllPressed, &panel,
            [&](const Parameters& values) { given = values; });
    panel.resetAllButton()->click();
    QCOMPARE(given.real("rate"), 0.05);
    QCOMPARE(given.real("noise"), 1.0);
    QVERIFY(!panel.resetAllButton()->isEnabled());
  }

  void theFoldTellsOfAChangeThatItHides() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    panel.setBaseline(fakeSpec().parametersOf("calm"));
    panel.setValues(fakeSpec().parametersOf("calm"));
    QVERIFY(!panel.foldButton()->text().startsWith(u'•'));
    panel.setValues(fakeParameters({{"rate", "0.05"}, {"start", "1,1"}}));
    QVERIFY(panel.foldButton()->text().startsWith(u'•'));
    QVERIFY2(panel.foldButton()->accessibleDescription().contains("preset: 1"),
             qPrintable(panel.foldButton()->accessibleDescription()));
  }

  void aControlOutsideItsGroupIsNamedWithIt() {
    std::vector<ParameterSpec> parameters = eight();
    parameters.push_back(real("sgd.lr", 0.1).range(1e-4, 1).logarithmic().live().grouped("sgd"));
    parameters.push_back(real("adam.lr", 0.1).range(1e-4, 1).logarithmic().live().grouped("adam"));
    const auto spec = specOf(parameters, {preset("p").with({{"sgd.lr", "0.2"}}),
                                          preset("q").with({{"a", "1"}, {"b", "1"}, {"c", "1"}})});
    Shown shown(spec, "p");
    ParameterPanel& panel = shown.panel;
    auto* label = partOf<WrappedLabel>(panel, "sgd.lr");
    QCOMPARE(label->text(), QString("SGD · Learning rate"));
    QCOMPARE(partOf<QSlider>(panel, "sgd.lr")->accessibleName(),
             QString("SGD · Learning rate, slider"));
    panel.setPreset("q");
    QCOMPARE(label->text(), QString("Learning rate"));
    panel.setWords(Words::in(Language::Chinese));
    QVERIFY(!label->text().contains(u'·'));
    panel.setPreset("p");
    QVERIFY(label->text().contains(u'·'));
  }

  void aComplaintNamesTheParameterAsItsLabelDoes_data() {
    QTest::addColumn<QString>("typed");
    for (const char* typed : {"abc", "11", "nan", "1e999"}) QTest::newRow(typed) << typed;
  }
  void aComplaintNamesTheParameterAsItsLabelDoes() {
    QFETCH(QString, typed);
    const ExperimentSpec spec =
        specOf({real("optimizer.lr", 0.1).range(0, 10), real("lr", 0.1).range(0, 10)});
    for (const Language language : {Language::English, Language::Chinese}) {
      ParameterPanel panel(spec);
      panel.setWords(Words::in(language));
      auto* line = partOf<QLineEdit>(panel, "lr");
      line->selectAll();
      QTest::keyClicks(line, typed);
      QTest::keyClick(line, Qt::Key_Return);
      const auto* problem = panel.control("lr")->findChild<QLabel*>("problem");
      const QString label =
          QString::fromStdString(Words::in(language).of(spec.id, "parameter", "lr"));
      QVERIFY(label != "lr");
      QVERIFY2(problem->text().startsWith("⚠ " + label), qPrintable(problem->text()));
    }
  }

  void aClickOnTheLabelOfASwitchTurnsIt() {
    Shown shown;
    ParameterPanel& panel = shown.panel;
    panel.setUnfolded(true);
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    QTest::mouseClick(partOf<WrappedLabel>(panel, "second"), Qt::LeftButton);
    QCOMPARE(edited.size(), 1);
    QVERIFY(partOf<QCheckBox>(panel, "second")->isChecked());
  }

  void aDragAndKeysGiveRoundedNumbersAndATypedOneStaysExact() {
    const ExperimentSpec spec = specOf({real("lr", 0.1).range(1e-4, 1).logarithmic()});
    Shown shown(spec, "");
    ParameterPanel& panel = shown.panel;
    auto* slider = partOf<QSlider>(panel, "lr");
    auto* line = partOf<QLineEdit>(panel, "lr");
    QSignalSpy edited(&panel, &ParameterPanel::edited);
    const auto value = [&] { return std::get<double>(edited.last()[1].value<Value>()); };
    const auto is_rounded = [&] {
      return QByteArray::number(value(), 'g', 3).toDouble() == value() &&
             line->text() == QString::number(value());
    };
    // 0.1 stands at three quarters of the way.
    const QPoint handle(slider->width() * 3 / 4, slider->height() / 2);
    QTest::mousePress(slider, Qt::LeftButton, {}, handle);
    for (int x = 3; x < 90; x += 7) {
      QTest::mouseMove(slider, handle - QPoint(x, 0));
      QVERIFY(!edited.isEmpty());
      QVERIFY(!edited.last()[2].toBool());
      QVERIFY2(is_rounded(), qPrintable(line->text()));
    }
    QTest::mouseRelease(slider, Qt::LeftButton, {}, handle - QPoint(84, 0));
    QVERIFY(edited.last()[2].toBool());
    const double dragged = value();
    QVERIFY(dragged < 0.02 && dragged > 0.002);
    slider->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Right);
    QVERIFY(value() > dragged && value() < 1.1 * dragged && is_rounded());
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(QApplication::focusWidget(), "0.019568");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(value(), 0.019568);
    QCOMPARE(line->text(), QString("0.019568"));
    panel.resize(250, 400);  // another width gives no other value
    panel.grab();
    QCOMPARE(value(), 0.019568);
    QCOMPARE(panel.control("lr")->value(), Value(0.019568));
  }

  void theSliderHasTheWholeWidthAndTheEntryIsNeverCut_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("type");
    for (const int width : {180, 220, 260, 345, 450, 600})
      for (const double type : {1.0, 1.5, 2.0})
        QTest::addRow("%d pixels, type of %g", width, type) << width << type;
  }
  void theSliderHasTheWholeWidthAndTheEntryIsNeverCut() {
    QFETCH(int, width);
    QFETCH(double, type);
    const QFont usual = QApplication::font();
    QFont font = usual;
    font.setPixelSize(qRound(13 * type));
    QApplication::setFont(font);
    Shown shown(fakeSpec(), "calm", {width, 700});
    ParameterPanel& panel = shown.panel;
    panel.setUnfolded(true);
    QCoreApplication::processEvents();
    for (const char* name : {"rate", "noise", "burden", "finish_at"}) {
      auto* slider = partOf<QSlider>(panel, name);
      auto* line = partOf<QLineEdit>(panel, name);
      QVERIFY(slider->width() >= panel.control(name)->width() - 1);
      QVERIFY(panel.control(name)->width() >= panel.viewport()->width() - 20);
      QVERIFY(line->width() > line->fontMetrics().horizontalAdvance(line->text()) + 8);
      QVERIFY(line->mapTo(&panel, QPoint(line->width(), 0)).x() <= panel.viewport()->width());
      QVERIFY(topOf(partOf<WrappedLabel>(panel, name), panel) < topOf(slider, panel));
    }
    QApplication::setFont(usual);
  }
};

QTEST_MAIN(ClaimControlsTest)
#include "claim_controls_test.moc"
