// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/picks.h"

#include <algorithm>

namespace viva {
namespace {

const ParameterSpec* integerOf(const std::optional<Parameters>& parameters,
                               const std::string& name) {
  if (!parameters || name.empty()) return nullptr;
  for (const ParameterSpec& spec : parameters->specs())
    if (spec.name == name && spec.kind() == ParameterKind::Integer) return &spec;
  return nullptr;
}

}  // namespace

std::vector<Pick> picksOf(const std::optional<Parameters>& parameters,
                          const std::vector<std::pair<std::string, std::int64_t>>& indices) {
  std::vector<Pick> picks;
  for (const auto& [name, index] : indices) {
    const ParameterSpec* spec = integerOf(parameters, name);
    const Value value{index};
    if (spec && !problemWith(*spec, value) && parameters->value(name) != value)
      picks.push_back({name, value, false});
  }
  if (!picks.empty()) picks.back().finished = true;
  return picks;
}

int pickedIndex(const std::optional<Parameters>& parameters, const std::string& name) {
  if (!integerOf(parameters, name)) return -1;
  return static_cast<int>(std::get<std::int64_t>(parameters->value(name)));
}

}  // namespace viva
