// SPDX-License-Identifier: GPL-3.0-or-later
// How many cards fall due on each of the coming days.
#pragma once

#include <QWidget>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

class ForecastBars : public QWidget {
  Q_OBJECT

 public:
  explicit ForecastBars(const Appearance& appearance, QWidget* parent = nullptr);
  /// Today first.
  void setForecast(std::vector<int> cards);
  QSize sizeHint() const override { return {420, 110}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Appearance appearance_;
  std::vector<int> cards_;
};

}  // namespace viva
