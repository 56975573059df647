// SPDX-License-Identifier: GPL-3.0-or-later
// Bars a category: side by side or stacked, with the theory drawn over them.
#pragma once

#include "widgets/views/plot_view.h"

namespace viva {

class BarsView : public PlotView {
  Q_OBJECT

 public:
  BarsView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
           QWidget* parent);

  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::vector<LegendEntry> legend() const override;
  bool canBeLogarithmic(Axis axis) const override;
  std::optional<Readout> readoutAt(QPointF position) const override;
  std::optional<QPointF> handlePosition() const override;

 protected:
  AxisRange naturalRange(Axis axis) const override;
  std::vector<Tick> ticks(Axis axis, const AxisRange& range, double pixels) const override;
  double markRoom() const override;
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void drawOver(QPainter& painter, const Plot& plot) const override;
  /// With Shift, up and down change the weight of a distribution that is dragged here.
  void moveReadout(int right, int up, bool far) override;
  bool dragBegins(QPointF position) override;
  void dragTo(QPointF position) override;
  void dragDone() override;
  void changed(Change change) override;
  void keyReleaseEvent(QKeyEvent* event) override;

 private:
  std::vector<const BarsData::Group*> shownGroups() const;
  bool isStacked() const;
  CurveStyle styleOfOverlay(const Curve& curve) const;
  std::optional<Readout> readoutOf(int category, int group, QPointF position) const;
  /// The bar of a shown group, in pixels; empty when it has no height.
  QRectF barOf(const Plot& plot, std::size_t category, std::size_t group) const;

  /// The distributions that are dragged here, each with the shown group that it is.
  struct Handle {
    const ParameterSpec* spec;
    int group;
  };
  std::vector<Handle> handles() const;
  void giveWeight(const Handle& handle, int category, double weight, bool finished);

  std::optional<Handle> dragged_;
  int dragged_category_ = -1;
  std::optional<Distribution> dragged_value_;
  bool scale_taken_ = false;  ///< BarsData::logarithmic sets the axis once, then the user does
  int read_category_ = -1, read_group_ = 0;
};

}  // namespace viva
