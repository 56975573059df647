// SPDX-License-Identifier: GPL-3.0-or-later
// The window: lessons on the left, one lesson in the centre, menus around it.
#pragma once

#include <QMainWindow>
#include <QTimer>
#include <QTranslator>
#include <functional>
#include <memory>
#include <thread>

#include "app/commands/window_request.h"
#include "app/window/desktop_theme.h"
#include "app/window/preferences.h"
#include "lessons/core/catalog.h"
#include "lessons/core/run_file.h"
#include "widgets/views/view.h"

class QLabel;
class QScreen;
class QSplitter;
class QStackedWidget;

namespace viva {

class BackStrip;
class ExperimentPanel;
class FigureDialog;
class HomePage;
class PresenterDesk;
class PresenterOverlay;
class ReviewView;
class SearchIndex;
class Study;
class SweepDialog;
enum class LinkFrom;
struct Destination;
struct LabLink;
struct ClassStop;
class PlanPane;
class PresenterLine;
class PictureInParts;
struct ViewCopies;
struct PictureRequest;
struct RunResults;
struct RunState;
struct RecentRun;
class LessonPage;
class LessonTree;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// Shows the lesson's notes at once and loads the experiments behind them.
  explicit MainWindow(const WindowRequest& request);
  /// The same with a study of one's own, for tests.
  MainWindow(const WindowRequest& request, std::unique_ptr<Study> study);
  ~MainWindow() override;

  LessonPage& page() { return *page_; }
  const Appearance& appearance() const { return appearance_; }
  void setLanguage(Language language);
  void setTheme(Preferences::ThemeChoice choice);
  void setFontScale(double scale);
  bool isReady() const { return catalog_ != nullptr; }
  Study& study() { return *study_; }
  HomePage& home() { return *home_; }
  ReviewView& review() { return *review_; }
  /// `home`, `cards` or `lesson`.
  QString place() const;
  bool isPresenting() const { return presenting_; }
  /// What the dialogs do once a file has been chosen.
  /// `state`: what the figure shows.
  void writeFigure(const FigureDialog& dialog, const RunState& state, const QString& path);
  /// PNG, SVG or PDF by the ending of `path`.
  void writePanelPicture(const QString& path);
  void writeBundleOf(const QString& path);
  PresenterOverlay& overlay() { return *overlay_; }
  /// The plan that is open, as a list.
  PlanPane& plan() { return *plan_; }
  /// What the keys are, while presenting; null else.
  PresenterLine* presenterLine() { return line_; }

 public Q_SLOTS:
  void openExperiment(const QString& id);
  /// The preset of an experiment, in the lab; a name that is not there opens the experiment.
  void openPreset(const QString& experiment, const QString& preset);
  void showHome();
  void showToday();
  void showMock();
  /// `typed`: what is looked for already.
  void search(const QString& typed = {});
  /// What SearchItem::target says.
  void openFound(const QString& target);
  void copyLink();
  /// A link or a lesson plan from anywhere. A problem is said in a dialog.
  void openLink(const QString& text);
  void openPlan(const QString& path);
  /// `path_of_new`: the file of the plan where none is open; without one it is asked for.
  void addToPlan(const QString& path_of_new = {});
  /// Its file stays.
  void closePlan();
  /// Full screen, large type, only what matters; a clicker goes through the lesson's presets.
  void present(bool on);
  void presentNext(int direction);
  void editCard(const QString& lesson, const QString& id);
  void importCards();
  /// Own cards of a file. What is wrong with it is said in a dialog, with the line and the card.
  void importCardsFrom(const QString& path);
  void exportCards();
  /// The learner's progress as a file; without a path it is asked for.
  void exportProgress(const QString& path = {});
  void importProgress(const QString& path = {});
  void eraseProgress();
  void showPreferences();
  /// Opens a run file and replays it. A problem is said in a dialog.
  void openRunFile(const QString& path);
  /// The runs of the open experiment that were kept.
  void showRuns();
  /// Draws a run that was kept beside the present one of its experiment. A problem is said in a
  /// dialog.
  void pinSaved(const viva::RecentRun& run);
  void saveRunFile();
  void writeRunFile(const QString& path);
  /// The dialog that makes a figure of a view; of the one that is maximised, has the focus, or
  /// comes first.
  void exportFigure(const viva::View& view, const QString& format);
  void exportShownFigure();
  /// All that the panel shows, in one picture: into a file, or the clipboard.
  void exportPanel();
  void copyPanel();
  /// The dialog that makes an animation of the run so far.
  void exportAnimation();
  /// Everything about the run in one zip.
  void exportBundle();
  void copyCommand();
  void showAbout();
  /// Null when no experiment is open.
  SweepDialog* showSweep();
  void showShortcuts();

