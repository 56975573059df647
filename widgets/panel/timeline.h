// SPDX-License-Identifier: GPL-3.0-or-later
// The run from its first step to its newest, to be scrubbed.
#pragma once

#include <QColor>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/core/run.h"
#include "lessons/core/words.h"

class QLabel;
class QSlider;
class QToolButton;

namespace viva {

class Timeline : public QWidget {
  Q_OBJECT

 public:
  explicit Timeline(QWidget* parent = nullptr);

  void setWords(const Words& words);
  /// `newest` of `length` steps are there.
  void setExtent(std::int64_t newest, std::int64_t length);
  /// The live changes, marked where they happened.
  void setEvents(const std::vector<Event>& events);
  /// Unset: the newest step. `shown` is the kept frame that is really drawn.
  void setCursor(std::optional<std::int64_t> cursor, std::int64_t shown);
  std::optional<std::int64_t> cursor() const { return cursor_; }
  /// For a class: how far the run is, to be read from the last row, and nothing to press.
  void setBare(bool bare);

 Q_SIGNALS:
  /// The user moved to this step; the newest one means "follow".
  void scrubbed(qint64 step);
  void newestPressed();
  void branchPressed();
  void racePressed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void refresh();
  void refreshIcons();
  void fitLabel();

  const Words* words_;
  QSlider* slider_;
  QLabel* label_;
  QToolButton *to_newest_, *branch_, *race_;
  std::int64_t newest_ = 0, length_ = 0, shown_ = 0;
  std::optional<std::int64_t> cursor_;
  QColor icon_colour_;
  bool bare_ = false;
};

}  // namespace viva
