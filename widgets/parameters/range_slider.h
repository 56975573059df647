// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace viva {

/// A slider with two handles, which may stand at one place but never pass each other. By keyboard:
/// left and right (Home and End) move a handle, up and down choose which.
class RangeSlider : public QWidget {
  Q_OBJECT

 public:
  explicit RangeSlider(QWidget* parent = nullptr);

  /// Positions are 0 to `maximum`; the handles are kept within.
  void setMaximum(int maximum);
  void setRange(int low, int high);
  int maximum() const { return maximum_; }
  int low() const { return low_; }
  int high() const { return high_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// By the user.
  void rangeDragged(int low, int high);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  double radius() const;
  double placeOf(int position) const;
  int positionAt(double x) const;
  void move(int position);

  int maximum_ = 100, low_ = 0, high_ = 100;
  bool moves_high_ = false;
};

}  // namespace viva
