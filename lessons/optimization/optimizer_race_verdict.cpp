// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_race_verdict.h"

namespace viva {

std::vector<TableData::Column> standingColumns(const Surface& surface) {
  using Best = TableData::Best;
  std::vector<TableData::Column> columns{{"optimizer"}, {"value", Best::Smallest}};
  if (!surface.minima().empty()) {
    columns.push_back({"distance", Best::Smallest});
    columns.push_back({"steps_to_threshold", Best::Smallest});
  }
  if (surface.hasTrap()) columns.push_back({"escaped"});
  columns.push_back({"diverged_at"});
  return columns;
}

TableData::Row standingRow(Optimizer optimizer, const Standing& standing, const Surface& surface) {
  const auto stepCell = [](const std::optional<std::int64_t>& step) -> TableData::Cell {
    if (!step) return {};
    return static_cast<double>(*step);
  };
  const Label name = labelOf(optimizer);
  TableData::Row row{nameOf(optimizer), {std::get<Word>(name), standing.value()}};
  if (!surface.minima().empty()) {
    row.cells.push_back(standing.distance() ? TableData::Cell{*standing.distance()}
                                            : TableData::Cell{});
    row.cells.push_back(stepCell(standing.thresholdStep()));
  }
  if (surface.hasTrap()) row.cells.push_back(Word{standing.hasEscaped() ? "word.yes" : "word.no"});
  row.cells.push_back(stepCell(standing.divergedAt()));
  return row;
}

VerdictData judge(std::string_view, const Surface&, std::int64_t, const std::vector<Contestant>&) {
  return {};
}

}  // namespace viva
