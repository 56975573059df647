// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/one_score.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lessons/core/number_text.h"
#include "lessons/nn/positions.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

using Shape = GraphData::Shape;

constexpr int kScoreDecimals = 3;
constexpr std::size_t kShownProducts = 3;

double rounded(double value) {
  const double unit = std::pow(10.0, kScoreDecimals);
  return std::round(value * unit) / unit;
}

/// As it stands in an equation.
std::string shownScore(double value) {
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  if (std::isnan(value)) return "NaN";
  const double near = rounded(value);
  return (near < 0 ? "−" : "") + withDecimals(std::abs(near), kScoreDecimals);
}
/// The same behind a sign of operation.
std::string scoreFactor(double value) {
  return rounded(value) < 0 ? "(" + shownScore(value) + ")" : shownScore(value);
}

/// The component of `rows` [keys, width].
std::vector<double> column(const torch::Tensor& rows, std::int64_t component) {
  return numbersOf(rows.select(1, component));
}

/// What is added to the scores of a query, a key each.
std::vector<double> addedTo(const Manner& manner, const ScorePlace& place, std::int64_t heads,
                            std::int64_t keys) {
  std::vector<double> added(static_cast<std::size_t>(keys));
  const auto slopes = manner.slopes.empty()
                          ? alibiSlopes(heads)
                          : manner.slopes.at(static_cast<std::size_t>(place.layer));
  for (std::int64_t key = 0; key < keys; ++key) {
    double& value = added[static_cast<std::size_t>(key)];
    if (manner.positions == PositionKind::Alibi)
      value = -slopes[static_cast<std::size_t>(place.head)] *
              static_cast<double>(std::abs(key - place.query));
    if (manner.is_causal && key > place.query) value = -std::numeric_limits<double>::infinity();
  }
  return added;
}

void node(GraphData& graph, const char* id, Label label, double x, double y, Shape shape,
          std::optional<double> value = std::nullopt) {
  GraphData::Node node;
  node.id = id;
  node.label = std::move(label);
  node.at = {x, y};
  node.shape = shape;
  node.value = value;
  node.coloured = shape == Shape::Box;
  graph.nodes.push_back(std::move(node));
}

void edge(GraphData& graph, const char* from, const char* to) {
  GraphData::Edge edge;
  edge.from = from;
  edge.to = to;
  graph.edges.push_back(std::move(edge));
}

std::string placeName(const OneScore& score, std::int64_t position) {
  return score.tokens[static_cast<std::size_t>(position)] + " (" + std::to_string(position) + ")";
}

/// The largest products, and the rest so that the figures add up as they are printed.
Message dotLine(const OneScore& s) {
  std::vector<double> products;
  for (std::size_t i = 0; i < s.q.size(); ++i) products.push_back(s.q[i] * s.k[i]);
  std::sort(products.begin(), products.end(),
            [](double a, double b) { return std::abs(a) > std::abs(b); });
  const std::size_t count = std::min(kShownProducts, products.size());
  const double dot = s.dots[static_cast<std::size_t>(s.place.key)];
  std::string terms;
  double rest = rounded(dot);
  for (std::size_t i = 0; i < count; ++i) {
    terms += (i == 0 ? "" : " + ") + (i == 0 ? shownScore(products[i]) : scoreFactor(products[i]));
    rest -= rounded(products[i]);
  }
  const auto others = static_cast<std::int64_t>(products.size() - count);
  if (others == 0) return {"attention-lab.line.dot", {{"terms", terms}, {"dot", shownScore(dot)}}};
  return {"attention-lab.line.dot_rest",
          {{"terms", terms},
           {"rest", scoreFactor(rest)},
           {"others", others},
           {"dot", shownScore(dot)}}};
}

}  // namespace

double OneScore::largest() const { return *std::max_element(scores.begin(), scores.end()); }
double OneScore::total() const {
  return std::accumulate(exponentials.begin(), exponentials.end(), 0.0);
}

OneScore scoreOf(const Attended& attended, const Manner& manner, const ScorePlace& place,
                 std::vector<std::string> tokens) {
  const auto of_head = [&](const torch::Tensor& all) {
    return all[0][0][place.head].to(torch::kCPU, torch::kDouble);
  };
  const auto q = of_head(attended.q), k = of_head(attended.k), v = of_head(attended.v);
  OneScore score;
  score.place = place;
  score.tokens = std::move(tokens);
  score.q = numbersOf(q[place.query]);
  score.k = numbersOf(k[place.key]);
  score.scale = manner.is_scaled ? 1 / std::sqrt(static_cast<double>(score.q.size())) : 1;
  score.dots = numbersOf(torch::mv(k, q[place.query]));
  score.added = addedTo(manner, place, attended.q.size(2), k.size(0));
  for (std::size_t i = 0; i < score.dots.size(); ++i)
    score.scores.push_back(score.dots[i] * score.scale + score.added[i]);
  for (const double value : score.scores)
    score.exponentials.push_back(std::exp(value - score.largest()));
  for (const double value : score.exponentials) score.weights.push_back(value / score.total());
  score.values = column(v, place.component);
  for (std::size_t i = 0; i < score.values.size(); ++i)
    score.mixed += score.weights[i] * score.values[i];
  return score;
}

