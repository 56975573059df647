// SPDX-License-Identifier: GPL-3.0-or-later
// What can be chosen, and no more.
#pragma once

#include <QDialog>

#include "app/window/preferences.h"
#include "widgets/study/study.h"

class QCheckBox;
class QComboBox;
class QDateEdit;
class QSpinBox;

namespace viva {

class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  PreferencesDialog(const Preferences& preferences, const StudyPlan& plan, QWidget* parent);

  /// With what was chosen.
  Preferences preferences() const;
  StudyPlan plan() const;

 private:
  Preferences preferences_;
  QComboBox *language_, *theme_;
  QSpinBox *size_, *retention_, *new_, *reviews_, *runs_;
  QCheckBox *has_exam_, *still_, *carry_run_;
  QDateEdit* exam_;
};

}  // namespace viva
