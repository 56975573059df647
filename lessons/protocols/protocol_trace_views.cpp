// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "lessons/protocols/protocol_trace.h"

namespace viva {
namespace {

Word wordOf(const std::string& kind, const std::string& id) {
  return Word{"protocol-trace." + kind + "." + id};
}
Word partyWord(Party party) {
  static constexpr const char* kNames[] = {"user", "model", "application", "server"};
  return wordOf("party", kNames[static_cast<std::size_t>(party)]);
}
Word nameOfTrace(const WireTrace& trace) { return wordOf("curve", trace.id); }

/// Who takes part: an agent has no model that others see.
std::vector<Party> partiesOf(const std::string& view) {
  if (view == "calling") return {Party::User, Party::Model, Party::Application};
  if (view == "mcp" || view == "stateless")
    return {Party::User, Party::Model, Party::Application, Party::Server};
  return {Party::User, Party::Application, Party::Server};
}

SequenceData diagram(const std::string& view, const WireTrace* trace) {
  const std::vector<Party> parties = partiesOf(view);
  SequenceData data;
  std::map<Party, int> places;
  for (const Party party : parties) {
    places[party] = static_cast<int>(data.lifelines.size());
    Label label = partyWord(party);
    if (party == Party::Server)
      label = std::string(view == "mcp" || view == "stateless" ? "viva mcp" : "viva a2a");
    data.lifelines.push_back({std::to_string(static_cast<int>(party)), std::move(label)});
  }
  if (!trace) {
    data.arrows.push_back({MessageKind::Note, places.at(Party::Application),
                           places.at(Party::Application), wordOf("note", "not_here")});
    return data;
  }
  for (const WireMessage& one : trace->messages)
    data.arrows.push_back(
        {one.kind, places.at(one.from), places.at(one.to), one.label, one.body, one.time});
  return data;
}

/// The trace that a view shows, of the scene as it is.
const WireTrace* tracedIn(const TraceState& state, std::initializer_list<std::string> ids) {
  for (const std::string& id : ids)
    if (const WireTrace* trace = state.find(id)) return trace;
  return nullptr;
}

TableData counts(const TraceState& state) {
  constexpr std::size_t kShownDigits = 8;
  TableData table;
  table.columns = {{"conversation"}, {"messages"}, {"round_trips"}, {"bytes"}, {"digest"}};
  for (const WireTrace& trace : state.traces) {
    TableData::Cell digest;
    if (!trace.digest.empty()) digest = trace.digest.substr(0, kShownDigits);
    table.rows.push_back({trace.id,
                          {nameOfTrace(trace), static_cast<double>(trace.count()),
                           static_cast<double>(trace.round_trips),
                           static_cast<double>(trace.bytes()), std::move(digest)}});
  }
  return table;
}

BarsData executions(const TraceState& state) {
  constexpr Party kMachines[] = {Party::Model, Party::Application, Party::Server};
  BarsData bars;
  for (const Party party : kMachines) bars.categories.push_back(partyWord(party));
  for (const WireTrace& trace : state.traces) {
    std::vector<double> values;
    for (const Party party : kMachines)
      values.push_back(static_cast<double>(trace.executedBy(party)));
    bars.groups.push_back({trace.id, nameOfTrace(trace), std::move(values)});
  }
  return bars;
}

TableData::Cell codeCell(int code) {
  if (code == 0) return wordOf("answer", "is_error");
  return std::to_string(code);
}

TableData answers(const TraceState& state) {
  TableData table;
  table.columns = {{"sent"}, {"to"}, {"specified"}, {"came"}};
  for (const WireTrace& trace : state.traces)
    for (const WrongMessage& wrong : trace.wrong) {
      TableData::Cell came;
      if (wrong.is_refused)
        came = codeCell(wrong.code);
      else if (!wrong.body.empty())
        came = wordOf("answer", "accepted");
      TableData::Cell specified;
      if (wrong.id != "yours") specified = codeCell(wrong.expected);
      table.rows.push_back(
          {wrong.id,
           {wordOf("wrong", wrong.id), nameOfTrace(trace), std::move(specified), std::move(came)}});
    }
  if (table.rows.empty()) table.rows.push_back({"none", {wordOf("wrong", "none"), {}, {}, {}}});
  return table;
}

GraphData states(const TraceState& state) {
  struct Place {
    const char* id;
    Point at;
  };
  static constexpr Place kPlaces[] = {
      {"submitted", {0.12, 0.5}},  {"working", {0.42, 0.5}},       {"input-required", {0.42, 0.14}},
      {"completed", {0.82, 0.14}}, {"failed", {0.82, 0.38}},       {"canceled", {0.82, 0.62}},
      {"rejected", {0.82, 0.86}},  {"auth-required", {0.12, 0.14}}};
  static constexpr std::pair<const char*, const char*> kWays[] = {
      {"submitted", "working"}, {"working", "input-required"}, {"input-required", "submitted"},
      {"working", "completed"}, {"working", "failed"},         {"working", "canceled"},
      {"working", "rejected"}};
  const WireTrace* trace = tracedIn(state, {kByA2a, kNewAgent});
  GraphData graph;
  double most = 1;
  for (const auto& [id, at] : kPlaces) {
    GraphData::Node& node = graph.nodes.emplace_back();
    node.id = id;
    node.label = wordOf("state", id);
    node.at = at;
    node.value = trace ? static_cast<double>(trace->visits(id)) : 0;
    most = std::max(most, *node.value);
  }
  for (const auto& [from, to] : kWays) graph.edges.push_back({from, to});
  graph.minimum = 0;
  graph.maximum = most;
  return graph;
}

}  // namespace

void showTraces(Frame& frame, const TraceState& state) {
  const auto show = [&](const std::string& view, std::initializer_list<std::string> ids) {
    frame.at<SequenceData>(view) = diagram(view, tracedIn(state, ids));
  };
  show("calling", {kByCalling});
  show("mcp", {kByMcp, kHandshakeEra});
  show("stateless", {kStatelessEra});
  show("a2a", {kByA2a, kNewAgent});
  show("old_agent", {kOldAgent});
  frame.at<TableData>("counts") = counts(state);
  frame.at<BarsData>("executions") = executions(state);
  frame.at<TableData>("answers") = answers(state);
  frame.at<GraphData>("states") = states(state);
}

}  // namespace viva
