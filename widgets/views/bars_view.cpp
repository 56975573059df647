// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/bars_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/views/colours.h"
#include "widgets/views/stroke.h"

namespace viva {
namespace {

constexpr double kLinesForTwo = 8;  // a plot's height, for names on two

double widestLine(const QString& text, const QFontMetricsF& metrics) {
  double widest = 0;
  for (const QString& line : text.split(u'\n'))
    widest = std::max(widest, metrics.horizontalAdvance(line));
  return widest;
}

/// Broken at the space, hyphen or Chinese character that leaves the shorter lines.
QString onTwoLines(const QString& text, const QFontMetricsF& metrics) {
  QString best = text;
  for (qsizetype i = 1; i < text.size(); ++i) {
    const bool is_space = text[i] == u' ';
    if (!is_space && text[i - 1] != u'-' && text[i].unicode() < 0x2e80) continue;
    const QString broken = text.left(i) + u'\n' + text.mid(is_space ? i + 1 : i);
    if (widestLine(broken, metrics) < widestLine(best, metrics)) best = broken;
  }
  return best;
}

}  // namespace

BarsView::BarsView(const ViewSpec& spec, const std::string& experiment,
                   const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool BarsView::isEmpty() const {
  const auto* bars = data<BarsData>();
  return !bars || bars->categories.empty() || bars->groups.empty();
}

bool BarsView::isStacked() const {
  const auto* bars = data<BarsData>();
  // Parts of a sum have no meaning as lengths on a logarithmic axis.
  return bars && bars->stacked && !isLogarithmic(Axis::Y);
}

bool BarsView::canBeLogarithmic(Axis axis) const { return axis == Axis::Y; }

void BarsView::changed(Change change) {
  PlotView::changed(change);
  const auto* bars = data<BarsData>();
  if (change == Change::Frame && readout())
    setReadout(isEmpty() ? std::nullopt : readoutAt(readout()->position));
  if (change != Change::Frame || !bars || scale_taken_) return;
  scale_taken_ = true;
  if (bars->logarithmic) setLogarithmic(Axis::Y, true);
}

std::vector<const BarsData::Group*> BarsView::shownGroups() const {
  std::vector<const BarsData::Group*> groups;
  if (const auto* bars = data<BarsData>())
    for (const auto& group : bars->groups)
      if (isShown(group.id)) groups.push_back(&group);
  return groups;
}

AxisRange BarsView::naturalRange(Axis axis) const {
  const auto* bars = data<BarsData>();
  if (!bars) return {};
  if (axis == Axis::X) return {-0.5, std::max(0.5, bars->categories.size() - 0.5), false};
  const bool logarithmic = isLogarithmic(Axis::Y);
  double low = logarithmic ? std::numeric_limits<double>::infinity() : 0;
  double high = logarithmic ? -low : 0;
  const auto take = [&](double value) {
    if (!std::isfinite(value) || (logarithmic && !(value > 0))) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  const auto groups = shownGroups();
  if (isStacked()) {
    for (std::size_t c = 0; c < bars->categories.size(); ++c) {
      double above = 0, below = 0;
      for (const auto* group : groups)
        if (c < group->values.size() && std::isfinite(group->values[c]))
          (group->values[c] > 0 ? above : below) += group->values[c];
      take(above);
      take(below);
    }
  } else {
    for (const auto* group : groups)
      for (double value : group->values) take(value);
  }
  for (const Curve& curve : bars->overlays)
    if (isShown(curve.id))
      for (double value : curve.y) take(value);
  if (low == 0 && high == 0) high = 1;
  AxisRange range = roundedRange(low, high, logarithmic);
  // The lowest bar needs some length to be seen.
  if (logarithmic && range.low * 1.2 > low) range.low /= std::pow(range.high / range.low, 0.08);
  return range;
}

std::vector<Tick> BarsView::ticks(Axis axis, const AxisRange& range, double pixels) const {
  if (axis == Axis::Y) return PlotView::ticks(axis, range, pixels);
  const auto* bars = data<BarsData>();
  std::vector<Tick> result;
  if (!bars) return result;
  const QFontMetricsF metrics(baseFont(0.92));
  double widest = 1;
  const double slot = pixels / std::max(1e-9, range.high - range.low);
  std::vector<QString> labels;
  for (const Label& label : bars->categories) {
    labels.push_back(labelOf(label));
    widest = std::max(widest, metrics.horizontalAdvance(labels.back()));
  }
  // Qt Charts needs the room.
  const double allowed = widest + 16;
  int stride = 1;
  for (int round : {1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000}) {
    stride = round;
    if (slot * stride >= allowed || labels.size() <= 8) break;
  }
  for (std::size_t c = 0; c < labels.size(); c += stride) {
    const double place = range.place(static_cast<double>(c));
    if (place < 0 || place > 1) continue;
    // Half a name is none: what has no room, in a high plot on two lines, is read by pointing at
    // it.
    const double room = slot * stride - 4;
    QString label = labels[c];
    if (metrics.horizontalAdvance(label) > room && height() > kLinesForTwo * metrics.height())
      label = onTwoLines(label, metrics);
    if (widestLine(label, metrics) <= room) result.push_back({place, label});
  }
  return result;
}

QRectF BarsView::barOf(const Plot& plot, std::size_t category, std::size_t group) const {
  const auto groups = shownGroups();
  const double value =
      category < groups[group]->values.size() ? groups[group]->values[category] : std::nan("");
  const double slot = plot.horizontal(1) - plot.horizontal(0);
  const double whole = std::min(slot * 0.8, 90.0);
  const double centre = plot.horizontal(static_cast<double>(category));
  double left = centre - whole / 2, width = whole, base = 0;
  if (isStacked()) {
    for (std::size_t g = 0; g < group; ++g) {
      const double below =
          category < groups[g]->values.size() ? groups[g]->values[category] : std::nan("");
      if (std::isfinite(below) && (below > 0) == (value > 0)) base += below;
    }
  } else {
    width = whole / groups.size();
    left += group * width;
  }
  const auto clamped = [&](double v) {
    const double pixel = plot.vertical(v);
    return std::clamp(std::isfinite(pixel) ? pixel : plot.inner.bottom(), plot.inner.top() - 20,
                      plot.inner.bottom() + 20);
  };
  const bool logarithmic = isLogarithmic(Axis::Y);
  const double from = logarithmic ? plot.inner.bottom() : clamped(base);
  if (std::isnan(value) || (logarithmic && !(value > 0))) return {left, from, width, 0};
  const double to = std::isinf(value)
                        ? (value > 0 ? plot.inner.top() - 20 : plot.inner.bottom() + 20)
                        : clamped(base + value);
  return QRectF(QPointF(left, from), QPointF(left + width, to)).normalized();
}

/// What a bar at the top is dragged by.
double BarsView::markRoom() const { return 6; }

void BarsView::drawContent(QPainter& painter, const Plot& plot) const {
  const auto* bars = data<BarsData>();
  const auto groups = shownGroups();
  const Theme& colours = theme(appearance().dark);
  const bool logarithmic = isLogarithmic(Axis::Y);
  const QFont font = baseFont(0.85);
  const QFontMetricsF metrics(font);
  for (std::size_t c = 0; c < bars->categories.size(); ++c) {
    const double x = plot.horizontal(static_cast<double>(c));
    const double slot = plot.horizontal(1) - plot.horizontal(0);
    if (x < plot.inner.left() - slot || x > plot.inner.right() + slot) continue;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const double value = c < groups[g]->values.size() ? groups[g]->values[c] : std::nan("");
      if (std::isnan(value)) continue;
      const CurveStyle style = styleOf(groups[g]->id);
      const QRectF bar = barOf(plot, c, g).intersected(plot.inner);
      const QRectF place = barOf(plot, c, g);
      if (place.left() >= plot.inner.right() || place.right() <= plot.inner.left()) continue;
      if (value == 0 || (logarithmic && !(value > 0))) {
        // A bar of length nothing: said so, or it would look like a missing value.
        const double foot = logarithmic ? plot.inner.bottom() : place.top();
        if (foot < plot.inner.top() || foot > plot.inner.bottom()) continue;
        painter.setPen(QPen(style.colour, 3));
        painter.drawLine(
            QPointF(std::max(place.left() + 1, plot.inner.left()), foot - (logarithmic ? 1.5 : 0)),
            QPointF(std::min(place.right() - 1, plot.inner.right()),
                    foot - (logarithmic ? 1.5 : 0)));
        double top = foot - 4;
        if (logarithmic) {
          // It lies infinitely far below.
          const double size = std::clamp(place.width() * 0.9, 4.0, 11.0);
          painter.save();
          painter.setRenderHint(QPainter::Antialiasing);
          painter.setPen(QPen(style.colour, 1.8));
          painter.setBrush(colours.background);
          const QPointF tip(place.center().x(), foot - 4);
          painter.drawPolygon(
              QPolygonF{tip, tip + QPointF(-size / 2, -size), tip + QPointF(size / 2, -size)});
          painter.restore();
          top = tip.y() - size - 2;
        }
        painter.setFont(font);
        painter.setPen(colours.text);
        const QString mark = value == 0 ? QStringLiteral("0") : QStringLiteral("<0");
        // Of many narrow ones the first says it for those that follow.
        const bool first =
            c == 0 || c > groups[g]->values.size() || groups[g]->values[c - 1] != value;
        if (first || place.width() > metrics.horizontalAdvance(mark))
          painter.drawText(QPointF(place.center().x() - metrics.horizontalAdvance(mark) / 2, top),
                           mark);
        continue;
      }
      const double gap = place.width() > 6 ? 1 : 0;
      painter.setPen(Qt::NoPen);
      painter.setBrush(style.colour);
      painter.drawRect(bar.adjusted(gap, 0, -gap, 0));
      if (std::isinf(value)) {
        drawMarker(painter, value > 0 ? Marker::Triangle : Marker::TriangleDown,
                   {bar.center().x(), value > 0 ? plot.inner.top() + 8 : plot.inner.bottom() - 8},
                   11, style.colour, colours.background);
      } else if (groups.size() > 1 && bar.width() >= 9 && bar.height() >= 16) {
        drawMarker(painter, style.marker,
                   {bar.center().x(), value > 0 ? bar.top() + 8 : bar.bottom() - 8}, 8,
                   colours.background, style.colour);
      }
    }
  }
  if (!logarithmic && plot.y.low < 0 && plot.y.high > 0) {
    painter.setPen(QPen(colours.axis, 1));
    painter.drawLine(QPointF(plot.inner.left(), plot.vertical(0)),
                     QPointF(plot.inner.right(), plot.vertical(0)));
  }
  for (const Curve& curve : bars->overlays) {
    if (!isShown(curve.id)) continue;
    const CurveStyle style = styleOfOverlay(curve);
    // A rim of the background: bars have the colours of curves.
    CurveStyle rim;
    rim.colour = colours.background;
    for (const auto& [look, width] : {std::pair{rim, 6.5}, {style, 2.8}}) {
      Stroke stroke(look, width, plot.inner, drawsVectors(painter));
      for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
        stroke.to(plot.at(curve.x[i], curve.y[i]));
      stroke.flush(painter);
    }
    if (curve.x.size() > 40) continue;
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
      const QPointF at = plot.at(curve.x[i], curve.y[i]);
      if (plot.shows(at))
        drawMarker(painter, style.marker, at, 10, style.colour, colours.background);
    }
  }
}

CurveStyle BarsView::styleOfOverlay(const Curve& curve) const {
  if (!curve.reference) return styleOf(curve.id);
  return {theme(appearance().dark).text, dashesOfTheory(curve.id, data<BarsData>()->overlays),
          Marker::Circle};
}

std::vector<LegendEntry> BarsView::legend() const {
  std::vector<LegendEntry> entries;
  const auto* bars = data<BarsData>();
  if (!bars) return entries;
  for (const auto& group : bars->groups) {
    CurveStyle style = styleOf(group.id);
    style.dashes.clear();
    LegendEntry entry{group.id, labelOf(group.label), style, false, bars->groups.size() > 1,
                      true,     isShown(group.id)};
    entry.bar = true;
    entries.push_back(std::move(entry));
  }
  for (const Curve& curve : bars->overlays) {
    const CurveStyle style = styleOfOverlay(curve);
    entries.push_back({curve.id, labelOf(curve.label), style, true, true, true, isShown(curve.id)});
  }
  return entries;
}

std::optional<Readout> BarsView::readoutOf(int category, int group, QPointF position) const {
  const auto* bars = data<BarsData>();
  const auto groups = shownGroups();
  Readout readout;
  readout.position = position;
  readout.lines.push_back({{}, labelOf(bars->categories[category]), false});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double value = static_cast<std::size_t>(category) < groups[g]->values.size()
                             ? groups[g]->values[category]
                             : std::nan("");
    if (std::isnan(value)) continue;
    readout.lines.push_back(
        {styleOf(groups[g]->id),
         labelOf(groups[g]->label) + QStringLiteral("  ") + readoutNumber(value),
         static_cast<int>(g) == group});
    if (value == 0 && isLogarithmic(Axis::Y))
      readout.lines.push_back({{}, word("views.exact_zero"), false});
  }
  return readout;
}

