// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "lessons/backbones/backbone_explorer.h"
#include "lessons/backbones/live_network.h"

namespace viva {
namespace {

using Cell = TableData::Cell;

const std::string kId = "backbone-explorer";

Word word(const std::string& key) { return Word{kId + "." + key}; }
Cell number(std::int64_t value) { return static_cast<double>(value); }
Cell ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? Cell{static_cast<double>(part) / static_cast<double>(whole)} : Cell{};
}
double percentOf(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// `64×112×112`.
std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : "×") + std::to_string(size);
  return text;
}

std::string windowText(const Operation& o) {
  const std::string side = std::to_string(o.kernel);
  return side + "×" + side + (o.stride > 1 ? " /" + std::to_string(o.stride) : "");
}

/// The field's own terms: `conv 3×3 /2`.
std::string termOf(const Operation& o) {
  switch (o.kind) {
    case Operator::Input:
      return "input";
    case Operator::Convolution:
      if (o.isDepthwise()) return "depthwise " + windowText(o);
      return "conv " + windowText(o) +
             (o.groups > 1 ? ", " + std::to_string(o.groups) + " groups" : "");
    case Operator::BatchNorm:
      return "batch norm";
    case Operator::LayerNorm:
      return "layer norm";
    case Operator::ResponseNorm:
      return "LRN";
    case Operator::Tanh:
      return "tanh";
    case Operator::Relu:
      return "ReLU";
    case Operator::Relu6:
      return "ReLU6";
    case Operator::Silu:
      return "SiLU";
    case Operator::Gelu:
      return "GELU";
    case Operator::Sigmoid:
      return "sigmoid";
    case Operator::MaxPool:
      return "max pool " + windowText(o);
    case Operator::AveragePool:
      return "avg pool " + windowText(o);
    case Operator::AdaptivePool:
      return o.output[1] == 1 ? "global avg pool" : "adaptive avg pool";
    case Operator::Flatten:
      return "flatten";
    case Operator::Dense:
      return "dense";
    case Operator::Add:
      return "+";
    case Operator::Multiply:
      return "×";
    case Operator::Concatenate:
      return "concat";
    case Operator::Subsample:
      return "skip pixels, pad zeros";
    case Operator::Tokens:
      return "class token + positions";
    case Operator::Attention:
      return "attention, " + std::to_string(o.heads) + " heads";
    case Operator::FirstToken:
      return "class token";
  }
  return "";
}

void add(Totals& totals, const Operation& o) {
  totals.parameters += o.parameters;
  totals.macs += o.macs;
  totals.elements += o.elements();
}

TableData layersTable(const Network& net) {
  TableData table;
  table.columns = {{"layer"}, {"operation"}, {"output"}, {"parameters"}, {"macs"}};
  for (int place = 1; place <= net.last(); ++place) {
    const Operation& o = net.at(place);
    table.rows.push_back(
        {"", {o.name, termOf(o), shapeText(o.output), number(o.parameters), number(o.macs)}});
  }
  return table;
}

/// Times of what was carried out so far.
TableData timesTable(const Explored& model, const MachineRoof& roof) {
  TableData table;
  table.columns = {{"layer"}, {"bytes"}, {"time"}, {"predicted"}};
  for (int place = 1; place <= model.net.last(); ++place) {
    const Operation& o = model.net.at(place);
    const auto index = static_cast<std::size_t>(place - 1);
    Cell time, predicted;
    if (index < model.carried.size()) {
      const Carried& carried = model.carried[index];
      time = 1e3 * carried.seconds;
      predicted = 1e3 * roof.seconds(static_cast<double>(o.macs * model.batch),
                                     static_cast<double>(carried.bytes));
    }
    table.rows.push_back({"", {o.name, number(4 * model.batch * o.elements()), time, predicted}});
  }
  return table;
}

// --- by block -----------------------------------------------------------------------

struct Block {
  std::string name;
  int first = 0, last = 0;
  Totals totals;
};

