// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/attention_numbers_views.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Shape = GraphData::Shape;

constexpr int kDecimals = 4;
constexpr std::int64_t kMostTerms = 6;  // of a sum that is written out
constexpr std::int64_t kMostRows = 16;  // of queries in the table

std::string shown(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  std::string text = withDecimals(std::abs(value), kDecimals);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return (value < 0 && text != "0" ? "−" : "") + text;
}
std::string factor(double value) { return value < 0 ? "(" + shown(value) + ")" : shown(value); }

std::vector<std::string> labels(const char* letter, std::int64_t count) {
  std::vector<std::string> made;
  for (std::int64_t i = 0; i < count; ++i) made.push_back(letter + std::to_string(i));
  return made;
}

/// Pending before its stage.
MatrixData matrixOf(const NumberRows& rows, bool is_there, const char* down, const char* across) {
  MatrixData matrix;
  matrix.is_pending = !is_there;
  matrix.rows = static_cast<int>(rows.rows);
  matrix.columns = static_cast<int>(rows.columns);
  const float none = std::numeric_limits<float>::quiet_NaN();
  matrix.values = shareFloats(is_there ? std::vector<float>(rows.values.begin(), rows.values.end())
                                       : std::vector<float>(rows.values.size(), none));
  matrix.row_labels = labels(down, rows.rows);
  matrix.column_labels = labels(across, rows.columns);
  return matrix;
}

/// `1 × 0 + 2 × 1`; a long one breaks off.
std::string productsOf(const NumberRows& left, std::int64_t row, const NumberRows& right,
                       std::int64_t column, bool is_transposed) {
  std::string terms;
  for (std::int64_t c = 0; c < left.columns; ++c) {
    if (c == kMostTerms) return terms + " + …";
    const double other = is_transposed ? right.at(column, c) : right.at(c, column);
    terms += (c == 0 ? "" : " + ") + (c == 0 ? shown(left.at(row, c)) : factor(left.at(row, c))) +
             " × " + factor(other);
  }
  return terms;
}

struct Lines {
  GraphData& graph;
  void add(const char* key, std::vector<std::pair<std::string, Argument>> arguments) {
    graph.lines.push_back({key, std::move(arguments)});
  }
};

std::string exponentialsOf(const NumberRows& masked, std::int64_t query) {
  std::string sum;
  for (std::int64_t key = 0; key < masked.columns; ++key) {
    if (key == kMostTerms) return sum + " + …";
    sum += (key == 0 ? "e^" : " + e^") + factor(masked.at(query, key));
  }
  return sum;
}

