// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of a lesson: its notes, the lab with the notes beside it, its code, its interview cards,
// what the learner wrote down.
#pragma once

#include <QTabWidget>
#include <QTimer>
#include <list>
#include <memory>

#include "lessons/core/catalog.h"
#include "widgets/panel/experiment_panel.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace viva {

class CodeView;
class DemoPane;
class InterviewPage;
class NotesView;
class Study;

class LessonPage : public QTabWidget {
  Q_OBJECT

 public:
  /// `study` must outlive the page.
  explicit LessonPage(Study& study, QWidget* parent = nullptr);
  ~LessonPage() override;

  void setAppearance(const Appearance& appearance);
  /// The notes of a lesson can be read before the experiments are there.
  void showNotes(const std::string& lesson);
  /// Opens an experiment in the lab, as it was left when it was open before.
  ExperimentPanel& openExperiment(const Catalog& catalog, const ExperimentSpec& spec);
  /// Why there is no lab: it is still loading, or could not be loaded.
  void sayInLab(const QString& sentence);
  ExperimentPanel* panel() const { return panel_; }
  /// The guided demo of the open experiment; null before one is open.
  DemoPane* demo() const;
  InterviewPage& interview() { return *interview_; }
  NotesView& notes() { return *notes_; }
  const std::string& lesson() const { return lesson_; }

  void setNotesBeside(bool beside);
  void setCalm(bool calm);
  /// Whether handles ask to be dragged; they do until handleUsed.
  void setInvites(bool invites);
  /// In front of a class: ExperimentPanel::setBare, DemoPane::setAloud, and nothing of what was
  /// compared before.
  void setBare(bool bare);
  QSplitter& labSplitter() { return *lab_splitter_; }
  QString currentTab() const;
  void showTab(const QString& name);
  void find();
  /// Writes down what was typed and not kept yet.
  void saveOwnNotes();
  /// The study has other notes than before.
  void readOwnNotes();

 Q_SIGNALS:
  /// A link in a text of the lesson, as destinationOf reads it.
  void linkActivated(const QString& link);
  void said(const QString& sentence);
  /// A view of the open panel is wanted in a file.
  void exportRequested(const viva::View& view, const QString& format);
  /// By the user: another tab, another size of the parts, another order of the views.
  void rearranged();
  /// The open experiment's demo has begun, gone on or ended.
  void demoChanged();
  /// The newest state of the open experiment is on screen.
  void labShown();
  void runsWanted();
  /// A handle in a view was dragged.
  void handleUsed();

 protected:
  bool event(QEvent* event) override;

 private:
  void retranslate();
  void fillNotes();
  void showOwnNotes(const QString& text);
  void takeOwnNotes();
  void showCode();
  void forgetOldest();
  /// In the store, with its records, as it now is. They are packed on the worker's thread.
  void keepRun(Runner& runner, const Catalog& catalog);
  struct Lab {
    ExperimentPanel* panel;
    DemoPane* demo;
    QPushButton* predict;
  };
  Lab makeLab(const Catalog& catalog, const ExperimentSpec& spec);
  void offerDemo(const Lab& lab);
  void giveRoom(const Lab& lab);

  Study& study_;
  Appearance appearance_;
  std::string lesson_;
  QString markdown_;
  bool notes_filled_ = false, beside_filled_ = false, beside_ = false;
  NotesView *notes_, *notes_beside_;
  QSplitter* lab_splitter_;
  QStackedWidget* labs_;
  QLabel* lab_message_;
  CodeView* code_;
  ExperimentPanel* panel_ = nullptr;
  InterviewPage* interview_;
  QPlainTextEdit* own_;
  QString own_before_;  ///< the notes as they were read, or kept, last
  QTimer own_rests_;
  bool calm_ = false, bare_ = false, invites_ = false;
  std::list<Lab> recent_;  ///< newest first; all in labs_
};

}  // namespace viva
