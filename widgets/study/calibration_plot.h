// SPDX-License-Identifier: GPL-3.0-or-later
// How sure predictions were against how often they were right; on the diagonal both agree.
#pragma once

#include <QWidget>

#include "widgets/study/study.h"
#include "widgets/views/view.h"

namespace viva {

class CalibrationPlot : public QWidget {
  Q_OBJECT

 public:
  explicit CalibrationPlot(const Appearance& appearance, QWidget* parent = nullptr);
  void setCalibration(const Calibration& calibration);
  /// Where a prediction of this confidence that is right so often (both 0 to 1) lies in the widget.
  QPointF placeOf(double confidence, double right) const;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QFont font(double pixels) const;
  QRectF area() const;
  QString text(const Message& message) const;

  Appearance appearance_;
  Calibration calibration_;
  double from_ = 0.5;  ///< the confidence at the left end
};

}  // namespace viva
