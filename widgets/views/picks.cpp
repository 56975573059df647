// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/picks.h"

#include <algorithm>

#include "lessons/core/index_list.h"

namespace viva {
namespace {

/// Of a kind that a pick can set; null for none.
const ParameterSpec* pickableOf(const std::optional<Parameters>& parameters,
                                const std::string& name) {
  if (!parameters || name.empty()) return nullptr;
  for (const ParameterSpec& spec : parameters->specs())
    if (spec.name == name &&
        (spec.kind() == ParameterKind::Integer || spec.kind() == ParameterKind::Text))
      return &spec;
  return nullptr;
}

}  // namespace

std::vector<Pick> picksOf(const std::optional<Parameters>& parameters,
                          const std::vector<std::pair<std::string, std::int64_t>>& indices) {
  std::vector<Pick> picks;
  for (const auto& [name, index] : indices) {
    const ParameterSpec* spec = pickableOf(parameters, name);
    const auto number = static_cast<double>(index);
    if (!spec || index < 0 || number < spec->minimum || number > spec->maximum) continue;
    Value value{index};
    if (spec->kind() == ParameterKind::Text)
      value = Text{withIndexToggled(std::get<Text>(parameters->value(name)).text, index)};
    if (!problemWith(*spec, value) && parameters->value(name) != value)
      picks.push_back({name, value, false});
  }
  if (!picks.empty()) picks.back().finished = true;
  return picks;
}

std::vector<std::int64_t> pickedIndices(const std::optional<Parameters>& parameters,
                                        const std::string& name) {
  const ParameterSpec* spec = pickableOf(parameters, name);
  if (!spec) return {};
  const Value& value = parameters->value(name);
  if (spec->kind() == ParameterKind::Text) return indexList(std::get<Text>(value).text);
  return {std::get<std::int64_t>(value)};
}

Picked::Picked(const std::optional<Parameters>& parameters,
               const std::optional<ViewSpec::Picks>& picks) {
  if (!picks) return;
  if (pickableOf(parameters, picks->row)) rows_ = pickedIndices(parameters, picks->row);
  if (pickableOf(parameters, picks->column)) columns_ = pickedIndices(parameters, picks->column);
}

bool Picked::has(std::int64_t row, std::optional<std::int64_t> column) const {
  const auto in = [](const std::vector<std::int64_t>& list, std::int64_t index) {
    return std::binary_search(list.begin(), list.end(), index);
  };
  const bool asks_column = column && columns_;
  return (rows_ || asks_column) && (!rows_ || in(*rows_, row)) &&
         (!asks_column || in(*columns_, *column));
}

}  // namespace viva
