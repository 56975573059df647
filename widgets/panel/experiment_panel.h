// SPDX-License-Identifier: GPL-3.0-or-later
// The lab: everything about one experiment, made from its declaration.
#pragma once

#include <QTimer>
#include <QUndoStack>
#include <QWidget>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "lessons/core/experiment.h"
#include "widgets/runner/run_result.h"
#include "widgets/runner/runner.h"
#include "widgets/views/view_frame.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace viva {

class CheckBadges;
class Comparison;
class DragHint;
class ParameterPanel;
class SeedRuns;
class Timeline;
class TransportBar;
class ViewArrangement;

/// Presets, views, parameters, transport and timeline of one experiment, and the run behind them.
/// No lesson writes widget code: what is here follows from the ExperimentSpec.
class ExperimentPanel : public QWidget {
  Q_OBJECT

 public:
  /// Opens with the first preset, ready to play. `spec`, `runtime` and `phases`, where the runs
  /// find the ends of their phases (null: nowhere), must outlive the panel.
  ExperimentPanel(const ExperimentSpec& spec, Runtime& runtime, const Appearance& appearance,
                  QWidget* parent = nullptr, PhaseCache* phases = nullptr);
  ~ExperimentPanel() override;

  const ExperimentSpec& spec() const { return spec_; }
  void setAppearance(const Appearance& appearance);

  /// Throws RequestError for an unknown preset.
  void openPreset(const std::string& preset);
  /// A new run with these settings; what they leave open stays. Throws RequestError.
  void open(RunSettings settings);
  /// The same, run to the end of its steps at once, all of them computed.
  void replay(RunSettings settings);
  /// The same, run up to `step` and paused there, with the changes that are made at it.
  void openAt(RunSettings settings, std::int64_t step);
  /// What a new run would be started with.
  RunSettings settings() const;
  const Parameters& parameters() const { return parameters_; }
  const std::string& preset() const { return preset_; }
  std::uint64_t seed() const { return seed_; }
  /// At its beginning, and nobody has asked it to go on.
  bool isUntouched() const { return untouched_; }

  Runner& runner() { return runner_; }
  const std::vector<ViewFrame*>& frames() const { return frames_; }
  struct ShownView {
    const View* view;
    QRect place;  ///< in the panel
  };
  /// What there is to see: the sentence, if there is one, and then the views.
  std::vector<ShownView> shownViews() const;
  ViewArrangement& arrangement() const { return *arrangement_; }
  ParameterPanel& parameterPanel() { return *parameter_panel_; }
  Timeline& timeline() { return *timeline_; }
  TransportBar& transport() { return *transport_; }
  /// The changes of parameters since a preset or a run was opened, to take back and to repeat.
  QUndoStack& changes() { return changes_; }
  /// The runs that are drawn beside the present one.
  Comparison& comparison() { return *comparison_; }
  QSplitter& splitter() { return *splitter_; }
  /// The words of a record.
  QString recordTitle(const std::string& record) const;

  /// Whether the views are drawn four times a second instead of at display rate.
  void setCalm(bool calm);
  /// Whether the first handle asks to be dragged.
  void setInvites(bool invites);
  /// Whether the preset's claim can be read; a demo asks first.
  void setClaimShown(bool shown);
  /// For a class: the claim, the verdict and the two views that matter most, nothing to set.
  void setBare(bool bare);
  /// Whether what was compared before stays out of sight; and no seeds are made for it.
  void setComparedAside(bool aside);
  /// A widget in the place of the parameters; null: the parameters again. Stays the caller's.
  void setAside(QWidget* aside);
  /// A widget over the views; null: the views again. Stays the caller's.
  void setCover(QWidget* cover);
  /// A control at the right end of the line of presets.
  void addToHead(QWidget* control);

 public Q_SLOTS:
  void play();
  void pause();
  void togglePlay();
  void stepForward();
  void stepBack();
  void reset();
  void newSeed();
  /// Runs again up to the step under the cursor, without the changes made after it, and pauses.
  void branchHere();
  /// Keeps the present run in sight, with all its steps, while others are made.
  void pinRun();
  /// Draws a run of this experiment beside the present one.
  void pinResult(viva::RunResult run, const QString& name);
  /// Pins the present run and branches at the step under the cursor, so that both can be raced.
  void raceFromHere();
  /// Runs the present settings with this seed and the next four, and draws mean and spread beside
  /// the present run. Called again before they are done, it gives up.
  void runFiveSeeds();