std::vector<Block> blocksOf(const Network& net) {
  std::vector<Block> blocks;
  for (int place = 1; place <= net.last(); ++place) {
    const Operation& o = net.at(place);
    if (blocks.empty() || blocks.back().name != o.block)
      blocks.push_back({o.block, place, place, {}});
    blocks.back().last = place;
    add(blocks.back().totals, o);
  }
  return blocks;
}

BarsData::Group group(const std::string& id, Label label) { return {id, std::move(label), {}}; }

/// Of each part, what it has of the net's parameters and of its multiply-adds, in percent.
void addShares(BarsData& bars, const Totals& all, const std::vector<Totals>& parts,
               const std::string& prefix = "") {
  auto parameters = group(prefix + "parameters", word("record." + prefix + "parameters"));
  auto macs = group(prefix + "macs", word("record." + prefix + "macs"));
  for (const Totals& part : parts) {
    parameters.values.push_back(percentOf(part.parameters, all.parameters));
    macs.values.push_back(percentOf(part.macs, all.macs));
  }
  bars.groups.push_back(std::move(parameters));
  bars.groups.push_back(std::move(macs));
}

BarsData blockBars(const Network& net) {
  BarsData bars;
  std::vector<Totals> parts;
  for (const Block& block : blocksOf(net)) {
    bars.categories.emplace_back(block.name);
    parts.push_back(block.totals);
  }
  addShares(bars, net.totals(), parts);
  return bars;
}

/// Blocks in rows that turn at the edge, so that every line is short.
GraphData blueprint(const Explored& model) {
  constexpr int kAcross = 6;
  const auto blocks = blocksOf(model.net);
  const int rows = (static_cast<int>(blocks.size()) + kAcross - 1) / kAcross;
  const std::int64_t all = model.net.totals().macs;
  GraphData graph;
  graph.minimum = 0;
  graph.maximum = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    const int row = static_cast<int>(i) / kAcross, along = static_cast<int>(i) % kAcross;
    const int column = row % 2 == 0 ? along : kAcross - 1 - along;
    GraphData::Node node;
    node.id = std::to_string(i);
    node.label = block.name;
    node.at = {(column + 0.5) / kAcross, (row + 0.5) / rows};
    node.value = percentOf(block.totals.macs, all);
    node.coloured = static_cast<std::size_t>(block.first) <= model.done();
    node.detail = {kId + ".blueprint.detail",
                   {{"block", block.name},
                    {"parameters", static_cast<double>(block.totals.parameters)},
                    {"macs", static_cast<double>(block.totals.macs)}}};
    graph.maximum = std::max(graph.maximum, *node.value);
    graph.nodes.push_back(std::move(node));
    if (i > 0)
      graph.edges.push_back({std::to_string(i - 1), std::to_string(i),
                             shapeText(model.net.shape(blocks[i - 1].last))});
  }
  return graph;
}

/// The operations of the block that the run stands in, or of its part around the present one.
GraphData insideGraph(const Explored& model) {
  constexpr int kMost = 24;
  const Network& net = model.net;
  const int now = std::max(1, static_cast<int>(model.done()));
  int first = now, last = now;
  while (first > 1 && net.at(first - 1).block == net.at(now).block) --first;
  while (last < net.last() && net.at(last + 1).block == net.at(now).block) ++last;
  if (last - first + 1 > kMost) {
    first = std::max(first, std::min(now - kMost / 2, last - kMost + 1));
    last = first + kMost - 1;
  }
  // How deep an operation lies, and how many share its depth: one below all that it reads.
  std::map<int, int> depth, across, column;
  int deepest = 1;
  for (int place = first; place <= last; ++place) {
    depth[place] = 1;
    for (const int input : net.at(place).inputs)
      if (input >= first) depth[place] = std::max(depth[place], depth[input] + 1);
    column[place] = across[depth[place]]++;
    deepest = std::max(deepest, depth[place]);
  }
  GraphData graph;
  graph.minimum = graph.maximum = 0;
  const auto nameOf = [](int place) { return std::to_string(place); };
  const auto add = [&](int place, Point at) {
    GraphData::Node node;
    node.id = nameOf(place);
    node.label = termOf(net.at(place));
    node.at = at;
    if (place >= first && static_cast<std::size_t>(place) <= model.carried.size()) {
      node.value = 1e3 * model.carried[static_cast<std::size_t>(place - 1)].seconds;
      graph.maximum = std::max(graph.maximum, *node.value);
    }
    graph.nodes.push_back(std::move(node));
  };
  const double height = deepest + 1;
  std::vector<int> outside;
  for (int place = first; place <= last; ++place)
    for (const int input : net.at(place).inputs)
      if (input < first && std::ranges::find(outside, input) == outside.end())
        outside.push_back(input);
  for (std::size_t i = 0; i < outside.size(); ++i)
    add(outside[i],
        {(static_cast<double>(i) + 0.5) / static_cast<double>(outside.size()), 0.5 / height});
  for (int place = first; place <= last; ++place) {
    const double x = (column[place] + 0.5) / across[depth[place]];
    add(place, {x, (depth[place] + 0.5) / height});
    for (const int input : net.at(place).inputs)
      graph.edges.push_back({nameOf(input), nameOf(place), shapeText(net.shape(input))});
  }
  return graph;
}

