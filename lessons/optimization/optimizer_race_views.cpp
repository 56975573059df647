// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_race.h"

namespace viva {
namespace {

using Cell = TableData::Cell;

Cell cellOf(const std::optional<double>& number) {
  if (number) return *number;
  return {};
}

Cell cellOf(const std::optional<std::int64_t>& step) {
  if (step) return static_cast<double>(*step);
  return {};
}

}  // namespace

TableData raceStandings(const RaceState& race) {
  using Best = TableData::Best;
  const bool has_lowest_point = !race.surface.minima().empty();
  TableData table;
  table.columns = {{"optimizer"}, {"value", Best::Smallest}};
  if (has_lowest_point) {
    table.columns.push_back({"distance", Best::Smallest});
    table.columns.push_back({"steps_to_threshold", Best::Smallest});
  }
  if (race.surface.hasTrap()) table.columns.push_back({"escaped"});
  table.columns.push_back({"diverged_at"});

  for (const Contestant& contestant : race.contestants) {
    const Standing& standing = contestant.standing;
    TableData::Row row{nameOf(contestant.optimizer), {}};
    row.cells = {std::get<Word>(labelOf(contestant.optimizer)), standing.value()};
    if (has_lowest_point) {
      row.cells.push_back(cellOf(standing.distance()));
      row.cells.push_back(cellOf(standing.thresholdStep()));
    }
    if (race.surface.hasTrap())
      row.cells.push_back(Word{standing.hasEscaped() ? "word.yes" : "word.no"});
    row.cells.push_back(cellOf(standing.divergedAt()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace viva