/// The stages as nodes, with the picked numbers, and an equation a stage below.
GraphData flowOf(const NumbersState& s, const NumbersPicks& p) {
  GraphData graph;
  const AttentionStages& stages = s.stages;
  const auto node = [&](const char* id, Label label, double x, double y, AttentionStage stage,
                        double value) {
    GraphData::Node node;
    node.id = id;
    node.label = std::move(label);
    node.at = {x, y};
    if (s.has(stage)) node.value = value;
    graph.nodes.push_back(std::move(node));
  };
  const auto edge = [&](const char* from, const char* to) {
    GraphData::Edge edge;
    edge.from = from;
    edge.to = to;
    graph.edges.push_back(std::move(edge));
  };
  const auto text = [&](const char* id, const std::string& label, double x, double y) {
    node(id, label, x, y, AttentionStage::Mix, 0);
    graph.nodes.back().shape = Shape::Text;
    graph.nodes.back().value.reset();
  };
  const std::string query = std::to_string(p.query), key = std::to_string(p.key),
                    component = std::to_string(p.component);
  text("q", "q" + query, 0, 0);
  text("k", "k" + key, 0, 0.5);
  node("dot", "q · k", 0.2, 0.25, AttentionStage::Scores, stages.dots.at(p.query, p.key));
  node("scaled", s.is_scaled ? "÷ √" + std::to_string(s.width) : "× 1", 0.4, 0.25,
       AttentionStage::Scale, stages.scaled.at(p.query, p.key));
  node("masked", Word{"attention-numbers.node.mask"}, 0.6, 0.25, AttentionStage::Mask,
       stages.masked.at(p.query, p.key));
  node("weight", "softmax", 0.8, 0.25, AttentionStage::Softmax, stages.weights.at(p.query, p.key));
  text("v", "v" + key, 0.8, 0.9);
  node("output", "out" + query + "[" + component + "]", 1, 0.25, AttentionStage::Mix,
       stages.output.at(p.query, p.component));
  for (const auto& [from, to] : {std::pair{"q", "dot"},
                                 {"k", "dot"},
                                 {"dot", "scaled"},
                                 {"scaled", "masked"},
                                 {"masked", "weight"},
                                 {"weight", "output"},
                                 {"v", "output"}})
    edge(from, to);

  Lines lines{graph};
  if (!s.has(AttentionStage::Scores)) lines.add("attention-numbers.line.start", {});
  if (s.has(AttentionStage::Scores))
    lines.add("attention-numbers.line.scores",
              {{"query", query},
               {"key", key},
               {"terms", productsOf(s.q, p.query, s.k, p.key, true)},
               {"value", shown(stages.dots.at(p.query, p.key))}});
  if (s.has(AttentionStage::Scale))
    lines.add(s.is_scaled ? "attention-numbers.line.scale" : "attention-numbers.line.no_scale",
              {{"dot", shown(stages.dots.at(p.query, p.key))},
               {"width", s.width},
               {"value", shown(stages.scaled.at(p.query, p.key))}});
  if (s.has(AttentionStage::Mask))
    lines.add(std::isinf(stages.masked.at(p.query, p.key)) ? "attention-numbers.line.hidden"
                                                           : "attention-numbers.line.seen",
              {{"query", query}, {"key", key}, {"value", shown(stages.masked.at(p.query, p.key))}});
  if (s.has(AttentionStage::Softmax))
    lines.add(stages.isHiddenWhole(p.query) ? "attention-numbers.line.hidden_whole"
                                            : "attention-numbers.line.softmax",
              {{"query", query},
               {"score", factor(stages.masked.at(p.query, p.key))},
               {"sum", exponentialsOf(stages.masked, p.query)},
               {"value", shown(stages.weights.at(p.query, p.key))}});
  if (s.has(AttentionStage::Mix))
    lines.add("attention-numbers.line.mix",
              {{"query", query},
               {"component", component},
               {"terms", productsOf(stages.weights, p.query, s.v, p.component, false)},
               {"value", shown(stages.output.at(p.query, p.component))}});
  return graph;
}

TableData workingOf(const NumbersState& s) {
  TableData table;
  table.columns = {{"query"}, {"key"}, {"dot"}, {"scaled"}, {"masked"}, {"weight"}, {"unscaled"}};
  const auto cell = [&](AttentionStage stage, double value) -> TableData::Cell {
    if (!s.has(stage)) return std::monostate();
    if (std::isinf(value)) return shown(value);
    return value;
  };
  for (std::int64_t i = 0; i < std::min(s.q.rows, kMostRows); ++i)
    for (std::int64_t j = 0; j < std::min(s.k.rows, kMostRows); ++j)
      table.rows.push_back({"",
                            {static_cast<double>(i), static_cast<double>(j),
                             cell(AttentionStage::Scores, s.stages.dots.at(i, j)),
                             cell(AttentionStage::Scale, s.stages.scaled.at(i, j)),
                             cell(AttentionStage::Mask, s.stages.masked.at(i, j)),
                             cell(AttentionStage::Softmax, s.stages.weights.at(i, j)),
                             cell(AttentionStage::Softmax, s.unscaled().weights.at(i, j))}});
  return table;
}