 Q_SIGNALS:
  /// One line for the status bar: what happened, in words.
  void said(const QString& sentence);
  void presetOpened(const QString& preset);
  /// The user wants this view in a file: png, svg, pdf, csv.
  void exportRequested(const viva::View& view, const QString& format);
  /// A handle in a view was dragged.
  void handleUsed();
  /// The user, or somebody for them, has started the run.
  void started();
  /// The run has come to its end: the length was reached, or it finished, diverged, failed.
  void ended();
  /// The present run stands beside others now.
  void pinnedRun();
  /// One of several seeds has come to its end; `runner` has it until the next one begins.
  void seedEnded(viva::Runner* runner);
  /// The table of runs, which belongs to whoever keeps them.
  void runsWanted();
  /// The newest state is on screen.
  void shown();

 protected:
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void buildComparison();
  void fillCompareMenu();
  /// Pins the present run; then `pinned`, unless there was no place for it.
  void pinThen(std::function<void()> pinned);
  /// Else says that there is none.
  bool hasPlaceToPin();
  void tellComparison();
  void pinSpread();
  /// The settings that give the present run again.
  RunSettings presentRun() const;
  void branchAt(std::int64_t step);
  void tieToTheOthers(ViewFrame* frame);
  void shareLegend();
  void placeHint();
  /// What is asked of whoever shows the parameters, when they have changed.
  void giveParameters();
  void tellVerdict();
  void listViews();
  void giveAsideRoom();
  void showViewsOf(const Preset* preset);
  void retranslate();
  void fillPresets();
  void placeClaim();
  void adopt(const RunSettings& settings);
  void edit(const std::string& name, const Value& value, bool finished);
  void apply(const std::string& name, const Value& value, bool finished);
  /// Any number of parameters in one step, taken back and repeated as one.
  void editAll(const Parameters& values);
  void applyAll(const Parameters& values);
  void restart(std::int64_t seek = 0, std::vector<Event> events = {}, bool computes_all = false);
  void stopSeeds();
  void tellReading();
  void takeValuesUpTo(std::int64_t step);
  void takeRefusal();
  void showState();
  void scrub(std::int64_t step);
  void readAgain();
  void follow();
  void giveFrame(const std::shared_ptr<const Frame>& frame, std::optional<std::int64_t> cursor);
  void sayStatus();
  void sayDiverged(const QString& sentence);
  double defaultSpeed() const;
  QString text(const Message& message) const;

  const ExperimentSpec& spec_;
  Runtime& runtime_;
  Appearance appearance_;
  Runner runner_;
  Parameters parameters_, started_with_, baseline_;
  std::string preset_;
  std::uint64_t seed_ = 1;
  std::int64_t length_ = 0;
  std::string device_;
  int threads_ = 1;
  bool play_after_restart_ = false, untouched_ = true;
  bool is_reading_again_ = false;  ///< the worker was asked what the cursor shows now
  std::uint64_t shown_generation_ = 0;
  std::uint64_t framed_generation_ = 0;                  ///< whose first frame has been shown
  std::pair<std::uint64_t, std::int64_t> ended_{0, -1};  ///< generation and step
  std::uint64_t refusals_ = 0;
  std::vector<Event> given_;  ///< to the run when it was started, in order of step
  std::size_t given_shown_ = 0;
  PhaseCache* const phases_;
  std::string said_;

  QComboBox* presets_;
  QLabel *claim_, *diverged_;
  QLabel* reading_;  ///< what is predicted, of a file of the user's
  QToolButton *views_, *compare_;
  bool can_compare_ = false;  ///< there are views that draw other runs
  Comparison* comparison_;
  SeedRuns* seeds_;
  std::pair<std::uint64_t, std::size_t> compared_{};  ///< generation and events of the present run
  CheckBadges* badges_;
  std::unique_ptr<View> verdict_;
  std::vector<ViewFrame*> frames_;
  std::shared_ptr<StyleTable> styles_;
  ViewArrangement* arrangement_;
  ParameterPanel* parameter_panel_;
  QSplitter* splitter_;
  QStackedWidget *side_, *centre_;
  DragHint* hint_;
  bool bare_ = false, claim_shown_ = true, invites_ = false;
  std::optional<QByteArray> narrow_aside_;  ///< the sizes before what stands aside got more room
  std::vector<QWidget*> controls_;          ///< that addToHead has been given
  QHBoxLayout* head_;
  TransportBar* transport_;
  Timeline* timeline_;
  std::chrono::milliseconds display_interval_{};
  QTimer display_, settle_;
  QUndoStack changes_;
  /// The parameter that is being dragged, and its value before.
  std::optional<std::pair<std::string, Value>> dragged_;
};

}  // namespace viva
