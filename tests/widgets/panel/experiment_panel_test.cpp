// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/experiment_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <memory>

#include "tests/fakes/fake_dialogue.h"
#include "tests/fakes/fake_experiment.h"
#include "tests/widgets/panel/lab.h"
#include "widgets/panel/check_badges.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/views/images_view.h"
#include "widgets/views/plot_view.h"

using namespace viva;
using namespace viva::fakes;

namespace {

struct Lab : PanelOnScreen {
  void playToTheEnd() {
    panel.runner().setSpeed(Runner::kUnlimited);
    panel.play();
    QTRY_VERIFY_WITH_TIMEOUT(state().status == RunStatus::Completed, 20000);
  }
  QToolButton* button(const char* key) {
    const QString name = QString::fromStdString(Words::in(Language::English)(key));
    for (auto* button : panel.findChildren<QToolButton*>())
      if (button->accessibleName() == name || button->text() == name) return button;
    return nullptr;
  }
  View& view(const std::string& id) {
    for (ViewFrame* frame : panel.frames())
      if (frame->view().spec().id == id) return frame->view();
    throw std::out_of_range(id);
  }
};

}  // namespace

class ExperimentPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { probe() = {}; }

  void theTimelineMarksOtherChangesOfTheSameNumber() {
    Timeline timeline;
    timeline.resize(600, 40);
    timeline.setExtent(100, 100);
    const auto marked = [&](std::int64_t step) {
      timeline.setEvents({{step, "rate", 0.1}});
      return timeline.grab().toImage();
    };
    const QImage early = marked(10);
    QVERIFY(marked(90) != early);
    QCOMPARE(marked(10), early);
  }

  void everySeedCanBeTyped() {
    TransportBar bar;
    QSignalSpy changed(&bar, &TransportBar::seedChanged);
    auto* seed = bar.findChild<QLineEdit*>();
    const auto type = [&](const char* text) {
      seed->setText(text);
      QTest::keyClick(seed, Qt::Key_Return);
      return seed->text();
    };
    QCOMPARE(type("18446744073709551615"), QString("18446744073709551615"));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].value<std::uint64_t>(), ~std::uint64_t{0});
    QCOMPARE(type("18446744073709551616"), QString("18446744073709551615"));  // not 0
    QCOMPARE(changed.size(), 1);
  }

  void opensWithTheFirstPresetReadyToPlay() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    QCOMPARE(lab.panel.preset(), std::string("calm"));
    QCOMPARE(lab.panel.parameters().real("rate"), 0.05);
    QVERIFY(!lab.state().playing);
    QCOMPARE(lab.panel.frames().size(), fakeSpec().views.size() - 1);  // the verdict stands apart
  }

  void theButtonsPlayPauseStepAndReset() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    lab.button("transport.step_forward")->click();
    QTRY_COMPARE(lab.state().step, 1);
    lab.panel.runner().setSpeed(20);
    lab.button("transport.play")->click();
    QTRY_VERIFY(lab.state().playing);
    lab.button("transport.pause")->click();
    QTRY_VERIFY(!lab.state().playing);
    lab.button("transport.reset")->click();
    QTRY_VERIFY(lab.state().step == 0);
    QVERIFY(!lab.state().playing);
  }

  void aRestartParameterBeginsANewRunWithTheSameSeed() {
    Lab lab;
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 1);
    const auto generation = lab.state().generation;
    auto* line = lab.panel.parameterPanel().control("start")->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, "7,1");
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(lab.state().generation > generation);
    QTRY_COMPARE(lab.state().records.rows(), 1);
    QCOMPARE(lab.state().records.at(0, 0), 7.0);
  }

  void aLiveParameterChangesTheRunThatGoesOn() {
    Lab lab;
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 1);
    auto* line = lab.panel.parameterPanel().control("rate")->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, "0.5");
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(lab.state().events.size(), std::size_t(1));
    QCOMPARE(lab.state().step, 1);
  }

  void aRefusedChangeIsSaidAndTheControlGoesBack() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    QSignalSpy said(&lab.panel, &ExperimentPanel::said);
    Q_EMIT lab.panel.parameterPanel().edited("title", Value(Text{"invalid"}), true);
    QTRY_VERIFY(std::get<Text>(lab.panel.parameters().value("title")).text.empty());
    QVERIFY(lab.panel.parameterPanel().control("title")->value() == Value(Text{}));
    QVERIFY(said.back().front().toString().contains("invalid"));
    // It is said until something else is taken, and the next run starts.
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 1);
    QVERIFY(!said.back().front().toString().contains("invalid"));
    lab.panel.reset();
    QTRY_VERIFY(lab.state().step == 0 && lab.state().status == RunStatus::Running);
  }

  void aRunThatIsPlayedOnEndsAgain() {
    Lab lab;
    QSignalSpy ended(&lab.panel, &ExperimentPanel::ended);
    lab.playToTheEnd();
    QTRY_COMPARE(ended.size(), 1);
    lab.panel.play();
    QTRY_COMPARE_WITH_TIMEOUT(lab.state().step, 100, 20000);
    QTRY_COMPARE(ended.size(), 2);
  }

  void theControlsShowWhatTheRunWasGivenToChange() {
    Lab lab;
    RunSettings given = lab.panel.settings();
    given.steps = 60;
    given.events = {{20, "rate", 0.5}, {40, "rate", 0.25}};
    lab.panel.openAt(given, 20);
    QCOMPARE(lab.panel.parameters().real("rate"), 0.5);
    QTRY_VERIFY(lab.state().step == 20 && !lab.state().events.empty());
    QCOMPARE(probe().last_applied_rate, 0.5);
    lab.panel.runner().setSpeed(Runner::kUnlimited);
    lab.panel.play();
    QTRY_COMPARE(lab.state().step, 60);
    QCOMPARE(lab.panel.parameters().real("rate"), 0.25);
    given.events = {{60, "rate", 0.125}};
    lab.panel.replay(given);
    QTRY_VERIFY(lab.state().generation == lab.panel.runner().newestGeneration() &&
                lab.state().status == RunStatus::Completed);
    QCOMPARE(lab.panel.parameters().real("rate"), 0.125);
    QCOMPARE(probe().last_applied_rate, 0.125);
  }

  void aPanelThatIsHiddenOrClosedGivesUpItsSeeds() {
    auto lab = std::make_unique<Lab>();
    RunSettings endless = lab->panel.settings();
    endless.parameters.set("noise", 1.0);
    endless.steps = 1'000'000'000;
    lab->panel.open(endless);
    QSignalSpy said(&lab->panel, &ExperimentPanel::said);
    const auto hasSaid = [&](const char* key) {
      const QString sentence = QString::fromStdString(Words::in(Language::English)(key));
      return std::any_of(said.begin(), said.end(),
                         [&](const auto& one) { return one.front().toString() == sentence; });
    };
    lab->panel.runFiveSeeds();
    lab->panel.hide();
    QVERIFY(hasSaid("compare.seeds_stopped"));
    lab->panel.show();
    lab->panel.runFiveSeeds();
    lab->panel.play();
    QTRY_VERIFY(lab->state().step > 10);
    QElapsedTimer elapsed;
    elapsed.start();
    lab.reset();
    QVERIFY2(elapsed.elapsed() < 1000, qPrintable(QString::number(elapsed.elapsed())));
  }

  void aCellThatIsClickedSetsTheParametersItPicks() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    auto& cells = dynamic_cast<PlotView&>(lab.view("matrix"));
    cells.resize(400, 300);
    QTRY_VERIFY(!cells.isEmpty());
    const auto generation = lab.state().generation;
    QTest::mouseClick(&cells, Qt::LeftButton, {}, cells.plot().at(2, -1).toPoint());
    QCOMPARE(lab.panel.parameters().integer("finish_at"), 1);
    QCOMPARE(lab.panel.parameters().integer("burden"), 2);
    QTRY_VERIFY(lab.state().generation > generation);  // finish_at needs a new run
  }

  void pointsDrawnByHandReachTheRun() {
    Lab lab;
    QTRY_COMPARE(lab.state().records.rows(), 1);
    auto& plane = dynamic_cast<PlotView&>(lab.view("plane"));
    plane.resize(400, 300);
    QTRY_VERIFY(!plane.isEmpty());
    QTest::keyClick(&plane, Qt::Key_2);
    QTest::mouseClick(&plane, Qt::LeftButton, {}, plane.plot().at(-5, -5).toPoint());
    const auto& drawn = std::get<Points>(lab.panel.parameters().value("drawn")).points;
    QCOMPARE(drawn.size(), std::size_t(1));
    QCOMPARE(drawn.front().label, 2);
    QTRY_VERIFY(!lab.state().events.empty());
    QCOMPARE(lab.state().events.back().name, std::string("drawn"));
  }

  void scrubbingShowsAnEarlierFrameAndTheNewestComesBack() {
    Lab lab;
    for (int step = 1; step <= 10; ++step) {
      lab.panel.stepForward();
      QTRY_COMPARE(lab.state().step, step);
    }
    auto* slider = lab.panel.timeline().findChild<QSlider*>();
    slider->setValue(4);
    QCOMPARE(lab.panel.timeline().cursor(), std::optional<std::int64_t>(4));
    QCOMPARE(lab.panel.runner().frameAt(4)->step, 4);
    lab.panel.stepBack();
    QCOMPARE(lab.panel.timeline().cursor(), std::optional<std::int64_t>(3));
    lab.button("timeline.newest")->click();
    QVERIFY(!lab.panel.timeline().cursor());
  }

  void whatIsDrawnLaterIsSeenAtEarlierStepsToo() {
    FakeRuntime runtime;
    ExperimentPanel panel(dialogueSpec(), runtime, Appearance{});
    panel.resize(1000, 700);
    panel.show();
    panel.runner().stepForward(5);
    QTRY_COMPARE(panel.runner().state().step, 5);
    ImagesView* seen = nullptr;
    for (auto* view : panel.findChildren<ImagesView*>()) seen = view;
    QVERIFY(seen);
    auto* slider = panel.timeline().findChild<QSlider*>();
    slider->setValue(0);
    const auto rows = [&] { return seen->dataTable().rows; };
    const auto blank = rows();
    panel.runner().change("sketch", Drawing{{{{0.1, 0.5}, {0.9, 0.5}}}});
    QTRY_COMPARE(panel.runner().state().events.size(), std::size_t(1));
    slider->setValue(5);
    slider->setValue(0);
    QCOMPARE(panel.timeline().cursor(), std::optional<std::int64_t>(0));
    QTRY_VERIFY(rows() != blank);
    // The frame that was kept of that step is still what it was.
    const auto& kept = panel.runner().frameAt(0)->views.at("seen");
    const auto& pixels = *std::get<ImagesData>(kept).values;
    QVERIFY(std::all_of(pixels.begin(), pixels.end(), [](float ink) { return ink == 0; }));
  }

  void branchingDropsLaterChangesAndReplaysExactly() {
    Lab lab;
    lab.panel.runner().stepForward(5);
    QTRY_COMPARE(lab.state().step, 5);
    lab.panel.runner().change("rate", 0.5);
    lab.panel.runner().stepForward(5);
    QTRY_COMPARE(lab.state().step, 10);
    lab.panel.timeline().findChild<QSlider*>()->setValue(5);
    lab.panel.branchHere();
    QTRY_VERIFY(lab.state().step == 5 && !lab.state().seeking &&
                lab.state().generation == lab.panel.runner().newestGeneration());
    QVERIFY(lab.state().events.empty());
    QCOMPARE(lab.panel.parameters().real("rate"), 0.05);
    const auto x = static_cast<std::size_t>(lab.state().records.find("a/x"));
    QVERIFY(std::abs(lab.state().records.at(5, x) - 4 * std::pow(0.95, 5)) < 1e-12);
  }

  void choosingAPresetSetsEverythingItSays() {
    Lab lab;
    lab.panel.openPreset("wild");
    QCOMPARE(lab.panel.parameters().real("rate"), 1.5);
    QTRY_COMPARE(lab.state().length, 100);
    QVERIFY(!lab.panel.parameterPanel().control("rate")->differs());
  }

  void withLargeTypeTheClaimHasARowOfItsOwn() {
    Lab lab;
    const auto* presets = lab.panel.findChild<QComboBox*>();
    const QString said = QString::fromStdString(
        Words::in(Language::English).of(fakeSpec().id, "preset_claim", "calm"));
    const auto labels = lab.panel.findChildren<QLabel*>();
    const auto claim = std::find_if(labels.begin(), labels.end(),
                                    [&](const QLabel* label) { return label->text() == said; });
    QVERIFY(claim != labels.end());
    QVERIFY((*claim)->x() > presets->geometry().right());
    lab.panel.setAppearance({false, Language::English, 2});
    QTRY_VERIFY((*claim)->y() > presets->geometry().bottom());
    lab.panel.setAppearance({false, Language::English, 1});
    QTRY_VERIFY((*claim)->x() > presets->geometry().right());
    // Where it would break too often there, as well.
    const int wide = lab.panel.width();
    (*claim)->setText(QString("many words of a claim ").repeated(20));
    lab.panel.resize(lab.panel.minimumSizeHint().width(), lab.panel.height());
    QTRY_VERIFY((*claim)->y() > presets->geometry().bottom());
    lab.panel.resize(3 * wide, lab.panel.height());
    QTRY_VERIFY((*claim)->x() > presets->geometry().right());
  }

  void badgesShowWhatTheChecksFound() {
    Lab lab;
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 1);
    auto* badges = lab.panel.findChild<CheckBadges*>();
    QTRY_COMPARE(badges->findChildren<QLabel*>().size(), 1);
    QVERIFY(badges->findChild<QLabel*>()->text().startsWith(QStringLiteral("✓")));
    lab.panel.openPreset("wild");  // its noise makes the closed form differ
    lab.panel.stepForward();
    QTRY_VERIFY(badges->findChild<QLabel*>()->text().startsWith(QStringLiteral("✗")));
  }

  void whatIsPredictedOfAFileStandsBelowTheParameters() {
    Lab lab;
    lab.panel.stepForward();
    QTRY_COMPARE(lab.state().step, 1);
    auto* reading = lab.panel.findChild<QLabel*>("reading");
    QVERIFY(reading->isHidden());
    RunSettings settings{fakeParameters({{"data_file", "irises.csv"}})};
    settings.steps = 10;
    lab.panel.open(std::move(settings));
    QTRY_VERIFY(reading->isVisible());
    QVERIFY2(reading->text().contains("irises.csv") && reading->text().contains("“kind”"),
             qPrintable(reading->text()));
    lab.panel.setAppearance({false, Language::Chinese, 1});
    QVERIFY2(reading->text().contains(QStringLiteral("预测“kind”列")), qPrintable(reading->text()));
    lab.panel.openPreset("calm");
    QTRY_VERIFY(reading->isHidden());
  }

  void switchingTheLanguageRenamesTheControls() {
    Lab lab;
    lab.panel.setAppearance({true, Language::Chinese, 1.2});
    QVERIFY(lab.button("transport.play") == nullptr);
    QCOMPARE(lab.panel.timeline().findChild<QSlider*>()->accessibleName(),
             QString::fromStdString(Words::in(Language::Chinese)("timeline.name")));
  }

  void viewsMoveAndTheArrangementIsRestored() {
    Lab lab;
    const QByteArray before = lab.panel.arrangement().saved();
    lab.panel.arrangement().move(lab.panel.frames()[0], ViewArrangement::Direction::Right);
    const QByteArray after = lab.panel.arrangement().saved();
    QVERIFY(before != after);
    lab.panel.arrangement().restore(before);
    QTRY_COMPARE(lab.panel.arrangement().saved(), before);
    lab.panel.arrangement().restore("rubbish");
    lab.panel.arrangement().restore("[{\"width\":3,\"views\":[{\"view\":\"nobody\"}]}]");
    QCOMPARE(lab.panel.arrangement().saved(), before);
  }

  void aMaximisedViewStandsAlone() {
    Lab lab;
    lab.panel.arrangement().maximise(lab.panel.frames()[1]);
    QVERIFY(lab.panel.frames()[1]->isVisible());
    QVERIFY(!lab.panel.frames()[0]->isVisible());
    lab.panel.arrangement().maximise(nullptr);
    QVERIFY(lab.panel.frames()[0]->isVisible());
  }

  void everyControlHasAnAccessibleName() {
    Lab lab;
    for (auto* part : lab.panel.findChildren<QToolButton*>())
      if (part->isVisible())
        QVERIFY2(!part->accessibleName().isEmpty() || !part->text().isEmpty(),
                 qPrintable(part->objectName()));
  }
};

QTEST_MAIN(ExperimentPanelTest)
#include "experiment_panel_test.moc"
