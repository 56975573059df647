// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson plan that is open: its title, its steps in their order, and what can be done with
// them.
#pragma once

#include <QWidget>
#include <vector>

#include "app/window/lesson_plan.h"
#include "lessons/core/words.h"

class QAction;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QTimer;
class QToolButton;

namespace viva {

class PlanModel;

/// Every change is in the file at once, beside what another window or a text editor has changed
/// there. In the list a click or Enter opens a step, dragging or Alt+Up and Alt+Down moves it, F2
/// renames and Delete removes it. Hidden without a plan.
class PlanPane : public QWidget {
  Q_OBJECT

 public:
  explicit PlanPane(QWidget* parent = nullptr);
  ~PlanPane() override;

  void setWords(const Words& words);
  /// Throws what readPlan does; then the plan that was open is still open.
  void open(const QString& path);
  /// One more step for the plan in the file, which is the one that is open then. Throws what
  /// addToPlan does; then nothing has changed.
  void add(const QString& path, const PlanStep& step);
  void close();
  bool isOpen() const { return !path_.isEmpty(); }
  const QString& path() const { return path_; }
  const LessonPlan& plan() const { return plan_; }
  /// The step that the lab shows.
  std::size_t step() const { return step_; }
  void setStep(std::size_t step);
  /// Of the steps' order, names and number; the title has an undo of its own.
  void undo();
  void redo();

  QListView* list() const { return list_; }
  QLineEdit* title() const { return title_; }

 Q_SIGNALS:
  /// The user wants this step in the lab.
  void stepChosen(std::size_t step);
  /// The state of the lab shall become a step.
  void addWanted();
  /// Steps, their order or names, the title.
  void changed();
  void closed();
  void failed(const viva::Message& problem);

 protected:
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  friend class PlanModel;

  void build();
  void refreshIcons();
  void refreshActions();
  QString word(const char* key) const;
  void forgetChanges();
  /// Makes the change in the file; what takes it back goes to `remembered`.
  bool make(const PlanChange& change, std::vector<PlanChange>& remembered);
  /// A change by the user.
  bool change(const PlanChange& change);
  bool move(std::size_t at, std::size_t to);
  bool rename(std::size_t at, const QString& title);
  void remove(std::size_t at);
  void saveTitle();
  /// What somebody else has made of the file.
  void readAgain();
  void take(LessonPlan plan, std::size_t step);
  void choose(std::size_t row);
  std::size_t chosen() const;

  const Words* words_;
  QString path_;
  LessonPlan plan_;
  std::size_t step_ = 0;
  std::vector<PlanChange> done_, undone_;  ///< what takes the changes back, the newest last
  QLineEdit* title_;
  QToolButton* close_;
  PlanModel* model_;
  QListView* list_;
  QWidget* removed_;
  QLabel* removed_label_;
  QPushButton* undo_;
  QAction *add_, *up_, *down_, *rename_, *remove_;
  QTimer* title_rests_;
};

}  // namespace viva
