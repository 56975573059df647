// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/run_settings.h"

#include <filesystem>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// A path means the same wherever the run file is opened later.
std::string absoluteIfFile(const ParameterSpec& spec, const std::string& text) {
  if (spec.kind() != ParameterKind::File || text.empty()) return text;
  std::error_code error;
  const auto path = std::filesystem::absolute(text, error).lexically_normal();
  if (error) return text;
  // A folder is the same one with and without a slash behind it.
  return (path.has_filename() ? path : path.parent_path()).string();
}

Parameters parametersOf(const RunRequest& request, const ExperimentSpec& spec) {
  Parameters parameters = spec.parametersOf(request.preset);
  for (const auto& [name, text] : request.settings)
    parameters.setFromText(name, absoluteIfFile(parameters.spec(name), text));
  return parameters;
}

Event eventOf(const LiveChange& change, const Parameters& parameters, std::int64_t steps) {
  const ParameterSpec& spec = parameters.spec(change.name);
  if (spec.effect != Effect::Live) throw RequestError({"error.not_live", {{"name", spec.name}}});
  if (change.step > steps)
    throw RequestError(
        {"command.error.change_after_end", {{"value", change.step}, {"steps", steps}}});
  const Value value = parseValue(spec, absoluteIfFile(spec, change.value));
  if (auto problem = problemWith(spec, value)) throw RequestError(*problem);
  return {change.step, change.name, value};
}

}  // namespace

RunSettings settingsOf(const RunRequest& request, const ExperimentSpec& spec,
                       const Runtime& runtime) {
  RunSettings settings{parametersOf(request, spec)};
  const Preset* preset = spec.findPreset(request.preset);
  settings.steps =
      request.steps.value_or(preset && preset->steps > 0 ? preset->steps : spec.default_steps);
  for (const LiveChange& change : request.changes)
    settings.events.push_back(eventOf(change, settings.parameters, settings.steps));
  requireValid(spec, settings.parameters);
  settings.seed = request.seed;
  settings.preset = request.preset;
  settings.threads = request.threads;
  settings.device = runtime.resolveDevice(request.device);
  return settings;
}

}  // namespace viva
