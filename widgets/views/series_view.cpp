// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/series_view.h"

#include <QKeyEvent>
#include <algorithm>
#include <cmath>
#include <set>

#include "lessons/core/record_label.h"
#include "widgets/views/colours.h"

namespace viva {

SeriesView::SeriesView(const ViewSpec& spec, const std::string& experiment,
                       const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool SeriesView::isEmpty() const {
  if (const auto* series = frameCurves())
    for (const Curve& curve : series->curves)
      if (!curve.x.empty()) return false;
  for (const Line* line : allLines())
    if (line->curve.present() > 0 || !line->curve.breaks().empty()) return false;
  return true;
}

std::vector<const SeriesView::Line*> SeriesView::allLines() const {
  std::vector<const Line*> all;
  for (const Line& line : lines_) all.push_back(&line);
  if (difference_) return all;
  for (const Other& other : others_)
    for (const Line& line : other.lines) all.push_back(&line);
  return all;
}

void SeriesView::changed(Change change) {
  PlotView::changed(change);
  switch (change) {
    case Change::Records:
      takeRecords();
      return;
    case Change::Frame:
    case Change::Cursor:
    case Change::Hovered:
      return;  // drawn over the cached curves
    case Change::Parameters:
    case Change::Appearance:
      for (Line& line : lines_) line.label = labelOfLine(line);
      for (Other& other : others_)
        for (Line& line : other.lines) line.label = labelOfLine(line);
      if (change == Change::Parameters) return;
      break;
    case Change::Smoothing:
    case Change::Axes:
      for (Line& line : lines_) extend(line);
      for (Other& other : others_)
        for (Line& line : other.lines) extend(line);
      break;
    case Change::Styles:
    case Change::Hidden:
      break;
  }
  cache_.reset();
}

void SeriesView::takeRecords() {
  const void* run = records().chunks().empty() ? nullptr : records().chunks().front().get();
  if (run != run_ || records().rows() < rows_) {
    run_ = run;
    cache_.reset();
    read_step_ = -1;
    matchLines();
    Q_EMIT legendChanged();
  }
  rows_ = records().rows();
  extendDifferences();
  std::vector<double> before;
  for (const Line& line : lines_) before.push_back(smoothingOf(line));
  for (Line& line : lines_) extend(line);
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (smoothingOf(lines_[i]) != before[i]) cache_.reset();
  if (std::exchange(known_smoothing_, smoothing()) != smoothing()) Q_EMIT stateChanged();
}

void SeriesView::extend(Line& line) {
  line.curve.extend(recordsOf(line), line.column);
  if (const double amount = smoothingOf(line); amount > 0)
    line.smooth.extend(recordsOf(line), line.column, amount);
}

double SeriesView::smoothingOf(const Line& line) const {
  return chosenSmoothing().value_or(line.curve.usefulSmoothing(isLogarithmic(Axis::Y)));
}

double SeriesView::automaticSmoothing() const {
  double most = 0;
  for (const Line& line : lines_)
    if (isDrawn(line)) most = std::max(most, line.curve.usefulSmoothing(isLogarithmic(Axis::Y)));
  return most;
}

std::vector<SeriesView::Line> SeriesView::linesOf(int other, int part) const {
  std::vector<Line> lines;
  Line line;
  line.other = other;
  line.part = part;
  const auto& names = recordsOf(line).names();
  for (std::size_t pattern = 0; pattern < spec().records.size(); ++pattern)
    for (std::size_t column = 0; column < names.size(); ++column) {
      const auto id = matchRecord(spec().records[pattern], names[column]);
      if (!id) continue;
      line.id = id->empty() ? names[column] : *id;
      line.column = column;
      line.pattern = static_cast<int>(pattern);
      line.label = labelOfLine(line);
      styles().learn(line.id);
      lines.push_back(line);
    }
  return lines;
}

QString SeriesView::labelOfLine(const Line& line) const {
  const QString label = labelOfRecord(line);
  if (line.part == Line::kMinus)
    return label + QStringLiteral(" − ") + letterOfRun(others_[line.other].run.place);
  return line.other < 0
             ? label
             : letterOfRun(others_[line.other].run.place) + QStringLiteral(" · ") + label;
}

QString SeriesView::labelOfRecord(const Line& line) const {
  const std::string& pattern = spec().records[line.pattern];
  const std::string& name = recordsOf(line).names()[line.column];
  if (pattern.find('*') == std::string::npos) {
    // With these parameters there may be nothing to say: then it is the record's own name.
    const QString here = labelOfCurve(name);
    return words().has(experiment(), "curve_here", name) &&
                   here.toStdString() != words().of(experiment(), "curve", name)
               ? here
               : QString::fromStdString(recordLabel(words(), experiment(), name));
  }
  if (spec().records.size() == 1) return labelOfCurve(line.id);
  // Two curves of one id: what the pattern adds tells them apart.
  std::string rest = pattern;
  std::erase(rest, '*');
  while (!rest.empty() && rest.front() == '/') rest.erase(rest.begin());
  return labelOfCurve(line.id) + QStringLiteral(" · ") +
         QString::fromStdString(words().of(experiment(), "record", rest));
}

CurveStyle SeriesView::styleOfLine(const Line& line) const {
  CurveStyle style = styleOf(line.id);
  if (line.other >= 0) style = StyleTable::styleOfRun(others_[line.other].run.place, style.colour);
  if (line.pattern % 2 == 1)
    style.dashes = style.dashes.isEmpty() ? QVector<qreal>{6, 4} : QVector<qreal>{};
  style.pale = isPale(line.id);
  return style;
}

CurveStyle SeriesView::styleOfCurve(const Curve& curve) const {
  if (!curve.reference) return styleOf(curve.id);
  return {theme(appearance().dark).reference, dashesOfTheory(curve.id, frameCurves()->curves),
          Marker::Circle};
}

double SeriesView::valueAt(const Line& line, std::int64_t row) const {
  if (row < 0 || row >= recordsOf(line).rows()) return absentValue();
  return recordsOf(line).last(line.column, row);
}

AxisRange SeriesView::naturalRange(Axis axis) const {
  const bool logarithmic = isLogarithmic(axis);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto take = [&](double value) {
    if (!std::isfinite(value) || (logarithmic && !(value > 0))) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  if (const auto* series = frameCurves())
    for (const Curve& curve : series->curves)
      if (isShown(curve.id))
        for (double value : axis == Axis::X ? curve.x : curve.y)
          take(axis == Axis::X && hasTimeAxis() ? placeOf(value) : value);
  if (axis == Axis::X) {
    if (!hasSteps()) return roundedRange(low, high, logarithmic);
    if (hasTimeAxis()) {
      take(logarithmic ? lastPlace() / 1000 : 0);
      take(lastPlace());
      return roundedRange(low, high, logarithmic);
    }
    take(logarithmic ? 1 : 0);
    take(static_cast<double>(lastStep()));
    if (logarithmic) return roundedRange(low, std::max(high, 10.0), true);
    return low >= 0 ? stepRange(high) : roundedRange(low, high, false);
  }
  for (const Line* line : allLines()) {
    if (!isDrawn(*line)) continue;
    take(logarithmic ? line->curve.smallestPositive() : line->curve.minimum());
    take(line->curve.maximum());
  }
  if (difference_) take(0);
  for (const Other& other : others_)
    for (const auto* part : {&other.smallest, &other.largest})
      for (const Line& line : *part) {
        if (difference_ || !isDrawn(line)) continue;
        take(logarithmic ? line.curve.smallestPositive() : line.curve.minimum());
        take(line.curve.maximum());
      }
  return roundedRange(low, high, logarithmic);
}

std::vector<LegendEntry> SeriesView::legend() const {
  std::vector<LegendEntry> entries;
  for (const Line& line : lines_) {
    const bool known = std::any_of(entries.begin(), entries.end(), [&](const LegendEntry& entry) {
      return difference_ && entry.id == line.id;
    });
    if (known) continue;  // of another run; the runs come last
    entries.push_back({line.id, difference_ ? labelOfRecord(line) : line.label,
                       difference_ ? styleOf(line.id) : styleOfLine(line), true, true, true,
                       isShown(line.id)});
  }
  if (const auto* series = frameCurves())
    for (const Curve& curve : series->curves) {
      const auto same = [&](const LegendEntry& entry) {
        return entry.id == curve.id && !curve.reference;
      };
      if (std::any_of(entries.begin(), entries.end(), same)) continue;
      entries.push_back({curve.id, labelOf(curve.label), styleOfCurve(curve), true,
                         !curve.reference, true, isShown(curve.id)});
    }
  for (const Other& other : others_)
    entries.push_back({other.run.id, titleOfOther(other),
                       StyleTable::styleOfRun(other.run.place, theme(appearance().dark).text), true,
                       true, true, isShown(other.run.id), false, other.run.spread.has_value(),
                       true});
  return entries;
}

std::int64_t SeriesView::notDrawn() const {
  if (!isLogarithmic(Axis::Y)) return 0;
  std::int64_t count = 0;
  for (const Line* line : allLines())
    if (isDrawn(*line)) count += line->curve.notPositive();
  if (const auto* series = frameCurves())
    for (const Curve& curve : series->curves)
      if (isShown(curve.id))
        count += std::count_if(curve.y.begin(), curve.y.end(), [](double y) { return y <= 0; });
  return count;
}

std::optional<Readout> SeriesView::readoutAt(QPointF position) const {
  const Plot now = plot();
  if (isEmpty() || !now.shows(position)) return std::nullopt;
  if (!hasSteps()) return readoutOfCurves(position, now);
  const double at = now.xOf(position.x());
  if (!std::isfinite(at)) return std::nullopt;
  const double place = hasTimeAxis() ? std::clamp(at, 0.0, std::max(0.0, lastPlace()))
                                     : std::round(std::clamp(at, 0.0, std::max(0.0, lastPlace())));
  const Line* nearest = nullptr;
  double nearest_distance = std::numeric_limits<double>::infinity();
  for (const Line* line : allLines()) {
    if (!isDrawn(*line)) continue;
    const double distance =
        std::abs(now.vertical(valueAt(*line, rowAt(*line, place))) - position.y());
    if (distance < nearest_distance) {
      nearest_distance = distance;
      nearest = line;
    }
  }
  return readoutOf(place, position, nearest);
}

std::optional<Readout> SeriesView::readoutOf(double place, QPointF position,
                                             const Line* strong) const {
  Readout readout;
  readout.position = position;
  const double step = hasTimeAxis() ? std::round(times_.stepAt(place)) : place;
  readout.step = static_cast<std::int64_t>(step);
  Message head{"views.step", {{"step", *readout.step}}};
  if (hasTimeAxis()) head = {"views.at_seconds", {{"seconds", place}, {"step", *readout.step}}};
  readout.lines.push_back({{}, word(head), false});
  // More than these would hide the plot; the nearest curve is always among them, and the same
  // record of every run stands together with it.
  constexpr std::size_t kMost = 9;
  std::vector<const Line*> chosen;
  const auto choose = [&](const Line* line, std::size_t most) {
    if (isDrawn(*line) && chosen.size() < most &&
        std::find(chosen.begin(), chosen.end(), line) == chosen.end())
      chosen.push_back(line);
  };
  const std::vector<const Line*> all = allLines();
  if (strong && !others_.empty())
    for (const Line* line : all)
      if (line->id == strong->id && line->pattern == strong->pattern) choose(line, kMost);
  for (const Line* line : all) choose(line, line == strong ? kMost + 1 : kMost);
  for (const Line* line : chosen) {
    const std::int64_t row = rowAt(*line, place);
    const double value = valueAt(*line, row);
    QString text = line->label + QStringLiteral("  ") +
                   (isAbsent(value) ? QStringLiteral("–") : readoutNumber(value));
    if (const auto [low, high] = spreadAt(*line, row); !isAbsent(low) && !isAbsent(high))
      text += QStringLiteral("  ") + word(Message{"views.spread",
                                                  {{"low", readoutNumber(low).toStdString()},
                                                   {"high", readoutNumber(high).toStdString()}}});
    if (smoothingOf(*line) > 0) {
      const double smooth = line->smooth.at(recordsOf(*line), line->column, row);
      if (std::isfinite(smooth))
        text += QStringLiteral("  ") +
                word(Message{"views.smoothed", {{"value", readoutNumber(smooth).toStdString()}}});
    }
    readout.lines.push_back({styleOfLine(*line), text, line == strong});
  }
  return readout;
}

std::optional<Readout> SeriesView::readoutOfCurves(QPointF position, const Plot& now) const {
  const auto* series = frameCurves();
  if (!series) return std::nullopt;
  double best = 40 * 40;  // pixels, squared
  const Curve* nearest = nullptr;
  std::size_t index = 0;
  for (const Curve& curve : series->curves) {
    if (!isShown(curve.id)) continue;
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
      const QPointF way = now.at(curve.x[i], curve.y[i]) - position;
      const double distance = way.x() * way.x() + way.y() * way.y();
      if (distance < best) {
        best = distance;
        nearest = &curve;
        index = i;
      }
    }
  }
  if (!nearest) return std::nullopt;
  Readout readout;
  readout.position = now.at(nearest->x[index], nearest->y[index]);
  readout.lines.push_back({styleOfCurve(*nearest), labelOf(nearest->label), true});
  readout.lines.push_back({{},
                           word(Message{"views.pair",
                                        {{"x", readoutNumber(nearest->x[index]).toStdString()},
                                         {"y", readoutNumber(nearest->y[index]).toStdString()}}}),
                           false});
  return readout;
}

void SeriesView::moveReadout(int right, int up, bool far) {
  const Plot now = plot();
  if (!hasSteps()) {
    const QPointF from = readout() ? readout()->position : now.inner.center();
    setReadout(readoutAt(from + QPointF(right, -up) * (far ? 40 : 8)));
    return;
  }
  const std::vector<const Line*> all = allLines();
  std::vector<int> shown;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (isDrawn(*all[i])) shown.push_back(static_cast<int>(i));
  if (shown.empty()) return;
  if (read_step_ < 0) {
    read_step_ = cursor().value_or(lastRow());
    if (read_line_ < 0) read_line_ = shown.front();
  } else {
    const Plot rows = rowsOf(*all[static_cast<std::size_t>(std::max(0, read_line_))], now);
    const double span = rows.x.high - rows.x.low;
    const auto stride = std::max<std::int64_t>(1, std::llround(span / (far ? 10 : 200)));
    read_step_ = std::clamp<std::int64_t>(read_step_ + right * stride, 0, lastStep());
    auto place = std::find(shown.begin(), shown.end(), read_line_);
    if (up && place != shown.end()) {
      const auto index = (place - shown.begin() - up + shown.size()) % shown.size();
      read_line_ = shown[index];
    }
  }
  if (std::find(shown.begin(), shown.end(), read_line_) == shown.end()) read_line_ = shown.front();
  const Line& line = *all[static_cast<std::size_t>(read_line_)];
  const double place = placeOf(line, static_cast<double>(read_step_));
  QPointF at = now.at(place, valueAt(line, read_step_));
  if (!std::isfinite(at.y())) at.setY(now.inner.center().y());
  at.setY(std::clamp(at.y(), now.inner.top(), now.inner.bottom()));
  setReadout(readoutOf(place, at, &line));
}

/// `[` and `]`: less and more smoothing, in steps that are even in the number of rows averaged.
void SeriesView::keyPressEvent(QKeyEvent* event) {
  const int direction = event->text() == QLatin1String("]")   ? 1
                        : event->text() == QLatin1String("[") ? -1
                                                              : 0;
  if (direction == 0 || !canBeSmoothed()) return PlotView::keyPressEvent(event);
  static constexpr double kAmounts[] = {0, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99};
  const auto* place =
      std::lower_bound(std::begin(kAmounts), std::end(kAmounts), smoothing() - 1e-9);
  const auto next =
      std::clamp<std::ptrdiff_t>(place - kAmounts + direction, 0, std::ssize(kAmounts) - 1);
  setSmoothing(kAmounts[next]);
  const QPointF centre = plot().inner.center();
  Readout said;
  said.position = centre;
  said.lines.push_back({{}, word(Message{"views.smoothing_is", {{"amount", smoothing()}}}), true});
  setReadout(said);
}

QString SeriesView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  QStringList parts;
  if (hasSteps())
    parts << word(Message{"views.summary_steps", {{"step", cursor().value_or(lastRow())}}});
  if (hasTimeAxis()) parts << word("views.summary_by_time");
  if (hasSteps() && smoothing() > 0)
    parts << word(Message{"views.summary_smoothing", {{"amount", smoothing()}}});
  int other = -1;
  for (const Line* line : allLines()) {
    if (!isDrawn(*line)) continue;
    if (line->other != std::exchange(other, line->other))
      parts << word(Message{"views.summary_other",
                            {{"run", titleOfOther(others_[line->other]).toStdString()}}});
    const double value = valueAt(
        *line, std::min(cursor().value_or(recordsOf(*line).rows()), recordsOf(*line).rows() - 1));
    parts << word(Message{"views.summary_curve",
                          {{"curve", line->label.toStdString()},
                           {"value", isAbsent(value) ? "–" : readoutNumber(value).toStdString()},
                           {"minimum", readoutNumber(line->curve.minimum()).toStdString()},
                           {"maximum", readoutNumber(line->curve.maximum()).toStdString()}}});
    if (!line->curve.breaks().empty())
      parts << word(Message{
          "views.summary_break",
          {{"curve", line->label.toStdString()}, {"step", line->curve.breaks().front().step}}});
  }
  if (const auto* series = frameCurves())
    for (const Curve& curve : series->curves)
      if (isShown(curve.id) && !curve.y.empty())
        parts << word(Message{"views.summary_points",
                              {{"curve", labelOf(curve.label).toStdString()},
                               {"count", static_cast<std::int64_t>(curve.y.size())},
                               {"value", readoutNumber(curve.y.back()).toStdString()}}});
  if (const std::int64_t count = notDrawn())
    parts << word(Message{"views.not_positive", {{"count", count}}});
  return parts.join(QStringLiteral(" "));
}

DataTable SeriesView::dataTable() const {
  DataTable table;
  const auto* series = frameCurves();
  if (hasSteps()) {
    table.headings.push_back("step");
    std::vector<const Line*> all = allLines();
    for (const Other& other : others_) {
      if (difference_) break;
      for (const auto* part : {&other.smallest, &other.largest})
        for (const Line& line : *part) all.push_back(&line);
      for (const auto& single : other.singles)
        for (const Line& line : single) all.push_back(&line);
    }
    // The times of a run stand before its first record.
    std::set<const StepTimes*> timed;
    std::vector<bool> has_seconds;
    for (const Line* line : all) {
      const std::string source =
          line->other >= 0 ? " (" + sourceOf(*line).toStdString() + ")" : std::string();
      const StepTimes& times = timesOf(*line);
      has_seconds.push_back(hasTimeAxis() && !times.empty() && timed.insert(&times).second);
      if (has_seconds.back()) table.headings.push_back("seconds" + source);
      table.headings.push_back(recordsOf(*line).names()[line->column] + source);
    }
    const std::int64_t rows = lastStep() + 1;
    table.rows.reserve(rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      auto& cells = table.rows.emplace_back();
      cells.emplace_back(static_cast<double>(row));
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Line* line = all[i];
        const Records& from = recordsOf(*line);
        const bool is_there = row < from.rows();
        if (has_seconds[i])
          addCell(cells, is_there ? std::optional(timesOf(*line).secondsAt(row)) : std::nullopt);
        const double value = is_there ? from.at(row, line->column) : absentValue();
        addCell(cells, isAbsent(value) ? std::nullopt : std::optional(value));
      }
    }
    return table;
  }
  table.headings = {"curve", "x", "y"};
  if (series)
    for (const Curve& curve : series->curves)
      for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
        table.rows.push_back({labelOf(curve.label).toStdString(), curve.x[i], curve.y[i]});
  return table;
}

}  // namespace viva
