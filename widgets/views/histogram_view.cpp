// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/histogram_view.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "widgets/views/colours.h"

namespace viva {
namespace {

// Parts of the axis between the edges: where an end bin begins and ends beyond them.
constexpr double kEndGap = 0.02, kEndWidth = 0.09;

QString edgeLabel(double edge) {
  // Two digits; one where it is exact.
  const double rounded = QString::number(edge, 'g', 2).toDouble();
  const double power = std::pow(10.0, std::floor(std::log10(std::abs(rounded))));
  const double digits = rounded / power;
  return tickLabel(rounded, std::abs(digits - std::round(digits)) < 1e-6 ? power : power / 10);
}

}  // namespace

HistogramView::HistogramView(const ViewSpec& spec, const std::string& experiment,
                             const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool HistogramView::isEmpty() const {
  const auto* histogram = data<HistogramData>();
  return !histogram || histogram->edges.size() < 2 || histogram->groups.empty();
}

int HistogramView::bins() const {
  return static_cast<int>(data<HistogramData>()->edges.size()) - 1;
}

bool HistogramView::isOverTime() const {
  const auto* histogram = data<HistogramData>();
  return histogram && !histogram->moments.empty();
}

bool HistogramView::canBeLogarithmic(Axis axis) const {
  if (axis == Axis::Y) return true;
  const auto* histogram = data<HistogramData>();
  return histogram && !histogram->edges.empty() && histogram->edges.front() > 0;
}

bool HistogramView::isLogarithmicX() const {
  return isLogarithmic(Axis::X) && canBeLogarithmic(Axis::X);
}

std::vector<const HistogramData::Group*> HistogramView::shownGroups() const {
  std::vector<const HistogramData::Group*> groups;
  if (const auto* histogram = data<HistogramData>())
    for (const auto& group : histogram->groups)
      if (isShown(group.id)) groups.push_back(&group);
  return groups;
}

double HistogramView::countOf(const HistogramData::Group& group, int bin) {
  if (bin < 0) return group.below;
  const auto count = static_cast<std::size_t>(bin);
  return count < group.counts.size() ? group.counts[count] : group.above;
}

void HistogramView::changed(Change change) {
  PlotView::changed(change);
  if (change == Change::Frame || change == Change::Hidden) {
    const auto* histogram = data<HistogramData>();
    lowest_ = std::numeric_limits<double>::infinity();
    highest_ = 0;
    const auto take = [this](double count) {
      if (!std::isfinite(count) || !(count > 0)) return;
      lowest_ = std::min(lowest_, count);
      highest_ = std::max(highest_, count);
    };
    if (!histogram || histogram->edges != edges_) {
      has_below_ = has_above_ = false;
      edges_ = histogram ? histogram->edges : std::vector<double>();
    }
    if (histogram) {
      for (const auto& group : histogram->groups) {
        has_below_ = has_below_ || (!isOverTime() && group.below > 0);
        has_above_ = has_above_ || (!isOverTime() && group.above > 0);
        if (!isShown(group.id)) continue;
        for (double count : group.counts) take(count);
        if (isOverTime()) break;
        take(group.below);
        take(group.above);
      }
      for (const auto& moment : histogram->moments)
        for (double count : moment.counts) take(count);
      if (!scale_taken_) {
        scale_taken_ = true;
        if (histogram->logarithmic) setLogarithmic(Axis::Y, true);
      }
    }
  }
  if (change != Change::Frame) return;
  if (isEmpty() || read_bin_ > lastBin()) read_bin_ = -2;
  // A run goes on under a pointer that rests.
  if (readout()) setReadout(isEmpty() ? std::nullopt : readoutAt(readout()->position));
}

void HistogramView::copyStateFrom(const View& other) {
  PlotView::copyStateFrom(other);
  const auto* histogram = qobject_cast<const HistogramView*>(&other);
  if (!histogram) return;
  scale_taken_ = histogram->scale_taken_;
  has_below_ = histogram->has_below_;
  has_above_ = histogram->has_above_;
}

AxisRange HistogramView::innerRange() const {
  const auto* histogram = data<HistogramData>();
  AxisRange range{histogram->edges.front(), histogram->edges.back(), isLogarithmicX()};
  for (const auto& mark : histogram->marks) {
    if (!std::isfinite(mark.value) || (range.logarithmic && !(mark.value > 0))) continue;
    range.low = std::min(range.low, mark.value);
    range.high = std::max(range.high, mark.value);
  }
  const bool usable =
      range.low < range.high && std::isfinite(range.low) && std::isfinite(range.high);
  return usable ? range : roundedRange(range.low, range.high, range.logarithmic);
}

AxisRange HistogramView::naturalRange(Axis axis) const {
  const auto* histogram = data<HistogramData>();
  if (isEmpty()) return {};
  if (axis == Axis::X)
    return innerRange().part(has_below_ ? -kEndWidth - 0.01 : -0.01,
                             has_above_ ? 1 + kEndWidth + 0.01 : 1.01);
  const double room = histogram->marks.empty() ? 0.0 : 0.13;
  if (isOverTime()) {
    const AxisRange range{-(ridges() - 1) - 0.25, ridgeOverlap() * 1.05, false};
    return range.part(0, 1 + room);
  }
  const double high = highest_ > 0 ? highest_ : 1;
  if (isLogarithmic(Axis::Y))
    return AxisRange{std::min(lowest_, high) / 2, high * 1.6, true}.part(0, 1 + room);
  return roundedRange(0, high * 1.03, false).part(0, 1 + room);
}

QString HistogramView::titleOf(Axis axis) const {
  return axis == Axis::Y && isOverTime() ? word("axis.step") : PlotView::titleOf(axis);
}

HistogramView::Bin HistogramView::bin(int number) const {
  const AxisRange range = innerRange();
  if (number < 0) return {range.value(-kEndWidth), range.value(-kEndGap)};
  if (number >= bins()) return {range.value(1 + kEndGap), range.value(1 + kEndWidth)};
  const auto& edges = data<HistogramData>()->edges;
  return {edges[number], edges[number + 1]};
}

std::optional<int> HistogramView::binAt(double value) const {
  for (int number = firstBin(); number <= lastBin(); ++number) {
    const Bin here = bin(number);
    if (value >= here.low && value <= here.high) return number;
  }
  return std::nullopt;
}

QString HistogramView::nameOf(int number) const {
  const auto& edges = data<HistogramData>()->edges;
  const auto edge = [&](double value) { return readoutNumber(value).toStdString(); };
  if (number < 0)
    return word(Message{isLogarithmicX() ? "views.bin_zero" : "views.bin_below",
                        {{"edge", edge(edges.front())}}});
  if (number >= bins()) return word(Message{"views.bin_above", {{"edge", edge(edges.back())}}});
  return word(
      Message{"views.bin", {{"low", edge(edges[number])}, {"high", edge(edges[number + 1])}}});
}

std::vector<Tick> HistogramView::ticks(Axis axis, const AxisRange& range, double pixels) const {
  if (isEmpty()) return {};
  const QFontMetricsF metrics(baseFont(0.92));
  std::vector<Tick> result;
  if (axis == Axis::Y) {
    if (!isOverTime()) return PlotView::ticks(axis, range, pixels);
    const double slot = pixels / std::max(1e-9, range.high - range.low);
    const int stride =
        std::max(1, static_cast<int>(std::ceil(metrics.height() * 1.9 / std::max(1e-9, slot))));
    for (int ridge = ridges() - 1; ridge >= 0; ridge -= stride) {
      const double place = range.place(-ridge);
      if (place >= 0 && place <= 1)
        result.push_back({place, readoutNumber(static_cast<double>(stepOf(ridge)))});
    }
    return result;
  }
  const auto& edges = data<HistogramData>()->edges;
  const auto centre = [&](int number) {
    const Bin end = bin(number);
    return (range.place(end.low) + range.place(end.high)) / 2;
  };
  std::vector<Tick> ends;
  if (has_below_)
    ends.push_back({centre(-1), (isLogarithmicX() ? QStringLiteral("0…") : QStringLiteral("<")) +
                                    edgeLabel(edges.front())});
  if (has_above_) ends.push_back({centre(bins()), QStringLiteral(">") + edgeLabel(edges.back())});
  std::erase_if(ends, [](const Tick& tick) { return !(tick.place >= 0 && tick.place <= 1); });
  const double first = has_below_ ? range.place(bin(-1).high) : -1;
  const double last = has_above_ ? range.place(bin(bins()).low) : 2;
  for (Tick& tick : PlotView::ticks(axis, range, pixels)) {
    if (tick.place < first || tick.place > last) continue;
    for (const Tick& end : ends)
      if (std::abs(tick.place - end.place) * pixels <
          (metrics.horizontalAdvance(tick.label) + metrics.horizontalAdvance(end.label)) / 2 + 8)
        tick.label.clear();
    result.push_back(tick);
  }
  result.insert(result.end(), ends.begin(), ends.end());
  std::sort(result.begin(), result.end(),
            [](const Tick& one, const Tick& other) { return one.place < other.place; });
  return result;
}

int HistogramView::ridges() const {
  const auto& moments = data<HistogramData>()->moments;
  const bool known = !moments.empty() && moments.back().step == frame()->step;
  return static_cast<int>(moments.size()) + (known ? 0 : 1);
}

std::int64_t HistogramView::stepOf(int ridge) const {
  const auto& moments = data<HistogramData>()->moments;
  const auto place = static_cast<std::size_t>(ridge);
  return place < moments.size() ? moments[place].step : frame()->step;
}

double HistogramView::ridgeCount(int ridge, int number) const {
  const auto* histogram = data<HistogramData>();
  const auto place = static_cast<std::size_t>(ridge);
  const auto& counts = place < histogram->moments.size() ? histogram->moments[place].counts
                                                         : histogram->groups.front().counts;
  return static_cast<std::size_t>(number) < counts.size() ? counts[number] : 0;
}

double HistogramView::ridgeOverlap() const { return std::clamp(ridges() * 0.22, 1.0, 4.0); }

double HistogramView::ridgeHeight(int ridge, int number) const {
  const double count = ridgeCount(ridge, number);
  if (!(count > 0) || !(highest_ > 0)) return 0;
  if (!isLogarithmic(Axis::Y)) return std::min(1.0, count / highest_);
  return std::clamp(std::log(count / lowest_ * 2) / std::log(highest_ / lowest_ * 2), 0.0, 1.0);
}

std::optional<Readout> HistogramView::readoutOf(int number, int selected, QPointF position) const {
  Readout readout;
  readout.position = position;
  if (isOverTime()) {
    readout.step = stepOf(selected);
    readout.lines.push_back({{}, word(Message{"views.step", {{"step", *readout.step}}}), false});
    readout.lines.push_back({{}, nameOf(number), false});
    readout.lines.push_back(
        {{},
         word(Message{"views.count",
                      {{"count", readoutNumber(ridgeCount(selected, number)).toStdString()}}}),
         true});
    return readout;
  }
  readout.lines.push_back({{}, nameOf(number), false});
  const auto groups = shownGroups();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = *groups[g];
    const double count = countOf(group, number);
    const double total =
        std::accumulate(group.counts.begin(), group.counts.end(), group.below + group.above);
    QString text = labelOf(group.label);
    text += (text.isEmpty() ? QString() : QStringLiteral("  ")) + readoutNumber(count);
    if (total > 0 && std::isfinite(total))
      text += QStringLiteral("  (%1%)").arg(
          readoutNumber(QString::number(100 * count / total, 'g', 3).toDouble()));
    readout.lines.push_back({groups.size() > 1 ? std::optional(styleOf(group.id)) : std::nullopt,
                             text, static_cast<int>(g) == selected || groups.size() == 1});
  }
  return readout;
}

std::optional<Readout> HistogramView::readoutAt(QPointF position) const {
  const Plot now = plot();
  if (isEmpty() || !now.shows(position)) return std::nullopt;
  const auto number = binAt(now.xOf(position.x()));
  if (!number) return std::nullopt;
  if (!isOverTime()) return readoutOf(*number, -1, position);
  // The foremost ridge that covers this place, otherwise the nearest below it.
  const double y = now.yOf(position.y());
  int found = std::clamp(static_cast<int>(std::lround(-y)), 0, ridges() - 1);
  for (int ridge = ridges() - 1; ridge >= 0; --ridge)
    if (y >= -ridge && y <= -ridge + ridgeOverlap() * ridgeHeight(ridge, *number)) {
      found = ridge;
      break;
    }
  return readoutOf(*number, found, position);
}

void HistogramView::moveReadout(int right, int up, bool far) {
  const int rows = isOverTime() ? ridges() : static_cast<int>(shownGroups().size());
  if (rows == 0) return;
  if (read_bin_ < -1) {
    read_bin_ = firstBin();
    read_selected_ = isOverTime() ? rows - 1 : 0;
  } else {
    read_bin_ = std::clamp(read_bin_ + right * (far ? 10 : 1), firstBin(), lastBin());
    read_selected_ = isOverTime() ? std::clamp(read_selected_ - up, 0, rows - 1)
                                  : ((read_selected_ - up) % rows + rows) % rows;
  }
  const Plot now = plot();
  const Bin here = bin(read_bin_);
  const double x = (now.horizontal(here.low) + now.horizontal(here.high)) / 2;
  double y =
      isOverTime()
          ? now.vertical(-read_selected_ + ridgeOverlap() * ridgeHeight(read_selected_, read_bin_))
          : now.vertical(countOf(*shownGroups()[read_selected_], read_bin_));
  if (!std::isfinite(y)) y = now.inner.bottom();
  setReadout(readoutOf(read_bin_, read_selected_,
                       {x, std::clamp(y, now.inner.top(), now.inner.bottom())}));
}

std::vector<LegendEntry> HistogramView::legend() const {
  std::vector<LegendEntry> entries;
  const auto* histogram = data<HistogramData>();
  if (!histogram) return entries;
  for (const auto& group : histogram->groups) {
    const QString label = labelOf(group.label);
    if (label.isEmpty()) continue;
    LegendEntry entry{group.id, label, styleOf(group.id), true, true, true, isShown(group.id)};
    entry.filled = true;
    if (isOverTime()) {
      entry.marker = false;
      entry.style.dashes.clear();
    }
    entries.push_back(entry);
    if (isOverTime()) break;
  }
  return entries;
}

QString HistogramView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto* histogram = data<HistogramData>();
  const auto number = [](double value) { return readoutNumber(value).toStdString(); };
  QStringList parts;
  if (isOverTime())
    parts << word(Message{
        "views.summary_ridges",
        {{"count", std::int64_t{ridges()}}, {"first", stepOf(0)}, {"last", stepOf(ridges() - 1)}}});
  for (const auto* group : shownGroups()) {
    const double total =
        std::accumulate(group->counts.begin(), group->counts.end(), group->below + group->above);
    const auto most = std::max_element(group->counts.begin(), group->counts.end());
    const int place = static_cast<int>(most - group->counts.begin());
    if (most == group->counts.end() || place >= bins()) continue;
    const QString label = labelOf(group->label);
    parts << word(Message{"views.summary_histogram",
                          {{"group", (label.isEmpty() ? title() : label).toStdString()},
                           {"total", number(total)},
                           {"count", number(*most)},
                           {"bin", nameOf(place).toStdString()}}});
    for (const int end : {-1, bins()}) {
      const double count = end < 0 ? group->below : group->above;
      if (count > 0)
        parts << word(Message{"views.summary_beyond",
                              {{"count", number(count)}, {"bin", nameOf(end).toStdString()}}});
    }
    if (isOverTime()) break;
  }
  for (const auto& mark : histogram->marks)
    parts << word(
        Message{"views.summary_mark",
                {{"mark", labelOf(mark.label).toStdString()}, {"value", number(mark.value)}}});
  return parts.join(QStringLiteral(" "));
}

DataTable HistogramView::dataTable() const {
  DataTable table;
  if (isEmpty()) return table;
  const auto* histogram = data<HistogramData>();
  table.headings = {"from", "to"};
  for (const auto& moment : histogram->moments)
    table.headings.push_back("step " + std::to_string(moment.step));
  for (const auto& group : histogram->groups)
    table.headings.push_back(labelOf(group.label).toStdString());
  for (int number = -1; number <= bins(); ++number) {
    auto& row = table.rows.emplace_back();
    const double infinity = std::numeric_limits<double>::infinity();
    row.emplace_back(number < 0 ? (isLogarithmicX() ? 0 : -infinity) : histogram->edges[number]);
    row.emplace_back(number < bins() ? histogram->edges[number + 1] : infinity);
    for (const auto& moment : histogram->moments) {
      const bool counted = number >= 0 && static_cast<std::size_t>(number) < moment.counts.size();
      addCell(row, counted ? std::optional(moment.counts[number]) : std::nullopt);
    }
    for (const auto& group : histogram->groups) row.emplace_back(countOf(group, number));
  }
  return table;
}

}  // namespace viva