std::optional<Readout> BarsView::readoutAt(QPointF position) const {
  const Plot now = plot();
  if (isEmpty() || !now.shows(position)) return std::nullopt;
  const int category = static_cast<int>(std::lround(now.xOf(position.x())));
  if (category < 0 || category >= static_cast<int>(data<BarsData>()->categories.size()))
    return std::nullopt;
  int group = -1;
  for (std::size_t g = 0; g < shownGroups().size(); ++g) {
    const QRectF bar = barOf(now, category, g);
    const bool over = position.x() >= bar.left() && position.x() < bar.right() &&
                      (!isStacked() || (position.y() >= bar.top() && position.y() < bar.bottom()));
    if (over) group = static_cast<int>(g);
  }
  return readoutOf(category, group, position);
}

void BarsView::moveReadout(int right, int up, bool far) {
  if (isEmpty() || shownGroups().empty()) return;
  const int categories = static_cast<int>(data<BarsData>()->categories.size());
  const int groups = static_cast<int>(shownGroups().size());
  if (far && up != 0 && read_category_ >= 0)
    for (const Handle& handle : handles()) {
      if (handle.group != read_group_) continue;
      const auto& weights = std::get<Distribution>(parameters()->value(handle.spec->name)).weights;
      if (read_category_ >= static_cast<int>(weights.size())) return;
      const auto& from = dragged_value_ ? dragged_value_->weights : weights;
      dragged_ = handle;
      dragged_category_ = read_category_;
      giveWeight(handle, read_category_, from[read_category_] + 0.02 * up, false);
      return;
    }
  if (read_category_ < 0)
    read_category_ = 0;
  else
    read_category_ = std::clamp(read_category_ + right * (far ? 10 : 1), 0, categories - 1);
  read_group_ = ((read_group_ - up) % groups + groups) % groups;
  const Plot now = plot();
  const QRectF bar = barOf(now, read_category_, read_group_);
  setReadout(
      readoutOf(read_category_, read_group_,
                {bar.center().x(), std::clamp(bar.top(), now.inner.top(), now.inner.bottom())}));
}

