// SPDX-License-Identifier: GPL-3.0-or-later
// README's "Five minutes", done by keyboard and mouse in the real window.
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QMimeData>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QStatusBar>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QTextEdit>
#include <QToolButton>
#include <QTreeWidget>
#include <set>

#include "app/study/study_store.h"
#include "app/window/animation_dialog.h"
#include "app/window/figure_dialog.h"
#include "app/window/lesson_page.h"
#include "app/window/lesson_tree.h"
#include "app/window/main_window.h"
#include "tests/app/window/hands.h"
#include "tests/app/window/message_on_screen.h"
#include "tests/app/window/open_window.h"
#include "widgets/panel/check_badges.h"
#include "widgets/panel/timeline.h"
#include "widgets/panel/transport_bar.h"
#include "widgets/panel/view_arrangement.h"
#include "widgets/parameters/number_editor.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/text/code_view.h"
#include "widgets/text/notes_view.h"
#include "widgets/views/legend.h"
#include "widgets/views/plane_view.h"
#include "widgets/views/verdict_view.h"

using namespace viva;
using namespace viva::hands;

class ReadmeMinutesTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir home_;
  std::unique_ptr<MainWindow> window_;

  ExperimentPanel& lab() { return *window_->page().panel(); }
  const RunState& state() { return lab().runner().state(); }
  bool isSettled() { return viva::isSettled(*window_); }
  QString fileNamed(const char* name) { return home_.filePath(name); }
  QSlider* timelineSlider() { return lab().timeline().findChild<QSlider*>(); }
  ParameterControl& control(const char* name) { return *lab().parameterPanel().control(name); }
  ViewFrame* companion() {
    for (ViewFrame* frame : lab().frames())
      if (frame->isVisible() && frame != lab().arrangement().hero() &&
          frame->view().spec().kind != ViewKind::Verdict)
        return frame;
    return nullptr;
  }
  /// The button of a view, which is named after it.
  static QAbstractButton* buttonOf(const ViewFrame& frame, const char* action) {
    return buttonIn(frame, frame.view().title() + ": " + action);
  }
  void clickRow(const QString& words) {
    QTreeWidget* tree = window_->findChild<LessonTree*>()->tree();
    for (QTreeWidgetItemIterator item(tree); *item; ++item)
      if ((*item)->text(0) == words) {
        tree->scrollToItem(*item);
        return QTest::mouseClick(tree->viewport(), Qt::LeftButton, {},
                                 tree->visualItemRect(*item).center());
      }
    QFAIL(qPrintable(words));
  }
  void runTo(std::int64_t step) {
    lab().runner().stepForward(step - state().step);
    QTRY_COMPARE(state().step, step);
  }
  QPoint placeOf(QSlider* slider, std::int64_t step) {
    const double share = static_cast<double>(step) / slider->maximum();
    return {static_cast<int>(8 + share * (slider->width() - 16)), slider->height() / 2};
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CONFIG_HOME", home_.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", fileNamed("data").toLocal8Bit());
  }
  void init() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").clear();
    WindowRequest request;
    request.language = "en";
    window_ = std::make_unique<MainWindow>(request, std::make_unique<StudyStore>(""));
    QVERIFY(showInFront(*window_));
    QTRY_VERIFY(isSettled());
  }
  void cleanup() { window_.reset(); }

  // The window opens on a race that is ready. Press Space: seven optimizers run down a narrow
  // ravine, each with its own colour, dash and marker.
  void spaceStartsSevenOptimizers() {
    QCOMPARE(lab().preset(), std::string("ravine-zigzag"));
    QVERIFY(!state().playing);
    press(Qt::Key_Space);
    QTRY_VERIFY(state().step > 3);
    std::set<std::tuple<QRgb, std::size_t, int>> looks;
    std::size_t optimizers = 0;
    for (const LegendEntry& entry : lab().arrangement().hero()->view().legend()) {
      if (!entry.line) continue;
      ++optimizers;
      std::size_t dashes = 0;
      for (const qreal length : entry.style.dashes) dashes = dashes * 31 + qHash(length);
      looks.emplace(entry.style.colour.rgb(), dashes, static_cast<int>(entry.style.marker));
    }
    QCOMPARE(optimizers, std::size_t{7});
    QCOMPARE(looks.size(), std::size_t{7});
  }

  // The line above the plots says what the preset claims and whether it holds, with the numbers.
  void theClaimIsSaidAndWhetherItHolds() {
    QVERIFY(readIn(lab()).contains("SGD swings from wall to wall"));
    press(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(state().status == RunStatus::Completed, 60000);
    const auto* verdict = lab().findChild<VerdictView*>();
    QVERIFY(verdict && verdict->isVisible());
    QTRY_VERIFY(verdict->summary().contains(QRegularExpression("[0-9]")));
    QVERIFY(verdict->mapTo(&lab(), QPoint()).y() <
            lab().arrangement().hero()->mapTo(&lab(), QPoint()).y());
  }

  // Those that the claim is not about are pale: a click in the legend brings one to full strength,
  // the next hides it.
  void aClickInTheLegendBringsAPaleRacerToFullStrengthAndTheNextHidesIt() {
    View& plane = lab().arrangement().hero()->view();
    QVERIFY(!plane.isPale("sgd") && !plane.isPale("momentum") && plane.isPale("adam"));
    LegendButton* adam = nullptr;
    for (auto* entry : lab().findChildren<LegendButton*>())
      if (entry->isVisible() && entry->entry().id == "adam") adam = entry;
    QVERIFY(adam);
    click(adam);
    for (ViewFrame* frame : lab().frames())
      QTRY_VERIFY(!frame->view().isPale("adam") && frame->view().isShown("adam"));
    click(adam);
    for (ViewFrame* frame : lab().frames()) QTRY_VERIFY(!frame->view().isShown("adam"));
  }

  // The large plot shows the claim; a click on the title of a small one (or H in it) makes that the
  // large one.
  void aSmallPlotBecomesTheLargeOne() {
    ViewFrame* const first = lab().arrangement().hero();
    ViewFrame* const small = companion();
    click(small->findChild<QLabel*>());
    QTRY_COMPARE(lab().arrangement().hero(), small);
    first->view().setFocus();
    press(Qt::Key_H);
    QTRY_COMPARE(lab().arrangement().hero(), first);
  }

  // Drag the start, or move a learning rate while it runs. A live change applies at the next step
  // and is recorded.
  void theStartIsDraggedAndARateIsMovedWhileItRuns() {
    auto* plane = lab().findChild<PlaneView*>();
    const QPoint at = plane->handlePosition()->toPoint();
    const Parameters before = lab().parameters();
    drag(plane, at, at + QPoint(60, -20));
    QVERIFY(!(lab().parameters().value("start") == before.value("start")));
    QTRY_VERIFY(isSettled());
    window_->page().panel()->parameterPanel().reveal("sgd.lr");
    press(Qt::Key_Space);
    QTRY_VERIFY(state().step > 2 && state().playing);
    QVERIFY(state().events.empty());
    auto* slider = control("sgd.lr").findChild<NumberSlider*>();
    slider->setFocus();
    press(Qt::Key_Left);
    QTRY_VERIFY(!state().events.empty());
    QCOMPARE(state().events.front().name, std::string("sgd.lr"));
    QVERIFY(state().playing);
  }

  // What differs from the preset is bold and has a dot; ↺ takes it back, Reset all everything. All
  // parameters unfolds what the claim is not about.
  void whatDiffersIsMarkedAndTakenBack() {
    ParameterPanel& parameters = lab().parameterPanel();
    const auto change = [&](const char* name) {
      auto* slider = control(name).findChild<NumberSlider*>();
      slider->setFocus();
      press(Qt::Key_Left);
    };
    const auto marked = [&](const char* name) {
      const auto* label = control(name).findChild<WrappedLabel*>();
      return label->font().bold() && label->text().startsWith("•");
    };
    QVERIFY(!marked("sgd.lr"));
    change("sgd.lr");
    QTRY_VERIFY(marked("sgd.lr"));
    QToolButton* reset = nullptr;
    for (auto* button : control("sgd.lr").findChildren<QToolButton*>())
      if (button->isVisible()) reset = button;
    click(reset);
    QTRY_VERIFY(!marked("sgd.lr"));
    QVERIFY(!control("drift").isVisible());
    click(parameters.foldButton());
    QTRY_VERIFY(control("drift").isVisible());
    change("sgd.lr");
    change("momentum.lr");
    QTRY_VERIFY(marked("sgd.lr") && marked("momentum.lr"));
    click(parameters.resetAllButton());
    QTRY_VERIFY(!marked("sgd.lr") && !marked("momentum.lr"));
  }

  // Drag the timeline back, or press , for one step. Branch here (Ctrl+B) replays to that step,
  // without what you changed later, so that you can try something else.
  void theTimelineIsDraggedBackAndBranched() {
    runTo(40);
    auto* rate = control("sgd.lr").findChild<NumberSlider*>();
    rate->setFocus();
    press(Qt::Key_Left);
    QTRY_VERIFY(control("sgd.lr").differs());
    runTo(60);
    QTRY_COMPARE(state().events.size(), std::size_t{1});
    QSlider* slider = timelineSlider();
    drag(slider, placeOf(slider, 60), placeOf(slider, 20));
    QVERIFY(lab().timeline().cursor());
    const std::int64_t there = *lab().timeline().cursor();
    QVERIFY(there > 10 && there < 30);
    press(Qt::Key_Comma);
    QCOMPARE(*lab().timeline().cursor(), there - 1);
    press(Qt::Key_B, Qt::ControlModifier);
    QTRY_VERIFY(isSettled() && state().step == there - 1);
    QVERIFY(state().events.empty());
    QVERIFY(!control("sgd.lr").differs());
    QVERIFY(!lab().timeline().cursor());
  }

  // Choose other presets on top of the lab. Each shows one claim of the notes; links in the notes
  // open them.
  void presetsAreOnTopAndInTheNotes() {
    auto* presets = lab().findChild<QComboBox*>();
    presets->setFocus();
    press(Qt::Key_Down);
    QTRY_VERIFY(lab().preset() != "ravine-zigzag");
    QVERIFY(readIn(lab()).size() > 0);
    press(Qt::Key_1, Qt::AltModifier);
    QCOMPARE(window_->page().currentTab(), QString("notes"));
    NotesBrowser* notes = window_->page().notes().browser();
    QTextCursor link = notes->document()->find("Zigzag in a ravine");
    QVERIFY(!link.isNull());
    link.setPosition(link.selectionStart() + 2);
    notes->setTextCursor(link);
    notes->ensureCursorVisible();
    QTest::mouseClick(notes->viewport(), Qt::LeftButton, {}, notes->cursorRect(link).center());
    QTRY_COMPARE(window_->page().currentTab(), QString("lab"));
    QCOMPARE(lab().preset(), std::string("ravine-zigzag"));
    QTRY_VERIFY(state().playing || state().step > 0);
  }

  // The menu of a plot (⋮) copies it as a picture or as data and exports it (Ctrl+E): a dialog with
  // a true preview, sizes for papers, slides and posters, PNG, SVG, PDF, CSV, LaTeX, Matplotlib.
  void theMenuOfAPlotCopiesAndExports() {
    runTo(20);
    ViewFrame& frame = *lab().arrangement().hero();
    QGuiApplication::clipboard()->clear();
    chooseFrom(buttonOf(frame, "Menu"), "Copy as picture");
    QTRY_VERIFY(!QGuiApplication::clipboard()->image().isNull());
    chooseFrom(buttonOf(frame, "Menu"), "Copy as data");
    QTRY_VERIFY(QGuiApplication::clipboard()->text().contains('\t'));
    press(Qt::Key_E, Qt::ControlModifier);
    auto* dialog = qobject_cast<FigureDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    QStringList choices;
    for (const QComboBox* box : dialog->findChildren<QComboBox*>())
      for (int i = 0; i < box->count(); ++i) choices << box->itemText(i);
    const QString all = choices.join('\n');
    for (const char* choice :
         {"Paper", "Slide", "Poster", "PNG", "SVG", "PDF", "CSV", "LaTeX", "Matplotlib"})
      QVERIFY2(all.contains(choice), choice);
    const auto previewed = [&] {
      for (const QLabel* label : dialog->findChildren<QLabel*>())
        if (!label->pixmap().isNull()) return true;
      return false;
    };
    QTRY_VERIFY(previewed());
    press(Qt::Key_Escape);
    QTRY_VERIFY(!QApplication::activeModalWidget());
  }

  // File, Export picture of the panel makes one picture of all plots (Ctrl+Alt+C copies it), Export
  // bundle puts everything about a run into one zip; Edit, Copy as command gives the line that
  // computes the same run in a terminal.
  void thePanelTheBundleAndTheCommand() {
    runTo(15);
    QSignalSpy exported(window_.get(), &MainWindow::exported);
    nameFile(fileNamed("panel.png"));
    chooseFromMenu(*window_, "File", "Export picture of the panel");
    QTRY_COMPARE(exported.size(), 1);
    QVERIFY(exported[0][1].toBool());
    const QImage panel(fileNamed("panel.png"));
    QVERIFY(panel.width() > 600 && panel.height() > 400);
    QGuiApplication::clipboard()->clear();
    press(Qt::Key_C, Qt::ControlModifier | Qt::AltModifier);
    QTRY_COMPARE(QGuiApplication::clipboard()->image().size(), panel.size());
    nameFile(fileNamed("all"));  // without an ending: it is added
    chooseFromMenu(*window_, "File", "Export bundle");
    QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 2, 60000);
    QVERIFY(QFile::exists(fileNamed("all.zip")));
    chooseFromMenu(*window_, "Edit", "Copy as command");
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("viva run optimizer-race"));
  }

  // Export animation films a plot or the whole panel.
  void anAnimationIsFilmed() {
    runTo(12);
    chooseFromMenu(*window_, "File", "Export animation");
    auto* dialog = qobject_cast<AnimationDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    QStringList choices;
    for (const QComboBox* box : dialog->findChildren<QComboBox*>())
      for (int i = 0; i < box->count(); ++i) choices << box->itemText(i);
    QVERIFY(choices.contains("The whole panel") && choices.contains("Paths on the surface"));
    QSignalSpy ended(dialog, &AnimationDialog::ended);
    nameFile(fileNamed("film.webp"));
    click(buttonIn(*dialog, "Save"));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 60000);
    QVERIFY(ended[0][1].toBool());
    QVERIFY(QFileInfo(fileNamed("film.webp")).size() > 1000);
    press(Qt::Key_Escape);
  }

  // The badges under the parameters compare what is computed with an independent way to get it.
  // Code shows the training loop that was compiled, beside the same in PyTorch.
  void badgesAndCode() {
    runTo(5);
    const auto* badges = lab().findChild<CheckBadges*>();
    QTRY_VERIFY(badges->isVisible() && readIn(*badges).contains(QRegularExpression("[0-9]")));
    press(Qt::Key_3, Qt::AltModifier);
    const auto* code = window_->page().findChild<CodeView*>();
    QVERIFY(code->isVisible());
    QVERIFY(code->source()->toPlainText().contains("bool step(Recorder"));
    QVERIFY(code->equivalent()->isVisible());
    QVERIFY(code->equivalent()->toPlainText().contains("import torch"));
  }

  // What a new user is held to reach, from a window that has just opened: a running race with one
  // key, the ring of the GAN filling at least half of the lab with two clicks, a figure in a file
  // with three.
  void oneKeyToARunningRace() {
    press(Qt::Key_Space);
    QTRY_VERIFY(state().playing && state().step > 0);
  }
  void twoClicksToTheRingOfTheGan() {
    clickRow("GAN");
    QCOMPARE(lab().spec().id, std::string("gan-plane"));
    QTRY_VERIFY(isSettled());
    click(lab().transport().playButton());
    QTRY_VERIFY(state().playing);
    const ViewFrame& hero = *lab().arrangement().hero();
    QCOMPARE(hero.view().spec().kind, ViewKind::Plane);
    const auto area = [](const QSize& size) { return double(size.width()) * size.height(); };
    QVERIFY(area(hero.view().size()) >= 0.5 * area(lab().arrangement().size()));
  }
  void threeClicksToAFigureInAFile() {
    QSignalSpy exported(window_.get(), &MainWindow::exported);
    click(buttonOf(*lab().arrangement().hero(), "Export"));
    auto* dialog = qobject_cast<FigureDialog*>(QApplication::activeModalWidget());
    QVERIFY(dialog);
    // The third click takes the name that is suggested. Where the dialog opens depends on those
    // before it, and a file that is there already would be asked about.
    whenOpen<QFileDialog>([this](QFileDialog& files) {
      files.setDirectory(home_.path());
      QMetaObject::invokeMethod(&files, "accept", Qt::QueuedConnection);
    });
    click(buttonIn(*dialog, "Save"));
    QTRY_COMPARE(exported.size(), 1);
    QVERIFY(exported[0][1].toBool());
    const QFileInfo written(exported[0][0].toString());
    QVERIFY(written.exists());
    QCOMPARE(written.absolutePath(), home_.path());
    press(Qt::Key_Escape);
  }
};

QTEST_MAIN(ReadmeMinutesTest)
#include "readme_minutes_test.moc"
