// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/command_text.h"

#include "app/export/shell_words.h"

namespace viva {
std::vector<std::pair<std::string, std::string>> settingsBeyondPreset(const Parameters& parameters,
                                                                      const std::string& preset,
                                                                      const ExperimentSpec& spec) {
  const Parameters usual = spec.parametersOf(preset);
  std::vector<std::pair<std::string, std::string>> settings;
  for (const ParameterSpec& parameter : spec.parameters) {
    const Value& value = parameters.value(parameter.name);
    if (value != usual.value(parameter.name))
      settings.emplace_back(parameter.name, formatValue(value));
  }
  return settings;
}

std::string commandOf(const RunFile& file, const ExperimentSpec& spec) {
  std::string command = "viva run " + file.experiment;
  if (!file.preset.empty()) command += " --preset " + file.preset;
  for (const auto& [name, value] :
       settingsBeyondPreset(settingsOf(file, spec).parameters, file.preset, spec))
    command += " --set " + shellQuoted(name + "=" + value);
  for (const Event& event : file.events)
    command += " --at " + shellQuoted(std::to_string(event.step) + ":" + event.name + "=" +
                                      formatValue(event.value));
  return command + " --seed " + std::to_string(file.seed) + " --steps " +
         std::to_string(file.steps) + " --device " + file.device + " --threads " +
         std::to_string(file.threads);
}

}  // namespace viva
