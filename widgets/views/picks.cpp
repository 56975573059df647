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

/// Where a row and a column go into one Text together.
const ParameterSpec* pairOf(const std::optional<Parameters>& parameters, const std::string& row,
                            const std::string& column) {
  const ParameterSpec* spec = row == column ? pickableOf(parameters, row) : nullptr;
  return spec && spec->kind() == ParameterKind::Text ? spec : nullptr;
}

}  // namespace

std::vector<Pick> picksOf(const std::optional<Parameters>& parameters,
                          const std::vector<std::pair<std::string, std::int64_t>>& indices) {
  if (indices.size() == 2)
    if (const auto* spec = pairOf(parameters, indices[0].first, indices[1].first))
      return {{spec->name,
               Text{withPairToggled(std::get<Text>(parameters->value(spec->name)).text,
                                    {indices[0].second, indices[1].second})},
               true}};
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
  if (const auto* spec = pairOf(parameters, picks->row, picks->column)) {
    pairs_ = pairList(std::get<Text>(parameters->value(spec->name)).text);
    return;
  }
  if (pickableOf(parameters, picks->row)) rows_ = pickedIndices(parameters, picks->row);
  if (pickableOf(parameters, picks->column)) columns_ = pickedIndices(parameters, picks->column);
}

bool Picked::has(std::int64_t row, std::optional<std::int64_t> column) const {
  if (pairs_)
    return column && std::binary_search(pairs_->begin(), pairs_->end(), IndexPair{row, *column});
  const auto in = [](const std::vector<std::int64_t>& list, std::int64_t index) {
    return std::binary_search(list.begin(), list.end(), index);
  };
  const bool asks_column = column && columns_;
  return (rows_ || asks_column) && (!rows_ || in(*rows_, row)) &&
         (!asks_column || in(*columns_, *column));
}

}  // namespace viva
