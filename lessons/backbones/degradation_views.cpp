// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/backbones/degradation.h"

namespace viva {

BarsData gradientBars(const DegradationState& state) {
  BarsData bars;
  bars.logarithmic = true;
  std::size_t layers = 0;
  for (const DepthFigures& net : state.nets) {
    // Before the first update: of all convolutions, without the dense layer.
    const auto convolutions = static_cast<std::size_t>(net.depth - 1);
    layers = std::max(layers, net.updates > 0 ? net.gradients.size() : convolutions);
  }
  for (std::size_t i = 1; i <= layers; ++i) bars.categories.emplace_back(std::to_string(i));
  for (const DepthFigures& net : state.nets) {
    if (net.id == kShallowNet) continue;  // its layers are others
    auto values = net.gradients;
    values.resize(layers, DepthFigures::kNone);
    bars.groups.push_back({net.id, {}, std::move(values)});
  }
  return bars;
}

TableData depthTable(const DegradationState& state) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"net", Best::None},         {"depth", Best::None},
                   {"parameters", Best::None},  {"macs", Best::None},
                   {"loss", Best::Smallest},    {"train_accuracy", Best::Largest},
                   {"accuracy", Best::Largest}, {"milliseconds", Best::None}};
  const auto sinceUpdate = [](const DepthFigures& net, double value) {
    return net.updates > 0 ? TableData::Cell{value} : TableData::Cell{std::monostate{}};
  };
  for (const DepthFigures& net : state.nets)
    table.rows.push_back(
        {net.id,
         {Word{"degradation.curve." + net.id}, static_cast<double>(net.depth),
          static_cast<double>(net.totals.parameters), static_cast<double>(net.totals.macs),
          sinceUpdate(net, net.loss), net.train_accuracy, net.validation_accuracy,
          sinceUpdate(net, net.milliseconds)}});
  return table;
}

}  // namespace viva