 Q_SIGNALS:
  /// The experiments are there and the first one is open.
  void ready();
  /// A replay has ended: whether it gave the same records.
  void replayed(bool same);
  /// A figure or a bundle is in its file, or could not be written and that has been said.
  void exported(const QString& path, bool whole);

 protected:
  void showEvent(QShowEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void moveEvent(QMoveEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct Command;

  void buildMenus();
  void retranslate();
  void applyAppearance();
  void loadExperiments();
  void experimentsAreHere(const Catalog& catalog);
  void openRequest();
  /// Goes where a link in a text of `lesson` leads, and plays a preset. A link that leads nowhere
  /// is said in a dialog.
  void followLink(const QString& link, const QString& lesson);
  void goTo(const Destination& destination);
  void compareReplay(const RunFile& file);
  void say(const QString& sentence);
  void complain(const Message& message);
  /// What needs a run cannot be done, and why.
  void refuse(const Message& problem);
  /// Whether the open experiment has a run, or soon will have; else says why not.
  bool hasRun();
  /// Whether there is something of it to be seen; else says why not.
  bool hasPicture();
  void withLink(LinkFrom from, const char* refusal, std::function<void(const LabLink& link)> done);
  void offerRunFile(const Message& problem);
  QString text(const Message& message) const;
  ExperimentPanel* panel() const;
  void connectStudy();
  void connectPictures();
  /// Follows a link of a card and offers the way back to it.
  void leaveCard(const QString& lesson, const QString& link, ReviewView& review);
  void showPlace(QWidget* place);
  void openState(const LabLink& link);
  void openPlanStep(std::size_t step);
  std::vector<ClassStop> stops() const;
  std::size_t stopHere(const std::vector<ClassStop>& stops) const;
  void goToStop(std::size_t stop);
  void beginStop(const ClassStop& stop);
  void sayToPresenter(const QString& sentence);
  double presenterScale(const QScreen& screen) const;
  QStringList suggestedFinds() const;
  void openSaved(const RecentRun& run);
  qint64 limitOfRuns() const { return preferences_.megabytes_of_runs * qint64{1'000'000}; }
  /// Throws Error for a run file that cannot be replayed.
  /// `path`: where it comes from, which may be a bundle with the user's files.
  void replaySaved(const std::string& json, const std::string& path = {});
  void saveFigure(FigureDialog& dialog, const RunState& state);
  void sayExported(const QString& path, const std::optional<Message>& problem);
  void withRunOf(const RunState& state, std::function<void(std::shared_ptr<RunResults>)> done);
  /// Calls `draw` with the run file that a figure in `path` is to carry, or with an empty one where
  /// it is to carry none.
  void withRunFile(bool carries, const RunState& state, const QString& path,
                   std::function<void(const std::string& run_file)> draw);
  void writeInBackground(const QString& path, std::function<std::string()> content);
  void drawPanel(const std::shared_ptr<ViewCopies>& copies, const QString& format,
                 const std::string& run_file, std::function<void(const PictureInParts&)> done);
  void openLesson(const QString& id);
  void reloadCards();
  /// What was left out is named in a dialog.
  void sayImported(const QString& path, std::size_t count, const std::vector<Message>& left_out);
  void readStudyAgain();
  void showCard(const QString& id);
  const QWidget* widgetOf(const QObject* receiver) const;
  bool isOfPresentation(const QWidget& widget) const;
  std::function<void()> presenterWork(const QKeyEvent& pressed, const QWidget& widget);
  void tellDesk();
  void tellProgress();
  void rememberState();
  /// Once the user rests: whatever ends the program, little is lost.
  void rememberSoon();

  WindowRequest request_;
  Preferences preferences_;
  DesktopTheme desktop_theme_;
  Appearance appearance_;
  QTranslator qt_words_;
  QTimer until_rest_;
  bool said_not_kept_ = false;  ///< that preferences cannot be saved: once is enough
  std::unique_ptr<Study> study_;
  const Catalog* catalog_ = nullptr;
  std::thread loader_;
  LessonTree* tree_;
  PlanPane* plan_;
  QSplitter* left_;
  LessonPage* page_;
  HomePage* home_;
  ReviewView* review_;
  QStackedWidget* centre_;
  BackStrip* strip_;
  PresenterOverlay* overlay_;
  PresenterDesk* desk_ = nullptr;
  bool presenting_ = false;
  QByteArray before_presenting_;        ///< the sizes of the columns
  QByteArray place_before_presenting_;  ///< of the window, which may go to a projector
  double presenter_scale_ = 1;
  PresenterLine* line_ = nullptr;
  std::shared_ptr<SearchIndex> index_;
  QSplitter* columns_;
  QLabel* device_;
  QString wanted_experiment_;
  std::vector<std::pair<QAction*, std::string>> actions_;  ///< with the key of their text
  std::vector<std::pair<QMenu*, std::string>> menus_;
};

}  // namespace viva
