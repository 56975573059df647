// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/experiment.h"

#include "lessons/core/error.h"

namespace viva {

Preset preset(std::string name) { return {std::move(name)}; }
Preset&& Preset::with(std::vector<std::pair<std::string, std::string>> values) && {
  settings = std::move(values);
  return std::move(*this);
}
Preset&& Preset::lasting(std::int64_t length) && {
  steps = length;
  return std::move(*this);
}
Preset&& Preset::quick(std::int64_t length) && {
  quick_steps = length;
  return std::move(*this);
}
Preset&& Preset::heavy() && {
  is_heavy = true;
  return std::move(*this);
}
Preset&& Preset::showing(std::string hero, std::vector<std::string> companions) && {
  views = std::move(companions);
  views.insert(views.begin(), std::move(hero));
  return std::move(*this);
}

Preset&& Preset::about(std::vector<std::string> curves) && {
  strong = std::move(curves);
  return std::move(*this);
}

const Preset* ExperimentSpec::findPreset(std::string_view name) const {
  for (const Preset& preset : presets)
    if (preset.name == name) return &preset;
  return nullptr;
}

Parameters ExperimentSpec::parametersOf(std::string_view preset_name) const {
  Parameters parameters_of_preset(parameters);
  if (preset_name.empty()) return parameters_of_preset;
  const Preset* preset = findPreset(preset_name);
  if (!preset) {
    std::string allowed;
    for (const Preset& known : presets) allowed += (allowed.empty() ? "" : ", ") + known.name;
    throw RequestError(
        {"error.unknown_preset",
         {{"name", std::string(preset_name)}, {"experiment", id}, {"allowed", allowed}}});
  }
  for (const auto& [name, text] : preset->settings) parameters_of_preset.setFromText(name, text);
  return parameters_of_preset;
}

void requireValid(const ExperimentSpec& spec, const Parameters& parameters) {
  if (!spec.validate) return;
  if (auto problem = spec.validate(parameters)) throw RequestError(*problem);
}

}  // namespace viva
