// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/cell_diagram.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Shape = GraphData::Shape;
using Arguments = std::vector<std::pair<std::string, Argument>>;

/// The numbers of one unit at one step.
struct Numbers {
  double input_gate = 0, forget_gate = 0, output_gate = 0, candidate = 0;
  double memory_before = 0, hidden_before = 0, memory = 0, hidden = 0;
  std::vector<double> sums;  ///< one a gate, in the order of the weights
};

Numbers numbersOf(const ProbePass& pass, std::int64_t unit, std::size_t time) {
  const CellStep& step = pass.steps[time];
  const auto at = [&](const torch::Tensor& values) {
    return values.defined() ? values[0][unit].item<double>() : 0;
  };
  Numbers numbers;
  numbers.input_gate = at(step.input_gate);
  numbers.forget_gate = at(step.forget_gate);
  numbers.output_gate = at(step.output_gate);
  numbers.candidate = at(step.candidate);
  numbers.memory = at(pass.memory(time));
  numbers.hidden = at(step.state.hidden);
  if (time > 0) {
    numbers.memory_before = at(pass.memory(time - 1));
    numbers.hidden_before = at(pass.steps[time - 1].state.hidden);
  }
  const std::int64_t hidden = step.state.hidden.size(1);
  for (std::int64_t gate = 0; gate < gateRows(pass.kind); ++gate)
    numbers.sums.push_back(step.sums[0][gate * hidden + unit].item<double>());
  return numbers;
}

