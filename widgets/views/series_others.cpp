// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that a SeriesView draws beside the present one.
#include <algorithm>

#include "widgets/views/series_view.h"

namespace viva {

void SeriesView::setOthers(const std::vector<OtherRun>& runs) {
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
      others_.push_back({run, {}, {}, {}, {}});
    } else {
      known->run = run;
      others_.push_back(std::move(*known));
    }
    fillOther(index);
  }
  read_line_ = -1;
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
    default:
      return run.spread->singles[static_cast<std::size_t>(line.part)];
  }
}

QString SeriesView::sourceOf(const Line& line) const {
  const OtherRun& run = others_[static_cast<std::size_t>(line.other)].run;
  const QString letter = letterOfRun(run.place) + QStringLiteral(", ");
  switch (line.part) {
    case Line::kWhole:
      return run.title;
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
  if (const auto* series = qobject_cast<const SeriesView*>(&other)) others_ = series->others_;
  PlotView::copyStateFrom(other);
}

bool SeriesView::isDrawn(const Line& line) const {
  return isShown(line.id) && (line.other < 0 || isShown(others_[line.other].run.id));
}

std::int64_t SeriesView::lastStep() const {
  std::int64_t last = lastRow();
  for (const Other& other : others_)
    if (isShown(other.run.id)) {
      last = std::max(last, other.run.records.rows() - 1);
      if (!other.run.spread) continue;
      for (const Records& single : other.run.spread->singles)
        last = std::max(last, single.rows() - 1);
    }
  return last;
}

}  // namespace viva
