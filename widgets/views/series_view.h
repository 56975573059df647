// SPDX-License-Identifier: GPL-3.0-or-later
// Curves against the step, from records, and further curves from the frame.
#pragma once

#include <QImage>

#include "widgets/views/other_run.h"
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
  bool canBeLogarithmic(Axis axis) const override { return axis == Axis::X || !difference_; }
  bool canBeSmoothed() const override { return !lines_.empty(); }
  std::optional<Readout> readoutAt(QPointF position) const override;
  void copyStateFrom(const View& other) override;

  /// Draws these runs beside the present one: the colours of the records, each run with a line
  /// style and a letter of its own. At most kMostOtherRuns.
  void setOthers(const std::vector<OtherRun>& runs);

  /// Draws, in place of the runs, the present one minus each of the others, step by step. Without
  /// others it stays off.
  void setDifference(bool difference);
  bool isDifference() const { return difference_; }
  bool canBeDifference() const;
  void extendMenu(QMenu& menu) override;

  /// How long the present run has computed.
  void setTimes(const StepTimes& times);
  /// Aligns the runs by seconds of computing instead of by step. A run whose times are not known is
  /// not drawn then. Differences are always taken step by step.
  void setByTime(bool by_time);
  bool isByTime() const { return by_time_; }

 protected:
  AxisRange naturalRange(Axis axis) const override;
  QString titleOf(Axis axis) const override;
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void paintContent(QPainter& painter, const Plot& plot) override;
  void drawOver(QPainter& painter, const Plot& plot) const override;
  void drawPointer(QPainter& painter, const Plot& plot) const override;
  void drawAround(QPainter& painter, const Plot& plot) const override;
  void moveReadout(int right, int up, bool far) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changed(Change change) override;
  double automaticSmoothing() const override;
  double markRoom() const override;

 private:
  /// A curve that grows with the records.
  struct Line {
    std::string id;  ///< of its colour and legend entry
    std::size_t column = 0;
    QString label;
    int pattern = 0;  ///< which of ViewSpec::records
    RecordCurve curve;
    SmoothCurve smooth;
    int other = -1;  ///< index into others_; -1: of the present run
    /// Of a spread: its smallest or largest values, or a single seed from 0 on.
    int part = kWhole;
    static constexpr int kWhole = -1, kSmallest = -2, kLargest = -3, kMinus = -4;
  };
  struct Other {
    OtherRun run;
    std::vector<Line> lines;
    std::vector<std::vector<Line>> singles;
    std::vector<Line> smallest, largest;  ///< one for each of lines
    /// The present run minus this one, while differences are drawn.
    struct Minus {
      RecordTable table;
      std::vector<std::pair<std::size_t, std::size_t>> columns;  ///< here and there
    };
    std::shared_ptr<Minus> minus;
  };
  /// How far a line is drawn.
  struct Pen {
    std::int64_t next_row = 0;
    Stroke raw, smooth;
    double next_marker;
    std::vector<QPointF> markers;
  };

  void takeRecords();
  std::vector<Line> linesOf(int other, int part = Line::kWhole) const;
  void fillOther(int index);
  /// What lines_ are to be: of the present run, or of its differences.
  void matchLines();
  void extendDifferences();
  /// The curves that the frame brings; none while differences are drawn.
  const SeriesData* frameCurves() const { return difference_ ? nullptr : data<SeriesData>(); }
  void extend(Line& line);
  double smoothingOf(const Line& line) const;
  bool hasSteps() const { return !lines_.empty(); }
  /// Those of the present run first.
  std::vector<const Line*> allLines() const;
  const Records& recordsOf(const Line& line) const;
  bool isDrawn(const Line& line) const;
  bool hasTimeAxis() const { return by_time_ && !difference_ && hasSteps(); }
  const StepTimes& timesOf(const Line& line) const;
  /// Where a step of a line, or of the present run, is on the horizontal axis.
  double placeOf(const Line& line, double step) const;
  double placeOf(double step) const;
  /// The row of a line at a place of the axis; -1 beyond its ends.
  std::int64_t rowAt(const Line& line, double place) const;
  double lastPlace() const;
  /// The plot with the rows of a line on its horizontal axis.
  Plot rowsOf(const Line& line, const Plot& plot) const;
  CurveStyle styleOfLine(const Line& line) const;
  CurveStyle styleOfCurve(const Curve& curve) const;
  QString labelOfLine(const Line& line) const;
  QString labelOfRecord(const Line& line) const;
  /// Which run, and which part of it, in words.
  QString sourceOf(const Line& line) const;
  QString titleOfOther(const Other& other) const;
  /// Smallest and largest of the seeds; absent for a curve that is one run.
  std::pair<double, double> spreadAt(const Line& line, std::int64_t step) const;
  double valueAt(const Line& line, std::int64_t row) const;
  std::int64_t lastRow() const { return records().rows() - 1; }
  /// Of the present run and of those beside it.
  std::int64_t lastStep() const;
  Pen penFor(const Line& line, std::size_t index, const Plot& plot, bool vectors) const;
  std::int64_t firstRow(const Line& line, const Plot& plot) const;
  void sample(const Line& line, const Plot& plot, bool positive_only, const CurveSink& sink) const;
  void advance(Pen& pen, const Line& line, QPainter& painter, const Plot& plot,
               std::int64_t end) const;
  std::int64_t stableEnd(const Line& line, const Plot& plot) const;
  void drawMarkers(QPainter& painter, const Line& line, const std::vector<QPointF>& markers) const;
  void drawOthers(QPainter& painter, const Plot& plot) const;
  void drawSpread(QPainter& painter, const Other& other, const Plot& plot) const;
  void drawBand(QPainter& painter, const Line& smallest, const Line& largest,
                const Plot& plot) const;
  void drawHead(QPainter& painter, const Line& line, const Plot& plot) const;
  void drawFrameCurves(QPainter& painter, const Plot& plot) const;
  void drawBreaks(QPainter& painter, const Plot& plot) const;
  std::int64_t notDrawn() const;
  std::optional<Readout> readoutOf(double place, QPointF position, const Line* strong) const;
  std::optional<Readout> readoutOfCurves(QPointF position, const Plot& plot) const;

  std::vector<Line> lines_;
  std::vector<Other> others_;
  bool difference_ = false, was_logarithmic_ = false, by_time_ = false;
  StepTimes times_;
  const void* run_ = nullptr;  ///< the first chunk: another one means another run
  std::int64_t rows_ = 0;
  std::int64_t read_step_ = -1;
  int read_line_ = -1;
  double known_smoothing_ = 0;  ///< that was last announced

  struct Cache {
    Plot plot;
    double ratio = 0;
    std::vector<QImage> layers;
    QImage others;  ///< null when there are none
    std::vector<Pen> pens;
  };
  std::optional<Cache> cache_;
};

}  // namespace viva
