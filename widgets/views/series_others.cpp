// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that a SeriesView draws beside the present one.
#include <QMenu>
#include <algorithm>

#include "widgets/views/series_view.h"

namespace viva {

void SeriesView::setOthers(const std::vector<OtherRun>& runs) {
  if (difference_) lines_.clear();  // they belong to the others
  std::vector<Other> before = std::exchange(others_, {});
  const auto chunk = [](const Records& records) {
    return records.chunks().empty() ? nullptr : records.chunks().front().get();
  };
  for (const OtherRun& run : runs) {
    if (others_.size() == kMostOtherRuns) break;
    const int index = static_cast<int>(others_.size());
    // Their rows were looked at already; a million of them would take a moment.
    const auto known = std::find_if(before.begin(), before.end(), [&](const Other& other) {
      return other.run.id == run.id && chunk(other.run.records) == chunk(run.records) &&
             other.run.records.rows() == run.records.rows();
    });
    if (known == before.end()) {
      others_.push_back({run, {}, {}, {}, {}, nullptr});
    } else {
      known->run = run;
      others_.push_back(std::move(*known));
    }
    fillOther(index);
  }
  read_line_ = -1;
  if (difference_ && !canBeDifference()) setDifference(false);
  if (difference_) matchLines();
  changed(Change::Hidden);
  Q_EMIT legendChanged();
  update();
}

/// Its lines, unless they are there already, with the index they now have.
void SeriesView::fillOther(int index) {
  Other& other = others_[static_cast<std::size_t>(index)];
  const auto take = [&](std::vector<Line>& lines, int part) {
    if (lines.empty()) lines = linesOf(index, part);
    for (Line& line : lines) {
      line.other = index;
      line.label = labelOfLine(line);
      extend(line);
    }
  };
  take(other.lines, Line::kWhole);
  if (!other.run.spread) return;
  take(other.smallest, Line::kSmallest);
  take(other.largest, Line::kLargest);
  other.singles.resize(other.run.spread->singles.size());
  for (std::size_t i = 0; i < other.singles.size(); ++i)
    take(other.singles[i], static_cast<int>(i));
}

const Records& SeriesView::recordsOf(const Line& line) const {
  if (line.other < 0) return records();
  const OtherRun& run = others_[static_cast<std::size_t>(line.other)].run;
  switch (line.part) {
    case Line::kWhole:
      return run.records;
    case Line::kSmallest:
      return run.spread->smallest;
    case Line::kLargest:
      return run.spread->largest;
    case Line::kMinus:
      return others_[static_cast<std::size_t>(line.other)].minus->table.records();
    default:
      return run.spread->singles[static_cast<std::size_t>(line.part)];
  }
}

QString SeriesView::sourceOf(const Line& line) const {
  const OtherRun& run = others_[static_cast<std::size_t>(line.other)].run;
  const QString letter = letterOfRun(run.place) + QStringLiteral(", ");
  switch (line.part) {
    case Line::kWhole:
    case Line::kMinus:
      return titleOfOther(others_[static_cast<std::size_t>(line.other)]);
    case Line::kSmallest:
      return letter + word("views.smallest");
    case Line::kLargest:
      return letter + word("views.largest");
    default:
      return letter +
             QString::fromStdString(run.spread->names[static_cast<std::size_t>(line.part)]);
  }
}

std::pair<double, double> SeriesView::spreadAt(const Line& line, std::int64_t step) const {
  const std::pair none{absentValue(), absentValue()};
  if (line.other < 0 || line.part != Line::kWhole) return none;
  const Other& other = others_[static_cast<std::size_t>(line.other)];
  if (!other.run.spread) return none;
  const auto place = static_cast<std::size_t>(&line - other.lines.data());
  return {valueAt(other.smallest[place], step), valueAt(other.largest[place], step)};
}

void SeriesView::copyStateFrom(const View& other) {
  if (const auto* series = qobject_cast<const SeriesView*>(&other)) {
    others_ = series->others_;
    difference_ = series->difference_;
    by_time_ = series->by_time_;
    times_ = series->times_;
    for (Other& run : others_) run.minus.reset();  // the copy reckons its own
  }
  PlotView::copyStateFrom(other);
}

bool SeriesView::isDrawn(const Line& line) const {
  if (hasTimeAxis() && timesOf(line).empty()) return false;
  return isShown(line.id) && (line.other < 0 || isShown(others_[line.other].run.id));
}

std::int64_t SeriesView::lastStep() const {
  std::int64_t last = difference_ ? 0 : lastRow();
  for (const Line& line : lines_)
    if (isDrawn(line)) last = std::max(last, recordsOf(line).rows() - 1);
  for (const Other& other : others_) {
    if (difference_ || !isShown(other.run.id)) continue;
    last = std::max(last, other.run.records.rows() - 1);
    if (!other.run.spread) continue;
    for (const Records& single : other.run.spread->singles)
      last = std::max(last, single.rows() - 1);
  }
  return last;
}

QString SeriesView::titleOfOther(const Other& other) const {
  return difference_ ? word(Message{"views.minus", {{"run", other.run.title.toStdString()}}})
                     : other.run.title;
}

QString SeriesView::titleOf(Axis axis) const {
  if (axis == Axis::X && hasTimeAxis()) return word("views.seconds");
  const QString title = PlotView::titleOf(axis);
  return difference_ && axis == Axis::Y
             ? word(Message{"views.difference_axis", {{"axis", title.toStdString()}}})
             : title;
}

bool SeriesView::canBeDifference() const {
  return std::any_of(others_.begin(), others_.end(),
                     [](const Other& other) { return !other.lines.empty(); });
}

void SeriesView::setDifference(bool difference) {
  difference = difference && canBeDifference();
  if (difference == difference_) return;
  // Differences have both signs.
  if (difference) {
    was_logarithmic_ = isLogarithmic(Axis::Y);
    setLogarithmic(Axis::Y, false);
  }
  difference_ = difference;
  matchLines();
  if (!difference) setLogarithmic(Axis::Y, was_logarithmic_);
  resetZoom();
  changed(Change::Appearance);
  Q_EMIT legendChanged();
  Q_EMIT stateChanged();
  update();
}

void SeriesView::extendMenu(QMenu& menu) {
  const auto add = [&](const char* key, bool on, void (SeriesView::*set)(bool)) {
    QAction* toggle = menu.addAction(word(key));
    toggle->setCheckable(true);
    toggle->setChecked(on);
    connect(toggle, &QAction::toggled, this, set);
  };
  if (hasSteps()) add("views.by_time", by_time_, &SeriesView::setByTime);
  if (canBeDifference()) add("views.difference", difference_, &SeriesView::setDifference);
}

void SeriesView::matchLines() {
  read_line_ = -1;
  if (!difference_) {
    lines_ = linesOf(-1);
    for (Line& line : lines_) extend(line);
    return;
  }
  lines_.clear();
  for (std::size_t i = 0; i < others_.size(); ++i) {
    Other& other = others_[i];
    std::vector<RecordSpec> specs;
    std::vector<std::pair<std::size_t, std::size_t>> columns;
    const auto& names = records().names();
    for (std::size_t column = 0; column < names.size(); ++column) {
      const int there = other.run.records.find(names[column]);
      const bool drawn = std::any_of(other.lines.begin(), other.lines.end(), [&](const Line& line) {
        return static_cast<int>(line.column) == there;
      });
      if (!drawn) continue;
      specs.push_back({names[column], "", false});
      columns.emplace_back(column, static_cast<std::size_t>(there));
    }
    constexpr std::size_t kMemory = 64u << 20;
    other.minus = std::make_shared<Other::Minus>(
        Other::Minus{RecordTable(std::move(specs), kMemory), std::move(columns)});
  }
  extendDifferences();
  for (std::size_t i = 0; i < others_.size(); ++i)
    for (Line& line : linesOf(static_cast<int>(i), Line::kMinus)) lines_.push_back(line);
  for (Line& line : lines_) extend(line);
}

void SeriesView::extendDifferences() {
  if (!difference_) return;
  for (Other& other : others_) {
    const Records& there = other.run.records;
    const std::int64_t rows = std::min(records().rows(), there.rows());
    if (!other.minus) continue;  // a copy for export, before it has the records
    auto& [table, columns] = *other.minus;
    for (std::int64_t row = table.records().rows(); row < rows; ++row) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const double one = records().at(row, columns[i].first);
        const double two = there.at(row, columns[i].second);
        if (!isAbsent(one) && !isAbsent(two)) table.set(i, one - two);
      }
      table.endRow();
    }
  }
}

}  // namespace viva
