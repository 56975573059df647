// SPDX-License-Identifier: GPL-3.0-or-later
// A class in front of the lab: what a clicker goes through, and what is drawn over it.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <vector>

#include "app/window/lesson_plan.h"
#include "widgets/views/view.h"

class QLabel;
class QPushButton;

namespace viva {

class NotesView;

/// Over the window: black, a spotlight that follows the pointer, or strokes of a pen.
class PresenterOverlay : public QWidget {
  Q_OBJECT

 public:
  enum class Mode { Nothing, Black, Spotlight, Pen };

  explicit PresenterOverlay(QWidget* over);
  void setMode(Mode mode);
  Mode mode() const { return mode_; }
  void clear();
  void setDark(bool dark) { dark_ = dark; }
  const std::vector<QPolygonF>& strokes() const { return strokes_; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  Mode mode_ = Mode::Nothing;
  bool dark_ = false;
  QPointF pointer_;
  std::vector<QPolygonF> strokes_;
};

/// On the laptop while the projector shows the lab: this step and the next one, the lesson's notes,
/// the time.
class PresenterDesk : public QWidget {
  Q_OBJECT

 public:
  explicit PresenterDesk(QWidget* parent);
  void setAppearance(const Appearance& appearance);
  void show(const QString& now, const QString& next, const QString& place, const QString& notes);
  /// How far the step is.
  void setProgress(const QString& progress);

 Q_SIGNALS:
  void goOn();
  void goBack();
  void linkActivated(const QString& link);

 private:
  void tick();

  Appearance appearance_;
  QLabel *now_, *progress_, *next_, *place_, *clock_;
  NotesView* notes_;
  QPushButton *back_, *on_;
  QString shown_notes_;
  QElapsedTimer since_;
  QTimer second_;
};

}  // namespace viva
