// SPDX-License-Identifier: GPL-3.0-or-later
// A line over the presenter's window that goes away by itself: what the keys are.
#pragma once

#include <QTimer>
#include <QVariantAnimation>
#include <QWidget>

namespace viva {

/// Lies above the lower edge, takes no keys and no clicks.
class PresenterLine : public QWidget {
  Q_OBJECT

 public:
  explicit PresenterLine(QWidget* over);
  /// Long enough to be read, then it fades; `calm`: without motion it is gone at once.
  void say(const QString& text, bool calm);
  const QString& text() const { return text_; }

 public Q_SLOTS:
  void fade();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void place();

  QString text_;
  bool calm_ = false;
  QTimer read_;
  QVariantAnimation fading_;
};

}  // namespace viva