// --- by the size of the image ---------------------------------------------------------

constexpr int kHeadStage = std::numeric_limits<int>::max();  ///< what has no image comes last

/// Parameters, multiply-adds and outputs of each stage (stageOf).
std::map<int, Totals> stagesOf(const Network& net) {
  std::map<int, Totals> stages;
  for (int place = 1; place <= net.last(); ++place) {
    // The work of making a smaller image belongs to the smaller one.
    const int stage = stageOf(net, place);
    add(stages[stage < 0 ? kHeadStage : stage], net.at(place));
  }
  return stages;
}

Label stageLabel(int stage) {
  if (stage == kHeadStage) return Word{"backbone-explorer.stage.head"};
  return stage == 0 ? std::string("1/1") : "1/" + std::to_string(1 << stage);
}

std::vector<int> stagesOfBoth(const std::map<int, Totals>& model,
                              const std::map<int, Totals>& other) {
  std::vector<int> stages;
  for (const auto* each : {&model, &other})
    for (const auto& [stage, totals] : *each)
      if (std::ranges::find(stages, stage) == stages.end()) stages.push_back(stage);
  std::ranges::sort(stages);
  return stages;
}

BarsData stageBars(const Explored& model, const Explored* other) {
  const auto mine = stagesOf(model.net);
  const auto theirs = other ? stagesOf(other->net) : std::map<int, Totals>{};
  BarsData bars;
  const auto stages = stagesOfBoth(mine, theirs);
  for (const int stage : stages) bars.categories.push_back(stageLabel(stage));
  const auto addGroups = [&](const Network& net, const std::map<int, Totals>& of_stages,
                             const std::string& prefix) {
    std::vector<Totals> parts;
    for (const int stage : stages) {
      const auto found = of_stages.find(stage);
      parts.push_back(found == of_stages.end() ? Totals{} : found->second);
    }
    addShares(bars, net.totals(), parts, prefix);
  };
  addGroups(model.net, mine, "");
  if (other) addGroups(other->net, theirs, "compare/");
  return bars;
}

TableData differenceTable(const Explored& model, const Explored* other) {
  TableData table;
  table.columns = {{"stage"}, {"parameters"}};
  if (other) table.columns.push_back({"compare_parameters"});
  table.columns.push_back({"macs"});
  if (other) table.columns.push_back({"compare_macs"});
  const auto addRow = [&](Cell name, const Totals& mine, const Totals& theirs) {
    TableData::Row row{"", {std::move(name), number(mine.parameters)}};
    if (other) row.cells.push_back(number(theirs.parameters));
    row.cells.push_back(number(mine.macs));
    if (other) row.cells.push_back(number(theirs.macs));
    table.rows.push_back(std::move(row));
  };
  auto mine = stagesOf(model.net);
  auto theirs = other ? stagesOf(other->net) : std::map<int, Totals>{};
  for (const int stage : stagesOfBoth(mine, theirs)) {
    const Label label = stageLabel(stage);
    const Cell name = std::holds_alternative<Word>(label) ? Cell{std::get<Word>(label)}
                                                          : Cell{std::get<std::string>(label)};
    addRow(name, mine[stage], theirs[stage]);
  }
  addRow(Word{"backbone-explorer.total.all"}, model.net.totals(),
         other ? other->net.totals() : Totals{});
  return table;
}

