// SPDX-License-Identifier: GPL-3.0-or-later
// What a dialog has written, and the way there.
#pragma once

#include <QWidget>

#include "lessons/core/words.h"

class QLabel;
class QPushButton;

namespace viva {

/// A sentence and, where a file was written, a button that shows it in its folder.
class WrittenLine : public QWidget {
 public:
  explicit WrittenLine(Language language, QWidget* parent = nullptr);
  /// `path` empty: there is nothing to show.
  void say(const QString& sentence, const QString& path = {});
  QString sentence() const;

 private:
  QLabel* said_;
  QPushButton* show_;
  QString path_;
};

}  // namespace viva
