// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/command_text.h"

namespace viva {
namespace {

/// A word as a shell takes it.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789._-=+,:/") == std::string::npos;
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

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
    command += " --set " + quoted(name + "=" + value);
  for (const Event& event : file.events)
    command += " --at " + quoted(std::to_string(event.step) + ":" + event.name + "=" +
                                 formatValue(event.value));
  return command + " --seed " + std::to_string(file.seed) + " --steps " +
         std::to_string(file.steps) + " --device " + file.device + " --threads " +
         std::to_string(file.threads);
}

}  // namespace viva
