// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/program_pictures.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva::programs {
namespace {

constexpr std::size_t kMostPaths = 8;
constexpr std::size_t kMostHypotheses = 40;

/// What is shown holds all of `points`, with a margin.
void fitAround(PlaneData& plane, const std::vector<Point>& points) {
  double x0 = kInfinity, x1 = -kInfinity, y0 = kInfinity, y1 = -kInfinity;
  for (const Point& point : points) {
    x0 = std::min(x0, point.x), x1 = std::max(x1, point.x);
    y0 = std::min(y0, point.y), y1 = std::max(y1, point.y);
  }
  if (points.empty()) x0 = y0 = 0, x1 = y1 = 1;
  const double across = std::max(x1 - x0, 1e-3) * 0.08, up = std::max(y1 - y0, 1e-3) * 0.08;
  plane.x0 = x0 - across, plane.x1 = x1 + across;
  plane.y0 = y0 - up, plane.y1 = y1 + up;
}

/// A line with a dot at each of its points.
void addPath(PlaneData& plane, const std::string& id, const std::vector<Point>& points) {
  plane.layers.emplace_back(PathLayer{id, id, id, points});
  plane.layers.emplace_back(PointsLayer{id + "-points", id, points, {}, id});
}

PlaneData arraysOverIndex(const ProgramProgress& progress) {
  PlaneData plane;
  std::vector<Point> all;
  std::size_t paths = 0;
  for (const Held& held : progress.variables)
    for (std::int64_t row = 0; row < held.rows && !held.is_scalar; ++row) {
      std::vector<Point> points;
      for (std::int64_t i = 0; i < held.columns && !held.numbers.empty(); ++i) {
        const double value = held.numbers[row * held.columns + i];
        if (std::isfinite(value)) points.push_back({static_cast<double>(i), value});
      }
      if (points.empty() || ++paths > kMostPaths) continue;
      all.insert(all.end(), points.begin(), points.end());
      addPath(plane, held.is_matrix ? held.name + "[" + std::to_string(row) + "]" : held.name,
              points);
    }
  if (plane.layers.empty()) plane.layers.emplace_back(PathLayer{"none", "", "", {}});
  fitAround(plane, all);
  return plane;
}

PlaneData boxesOf(const ProgramProgress& progress) {
  const Held &boxes = *progress.find("boxes"), &removed = *progress.find("removed");
  const auto& kept = progress.find("kept")->numbers;
  PlaneData plane;
  std::vector<Point> corners;
  for (const std::string state : {"removed", "waiting", "kept"}) {
    BoxesLayer layer{state, {}};
    for (std::int64_t i = 0; i < boxes.rows; ++i) {
      const bool is_kept = std::count(kept.begin(), kept.end(), static_cast<double>(i)) > 0;
      const std::string now = is_kept ? "kept" : removed.numbers[i] != 0 ? "removed" : "waiting";
      if (now != state) continue;
      const double* box = &boxes.numbers[i * boxes.columns];
      const std::string mark = now == "kept" ? " ✓" : now == "removed" ? " ✕" : " ?";
      layer.boxes.push_back({box[0], box[1], box[2], box[3], now, std::to_string(i) + mark});
      corners.push_back({box[0], box[1]});
      corners.push_back({box[2], box[3]});
    }
    if (!layer.boxes.empty()) plane.layers.emplace_back(std::move(layer));
  }
  fitAround(plane, corners);
  return plane;
}

PlaneData clustersOf(const ProgramProgress& progress) {
  const auto pointsOf = [](const Held& held) {
    std::vector<Point> points;
    for (std::int64_t i = 0; i < held.rows; ++i) {
      const double x = held.numbers[i * held.columns];
      const double y = held.columns > 1 ? held.numbers[i * held.columns + 1] : 0;
      if (std::isfinite(x) && std::isfinite(y)) points.push_back({x, y});
    }
    return points;
  };
  const Held& labels = *progress.find("labels");
  PlaneData plane;
  const auto points = pointsOf(*progress.find("points"));
  std::vector<int> classes;
  for (const double label : labels.numbers)
    classes.push_back(static_cast<int>(label) + 1);  // 0: has no centre yet
  plane.layers.emplace_back(
      PointsLayer{"points", Word{"programs.curve.points"}, points, classes, "", 7});
  const auto centres = pointsOf(*progress.find("centres"));
  plane.layers.emplace_back(
      PointsLayer{"centres", Word{"programs.curve.centres"}, centres, {}, "centres", 14});
  std::vector<Point> all = points;
  all.insert(all.end(), centres.begin(), centres.end());
  fitAround(plane, all);
  return plane;
}

/// One array against another, as far as both are written.
PlaneData curveOf(const ProgramProgress& progress, const char* across, const char* up) {
  const auto &x = progress.find(across)->numbers, &y = progress.find(up)->numbers;
  PlaneData plane;
  std::vector<Point> points;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (y[i] > 0 || x[i] > 0 || i == 0) points.push_back({x[i], y[i]});
  addPath(plane, up, points);
  plane.x0 = plane.y0 = -0.05;
  plane.x1 = plane.y1 = 1.05;
  return plane;
}

void addNode(GraphData& graph, std::string id, Label label, Point at, std::optional<double> value) {
  GraphData::Node node;
  node.id = std::move(id);
  node.label = std::move(label);
  node.at = at;
  if (value && std::isfinite(*value)) node.value = value;
  graph.nodes.push_back(std::move(node));
}
void addEdge(GraphData& graph, const std::string& from, const std::string& to,
             std::optional<double> value) {
  GraphData::Edge edge;
  edge.from = from;
  edge.to = to;
  if (value && std::isfinite(*value)) edge.value = value;
  graph.edges.push_back(std::move(edge));
}

/// Each statement with its value; on the edges, once it is known, what the loss gains from one
/// more.
GraphData statementsOf(const ProgramProgress& progress) {
  const auto& names = progress.find("names")->texts;
  const auto& operation = progress.find("operation")->texts;
  const auto &left = progress.find("left")->numbers, &right = progress.find("right")->numbers;
  const auto &value = progress.find("value")->numbers, &slope = progress.find("gradient")->numbers;
  std::vector<int> depth(operation.size()), in_depth(operation.size());
  int deepest = 0;
  std::map<int, int> wide;
  for (std::size_t i = 0; i < operation.size(); ++i) {
    for (const double from : {left[i], right[i]})
      if (from >= 0) depth[i] = std::max(depth[i], depth[static_cast<std::size_t>(from)] + 1);
    in_depth[i] = wide[depth[i]]++;
    deepest = std::max(deepest, depth[i]);
  }
  GraphData graph;
  for (std::size_t i = 0; i < operation.size(); ++i) {
    const std::string sign = operation[i].empty() ? "" : " = " + operation[i];
    const double y = (in_depth[i] + 1.0) / (wide[depth[i]] + 1.0);
    addNode(graph, std::to_string(i), names[i] + sign,
            {deepest == 0 ? 0.5 : depth[i] / static_cast<double>(deepest), y}, value[i]);
    graph.nodes.back().detail = {"programs.line.gradient",
                                 {{"statement", names[i]},
                                  {"value", readableNumber(value[i])},
                                  {"gradient", readableNumber(slope[i])}}};
    for (const double from : {left[i], right[i]})
      if (from >= 0)
        addEdge(graph, std::to_string(static_cast<int>(from)), std::to_string(i),
                slope[static_cast<std::size_t>(from)] != 0
                    ? std::optional(slope[static_cast<std::size_t>(from)])
                    : std::nullopt);
  }
  return graph;
}

/// Level by level; each with its log-probability.
GraphData hypothesesOf(const ProgramProgress& progress) {
  const auto& texts = progress.find("hypotheses")->texts;
  const auto& scores = progress.find("scores")->numbers;
  const auto& beam = progress.find("beam")->numbers;
  const auto& chosen = progress.find("chosen")->numbers;
  const std::size_t count = std::min({texts.size(), scores.size(), kMostHypotheses});
  std::map<std::size_t, int> wide, placed;
  std::size_t deepest = 1;
  for (std::size_t i = 0; i < count; ++i) {
    wide[texts[i].size()] += 1;
    deepest = std::max(deepest, texts[i].size());
  }
  GraphData graph;
  double least = -1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto isIn = [&](const std::vector<double>& list) {
      return std::count(list.begin(), list.end(), static_cast<double>(i)) > 0;
    };
    const std::size_t level = texts[i].size();
    const double y = (placed[level]++ + 1.0) / (wide[level] + 1.0);
    addNode(graph, "h" + texts[i],
            (texts[i].empty() ? "·" : texts[i]) + (isIn(chosen) || isIn(beam) ? " ✓" : ""),
            {static_cast<double>(level) / static_cast<double>(deepest), y}, scores[i]);
    if (std::isfinite(scores[i])) least = std::min(least, scores[i]);
    if (level > 0) addEdge(graph, "h" + texts[i].substr(0, level - 1), "h" + texts[i], {});
  }
  graph.minimum = least;
  graph.maximum = 0;
  return graph;
}

