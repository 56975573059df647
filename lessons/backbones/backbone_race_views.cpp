// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/backbones/backbone_race.h"

namespace viva {

BarsData costBars(const BlockRaceState& state) {
  BarsData bars;
  for (const TrainingFigures& net : state.nets)
    bars.groups.push_back({net.id, Word{"backbone-race.curve." + net.id}, {}});
  const auto add = [&](const char* name, std::int64_t Totals::*cost) {
    bars.categories.emplace_back(Word{std::string("backbone-race.cost.") + name});
    std::int64_t most = 1;
    for (const TrainingFigures& net : state.nets) most = std::max(most, net.totals.*cost);
    for (std::size_t i = 0; i < state.nets.size(); ++i)
      bars.groups[i].values.push_back(100 * static_cast<double>(state.nets[i].totals.*cost) /
                                      static_cast<double>(most));
  };
  add("parameters", &Totals::parameters);
  add("macs", &Totals::macs);
  add("elements", &Totals::elements);
  return bars;
}

TableData raceTable(const BlockRaceState& state) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"block", Best::None},
                   {"parameters", Best::None},
                   {"macs", Best::None},
                   {"loss", Best::Smallest},
                   {"train_accuracy", Best::Largest},
                   {"accuracy", Best::Largest},
                   {"milliseconds", Best::Smallest}};
  const auto sinceUpdate = [](const TrainingFigures& net, double value) {
    return net.updates > 0 ? TableData::Cell{value} : TableData::Cell{std::monostate{}};
  };
  for (const TrainingFigures& net : state.nets)
    table.rows.push_back(
        {net.id,
         {Word{"backbone-race.curve." + net.id}, static_cast<double>(net.totals.parameters),
          static_cast<double>(net.totals.macs), sinceUpdate(net, net.loss), net.train_accuracy,
          net.validation_accuracy, sinceUpdate(net, net.milliseconds)}});
  return table;
}

}  // namespace viva
