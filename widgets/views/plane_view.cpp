// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plane_view.h"

#include <QKeyEvent>
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "widgets/views/colours.h"

namespace viva {
namespace {

constexpr std::size_t kMostClasses = 6;  // in the legend

}  // namespace

PlaneView::PlaneView(const ViewSpec& spec, const std::string& experiment,
                     const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool PlaneView::isEmpty() const {
  const auto* plane = data<PlaneData>();
  return !plane && !drawnSpec() && (paths_.empty() || records().rows() == 0);
}

void PlaneView::changed(Change change) {
  PlotView::changed(change);
  switch (change) {
    case Change::Records:
      takeRecords();
      return;
    case Change::Frame:
    case Change::Cursor:
    case Change::Hovered:
    case Change::Smoothing:
      return;
    case Change::Parameters:
      // What is dragged comes back as a parameter while it is.
      if (!keyboard_drag_ && held_ == 0) {
        dragged_.reset();
        dragged_box_.reset();
      }
      // Undoing ends where somebody else (a preset) has set the points.
      if (const ParameterSpec* spec = drawnSpec())
        if (given_ && !stroke_ && std::get<Points>(parameters()->value(spec->name)) != *given_)
          undo_.clear();
      return;
    case Change::Appearance:
    case Change::Styles:
    case Change::Hidden:
    case Change::Axes:
      break;
  }
  cache_.reset();
  layers_cache_.reset();
}

void PlaneView::takeRecords() {
  const void* run = records().chunks().empty() ? nullptr : records().chunks().front().get();
  if (run != run_ || records().rows() < rows_) {
    run_ = run;
    cache_.reset();
    paths_.clear();
    if (spec().path) {
      const auto& names = records().names();
      for (std::size_t x = 0; x < names.size(); ++x) {
        const auto id = matchRecord(spec().path->x_record, names[x]);
        if (!id) continue;
        for (std::size_t y = 0; y < names.size(); ++y)
          if (matchRecord(spec().path->y_record, names[y]) == id)
            paths_.push_back({id->empty() ? spec().id : *id, x, y});
      }
      for (const Path& path : paths_) styles().learn(path.id);
    }
    Q_EMIT legendChanged();
  }
  rows_ = records().rows();
}

std::int64_t PlaneView::shownRow() const {
  return std::min(cursor().value_or(records().rows() - 1), records().rows() - 1);
}

std::optional<Point> PlaneView::positionOf(const Path& path, std::int64_t row) const {
  if (row < 0 || row >= records().rows()) return std::nullopt;
  const double x = records().last(path.x, row), y = records().last(path.y, row);
  if (isAbsent(x) || isAbsent(y)) return std::nullopt;
  return Point{x, y};
}

AxisRange PlaneView::naturalRange(Axis axis) const {
  double low = -1, high = 1;
  if (const auto* plane = data<PlaneData>()) {
    low = axis == Axis::X ? plane->x0 : plane->y0;
    high = axis == Axis::X ? plane->x1 : plane->y1;
  } else if (const ParameterSpec* spec = drawnSpec(); spec && spec->minimum < spec->maximum) {
    low = spec->minimum;
    high = spec->maximum;
  }
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high) || std::abs(low) > 1e300 ||
      std::abs(high) > 1e300)
    return roundedRange(low, high, false);
  return {low, high, false};
}

const FieldLayer* PlaneView::firstField() const {
  const auto* plane = data<PlaneData>();
  if (!plane) return nullptr;
  for (const PlaneLayer& layer : plane->layers)
    if (const auto* field = std::get_if<FieldLayer>(&layer); field && field->values) return field;
  return nullptr;
}

bool PlaneView::hasGrid() const { return firstField() == nullptr; }

double PlaneView::rightMargin(const QRectF& area) const {
  // A narrow plot keeps its width; the read-out still tells the values.
  if (!firstField() || area.width() < 260) return PlotView::rightMargin(area);
  return colourBarWidth(baseFont(0.92));
}