/// As it stands in the nodes: three significant digits.
std::string shortNumber(double value) {
  const double size = std::abs(value);
  const std::string minus = value < 0 ? "−" : "";
  if (!std::isfinite(value) || size < 1e-3) return minus + readableNumber(size);
  return minus + withDecimals(size, size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/// The same inside a product.
std::string factor(double value) {
  return value < 0 ? "(" + shortNumber(value) + ")" : shortNumber(value);
}

class Diagram {
 public:
  void node(const char* id, const std::string& label, double x, double y, Shape shape,
            std::optional<double> value = std::nullopt, Message detail = {}) {
    GraphData::Node node;
    node.id = id;
    node.label = label;
    node.at = {x, y};
    node.shape = shape;
    node.value = value;
    node.detail = std::move(detail);
    graph_.nodes.push_back(std::move(node));
  }
  /// A multiplication, an addition or a tanh on the way.
  void operation(const char* id, const std::string& sign, double x, double y) {
    node(id, sign, x, y, Shape::Circle);
    graph_.nodes.back().coloured = false;
  }
  void edge(const char* from, const char* to, std::optional<double> value = std::nullopt,
            std::vector<Point> through = {}) {
    GraphData::Edge edge;
    edge.from = from;
    edge.to = to;
    edge.value = value;
    edge.through = std::move(through);
    graph_.edges.push_back(std::move(edge));
  }
  /// What the last edge does to what it carries.
  void label(const char* label) { graph_.edges.back().label = label; }
  /// A path that only the peephole cell has, or that carries the past.
  void dashed(const char* from, const char* to) {
    edge(from, to);
    graph_.edges.back().dashed = true;
  }
  void line(const char* key, Arguments arguments) {
    graph_.lines.push_back({key, std::move(arguments)});
  }
  GraphData take() { return std::move(graph_); }

 private:
  GraphData graph_;
};

/// `f = sigma(1.2) = 0.77`, or that it is held.
Message gateEquation(const char* name, double sum, double value, bool is_held) {
  if (is_held) return {"cell.gate_held", {{"gate", std::string(name)}, {"value", value}}};
  return {"cell.gate", {{"gate", std::string(name)}, {"sum", sum}, {"value", value}}};
}

void drawLstm(Diagram& diagram, const Numbers& n, bool has_peepholes,
              const std::optional<HeldGate>& held) {
  using Gate = HeldGate::Gate;
  const auto is_held = [&](Gate gate) { return held && held->gate == gate; };
  const Message forget = gateEquation("f", n.sums[1], n.forget_gate, is_held(Gate::Forget));
  const Message input = gateEquation("i", n.sums[0], n.input_gate, is_held(Gate::Input));
  const Message output = gateEquation("o", n.sums[3], n.output_gate, is_held(Gate::Output));
  const Message candidate{"cell.candidate",
                          {{"name", std::string("g")}, {"sum", n.sums[2]}, {"value", n.candidate}}};
  diagram.node("c_before", "c(t−1)", 0, 0, Shape::Box, n.memory_before);
  diagram.operation("forgets", "×", 0.2, 0);
  diagram.operation("adds", "+", 0.375, 0);
  diagram.node("c", "c(t)", 1, 0, Shape::Box, n.memory,
               {"cell.lstm_memory",
                {{"f", n.forget_gate},
                 {"before", n.memory_before},
                 {"i", n.input_gate},
                 {"g", n.candidate},
                 {"value", n.memory}}});
  diagram.node("f", "f", 0, 0.55, Shape::Box, n.forget_gate, forget);
  diagram.node("i", "i", 0.25, 0.55, Shape::Box, n.input_gate, input);
  diagram.node("g", "g", 0.5, 0.55, Shape::Box, n.candidate, candidate);
  diagram.operation("writes", "×", 0.375, 0.24);
  diagram.node("o", "o", 0.75, 0.55, Shape::Box, n.output_gate, output);
  diagram.operation("reads", "×", 1, 0.55);
  diagram.node("h", "h(t)", 1, 1, Shape::Box, n.hidden,
               {"cell.lstm_hidden",
                {{"o", n.output_gate},
                 {"memory", n.memory},
                 {"tanh", std::tanh(n.memory)},
                 {"value", n.hidden}}});
  diagram.edge("c_before", "forgets");
  diagram.edge("forgets", "adds", n.forget_gate * n.memory_before);
  diagram.edge("adds", "c");
  diagram.edge("f", "forgets");
  diagram.edge("i", "writes");
  diagram.edge("g", "writes");
  diagram.edge("writes", "adds", n.input_gate * n.candidate);
  diagram.edge("c", "reads", std::tanh(n.memory));
  diagram.label("tanh");
  diagram.edge("o", "reads");
  diagram.edge("reads", "h");
  if (has_peepholes) {
    diagram.dashed("c_before", "f");
    diagram.dashed("c_before", "i");
    diagram.dashed("c", "o");
  }
  for (const char* gate : {"f", "i", "g", "o"}) diagram.edge("sum", gate);
  diagram.line("cell.lstm_memory.short", {{"f", factor(n.forget_gate)},
                                          {"before", factor(n.memory_before)},
                                          {"i", factor(n.input_gate)},
                                          {"g", factor(n.candidate)},
                                          {"value", shortNumber(n.memory)}});
  diagram.line("cell.lstm_hidden.short", {{"o", factor(n.output_gate)},
                                          {"memory", shortNumber(n.memory)},
                                          {"value", shortNumber(n.hidden)}});
}

void drawGru(Diagram& diagram, const Numbers& n, const std::optional<HeldGate>& held) {
  using Gate = HeldGate::Gate;
  const bool holds_update = held && held->gate != Gate::Output;
  const bool holds_reset = held && held->gate == Gate::Output;
  diagram.operation("keeps", "×", 0.27, 0);
  diagram.operation("adds", "+", 0.58, 0);
  diagram.operation("writes", "×", 0.58, 0.24);
  diagram.node("r", "r", 0.2, 0.55, Shape::Box, n.output_gate,
               gateEquation("r", n.sums[0], n.output_gate, holds_reset));
  diagram.node("z", "z", 0.45, 0.55, Shape::Box, n.forget_gate,
               gateEquation("z", n.sums[1], n.forget_gate, holds_update));
  diagram.node(
      "n", "n", 0.72, 0.55, Shape::Box, n.candidate,
      {"cell.candidate", {{"name", std::string("n")}, {"sum", n.sums[2]}, {"value", n.candidate}}});
  diagram.node("h", "h(t)", 1, 1, Shape::Box, n.hidden,
               {"cell.gru_hidden",
                {{"keep", n.forget_gate},
                 {"before", n.hidden_before},
                 {"take", n.input_gate},
                 {"n", n.candidate},
                 {"value", n.hidden}}});
  diagram.edge("h_before", "keeps", std::nullopt, {{0, 0}});
  diagram.edge("keeps", "adds", n.forget_gate * n.hidden_before);
  diagram.edge("z", "keeps");
  diagram.edge("z", "writes", n.input_gate);
  diagram.label("1 − z");
  diagram.edge("n", "writes");
  diagram.edge("writes", "adds", n.input_gate * n.candidate);
  diagram.edge("adds", "h", std::nullopt, {{1, 0}});
  diagram.dashed("r", "n");
  for (const char* gate : {"r", "z", "n"}) diagram.edge("sum", gate);
  diagram.line("cell.gru_hidden.short", {{"keep", factor(n.forget_gate)},
                                         {"before", factor(n.hidden_before)},
                                         {"take", factor(n.input_gate)},
                                         {"n", factor(n.candidate)},
                                         {"value", shortNumber(n.hidden)}});
  diagram.line("cell.gru_reset", {{"r", shortNumber(n.output_gate)}});
}

void drawRnn(Diagram& diagram, const Numbers& n) {
  diagram.operation("tanh", "tanh", 0.6, 0.3);
  diagram.node("h", "h(t)", 1, 0.3, Shape::Box, n.hidden,
               {"cell.rnn_hidden", {{"sum", n.sums[0]}, {"value", n.hidden}}});
  diagram.edge("sum", "tanh", n.sums[0]);
  diagram.edge("tanh", "h");
  diagram.line("cell.rnn_hidden.short",
               {{"sum", shortNumber(n.sums[0])}, {"value", shortNumber(n.hidden)}});
  diagram.line("cell.rnn_no_gates", {});
}

}  // namespace

GraphData cellDiagram(const ProbePass& pass, const NamedSequence& sequence, std::int64_t unit,
                      std::int64_t time, const std::optional<HeldGate>& held) {
  const std::int64_t hidden = pass.steps.front().state.hidden.size(1);
  const std::int64_t shown_unit = std::clamp<std::int64_t>(unit, 0, hidden - 1);
  const auto last = static_cast<std::int64_t>(pass.steps.size()) - 1;
  const auto shown_time = static_cast<std::size_t>(std::clamp<std::int64_t>(time, 0, last));
  const Numbers numbers = numbersOf(pass, shown_unit, shown_time);

  Diagram diagram;
  diagram.line("cell.place", {{"unit", shown_unit},
                              {"time", static_cast<std::int64_t>(shown_time)},
                              {"symbol", sequence.symbols[shown_time]}});
  diagram.node("h_before", "h(t−1)", 0, 1, Shape::Box, numbers.hidden_before);
  diagram.node("sum", "W x + U h + b", 0.38, 1, Shape::Text);
  diagram.node("x", "x = " + sequence.symbols[shown_time], 0.73, 1, Shape::Text);
  diagram.edge("x", "sum");
  diagram.edge("h_before", "sum");
  switch (pass.kind) {
    case CellKind::Lstm:
    case CellKind::Peephole:
      drawLstm(diagram, numbers, pass.kind == CellKind::Peephole, held);
      break;
    case CellKind::Gru:
      drawGru(diagram, numbers, held);
      break;
    case CellKind::Rnn:
      drawRnn(diagram, numbers);
      break;
  }
  return diagram.take();
}

}  // namespace viva