// What the keyboard changes is let go with the key, as the mouse lets go of a bar.
void BarsView::keyReleaseEvent(QKeyEvent* event) {
  if (!dragged_value_ || event->isAutoRepeat()) return PlotView::keyReleaseEvent(event);
  dragDone();
}

std::vector<BarsView::Handle> BarsView::handles() const {
  std::vector<Handle> found;
  if (!parameters() || isEmpty() || isStacked()) return found;
  const auto groups = shownGroups();
  for (const ParameterSpec& parameter : parameters()->specs()) {
    if (parameter.kind() != ParameterKind::Distribution || !parameters()->isRelevant(parameter))
      continue;
    const auto& names = spec().drags;
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const BarsData::Group* g) {
      return g->id == parameter.name;
    });
    // Where it is the only one, the group may be called as it likes.
    if (group != groups.end())
      found.push_back({&parameter, static_cast<int>(group - groups.begin())});
    else if (names.size() == 1 && groups.size() == 1)
      found.push_back({&parameter, 0});
  }
  return found;
}

std::optional<QPointF> BarsView::handlePosition() const {
  for (const Handle& handle : handles()) {
    const QRectF bar = barOf(plot(), 0, static_cast<std::size_t>(handle.group));
    if (!bar.isNull()) return QPointF(bar.center().x(), bar.top());
  }
  return std::nullopt;
}