std::vector<LegendEntry> PlaneView::legend() const {
  std::vector<LegendEntry> entries;
  const auto add = [&](LegendEntry entry) {
    const auto same = [&](const LegendEntry& other) { return other.id == entry.id; };
    if (std::none_of(entries.begin(), entries.end(), same)) entries.push_back(std::move(entry));
  };
  for (const Path& path : paths_)
    add({path.id, labelOfCurve(path.id), styleOf(path.id), true, true, true, isShown(path.id)});
  const auto* plane = data<PlaneData>();
  if (!plane) return entries;
  const auto addNamed = [&](const std::string& name, const std::string& id, const Label& label,
                            bool line, bool marker, bool arrow = false) {
    const QString text = labelOf(label);
    if (text.isEmpty()) return;
    const std::string key = id.empty() ? name : id;
    LegendEntry entry{key, text, styleOf(key), line, marker, true, isShown(key)};
    entry.arrow = arrow;
    // Arrows are drawn solid: short as they are, dashes would cut them to pieces.
    if (arrow) entry.style.dashes.clear();
    add(std::move(entry));
  };
  for (const PlaneLayer& layer : plane->layers) {
    if (const auto* points = std::get_if<PointsLayer>(&layer)) {
      addNamed(points->name, points->id, points->label, false, true);
      if (!entries.empty() && !points->classes.empty() &&
          entries.back().id == (points->id.empty() ? points->name : points->id)) {
        const std::set<int> numbers(points->classes.begin(), points->classes.end());
        for (const int number : numbers)
          if (number >= 0 && entries.back().classes.size() < kMostClasses)
            entries.back().classes.push_back(StyleTable::styleOfClass(number, appearance().dark));
      }
    } else if (const auto* arrows = std::get_if<ArrowsLayer>(&layer)) {
      addNamed(arrows->name, arrows->id, arrows->label, true, false, true);
    } else if (const auto* path = std::get_if<PathLayer>(&layer)) {
      addNamed(path->name, path->id, path->label, true, true);
    }
  }
  if (const ParameterSpec* spec = drawnSpec(); spec && !areDrawnClassed() && !layerOfDrawn()) {
    LegendEntry entry{spec->name,
                      QString::fromStdString(words().of(experiment(), "parameter", spec->name)),
                      {theme(appearance().dark).accent, {}, Marker::Circle},
                      false,
                      true,
                      false};
    entry.ring = true;
    add(std::move(entry));
  }
  return entries;
}

