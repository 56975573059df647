// SPDX-License-Identifier: GPL-3.0-or-later
// How many values lie in each bin: groups drawn over one another, or one group over time.
#pragma once

#include "widgets/views/plot_view.h"

namespace viva {

/// With HistogramData::moments a stack of ridges: the newest in front, the steps upwards into the
/// past. Values beyond the edges stand as bins of their own at both ends.
class HistogramView : public PlotView {
  Q_OBJECT

 public:
  HistogramView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
                QWidget* parent);

  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::vector<LegendEntry> legend() const override;
  bool canBeLogarithmic(Axis axis) const override;
  std::optional<Readout> readoutAt(QPointF position) const override;
  void copyStateFrom(const View& other) override;

 protected:
  AxisRange naturalRange(Axis axis) const override;
  std::vector<Tick> ticks(Axis axis, const AxisRange& range, double pixels) const override;
  QString titleOf(Axis axis) const override;
  double markRoom() const override;
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void drawPointer(QPainter& painter, const Plot& plot) const override;
  /// Left and right between the bins, up and down between groups or steps.
  void moveReadout(int right, int up, bool far) override;
  void changed(Change change) override;

 private:
  /// From the one below the first edge (-1) to the one above the last (as many as there are bins).
  struct Bin {
    double low, high;
  };
  int bins() const;
  Bin bin(int number) const;
  /// The bin under this value of the axis; nothing between the end bins and the others.
  std::optional<int> binAt(double value) const;
  QString nameOf(int bin) const;
  int firstBin() const { return has_below_ ? -1 : 0; }
  int lastBin() const { return bins() - (has_above_ ? 0 : 1); }

  bool isOverTime() const;
  bool isLogarithmicX() const;
  /// Of the edges and marks, without the end bins.
  AxisRange innerRange() const;
  std::vector<const HistogramData::Group*> shownGroups() const;
  static double countOf(const HistogramData::Group& group, int bin);

  /// Ridges from the oldest (0) to the present state of the first group.
  int ridges() const;
  std::int64_t stepOf(int ridge) const;
  double ridgeCount(int ridge, int bin) const;
  double ridgeOverlap() const;
  double ridgeHeight(int ridge, int bin) const;  ///< 0 to 1, of the highest
  QPolygonF ridgeLine(const Plot& plot, int ridge) const;

  QPolygonF outlineOf(const Plot& plot, const HistogramData::Group& group) const;
  void drawGroups(QPainter& painter, const Plot& plot) const;
  void drawEnds(QPainter& painter, const Plot& plot) const;
  void drawRidges(QPainter& painter, const Plot& plot) const;
  void drawMarks(QPainter& painter, const Plot& plot) const;
  /// `selected`: a group, or over time a ridge.
  std::optional<Readout> readoutOf(int bin, int selected, QPointF position) const;

  bool scale_taken_ = false;  ///< HistogramData::logarithmic sets the axis once, then the user does
  bool has_below_ = false, has_above_ = false;  ///< once there, they keep their place
  std::vector<double> edges_;
  double highest_ = 0, lowest_ = 0;  ///< positive counts of all that is drawn
  int read_bin_ = -2, read_selected_ = -1;
};

}  // namespace viva
