// SPDX-License-Identifier: GPL-3.0-or-later
// The way back to a card, while somebody looks at what proves it.
#pragma once

#include <QToolBar>
#include <functional>

#include "lessons/core/words.h"

class QAction;
class QLabel;

namespace viva {

/// Alt+Left goes back as well. It disappears when one has gone back, or does not want to.
class BackStrip : public QToolBar {
  Q_OBJECT

 public:
  explicit BackStrip(QWidget* parent = nullptr);
  void setWords(const Words& words);
  /// `question` is the card's, on one line; `back` leads there.
  void offer(const QString& question, std::function<void()> back);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fit();

  QAction *back_, *close_;
  QLabel* label_;
  QString question_;
  std::function<void()> lead_back_;
};

}  // namespace viva