std::optional<Readout> PlaneView::readoutAt(QPointF position) const {
  const Plot now = plot();
  if (isEmpty() || !now.shows(position)) return std::nullopt;
  const double x = now.xOf(position.x()), y = now.yOf(position.y());
  Readout readout;
  readout.position = position;
  // The nearest row of the nearest path, if there is one under the pointer.
  double best = 14 * 14;
  const Path* nearest = nullptr;
  std::int64_t nearest_row = 0;
  if (cache_ && cache_->plot == now) {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!isShown(paths_[i].id)) continue;
      for (const Trail::Kept& kept : cache_->trails[i].kept) {
        if (kept.row > shownRow()) break;
        const QPointF way = kept.at - position;
        const double distance = way.x() * way.x() + way.y() * way.y();
        if (!(distance < best)) continue;
        best = distance;
        nearest = &paths_[i];
        nearest_row = kept.row;
      }
    }
  }
  const auto pair = [this](double px, double py) {
    return word(
        Message{"views.pair",
                {{"x", readoutNumber(px).toStdString()}, {"y", readoutNumber(py).toStdString()}}});
  };
  if (nearest) {
    const auto at = positionOf(*nearest, nearest_row);
    readout.step = nearest_row;
    readout.lines.push_back({styleOf(nearest->id), labelOfCurve(nearest->id), true});
    readout.lines.push_back({{}, word(Message{"views.step", {{"step", nearest_row}}}), false});
    if (at) readout.lines.push_back({{}, pair(at->x, at->y), false});
    return readout;
  }
  const double grain_x = (now.x.high - now.x.low) / now.inner.width();
  const double grain_y = (now.y.high - now.y.low) / now.inner.height();
  readout.lines.push_back(
      {{},
       word(Message{
           "views.pair",
           {{"x", tickLabel(x, std::pow(10, std::floor(std::log10(grain_x)))).toStdString()},
            {"y", tickLabel(y, std::pow(10, std::floor(std::log10(grain_y)))).toStdString()}}}),
       false});
  if (const FieldLayer* field = firstField()) {
    const int column =
        static_cast<int>(std::floor((x - field->x0) / (field->x1 - field->x0) * field->columns));
    const int row =
        static_cast<int>(std::floor((y - field->y0) / (field->y1 - field->y0) * field->rows));
    const std::size_t index = static_cast<std::size_t>(row) * field->columns + column;
    if (column >= 0 && row >= 0 && column < field->columns && row < field->rows &&
        index < field->values->size())
      readout.lines.push_back(
          {{},
           word(Message{"views.value",
                        {{"value", readoutNumber((*field->values)[index]).toStdString()}}}),
           true});
  }
  return readout;
}

void PlaneView::moveReadout(int right, int up, bool far) {
  const Plot now = plot();
  if (activeBox()) return moveBox(right, up, far);
  if (const auto handle = active()) {
    const double stride = far ? 0.1 : 0.01;
    const Point from = dragged_.value_or(handle->at);
    Point to{from.x + right * stride * (now.x.high - now.x.low),
             from.y + up * stride * (now.y.high - now.y.low)};
    keyboard_drag_ = true;
    drag(to, false);
    return;
  }
  const QPointF from = readout() ? readout()->position : now.inner.center();
  const QPointF to = from + QPointF(right, -up) * (far ? 40 : 8);
  setReadout(readoutAt({std::clamp(to.x(), now.inner.left() + 1, now.inner.right() - 1),
                        std::clamp(to.y(), now.inner.top() + 1, now.inner.bottom() - 1)}));
}

std::vector<PlaneView::Handle> PlaneView::handles() const {
  std::vector<Handle> found;
  if (!parameters()) return found;
  for (const ParameterSpec& parameter : parameters()->specs()) {
    if (parameter.kind() != ParameterKind::Point || !parameters()->isRelevant(parameter)) continue;
    if (std::find(spec().drags.begin(), spec().drags.end(), parameter.name) == spec().drags.end())
      continue;
    found.push_back({&parameter, std::get<Point>(parameters()->value(parameter.name))});
  }
  return found;
}

std::optional<QPointF> PlaneView::handlePosition() const {
  if (isEmpty()) return std::nullopt;
  const Plot now = plot();
  for (const Handle& handle : handles()) {
    const QPointF at = now.at(handle.at.x, handle.at.y);
    if (now.shows(at)) return at;
  }
  return std::nullopt;
}

std::string PlaneView::activeHandle() const {
  if (const auto box = activeBox()) return box->spec->name;
  const auto handle = active();
  return handle ? handle->spec->name : std::string();
}

std::vector<std::string> PlaneView::handleNames() const {
  std::vector<std::string> names;
  for (const Handle& handle : handles()) names.push_back(handle.spec->name);
  for (const BoxHandle& handle : boxes()) names.push_back(handle.spec->name);
  return names;
}

std::optional<PlaneView::Handle> PlaneView::active() const {
  const auto all = handles();
  for (const Handle& handle : all)
    if (handle.spec->name == active_handle_) return handle;
  // Where points are drawn the keyboard has the pencil until a handle is chosen.
  if (all.empty() || drawnSpec()) return std::nullopt;
  return all.front();
}

