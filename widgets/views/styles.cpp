// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/styles.h"

#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "widgets/views/colours.h"
#include "widgets/views/other_run.h"

namespace viva {
namespace {

const std::vector<QVector<qreal>>& dashPatterns() {
  static const std::vector<QVector<qreal>> patterns{
      {}, {12, 4}, {4, 3}, {13, 4, 3, 4}, {20, 5}, {9, 3, 3, 3, 3, 3}, {7, 4}, {2.5, 2.5}};
  return patterns;
}

CurveStyle styleAt(int place, bool dark) {
  const auto& colours = curveColours(dark);
  const int count = static_cast<int>(colours.size());
  CurveStyle style;
  style.colour = colours[place % count];
  // After one round of colours, the dashes and markers move on, so that pairs do not repeat.
  const int round = place / count;
  style.dashes = dashPatterns()[(place + round) % dashPatterns().size()];
  style.marker = static_cast<Marker>((place + 3 * round) % kMarkerCount);
  return style;
}

QPolygonF polygon(int corners, QPointF centre, qreal radius, qreal degrees, qreal inner = 1) {
  QPolygonF shape;
  for (int i = 0; i < corners; ++i) {
    const qreal angle = (degrees + 360.0 * i / corners) * 3.14159265358979323846 / 180;
    const qreal r = i % 2 ? radius * inner : radius;
    shape << centre + QPointF(r * std::cos(angle), r * std::sin(angle));
  }
  return shape;
}

/// Calls `visit` with the id (empty for a pattern without `*`) and the name of every record that a
/// view of `spec` draws.
template <typename Visit>
void forEachCurve(const ExperimentSpec& spec, const std::vector<RecordSpec>& records,
                  const Visit& visit) {
  const auto visitMatches = [&](const std::string& pattern) {
    for (const RecordSpec& record : records)
      if (const auto id = matchRecord(pattern, record.name)) visit(*id, record.name);
  };
  for (const ViewSpec& view : spec.views) {
    if (view.path) visitMatches(view.path->x_record);
    for (const std::string& pattern : view.records) visitMatches(pattern);
  }
}

}  // namespace

QVector<qreal> dashesOfTheory(const std::string& id, const std::vector<Curve>& curves) {
  static const std::vector<QVector<qreal>> patterns{{6, 4}, {1.5, 4}, {12, 4, 2, 4}};
  std::set<std::string> before;
  for (const Curve& curve : curves) {
    if (curve.id == id) break;
    if (curve.reference) before.insert(curve.id);
  }
  return patterns[before.size() % patterns.size()];
}

CurveStyle paled(CurveStyle style, bool dark) {
  constexpr double kStrength = 0.5;
  const QColor ground = theme(dark).background;
  const auto mixed = [](int colour, int behind) {
    return static_cast<int>(std::lround(kStrength * colour + (1 - kStrength) * behind));
  };
  style.colour =
      QColor(mixed(style.colour.red(), ground.red()), mixed(style.colour.green(), ground.green()),
             mixed(style.colour.blue(), ground.blue()));
  style.pale = true;
  return style;
}

std::set<std::string> paleCurves(const ExperimentSpec& spec, std::string_view preset) {
  std::set<std::string> ids;
  const Preset* claimed = spec.findPreset(preset);
  if (!claimed || claimed->strong.empty() || !spec.records) return ids;
  forEachCurve(spec, spec.records(spec.parametersOf(preset)),
               [&](const std::string& id, const std::string&) {
                 if (!id.empty()) ids.insert(id);
               });
  for (const std::string& id : claimed->strong) ids.erase(id);
  return ids;
}

void drawMarker(QPainter& painter, Marker marker, QPointF centre, qreal size, const QColor& colour,
                const QColor& edge) {
  const qreal r = size / 2;
  QPen outline(edge, std::max(1.0, size / 8));
  outline.setJoinStyle(Qt::MiterJoin);
  painter.setPen(outline);
  painter.setBrush(colour);
  if (marker >= Marker::LetterA) {
    const qreal radius = r * 1.5;
    painter.drawEllipse(centre, radius, radius);
    QFont font = painter.font();
    font.setPixelSize(std::max(6, static_cast<int>(std::lround(radius * 1.5))));
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(edge);
    painter.drawText(QRectF(centre - QPointF(radius, radius), QSizeF(radius, radius) * 2),
                     Qt::AlignCenter, letterOfRun(static_cast<int>(marker) - kMarkerCount));
    return;
  }
  switch (marker) {
    case Marker::Circle:
      painter.drawEllipse(centre, r, r);
      return;
    case Marker::Square:
      painter.drawRect(QRectF(centre - QPointF(r, r) * 0.88, QSizeF(size, size) * 0.88));
      return;
    case Marker::Triangle:
      painter.drawPolygon(polygon(3, centre, r * 1.2, -90));
      return;
    case Marker::TriangleDown:
      painter.drawPolygon(polygon(3, centre, r * 1.2, 90));
      return;
    case Marker::Diamond:
      painter.drawPolygon(polygon(4, centre, r * 1.2, 0));
      return;
    case Marker::Star:
      painter.drawPolygon(polygon(10, centre, r * 1.3, -90, 0.45));
      return;
    case Marker::Plus:
    case Marker::Cross: {
      // Two strokes, the edge drawn first and wider.
      const qreal reach = marker == Marker::Plus ? r * 1.1 : r * 0.8;
      const QPointF first = marker == Marker::Plus ? QPointF(reach, 0) : QPointF(reach, reach);
      const QPointF second = marker == Marker::Plus ? QPointF(0, reach) : QPointF(reach, -reach);
      const qreal width = std::max(2.0, size / 3.6);
      painter.setPen(QPen(edge, width + outline.widthF() * 2, Qt::SolidLine, Qt::SquareCap));
      painter.drawLine(centre - first, centre + first);
      painter.drawLine(centre - second, centre + second);
      painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::FlatCap));
      painter.drawLine(centre - first, centre + first);
      painter.drawLine(centre - second, centre + second);
      return;
    }
    default:
      return;
  }
}

