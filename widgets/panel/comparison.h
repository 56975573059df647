// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that are drawn beside the present one: a line with their letters and what differs, and
// the curves in the views.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "widgets/runner/run_result.h"
#include "widgets/views/series_view.h"

class QHBoxLayout;

namespace viva {

class LegendButton;

class Comparison : public QWidget {
  Q_OBJECT

 public:
  struct Pinned {
    std::string id;  ///< of its entry in the legends
    int place = 0;   ///< its letter
    QString name;    ///< that the user gave it; empty: none
    RunResult run;   ///< of a spread the first seed's settings, and the mean
    std::optional<OtherRun::Spread> spread{};
  };

  /// `views` draw the runs; they and `spec` must outlive this.
  Comparison(const ExperimentSpec& spec, std::vector<SeriesView*> views, QWidget* parent);

  /// Gives the run the next free letter. Nothing when kMostOtherRuns are pinned.
  std::optional<QChar> pin(RunResult run, const QString& name = {},
                           std::optional<OtherRun::Spread> spread = {});
  void unpin(const std::string& id);
  void unpinAll();
  /// Away from sight, with what has been set here, and back beside what was pinned meanwhile.
  void setAside(bool aside);
  /// The views draw the present run minus each of the others; off again when there are none.
  void setDifference(bool difference);
  bool isDifference() const;
  /// The views align the runs by seconds of computing instead of by step.
  void setByTime(bool by_time);
  bool isByTime() const;
  /// Of the present run.
  void setTimes(const StepTimes& times);
  const std::vector<Pinned>& pinned() const { return pinned_; }
  bool isFull() const { return pinned_.size() == static_cast<std::size_t>(kMostOtherRuns); }
  /// The run that the others are compared with.
  void setPresent(const RunSettings& present);
  void setAppearance(const Appearance& appearance);
  /// Its letter, its name, and what of it differs from the present run.
  QString titleOf(const Pinned& pinned) const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QStringList titles() const;
  QStringList allDifferences(const Pinned& pinned) const;
  int freePlace() const;
  void refresh();
  void showInViews();
  void buildLine();

  const ExperimentSpec& spec_;
  std::vector<SeriesView*> views_;
  Appearance appearance_;
  std::vector<Pinned> pinned_;
  std::optional<RunSettings> present_;
  QStringList titles_;  ///< of pinned_, as they are shown
  int counter_ = 0;
  struct Aside {
    std::vector<Pinned> pinned;
    bool difference, by_time;
  };
  std::optional<Aside> aside_;
  QHBoxLayout* line_;
  std::vector<LegendButton*> buttons_;
};

}  // namespace viva