void PlaneView::drag(Point to, bool finished) {
  const auto handle = active();
  if (!handle) return;
  const auto into = [&](double value) {
    return handle->spec->minimum < handle->spec->maximum
               ? std::clamp(value, handle->spec->minimum, handle->spec->maximum)
               : value;
  };
  to = {into(to.x), into(to.y)};
  dragged_ = to;
  setReadout(std::nullopt);
  update();
  Q_EMIT parameterDragged(QString::fromStdString(handle->spec->name), Value(to), finished);
}

bool PlaneView::dragBegins(QPointF position) {
  const Plot now = plot();
  double best = 18;
  bool found = false;
  for (const Handle& handle : handles()) {
    const QPointF at = now.at(handle.at.x, handle.at.y);
    const double distance = QLineF(at, position).length();
    if (distance >= best) continue;
    best = distance;
    active_handle_ = handle.spec->name;
    grip_ = at - position;
    found = true;
  }
  if (found) {
    held_ = kPoint;
    dragged_.reset();
    dragged_box_.reset();
    QWidget::setCursor(Qt::ClosedHandCursor);
  }
  if (!found) found = boxDragBegins(position);
  if (found || !drawnSpec() || !now.shows(position)) return found;
  const Points before = drawn();
  beginStroke();
  if (!addPoint(position)) {
    stroke_.reset();
    return false;
  }
  active_handle_.clear();
  undo_.push_back(before);
  return true;
}

void PlaneView::dragTo(QPointF position) {
  if (stroke_) {
    addPoint(position);
    return;
  }
  if (activeBox() && held_ != 0) return dragBoxTo(position);
  const Plot now = plot();
  const QPointF at = position + grip_;
  const double x = std::clamp(at.x(), now.inner.left(), now.inner.right());
  const double y = std::clamp(at.y(), now.inner.top(), now.inner.bottom());
  drag({now.xOf(x), now.yOf(y)}, false);
}

void PlaneView::dragDone() {
  QWidget::unsetCursor();
  if (const auto points = std::exchange(stroke_, std::nullopt)) return give(*points, true);
  held_ = 0;
  if (const auto box = activeBox(); box && dragged_box_) return giveBox(*box, *dragged_box_, true);
  if (dragged_) drag(*dragged_, true);
}

void PlaneView::keyReleaseEvent(QKeyEvent* event) {
  if (keyboard_drag_ && !event->isAutoRepeat()) {
    keyboard_drag_ = false;
    if (const auto box = activeBox(); box && dragged_box_)
      giveBox(*box, *dragged_box_, true);
    else if (dragged_)
      drag(*dragged_, true);
    return;
  }
  PlotView::keyReleaseEvent(event);
}

// Tab goes from the pencil, where points are drawn, through the handles.
bool PlaneView::focusNextPrevChild(bool next) {
  const std::vector<std::string> all = handleNames();
  const bool draws = drawnSpec() != nullptr;
  int place = draws ? -1 : 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] == active_handle_) place = static_cast<int>(i);
  const int other = place + (next ? 1 : -1);
  if (other < (draws ? -1 : 0) || other >= static_cast<int>(all.size()))
    return PlotView::focusNextPrevChild(next);
  active_handle_ = other < 0 ? std::string() : all[other];
  dragged_.reset();
  dragged_box_.reset();
  update();
  return true;
}

