// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of a lesson: its notes, the lab with the notes beside it, its code.
#pragma once

#include <QTabWidget>
#include <list>
#include <memory>

#include "lessons/core/catalog.h"
#include "widgets/panel/experiment_panel.h"

class QLabel;
class QSplitter;
class QStackedWidget;

namespace viva {

class CodeView;
class NotesView;

class LessonPage : public QTabWidget {
  Q_OBJECT

 public:
  explicit LessonPage(QWidget* parent = nullptr);

  void setAppearance(const Appearance& appearance);
  /// The notes of a lesson can be read before the experiments are there.
  void showNotes(const std::string& lesson);
  /// Opens an experiment in the lab, as it was left when it was open before.
  ExperimentPanel& openExperiment(const Catalog& catalog, const ExperimentSpec& spec);
  /// Why there is no lab: it is still loading, or could not be loaded.
  void sayInLab(const QString& sentence);
  ExperimentPanel* panel() const { return panel_; }

  void setNotesBeside(bool beside);
  QSplitter& labSplitter() { return *lab_splitter_; }
  QString currentTab() const;
  void showTab(const QString& name);
  void find();

 Q_SIGNALS:
  void linkActivated(const QString& link);
  void said(const QString& sentence);
  /// By the user: another tab, another size of the parts, another order of the views.
  void rearranged();

 private:
  void retranslate();
  void fillNotes();
  void showCode();
  void forgetOldest();

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
  std::list<ExperimentPanel*> recent_;  ///< newest first; all in labs_
};

}  // namespace viva
