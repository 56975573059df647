// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/run.h"

#include <filesystem>
#include <optional>

#include "app/commands/console.h"
#include "app/commands/execution.h"
#include "app/commands/experiment_name.h"
#include "app/commands/interruption.h"
#include "app/export/results.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

/// A path means the same wherever the run file is opened later.
std::string absoluteIfFile(const ParameterSpec& spec, const std::string& text) {
  if (spec.kind() != ParameterKind::File || text.empty()) return text;
  std::error_code error;
  const auto path = std::filesystem::absolute(text, error);
  return error ? text : path.lexically_normal().string();
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

}  // namespace

int runCommand(const RunRequest& request, const Catalog& catalog, const Words& words) {
  const ExperimentSpec& spec = experimentNamed(request.experiment, catalog);
  Runtime& runtime = catalog.runtime();
  const OutputRequest& wanted = request.output;
  requireExports(wanted, spec);
  RunSettings settings = settingsOf(request, spec, runtime);
  const std::vector<Event> final_changes = takeFinalChanges(settings);

  const Interruption interruption;
  std::optional<RunFolder> folder;
  if (!wanted.folder.empty())
    folder.emplace(wanted.folder, resultNames(spec, wanted), wanted.force);
  if (!wanted.quiet && runtime.blasIsSlow())
    note({"command.note.slow_blas", {{"blas", runtime.blas()}}}, words);

  Run run(spec, std::move(settings), runtime);
  requireStarted(run);
  Animations animations(wanted, words.language());
  const Execution execution =
      execute(run, final_changes, folder ? LiveRecords::None : LiveRecords::StandardOutput,
              animations, wanted, words);
  report(run, execution, wanted.quiet, words);
  if (folder) {
    writeResults(*folder,
                 resultsOf(run, runtime, execution.frame, execution.seconds, wantsWeights(wanted)),
                 animations, wanted, words);
    if (!wanted.quiet)
      note({"command.note.written",
            {{"steps", run.step()},
             {"status", Word{"command.status." + std::string(nameOf(run.status()))}},
             {"seconds", execution.seconds},
             {"folder", folder->path().string()}}},
           words);
  }
  return exitStatusOf(run, execution);
}

}  // namespace viva