// The other weights keep their proportions.
void BarsView::giveWeight(const Handle& handle, int category, double weight, bool finished) {
  Distribution value =
      dragged_value_.value_or(std::get<Distribution>(parameters()->value(handle.spec->name)));
  if (category < 0 || category >= static_cast<int>(value.weights.size()) ||
      value.weights.size() < 2)
    return;
  weight = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0;
  double others = 0;
  for (std::size_t i = 0; i < value.weights.size(); ++i)
    if (static_cast<int>(i) != category) others += value.weights[i];
  for (std::size_t i = 0; i < value.weights.size(); ++i) {
    if (static_cast<int>(i) == category)
      value.weights[i] = weight;
    else if (others > 0)
      value.weights[i] *= (1 - weight) / others;
    else
      value.weights[i] = (1 - weight) / static_cast<double>(value.weights.size() - 1);
  }
  dragged_value_ = value;
  update();
  Q_EMIT parameterDragged(QString::fromStdString(handle.spec->name), Value(value), finished);
}

bool BarsView::dragBegins(QPointF position) {
  const Plot now = plot();
  const int category = static_cast<int>(std::lround(now.xOf(position.x())));
  for (const Handle& handle : handles()) {
    if (category < 0 || category >= static_cast<int>(data<BarsData>()->categories.size())) break;
    const QRectF bar = barOf(now, category, handle.group);
    if (position.x() < bar.left() || position.x() >= bar.right() ||
        std::abs(position.y() - bar.top()) > 14)
      continue;
    dragged_ = handle;
    dragged_category_ = category;
    dragged_value_.reset();
    return true;
  }
  return false;
}

