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
  constexpr std::string_view kNames[] = {"series",    "plane",  "table", "bars",   "matrix",
                                         "histogram", "images", "graph", "verdict"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool hasAxes(ViewKind kind) {
  return kind != ViewKind::Table && kind != ViewKind::Images && kind != ViewKind::Graph &&
         kind != ViewKind::Verdict;
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
