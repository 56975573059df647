// SPDX-License-Identifier: GPL-3.0-or-later
// A SeriesView whose horizontal axis is the time that was spent instead of the step.
#include <bit>
#include <cmath>

#include "widgets/views/series_view.h"

namespace viva {

void SeriesView::setTimes(const StepTimes& times) {
  times_ = times;
  if (hasTimeAxis()) update();
}

void SeriesView::setByTime(bool by_time) {
  if (by_time == by_time_) return;
  by_time_ = by_time;
  resetZoom();
  changed(Change::Appearance);
  Q_EMIT stateChanged();
  update();
}

const StepTimes& SeriesView::timesOf(const Line& line) const {
  if (line.other < 0) return times_;
  const OtherRun& run = others_[static_cast<std::size_t>(line.other)].run;
  const bool single = run.spread && line.part >= 0;
  return single ? run.spread->times[static_cast<std::size_t>(line.part)] : run.times;
}

double SeriesView::placeOf(const Line& line, double step) const {
  return hasTimeAxis() ? timesOf(line).secondsAt(step) : step;
}

double SeriesView::placeOf(double step) const {
  return hasTimeAxis() ? times_.secondsAt(step) : step;
}

std::int64_t SeriesView::rowAt(const Line& line, double place) const {
  if (hasTimeAxis()) {
    const StepTimes& times = timesOf(line);
    if (place > times.seconds()) return -1;
    place = times.stepAt(place);
  }
  const auto row = static_cast<std::int64_t>(std::llround(place));
  return row < recordsOf(line).rows() ? row : -1;
}

double SeriesView::lastPlace() const {
  if (!hasTimeAxis()) return static_cast<double>(lastStep());
  double last = 0;
  for (const Line* line : allLines())
    if (isDrawn(*line)) last = std::max(last, timesOf(*line).seconds());
  return last;
}

Plot SeriesView::rowsOf(const Line& line, const Plot& plot) const {
  if (!hasTimeAxis()) return plot;
  const StepTimes& times = timesOf(line);
  Plot rows = plot;
  const double low = times.stepAt(plot.x.low), high = times.stepAt(plot.x.high);
  // A power of two, so that the buckets of rows stay the same while a run goes on.
  const auto span = std::bit_ceil(static_cast<std::uint64_t>(std::max(1.0, std::ceil(high - low))));
  rows.x = {low, low + static_cast<double>(span), false};
  return rows;
}

}  // namespace viva
