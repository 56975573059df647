// SPDX-License-Identifier: GPL-3.0-or-later
// What can be chosen, and no more.
#pragma once

#include <QDialog>
#include <cstdint>

#include "app/window/preferences.h"
#include "widgets/study/study.h"

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QSpinBox;

namespace viva {

class PhaseStore;

class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  /// `phases` is what can be cleared here at once; its limit is set when the dialog is accepted.
  PreferencesDialog(const Preferences& preferences, const StudyPlan& plan, PhaseStore& phases,
                    QWidget* parent);

  /// With what was chosen.
  Preferences preferences() const;
  StudyPlan plan() const;
  /// Bytes on disk of the ends of phases.
  std::uint64_t limitOfPhases() const;

 private:
  void showPhases();

  Preferences preferences_;
  PhaseStore& phase_store_;
  QComboBox *language_, *theme_;
  QSpinBox *size_, *retention_, *new_, *reviews_, *runs_, *phases_;
  QLabel* kept_phases_;
  QCheckBox *has_exam_, *still_, *carry_run_;
  QDateEdit* exam_;
};

}  // namespace viva