/// A row of weights by the formula alone, and as it is defined here.
TableData rowsOf(const NumbersState& s) {
  TableData table;
  table.columns = {{"query"}, {"seen"}, {"naive"}, {"defined"}, {"first_output"}};
  const bool is_there = s.has(AttentionStage::Softmax);
  for (std::int64_t i = 0; i < std::min(s.q.rows, kMostRows); ++i) {
    std::int64_t seen = 0;
    double naive = 0, defined = 0;
    for (std::int64_t j = 0; j < s.k.rows; ++j) {
      seen += std::isinf(s.stages.masked.at(i, j)) ? 0 : 1;
      naive += s.stages.naive.at(i, j);
      defined += s.stages.weights.at(i, j);
    }
    const auto cell = [&](bool shown_now, double value) -> TableData::Cell {
      if (!shown_now) return std::monostate();
      if (std::isnan(value)) return shown(value);
      return value;
    };
    table.rows.push_back(
        {"",
         {static_cast<double>(i), cell(s.has(AttentionStage::Mask), static_cast<double>(seen)),
          cell(is_there, naive), cell(is_there, defined),
          cell(s.has(AttentionStage::Mix), s.stages.output.at(i, 0))}});
  }
  return table;
}

/// Scores before and after the scale, in bins that both share.
HistogramData spreadOf(const NumbersState& s) {
  HistogramData histogram;
  double reach = 1e-6;
  for (const double value : s.stages.dots.values) reach = std::max(reach, std::abs(value));
  constexpr int kBins = 40;
  for (int i = 0; i <= kBins; ++i) histogram.edges.push_back(reach * (2.0 * i / kBins - 1));
  const auto add = [&](const char* id, const NumberRows& rows, bool is_there) {
    HistogramData::Group group;
    group.id = id;
    group.label = Word{std::string("attention-numbers.curve.").append(id)};
    group.counts.assign(kBins, 0);
    for (const double value : rows.values) {
      if (!is_there) break;
      const int bin = static_cast<int>((value / reach + 1) / 2 * kBins);
      group.counts[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))] += 1;
    }
    histogram.groups.push_back(std::move(group));
  };
  add("unscaled", s.unscaled().scaled, s.has(AttentionStage::Scores));
  add("scaled", s.scaled().scaled, s.has(AttentionStage::Scale));
  return histogram;
}

}  // namespace

void showNumbers(Frame& frame, const NumbersState& s, const NumbersPicks& picks) {
  const auto clamped = [](std::int64_t index, std::int64_t size) {
    return std::clamp<std::int64_t>(index, 0, size - 1);
  };
  const NumbersPicks shown_now{clamped(picks.query, s.q.rows), clamped(picks.key, s.k.rows),
                               clamped(picks.component, s.v.columns)};
  frame.at<GraphData>("flow") = flowOf(s, shown_now);
  frame.at<MatrixData>("scores") = matrixOf(s.stages.dots, s.has(AttentionStage::Scores), "q", "k");
  frame.at<MatrixData>("masked") =
      matrixOf(s.has(AttentionStage::Mask) ? s.stages.masked : s.stages.scaled,
               s.has(AttentionStage::Scale), "q", "k");
  auto weights = matrixOf(s.stages.weights, s.has(AttentionStage::Softmax), "q", "k");
  weights.minimum = 0, weights.maximum = 1;
  frame.at<MatrixData>("weights") = weights;
  auto unscaled = matrixOf(s.unscaled().weights, s.has(AttentionStage::Softmax), "q", "k");
  unscaled.minimum = 0, unscaled.maximum = 1;
  frame.at<MatrixData>("unscaled_weights") = unscaled;
  frame.at<MatrixData>("output") = matrixOf(s.stages.output, s.has(AttentionStage::Mix), "q", "v");
  frame.at<TableData>("working") = workingOf(s);
  frame.at<TableData>("rows") = rowsOf(s);
  frame.at<HistogramData>("spread") = spreadOf(s);
}

}  // namespace viva