std::shared_ptr<StyleTable> StyleTable::of(const ExperimentSpec& spec,
                                           const Parameters& parameters) {
  auto table = std::make_shared<StyleTable>();
  for (const ViewSpec& view : spec.views) table->views_.push_back(view.id);
  const auto learnRecords = [&](const Parameters& values) {
    if (!spec.records) return;
    forEachCurve(spec, spec.records(values), [&](const std::string& id, const std::string& name) {
      table->learn(id.empty() ? name : id);
    });
  };
  // The same quantities of several nets, `loss` and `accuracy` beside `rnn/loss` and
  // `rnn/accuracy`: one colour a net, unless a view shows two quantities of one.
  const auto alias = [&](const std::vector<RecordSpec>& records) {
    const auto ownerOf = [&](const std::string& name) -> std::optional<std::string> {
      const std::size_t slash = name.find('/');
      if (slash != std::string::npos) return name.substr(0, slash);
      const bool has_counterpart =
          std::any_of(records.begin(), records.end(),
                      [&](const RecordSpec& record) { return record.name.ends_with('/' + name); });
      return has_counterpart ? std::optional(std::string()) : std::nullopt;
    };
    std::map<std::string, std::string> first;  // name of the owner: the id that has its colour
    for (const ViewSpec& view : spec.views) {
      std::set<std::string> here;
      for (const std::string& name : view.records) {
        const auto owner = name.find('*') == std::string::npos ? ownerOf(name) : std::nullopt;
        if (owner && !here.insert(*owner).second) return;
      }
    }
    for (const ViewSpec& view : spec.views)
      for (const std::string& name : view.records) {
        const auto owner = name.find('*') == std::string::npos ? ownerOf(name) : std::nullopt;
        if (!owner || !table->places_.count(name)) continue;
        const auto [known, is_new] = first.try_emplace(*owner, name);
        if (!is_new) table->places_[name] = table->places_.at(known->second);
      }
  };
  Parameters all = parameters;
  for (const ParameterSpec& parameter : parameters.specs())
    if (parameter.kind() == ParameterKind::Toggle) all.set(parameter.name, true);
  if (!spec.validate || !spec.validate(all)) learnRecords(all);
  learnRecords(parameters);
  if (spec.records) alias(spec.records(parameters));
  return table;
}

void StyleTable::learn(const std::string& id) {
  places_.try_emplace(id, static_cast<int>(places_.size()));
}

void StyleTable::learn(const Frame& frame) {
  const auto learnNamed = [this](const std::string& id) {
    if (!id.empty()) learn(id);
  };
  // In the order of the declaration, and not of the names: what a colour means must not depend on
  // which views a preset fills.
  std::vector<const ViewData*> in_order;
  for (const std::string& view : views_)
    if (const auto place = frame.views.find(view); place != frame.views.end())
      in_order.push_back(&place->second);
  for (const auto& [name, data] : frame.views)
    if (std::find(views_.begin(), views_.end(), name) == views_.end()) in_order.push_back(&data);
  for (const ViewData* each : in_order) {
    const ViewData& data = *each;
    if (const auto* series = std::get_if<SeriesData>(&data)) {
      for (const Curve& curve : series->curves)
        if (!curve.reference) learnNamed(curve.id);
    } else if (const auto* bars = std::get_if<BarsData>(&data)) {
      for (const auto& group : bars->groups) learnNamed(group.id);
    } else if (const auto* histogram = std::get_if<HistogramData>(&data)) {
      for (const auto& group : histogram->groups) learnNamed(group.id);
    } else if (const auto* images = std::get_if<ImagesData>(&data)) {
      for (const auto& image : images->images)
        for (const auto& box : image.boxes) learnNamed(box.id);
    } else if (const auto* plane = std::get_if<PlaneData>(&data)) {
      for (const PlaneLayer& layer : plane->layers) {
        if (const auto* points = std::get_if<PointsLayer>(&layer)) learnNamed(points->id);
        if (const auto* arrows = std::get_if<ArrowsLayer>(&layer)) learnNamed(arrows->id);
        if (const auto* path = std::get_if<PathLayer>(&layer)) learnNamed(path->id);
        if (const auto* boxes = std::get_if<BoxesLayer>(&layer))
          for (const auto& box : boxes->boxes) learnNamed(box.id);
      }
    }
  }
}

CurveStyle StyleTable::style(const std::string& id, bool dark) {
  learn(id);
  return styleAt(places_.find(id)->second, dark);
}

CurveStyle StyleTable::styleOfRun(int place, const QColor& colour) {
  static const QVector<qreal> patterns[kMostOtherRuns] = {
      {9, 3}, {2, 3}, {10, 3, 2, 3}, {5, 5}, {6, 2, 2, 2, 2, 2}};
  place = std::clamp(place, 0, kMostOtherRuns - 1);
  return {colour, patterns[place], static_cast<Marker>(kMarkerCount + place)};
}

CurveStyle StyleTable::styleOfClass(int number, bool dark) {
  return styleAt(std::max(0, number), dark);
}

}  // namespace viva