GraphData scoreGraph(const OneScore& s) {
  const auto key = static_cast<std::size_t>(s.place.key);
  const double dot = s.dots[key], part = s.weights[key] * s.values[key];
  const std::string component = std::to_string(s.place.component);
  GraphData graph;
  node(graph, "q", "q: " + placeName(s, s.place.query), 0, 0, Shape::Text);
  node(graph, "k", "k: " + placeName(s, s.place.key), 0, 0.4, Shape::Text);
  node(graph, "dot", "q · k", 0.25, 0.2, Shape::Box, dot);
  node(graph, "scale", "× " + shownScore(s.scale), 0.46, 0.2, Shape::Circle);
  node(graph, "score", Word{"attention-lab.node.score"}, 0.68, 0.2, Shape::Box, s.scores[key]);
  node(graph, "softmax", "softmax", 0.9, 0.5, Shape::Circle);
  node(graph, "weight", Word{"attention-lab.node.weight"}, 0.68, 0.8, Shape::Box, s.weights[key]);
  node(graph, "v", "v[" + component + "]: " + placeName(s, s.place.key), 0.3, 0.62, Shape::Text);
  node(graph, "times", "×", 0.46, 0.8, Shape::Circle);
  node(graph, "part", "", 0.25, 0.8, Shape::Box, part);
  node(graph, "others", Word{"attention-lab.node.others"}, 0.25, 1, Shape::Box, s.mixed - part);
  node(graph, "out", "out[" + component + "]", 0, 0.9, Shape::Box, s.mixed);
  graph.nodes[9].label = Word{"attention-lab.node.part"};
  edge(graph, "q", "dot");
  edge(graph, "k", "dot");
  edge(graph, "dot", "scale");
  edge(graph, "scale", "score");
  edge(graph, "score", "softmax");
  edge(graph, "softmax", "weight");
  edge(graph, "weight", "times");
  edge(graph, "v", "times");
  edge(graph, "times", "part");
  edge(graph, "part", "out");
  edge(graph, "others", "out");
  graph.lines.push_back({"attention-lab.line.place",
                         {{"layer", s.place.layer},
                          {"head", s.place.head},
                          {"query", placeName(s, s.place.query)},
                          {"key", placeName(s, s.place.key)}}});
  graph.lines.push_back(dotLine(s));
  graph.lines.push_back({"attention-lab.line.score",
                         {{"dot", shownScore(dot)},
                          {"scale", shownScore(s.scale)},
                          {"added", scoreFactor(s.added[key])},
                          {"score", shownScore(s.scores[key])}}});
  graph.lines.push_back({"attention-lab.line.weight",
                         {{"score", shownScore(s.scores[key])},
                          {"largest", scoreFactor(s.largest())},
                          {"exponential", shownScore(s.exponentials[key])},
                          {"total", shownScore(s.total())},
                          {"weight", shownScore(s.weights[key])}}});
  graph.lines.push_back({"attention-lab.line.mixed",
                         {{"component", s.place.component},
                          {"weight", shownScore(s.weights[key])},
                          {"value", scoreFactor(s.values[key])},
                          {"others", scoreFactor(rounded(s.mixed) - rounded(part))},
                          {"mixed", shownScore(s.mixed)}}});
  return graph;
}

TableData productTable(const OneScore& s) {
  const auto key = static_cast<std::size_t>(s.place.key);
  TableData table;
  table.columns = {{"component"}, {"q"}, {"k"}, {"product"}};
  for (std::size_t i = 0; i < s.q.size(); ++i)
    table.rows.push_back({"", {static_cast<double>(i), s.q[i], s.k[i], s.q[i] * s.k[i]}});
  table.rows.push_back({"", {Word{"attention-lab.cell.sum"}, {}, {}, s.dots[key]}});
  table.rows.push_back({"", {Word{"attention-lab.cell.scaled"}, {}, {}, s.dots[key] * s.scale}});
  table.rows.push_back({"", {Word{"attention-lab.cell.masked"}, {}, {}, s.scores[key]}});
  return table;
}

TableData softmaxTable(const OneScore& s) {
  TableData table;
  table.columns = {{"key"}, {"token"}, {"score"}, {"exponential"}, {"weight"}, {"value"}, {"part"}};
  for (std::size_t i = 0; i < s.scores.size(); ++i)
    table.rows.push_back({"",
                          {static_cast<double>(i), s.tokens[i], s.scores[i], s.exponentials[i],
                           s.weights[i], s.values[i], s.weights[i] * s.values[i]}});
  table.rows.push_back({"",
                        {Word{"attention-lab.cell.sum"},
                         {},
                         {},
                         s.total(),
                         std::accumulate(s.weights.begin(), s.weights.end(), 0.0),
                         {},
                         s.mixed}});
  return table;
}

}  // namespace viva
