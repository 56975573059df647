// SPDX-License-Identifier: GPL-3.0-or-later
// A heat map with labelled rows and columns and a colour bar.
#pragma once

#include "widgets/views/colour_scale.h"
#include "widgets/views/plot_view.h"

namespace viva {

class MatrixView : public PlotView {
  Q_OBJECT

 public:
  MatrixView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
             QWidget* parent);

  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;

 protected:
  AxisRange naturalRange(Axis axis) const override;
  std::vector<Tick> ticks(Axis axis, const AxisRange& range, double pixels) const override;
  double rightMargin(const QRectF& area) const override;
  bool hasGrid() const override { return false; }
  bool equalScale() const override { return spec().equal_scale; }
  /// The frame of what is picked or read.
  double markRoom() const override { return 3; }
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void drawPointer(QPainter& painter, const Plot& plot) const override;
  void drawAround(QPainter& painter, const Plot& plot) const override;
  void drawOver(QPainter& painter, const Plot& plot) const override;
  void moveReadout(int right, int up, bool far) override;
  void clicked(QPointF position) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changed(Change change) override;

 private:
  ColourScale scale() const;
  ColourMap map() const;
  QString rowLabel(int row) const;
  QString columnLabel(int column) const;
  /// Zeros have no place on a logarithmic scale, and nan on none: each has a look of its own.
  enum class Kind { Value, Zero, Nothing };
  Kind kindOf(double value) const;
  QColor colourOf(double value) const;
  void drawSign(QPainter& painter, const QRectF& cell, Kind kind) const;
  std::int64_t count(Kind kind) const;
  std::optional<Readout> readoutOf(int row, int column, QPointF position) const;

  int read_row_ = -1, read_column_ = -1;
  mutable std::optional<ColourScale> scale_;
  mutable QImage image_;
  std::int64_t zeros_ = 0, nothings_ = 0;
};

}  // namespace viva
