// SPDX-License-Identifier: GPL-3.0-or-later
// A card of the learner's own, to be written or changed.
#pragma once

#include <QDialog>

#include "widgets/study/study.h"
#include "widgets/views/view.h"

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QPlainTextEdit;

namespace viva {

class NotesView;

/// Asks before what was written is thrown away.
class CardEditor : public QDialog {
  Q_OBJECT

 public:
  /// `card` with an empty id is a new one.
  CardEditor(const OwnCard& card, const Appearance& appearance, QWidget* parent);

  /// As it has been written; trimmed.
  OwnCard card() const;

 public Q_SLOTS:
  void reject() override;

 Q_SIGNALS:
  void removeWanted(const QString& id);

 private:
  void showPreview();

  OwnCard card_, before_;
  Appearance appearance_;
  QComboBox* lesson_;
  QPlainTextEdit *question_, *answer_, *explanation_, *follow_ups_;
  QCheckBox* markdown_;
  NotesView* preview_;
  QDialogButtonBox* buttons_;
};

}  // namespace viva