GraphData linesOf(const ProgramProgress& progress) {
  GraphData graph;
  if (progress.runs.empty()) {
    addNode(graph, "start", Word{"programs.node.start"}, {0.5, 0.5}, {});
    return graph;
  }
  double most = 1;
  std::map<int, double> down;
  for (const auto& [line, runs] : progress.runs) {
    const double place = static_cast<double>(down.size());
    down[line] = (place + 0.5) / static_cast<double>(progress.runs.size());
    addNode(graph, std::to_string(line), std::to_string(line) + (line == progress.line ? " ▶" : ""),
            {0.5, down[line]}, static_cast<double>(runs));
    most = std::max(most, static_cast<double>(runs));
  }
  int loops = 0;
  for (const auto& [edge, times] : progress.followed) {
    const auto& [from, to] = edge;
    if (from == to) continue;
    addEdge(graph, std::to_string(from), std::to_string(to), static_cast<double>(times));
    if (to < from) {
      const double aside = 0.75 + 0.08 * (loops++ % 3);
      graph.edges.back().through = {{aside, down[from]}, {aside, down[to]}};
    }
  }
  graph.minimum = 0;
  graph.maximum = most;
  return graph;
}

}  // namespace

PlaneData planeOf(const ProgramProgress& progress) {
  switch (progress.kind) {
    case ProgramKind::Nms:
      return boxesOf(progress);
    case ProgramKind::KMeans:
      return clustersOf(progress);
    case ProgramKind::AveragePrecision:
      return curveOf(progress, "recall", "precision");
    case ProgramKind::Auroc:
      return curveOf(progress, "alarm_rate", "hit_rate");
    default:
      return arraysOverIndex(progress);
  }
}

GraphData graphOf(const ProgramProgress& progress) {
  if (progress.kind == ProgramKind::Backpropagation) return statementsOf(progress);
  if (progress.kind == ProgramKind::BeamSearch) return hypothesesOf(progress);
  return linesOf(progress);
}

}  // namespace viva::programs
