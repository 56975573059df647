// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/series_view.h"

#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"

namespace viva {

SeriesView::SeriesView(const ViewSpec& spec, const std::string& experiment,
                       const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool SeriesView::isEmpty() const {
  if (const auto* series = data<SeriesData>())
    for (const Curve& curve : series->curves)
      if (!curve.x.empty()) return false;
  for (const Line& line : lines_)
    if (line.curve.present() > 0 || !line.curve.breaks().empty()) return false;
  return true;
}

void SeriesView::changed(Change change) {
  PlotView::changed(change);
  switch (change) {
    case Change::Records:
      takeRecords();
      return;
    case Change::Frame:
    case Change::Cursor:
    case Change::Parameters:
    case Change::Hovered:
      return;  // drawn over the cached curves
    case Change::Appearance:
      for (Line& line : lines_) line.label = labelOfLine(line);
      break;
    case Change::Smoothing:
      for (Line& line : lines_)
        if (smoothing() > 0) line.smooth.extend(records(), line.column, smoothing());
      break;
    case Change::Styles:
    case Change::Hidden:
    case Change::Axes:
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
  for (Line& line : lines_) {
    line.curve.extend(records(), line.column);
    if (smoothing() > 0) line.smooth.extend(records(), line.column, smoothing());
  }
}

void SeriesView::matchLines() {
  lines_.clear();
  const auto& names = records().names();
  for (std::size_t pattern = 0; pattern < spec().records.size(); ++pattern)
    for (std::size_t column = 0; column < names.size(); ++column) {
      const auto id = matchRecord(spec().records[pattern], names[column]);
      if (!id) continue;
      Line line{id->empty() ? names[column] : *id, column, {}, static_cast<int>(pattern), {}, {}};
      line.label = labelOfLine(line);
      styles().learn(line.id);
      lines_.push_back(std::move(line));
    }
}

QString SeriesView::labelOfLine(const Line& line) const {
  const std::string& pattern = spec().records[line.pattern];
  const std::string& name = records().names()[line.column];
  if (pattern.find('*') == std::string::npos)
    return QString::fromStdString(words().of(experiment(), "record", name));
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
  if (line.pattern % 2 == 1)
    style.dashes = style.dashes.isEmpty() ? QVector<qreal>{6, 4} : QVector<qreal>{};
  return style;
}

CurveStyle SeriesView::styleOfCurve(const Curve& curve) const {
  if (!curve.reference) return styleOf(curve.id);
  return {theme(appearance().dark).reference, {6, 4}, Marker::Circle};
}

double SeriesView::valueAt(const Line& line, std::int64_t row) const {
  if (row < 0 || row >= records().rows()) return absentValue();
  return records().last(line.column, row);
}

AxisRange SeriesView::naturalRange(Axis axis) const {
  const bool logarithmic = isLogarithmic(axis);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto take = [&](double value) {
    if (!std::isfinite(value) || (logarithmic && !(value > 0))) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  if (const auto* series = data<SeriesData>())
    for (const Curve& curve : series->curves)
      if (isShown(curve.id))
        for (double value : axis == Axis::X ? curve.x : curve.y) take(value);
  if (axis == Axis::X) {
    if (!hasSteps()) return roundedRange(low, high, logarithmic);
    take(logarithmic ? 1 : 0);
    take(static_cast<double>(lastRow()));
    if (logarithmic) return roundedRange(low, std::max(high, 10.0), true);
    return low >= 0 ? stepRange(high) : roundedRange(low, high, false);
  }
  for (const Line& line : lines_) {
    if (!isShown(line.id)) continue;
    take(logarithmic ? line.curve.smallestPositive() : line.curve.minimum());
    take(line.curve.maximum());
  }
  return roundedRange(low, high, logarithmic);
}

std::vector<LegendEntry> SeriesView::legend() const {
  std::vector<LegendEntry> entries;
  for (const Line& line : lines_)
    entries.push_back({line.id, line.label, styleOfLine(line), true, true, true, isShown(line.id)});
  if (const auto* series = data<SeriesData>())
    for (const Curve& curve : series->curves) {
      const auto same = [&](const LegendEntry& entry) {
        return entry.id == curve.id && !curve.reference;
      };
      if (std::any_of(entries.begin(), entries.end(), same)) continue;
      entries.push_back({curve.id, labelOf(curve.label), styleOfCurve(curve), true,
                         !curve.reference, true, isShown(curve.id)});
    }
  return entries;
}

std::int64_t SeriesView::notDrawn() const {
  if (!isLogarithmic(Axis::Y)) return 0;
  std::int64_t count = 0;
  for (const Line& line : lines_)
    if (isShown(line.id)) count += line.curve.notPositive();
  if (const auto* series = data<SeriesData>())
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
  const auto step = static_cast<std::int64_t>(
      std::lround(std::clamp(at, 0.0, static_cast<double>(std::max<std::int64_t>(0, lastRow())))));
  int nearest = -1;
  double nearest_distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!isShown(lines_[i].id)) continue;
    const double distance = std::abs(now.vertical(valueAt(lines_[i], step)) - position.y());
    if (distance < nearest_distance) {
      nearest_distance = distance;
      nearest = static_cast<int>(i);
    }
  }
  return readoutOfStep(step, position, nearest);
}

std::optional<Readout> SeriesView::readoutOfStep(std::int64_t step, QPointF position,
                                                 int strong) const {
  Readout readout;
  readout.position = position;
  readout.step = step;
  readout.lines.push_back({{}, word(Message{"views.step", {{"step", step}}}), false});
  // More than these would hide the plot; the nearest curve is always among them.
  constexpr std::size_t kMost = 9;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (isShown(lines_[i].id) && (chosen.size() < kMost || static_cast<int>(i) == strong))
      chosen.push_back(i);
  for (std::size_t i : chosen) {
    const Line& line = lines_[i];
    const double value = valueAt(line, step);
    QString text = line.label + QStringLiteral("  ") +
                   (isAbsent(value) ? QStringLiteral("–") : readoutNumber(value));
    if (smoothing() > 0) {
      const double smooth = line.smooth.at(records(), line.column, step);
      if (std::isfinite(smooth)) text += QStringLiteral("  ~ ") + readoutNumber(smooth);
    }
    readout.lines.push_back({styleOfLine(line), text, static_cast<int>(i) == strong});
  }
  return readout;
}

std::optional<Readout> SeriesView::readoutOfCurves(QPointF position, const Plot& now) const {
  const auto* series = data<SeriesData>();
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
  std::vector<int> shown;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (isShown(lines_[i].id)) shown.push_back(static_cast<int>(i));
  if (shown.empty()) return;
  if (read_step_ < 0) {
    read_step_ = cursor().value_or(lastRow());
    if (read_line_ < 0) read_line_ = shown.front();
  } else {
    const double span = now.x.high - now.x.low;
    const auto stride = std::max<std::int64_t>(1, std::llround(span / (far ? 10 : 200)));
    read_step_ = std::clamp<std::int64_t>(read_step_ + right * stride, 0, lastRow());
    auto place = std::find(shown.begin(), shown.end(), read_line_);
    if (up && place != shown.end()) {
      const auto index = (place - shown.begin() - up + shown.size()) % shown.size();
      read_line_ = shown[index];
    }
  }
  if (std::find(shown.begin(), shown.end(), read_line_) == shown.end()) read_line_ = shown.front();
  QPointF at = now.at(static_cast<double>(read_step_), valueAt(lines_[read_line_], read_step_));
  if (!std::isfinite(at.y())) at.setY(now.inner.center().y());
  at.setY(std::clamp(at.y(), now.inner.top(), now.inner.bottom()));
  setReadout(readoutOfStep(read_step_, at, read_line_));
}

QString SeriesView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  QStringList parts;
  if (hasSteps())
    parts << word(Message{"views.summary_steps", {{"step", cursor().value_or(lastRow())}}});
  for (const Line& line : lines_) {
    if (!isShown(line.id)) continue;
    const double value = valueAt(line, cursor().value_or(lastRow()));
    parts << word(Message{"views.summary_curve",
                          {{"curve", line.label.toStdString()},
                           {"value", isAbsent(value) ? "–" : readoutNumber(value).toStdString()},
                           {"minimum", readoutNumber(line.curve.minimum()).toStdString()},
                           {"maximum", readoutNumber(line.curve.maximum()).toStdString()}}});
    if (!line.curve.breaks().empty())
      parts << word(Message{
          "views.summary_break",
          {{"curve", line.label.toStdString()}, {"step", line.curve.breaks().front().step}}});
  }
  if (const auto* series = data<SeriesData>())
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
  const auto* series = data<SeriesData>();
  if (hasSteps()) {
    table.headings.push_back("step");
    for (const Line& line : lines_) table.headings.push_back(records().names()[line.column]);
    table.rows.reserve(records().rows());
    for (std::int64_t row = 0; row < records().rows(); ++row) {
      auto& cells = table.rows.emplace_back();
      cells.emplace_back(static_cast<double>(row));
      for (const Line& line : lines_) {
        const double value = records().at(row, line.column);
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