QString PlaneView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  QStringList parts;
  if (!paths_.empty()) parts << word(Message{"views.summary_steps", {{"step", shownRow()}}});
  const auto number = [](double value) { return readoutNumber(value).toStdString(); };
  for (const Path& path : paths_) {
    if (!isShown(path.id)) continue;
    if (const auto at = positionOf(path, shownRow()))
      parts << word(Message{"views.summary_position",
                            {{"curve", labelOfCurve(path.id).toStdString()},
                             {"x", number(at->x)},
                             {"y", number(at->y)}}});
  }
  if (const auto* plane = data<PlaneData>())
    for (const PlaneLayer& layer : plane->layers)
      if (const auto* points = std::get_if<PointsLayer>(&layer))
        parts << word(Message{"views.summary_dots",
                              {{"curve", labelOf(points->label).toStdString()},
                               {"count", static_cast<std::int64_t>(points->points.size())}}});
  if (const FieldLayer* field = firstField()) {
    const ColourScale& scale = pictureOf(*field).scale;
    parts << word(
        Message{"views.summary_field",
                {{"minimum", number(scale.minimum())}, {"maximum", number(scale.maximum())}}});
  }
  for (const Handle& handle : handles())
    parts << word(Message{"views.summary_handle",
                          {{"name", words().of(experiment(), "parameter", handle.spec->name)},
                           {"x", number(handle.at.x)},
                           {"y", number(handle.at.y)}}});
  for (const BoxHandle& handle : boxes())
    parts << word(Message{"views.summary_box",
                          {{"name", words().of(experiment(), "parameter", handle.spec->name)},
                           {"x0", number(handle.box.x0)},
                           {"y0", number(handle.box.y0)},
                           {"x1", number(handle.box.x1)},
                           {"y1", number(handle.box.y1)}}});
  if (drawnSpec())
    parts << word(
        Message{areDrawnClassed() ? "views.summary_drawn" : "views.summary_drawn_one_kind",
                {{"count", static_cast<std::int64_t>(drawn().points.size())},
                 {"class", std::int64_t{drawn_class_}}}});
  return parts.join(QStringLiteral(" "));
}

DataTable PlaneView::dataTable() const {
  DataTable table;
  if (!paths_.empty()) {
    table.headings.push_back("step");
    for (const Path& path : paths_) {
      table.headings.push_back(records().names()[path.x]);
      table.headings.push_back(records().names()[path.y]);
    }
    for (std::int64_t row = 0; row < records().rows(); ++row) {
      auto& cells = table.rows.emplace_back();
      cells.emplace_back(static_cast<double>(row));
      for (const Path& path : paths_)
        for (std::size_t column : {path.x, path.y}) {
          const double value = records().at(row, column);
          addCell(cells, isAbsent(value) ? std::nullopt : std::optional(value));
        }
    }
    return table;
  }
  table.headings = {"layer", "x", "y", "value"};
  const auto add = [&](const std::string& name, double x, double y, std::optional<double> value) {
    auto& row = table.rows.emplace_back();
    row.emplace_back(name);
    for (std::optional<double> cell : {std::optional(x), std::optional(y), value})
      addCell(row, cell);
  };
  if (const ParameterSpec* spec = drawnSpec())
    for (const auto& point : drawn().points) add(spec->name, point.x, point.y, point.label);
  const auto* plane = data<PlaneData>();
  if (!plane) return table;
  for (const PlaneLayer& layer : plane->layers) {
    if (const auto* points = std::get_if<PointsLayer>(&layer)) {
      for (std::size_t i = 0; i < points->points.size(); ++i)
        add(points->name, points->points[i].x, points->points[i].y,
            i < points->classes.size() ? std::optional<double>(points->classes[i]) : std::nullopt);
    } else if (const auto* path = std::get_if<PathLayer>(&layer)) {
      for (const Point& point : path->points) add(path->name, point.x, point.y, std::nullopt);
    } else if (const auto* field = std::get_if<FieldLayer>(&layer); field && field->values) {
      for (int row = 0; row < field->rows; ++row)
        for (int column = 0; column < field->columns; ++column)
          add(field->name, field->x0 + (column + 0.5) * (field->x1 - field->x0) / field->columns,
              field->y0 + (row + 0.5) * (field->y1 - field->y0) / field->rows,
              (*field->values)[static_cast<std::size_t>(row) * field->columns + column]);
    }
  }
  return table;
}

}  // namespace viva
