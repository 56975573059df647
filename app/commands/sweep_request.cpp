// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/sweep_request.h"

#include <algorithm>

#include "app/commands/run_settings.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

/// The newest version of any cell, and the user's files that any of them reads.
void addWhatCellsNeed(Sweep& sweep) {
  RunFile& base = sweep.base;
  base.experiment_version = 1;
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell) {
    const Parameters parameters =
        sweep.settingsOf(cell * static_cast<std::size_t>(sweep.repeat)).parameters;
    base.experiment_version = std::max(base.experiment_version, sweep.spec->versionOf(parameters));
    for (const ParameterSpec& spec : sweep.spec->parameters) {
      const auto* file = std::get_if<File>(&parameters.value(spec.name));
      if (!file || file->path.empty() || !parameters.isRelevant(spec) ||
          findInput(base.inputs, spec.name))
        continue;
      if (auto input = inputFile(spec.name, file->path)) base.inputs.push_back(std::move(*input));
    }
  }
}

}  // namespace

Sweep sweepOf(const SweepRequest& request, const ExperimentSpec& spec, const Runtime& runtime) {
  Sweep sweep;
  sweep.spec = &spec;
  for (const std::string& grid : request.grids) sweep.axes.push_back(readGrid(grid, spec));
  for (const GridAxis& axis : sweep.axes)
    for (const auto& [name, value] : request.run.settings)
      if (name == axis.parameter)
        throw RequestError({"sweep.error.set_and_grid", {{"name", name}}});
  // The first point stands for all: a preset alone may not be valid without the grid's values.
  RunRequest first = request.run;
  for (const GridAxis& axis : sweep.axes)
    first.settings.emplace_back(axis.parameter, formatValue(axis.values.front()));
  const RunSettings settings = settingsOf(first, spec, runtime);
  RunFile& base = sweep.base;
  base.experiment = spec.id;
  for (const ParameterSpec& parameter : spec.parameters)
    base.parameters.emplace_back(parameter.name, settings.parameters.value(parameter.name));
  base.preset = settings.preset;
  base.seed = settings.seed;
  base.device = settings.device;
  base.threads = settings.threads;
  base.events = settings.events;
  base.steps = settings.steps;
  base.build = buildName();
  base.blas = runtime.blas();
  base.library = runtime.libraryVersion();
  sweep.repeat = request.repeat;
  requireValid(sweep);
  addWhatCellsNeed(sweep);
  return sweep;
}

std::vector<std::string> argumentsOf(const SweepRequest& request) {
  const RunRequest& run = request.run;
  std::vector<std::string> arguments{"sweep", run.experiment};
  const auto add = [&](const char* option, const std::string& value) {
    arguments.insert(arguments.end(), {option, value});
  };
  if (!run.preset.empty()) add("--preset", run.preset);
  for (const auto& [name, value] : run.settings) add("--set", name + "=" + value);
  for (const std::string& grid : request.grids) add("--grid", grid);
  add("--metric", request.metric);
  if (request.goal == Goal::Highest) add("--best", std::string(nameOf(request.goal)));
  if (request.repeat > 1) add("--repeat", std::to_string(request.repeat));
  add("--seed", std::to_string(run.seed));
  if (run.steps) add("--steps", std::to_string(*run.steps));
  if (run.device != "auto") add("--device", run.device);
  if (run.threads != 1) add("--threads", std::to_string(run.threads));
  return arguments;
}

}  // namespace viva
