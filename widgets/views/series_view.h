// SPDX-License-Identifier: GPL-3.0-or-later
// Curves against the step, from records, and further curves from the frame.
#pragma once

#include <QImage>

#include "widgets/views/plot_view.h"
#include "widgets/views/record_curve.h"
#include "widgets/views/stroke.h"

namespace viva {

class SeriesView : public PlotView {
  Q_OBJECT

 public:
  SeriesView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
             QWidget* parent);

  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::vector<LegendEntry> legend() const override;
  bool canBeLogarithmic(Axis) const override { return true; }
  bool canBeSmoothed() const override { return !lines_.empty(); }
  std::optional<Readout> readoutAt(QPointF position) const override;

 protected:
  AxisRange naturalRange(Axis axis) const override;
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void paintContent(QPainter& painter, const Plot& plot) override;
  void drawOver(QPainter& painter, const Plot& plot) const override;
  void drawPointer(QPainter& painter, const Plot& plot) const override;
  void drawAround(QPainter& painter, const Plot& plot) const override;
  void moveReadout(int right, int up, bool far) override;
  void changed(Change change) override;

 private:
  /// A curve that grows with the records.
  struct Line {
    std::string id;  ///< of its colour and legend entry
    std::size_t column;
    QString label;
    int pattern;  ///< which of ViewSpec::records
    RecordCurve curve;
    SmoothCurve smooth;
  };
  /// How far a line is drawn.
  struct Pen {
    std::int64_t next_row = 0;
    Stroke raw, smooth;
    double next_marker;
    std::vector<QPointF> markers;
  };

  void takeRecords();
  void matchLines();
  bool hasSteps() const { return !lines_.empty(); }
  CurveStyle styleOfLine(const Line& line) const;
  CurveStyle styleOfCurve(const Curve& curve) const;
  QString labelOfLine(const Line& line) const;
  double valueAt(const Line& line, std::int64_t row) const;
  std::int64_t lastRow() const { return records().rows() - 1; }
  Pen penFor(std::size_t index, const Plot& plot, bool vectors) const;
  void advance(Pen& pen, std::size_t index, QPainter& painter, const Plot& plot,
               std::int64_t end) const;
  std::int64_t stableEnd(const Plot& plot) const;
  void drawMarkers(QPainter& painter, const Line& line, const std::vector<QPointF>& markers) const;
  void drawHead(QPainter& painter, const Line& line, const Plot& plot) const;
  void drawFrameCurves(QPainter& painter, const Plot& plot) const;
  void drawBreaks(QPainter& painter, const Plot& plot) const;
  std::int64_t notDrawn() const;
  std::optional<Readout> readoutOfStep(std::int64_t step, QPointF position, int line) const;
  std::optional<Readout> readoutOfCurves(QPointF position, const Plot& plot) const;

  std::vector<Line> lines_;
  const void* run_ = nullptr;  ///< the first chunk: another one means another run
  std::int64_t rows_ = 0;
  std::int64_t read_step_ = -1;
  int read_line_ = -1;

  struct Cache {
    Plot plot;
    double ratio = 0;
    std::vector<QImage> layers;
    std::vector<Pen> pens;
  };
  std::optional<Cache> cache_;
};

}  // namespace viva
