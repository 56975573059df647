// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/view.h"

#include <utility>

namespace viva {
namespace {
ViewSpec make(std::string id, ViewKind kind, AxisSpec x, AxisSpec y, Room room) {
  ViewSpec spec;
  spec.id = std::move(id);
  spec.kind = kind;
  spec.x = std::move(x);
  spec.y = std::move(y);
  spec.room = room;
  return spec;
}
}  // namespace

std::string_view nameOf(ViewKind kind) {
  constexpr std::string_view kNames[] = {"series", "plane",     "table",  "bars",
                                         "matrix", "histogram", "images", "graph",
                                         "tokens", "sequence",  "verdict"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool hasAxes(ViewKind kind) {
  switch (kind) {
    case ViewKind::Series:
    case ViewKind::Plane:
    case ViewKind::Bars:
    case ViewKind::Matrix:
    case ViewKind::Histogram:
      return true;
    case ViewKind::Table:
    case ViewKind::Images:
    case ViewKind::Graph:
    case ViewKind::Tokens:
    case ViewKind::Sequence:
    case ViewKind::Verdict:
      return false;
  }
  return false;
}

ViewSpec&& ViewSpec::xAxis(std::string label, std::string unit_key) && {
  x.label = std::move(label);
  x.unit = std::move(unit_key);
  return std::move(*this);
}
ViewSpec&& ViewSpec::yAxis(std::string label, std::string unit_key) && {
  y.label = std::move(label);
  y.unit = std::move(unit_key);
  return std::move(*this);
}
ViewSpec&& ViewSpec::logarithmicX() && {
  x.logarithmic = true;
  return std::move(*this);
}
ViewSpec&& ViewSpec::logarithmicY() && {
  y.logarithmic = true;
  return std::move(*this);
}
ViewSpec&& ViewSpec::large() && {
  room = Room::Large;
  return std::move(*this);
}
ViewSpec&& ViewSpec::medium() && {
  room = Room::Medium;
  return std::move(*this);
}
ViewSpec&& ViewSpec::small() && {
  room = Room::Small;
  return std::move(*this);
}
ViewSpec&& ViewSpec::pathOf(std::string x_record, std::string y_record) && {
  path = Path{std::move(x_record), std::move(y_record)};
  return std::move(*this);
}
ViewSpec&& ViewSpec::dragging(std::vector<std::string> parameters) && {
  drags = std::move(parameters);
  return std::move(*this);
}
ViewSpec&& ViewSpec::picking(std::string row, std::string column) && {
  picks = Picks{std::move(row), std::move(column)};
  return std::move(*this);
}
ViewSpec&& ViewSpec::equalScale() && {
  equal_scale = true;
  return std::move(*this);
}

ViewSpec series(std::string id, std::vector<std::string> records, AxisSpec y) {
  ViewSpec spec =
      make(std::move(id), ViewKind::Series, {"axis.step", "", false}, std::move(y), Room::Medium);
  spec.records = std::move(records);
  return spec;
}
ViewSpec plane(std::string id, AxisSpec x, AxisSpec y) {
  return make(std::move(id), ViewKind::Plane, std::move(x), std::move(y), Room::Large);
}
ViewSpec table(std::string id) {
  return make(std::move(id), ViewKind::Table, {}, {}, Room::Medium);
}
ViewSpec bars(std::string id, AxisSpec x, AxisSpec y) {
  return make(std::move(id), ViewKind::Bars, std::move(x), std::move(y), Room::Medium);
}
ViewSpec matrix(std::string id, AxisSpec x, AxisSpec y) {
  return make(std::move(id), ViewKind::Matrix, std::move(x), std::move(y), Room::Medium);
}
ViewSpec histogram(std::string id, AxisSpec x, AxisSpec y) {
  return make(std::move(id), ViewKind::Histogram, std::move(x), std::move(y), Room::Medium);
}
ViewSpec images(std::string id) {
  return make(std::move(id), ViewKind::Images, {}, {}, Room::Medium);
}
ViewSpec graph(std::string id) { return make(std::move(id), ViewKind::Graph, {}, {}, Room::Large); }
ViewSpec tokens(std::string id) {
  return make(std::move(id), ViewKind::Tokens, {}, {}, Room::Large);
}
ViewSpec sequence(std::string id) {
  return make(std::move(id), ViewKind::Sequence, {}, {}, Room::Large);
}
ViewSpec verdict(std::string id) {
  return make(std::move(id), ViewKind::Verdict, {}, {}, Room::Line);
}

std::optional<std::string> matchRecord(const std::string& pattern, const std::string& record) {
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos)
    return pattern == record ? std::optional<std::string>("") : std::nullopt;
  const std::size_t tail = pattern.size() - star - 1;
  if (record.size() < star + tail + 1 || record.compare(0, star, pattern, 0, star) != 0 ||
      record.compare(record.size() - tail, tail, pattern, star + 1, tail) != 0)
    return {};
  std::string match = record.substr(star, record.size() - star - tail);
  if (match.find('/') != std::string::npos) return {};
  return match;
}

}  // namespace viva