// --- by the kind of operation ----------------------------------------------------------

BarsData kindBars(const Explored& model, const Explored* other) {
  struct KindOf {
    Label label;
    std::function<bool(const Operation&)> is;
  };
  const std::vector<KindOf> kinds{
      {std::string("1×1"), [](const Operation& o) { return isConvolution(o) && o.kernel == 1; }},
      {std::string("3×3"), isThreeByThree},
      {std::string("5×5 … 16×16"),
       [](const Operation& o) { return isConvolution(o) && o.kernel > 3 && !o.isDepthwise(); }},
      {Word{"backbone-explorer.kind.depthwise"},
       [](const Operation& o) { return o.isDepthwise(); }},
      {Word{"backbone-explorer.kind.attention"},
       [](const Operation& o) { return o.kind == Operator::Attention; }},
      {Word{"backbone-explorer.kind.dense"}, isDense}};
  BarsData bars;
  for (const KindOf& kind : kinds) bars.categories.push_back(kind.label);
  const auto addGroups = [&](const Network& net, const std::string& prefix) {
    std::vector<Totals> parts;
    for (const KindOf& kind : kinds) {
      Totals& of_kind = parts.emplace_back();
      for (const Operation& o : net.operations())
        if (kind.is(o)) add(of_kind, o);
    }
    addShares(bars, net.totals(), parts, prefix);
  };
  addGroups(model.net, "");
  if (other) addGroups(other->net, "compare/");
  return bars;
}

/// In percent of the net as it is.
BarsData alternativeBars(const Explored& model, const Explored* other) {
  const Totals all = model.net.totals();
  BarsData bars;
  bars.categories = {Word{"backbone-explorer.record.parameters"},
                     Word{"backbone-explorer.record.macs"},
                     Word{"backbone-explorer.record.activation_bytes"}};
  const auto addGroup = [&](const std::string& id, Label label, const Totals& totals) {
    auto made = group(id, std::move(label));
    made.values = {percentOf(totals.parameters, all.parameters), percentOf(totals.macs, all.macs),
                   percentOf(totals.elements, all.elements)};
    bars.groups.push_back(std::move(made));
  };
  addGroup("model", model.title, all);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  if (const auto full = withFullConvolutions(model.net)) {
    addGroup("full", Word{"backbone-explorer.alternative.full"}, full->otherwise);
    bars.groups.back().values.back() = unknown;
  }
  if (const auto wide = withoutReductions(model.net)) {
    addGroup("unreduced", Word{"backbone-explorer.alternative.unreduced"}, wide->otherwise);
    bars.groups.back().values.back() = unknown;
  }
  if (other) addGroup("compared", other->title, other->net.totals());
  return bars;
}

TableData totalsTable(const Explored& model, const Explored* other) {
  TableData table;
  table.columns = {{"total"}, {"value"}};
  if (other) table.columns.insert(table.columns.end(), {{"compared"}, {"ratio"}});
  const Totals mine = model.net.totals(), theirs = other ? other->net.totals() : Totals{};
  const auto addRow = [&](const char* name, std::int64_t of_mine, std::int64_t of_theirs) {
    TableData::Row row{"", {word(std::string("record.") + name), number(of_mine)}};
    if (other) row.cells.insert(row.cells.end(), {number(of_theirs), ratio(of_mine, of_theirs)});
    table.rows.push_back(std::move(row));
  };
  addRow("parameters", mine.parameters, theirs.parameters);
  addRow("macs", mine.macs, theirs.macs);
  addRow("activation_bytes", 4 * model.batch * mine.elements, 4 * model.batch * theirs.elements);
  return table;
}

