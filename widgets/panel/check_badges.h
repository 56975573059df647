// SPDX-License-Identifier: GPL-3.0-or-later
// What the experiment compared with an independent way to get it, and how well it agrees.
#pragma once

#include <QWidget>
#include <vector>

#include "lessons/core/run.h"
#include "lessons/core/words.h"

class QVBoxLayout;
class QLabel;

namespace viva {

/// One badge a check: a tick or a cross, the name, the largest difference seen so far.
class CheckBadges : public QWidget {
  Q_OBJECT

 public:
  CheckBadges(std::string experiment, QWidget* parent = nullptr);
  void setWords(const Words& words, bool dark);
  void setChecks(const std::vector<CheckResult>& checks);

 private:
  void refresh();

  std::string experiment_;
  const Words* words_;
  bool dark_ = false;
  std::vector<CheckResult> checks_;
  QVBoxLayout* layout_;
  std::vector<QLabel*> badges_;
};

}  // namespace viva