void BarsView::dragTo(QPointF position) {
  if (dragged_) giveWeight(*dragged_, dragged_category_, plot().yOf(position.y()), false);
}

void BarsView::dragDone() {
  const auto handle = std::exchange(dragged_, std::nullopt);
  const auto value = std::exchange(dragged_value_, std::nullopt);
  if (handle && value)
    Q_EMIT parameterDragged(QString::fromStdString(handle->spec->name), Value(*value), true);
  update();
}

void BarsView::drawOver(QPainter& painter, const Plot& plot) const {
  const Theme& colours = theme(appearance().dark);
  if (!handlesAreDrawn()) return;
  for (const Handle& handle : handles())
    for (std::size_t c = 0; c < data<BarsData>()->categories.size(); ++c) {
      const QRectF bar = barOf(plot, c, handle.group);
      QPointF grip(bar.center().x(), bar.top());
      const bool here = dragged_ && dragged_value_ && dragged_->spec == handle.spec &&
                        c < dragged_value_->weights.size();
      if (here) grip.setY(plot.vertical(dragged_value_->weights[c]));
      if (!plot.shows(grip)) continue;
      painter.setPen(QPen(colours.background, 1.5));
      painter.setBrush(colours.accent);
      const double width = std::min(24.0, bar.width() * 0.8);
      painter.drawRoundedRect(QRectF(grip.x() - width / 2, grip.y() - 3, width, 6), 3, 3);
    }
}

QString BarsView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto* bars = data<BarsData>();
  QStringList parts;
  parts << word(Message{"views.summary_bars",
                        {{"categories", static_cast<std::int64_t>(bars->categories.size())}}});
  for (const auto* group : shownGroups()) {
    std::size_t largest = 0;
    for (std::size_t c = 1; c < group->values.size(); ++c)
      if (group->values[c] > group->values[largest] || std::isnan(group->values[largest]))
        largest = c;
    if (largest >= std::min(group->values.size(), bars->categories.size())) continue;
    parts << word(Message{"views.summary_bar",
                          {{"group", labelOf(group->label).toStdString()},
                           {"category", labelOf(bars->categories[largest]).toStdString()},
                           {"value", readoutNumber(group->values[largest]).toStdString()}}});
    const auto end =
        group->values.begin() + std::min(group->values.size(), bars->categories.size());
    const auto zero = std::find(group->values.begin(), end, 0.0);
    if (zero != end)
      parts << word(Message{
          "views.summary_bar_zeros",
          {{"group", labelOf(group->label).toStdString()},
           {"count", static_cast<std::int64_t>(std::count(zero, end, 0.0))},
           {"category", labelOf(bars->categories[zero - group->values.begin()]).toStdString()}}});
  }
  return parts.join(QStringLiteral(" "));
}

DataTable BarsView::dataTable() const {
  DataTable table;
  const auto* bars = data<BarsData>();
  if (!bars) return table;
  table.headings.push_back("category");
  for (const auto& group : bars->groups)
    table.headings.push_back(labelOf(group.label).toStdString());
  for (std::size_t c = 0; c < bars->categories.size(); ++c) {
    auto& row = table.rows.emplace_back();
    row.emplace_back(labelOf(bars->categories[c]).toStdString());
    for (const auto& group : bars->groups)
      addCell(row, c < group.values.size() && !std::isnan(group.values[c])
                       ? std::optional(group.values[c])
                       : std::nullopt);
  }
  return table;
}

}  // namespace viva