// --- the roofline ----------------------------------------------------------------------

/// Both axes are logarithms to the base of ten: multiply-adds a byte, and a second.
PlaneData rooflinePlane(const Explored& model, const Explored* other, const MachineRoof& roof) {
  constexpr double kLeft = -2.5, kRight = 3;
  const auto roofAt = [&](double intensity) {
    return std::min(std::log10(roof.macs_per_second),
                    std::log10(roof.bytes_per_second) + intensity);
  };
  PlaneData plane;
  const double top = std::log10(roof.macs_per_second);
  plane.x0 = kLeft;
  plane.x1 = kRight;
  plane.y0 = top - 3;
  plane.y1 = top + 0.3;
  const double corner = top - std::log10(roof.bytes_per_second);
  plane.layers.emplace_back(PathLayer{"roof",
                                      Word{"backbone-explorer.curve.roof"},
                                      "roof",
                                      {{kLeft, roofAt(kLeft)}, {corner, top}, {kRight, top}}});
  const auto addPoints = [&](const Explored& net, const std::string& id) {
    PointsLayer points;
    points.name = id;
    points.id = id;
    points.label = net.title;
    for (std::size_t i = 0; i < net.carried.size(); ++i) {
      const Operation& o = net.net.at(static_cast<int>(i) + 1);
      if (o.macs == 0) continue;
      const double macs = static_cast<double>(o.macs * net.batch);
      const Point point{std::log10(macs / static_cast<double>(net.carried[i].bytes)),
                        std::log10(macs / net.carried[i].seconds)};
      plane.y0 = std::min(plane.y0, point.y - 0.3);
      plane.y1 = std::max(plane.y1, point.y + 0.3);
      points.points.push_back(point);
    }
    plane.layers.emplace_back(std::move(points));
  };
  addPoints(model, "model");
  if (other) addPoints(*other, "compared");
  return plane;
}

TableData machineTable(const Explored& model, const Explored* other, const MachineRoof& roof) {
  TableData table;
  table.columns = {{"machine"}, {"value"}};
  table.rows.push_back(
      {"roof", {Word{"backbone-explorer.machine.peak"}, roof.macs_per_second / 1e9}});
  table.rows.push_back(
      {"roof", {Word{"backbone-explorer.machine.bandwidth"}, roof.bytes_per_second / 1e9}});
  const auto addTimes = [&](const Explored& net, const std::string& id) {
    double measured = 0, predicted = 0;
    for (std::size_t i = 0; i < net.carried.size(); ++i) {
      measured += net.carried[i].seconds;
      predicted +=
          roof.seconds(static_cast<double>(net.net.at(static_cast<int>(i) + 1).macs * net.batch),
                       static_cast<double>(net.carried[i].bytes));
    }
    table.rows.push_back({id, {word("machine.time_" + id), 1e3 * measured}});
    table.rows.push_back({id, {word("machine.predicted_" + id), 1e3 * predicted}});
  };
  addTimes(model, "model");
  if (other) addTimes(*other, "compared");
  return table;
}

}  // namespace

void showExplored(Frame& frame, const Explored& model, const Explored* other,
                  const MachineRoof& roof) {
  frame.at<TableData>("layers") = layersTable(model.net);
  frame.at<TableData>("times") = timesTable(model, roof);
  frame.at<BarsData>("blocks") = blockBars(model.net);
  frame.at<GraphData>("blueprint") = blueprint(model);
  frame.at<GraphData>("inside") = insideGraph(model);
  frame.at<BarsData>("stages") = stageBars(model, other);
  frame.at<BarsData>("kinds") = kindBars(model, other);
  frame.at<TableData>("difference") = differenceTable(model, other);
  frame.at<BarsData>("alternatives") = alternativeBars(model, other);
  frame.at<TableData>("totals") = totalsTable(model, other);
  frame.at<PlaneData>("roofline") = rooflinePlane(model, other, roof);
  frame.at<TableData>("machine") = machineTable(model, other, roof);
}

}  // namespace viva
