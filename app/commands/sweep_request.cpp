// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/sweep_request.h"

#include <algorithm>

#include "app/commands/run_settings.h"
#include "lessons/core/error.h"
#include "lessons/core/file_or_folder.h"

namespace viva {
namespace {

using Paths = std::vector<std::pair<std::string, std::string>>;

Parameters parametersOf(const Sweep& sweep, std::size_t cell) {
  return sweep.settingsOf(cell * static_cast<std::size_t>(sweep.repeat)).parameters;
}

}  // namespace

Paths filesOf(const Sweep& sweep) {
  Paths files;
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell) {
    const Parameters parameters = parametersOf(sweep, cell);
    for (const ParameterSpec& spec : sweep.spec->parameters) {
      const File* file = namedInput(parameters, spec);
      if (!file) continue;
      const std::pair found(spec.name, file->path);
      if (std::find(files.begin(), files.end(), found) == files.end()) files.push_back(found);
    }
  }
  return files;
}

std::vector<InputFile> inputsAt(const Paths& files, const std::stop_token& stop) {
  std::vector<InputFile> inputs;
  for (const auto& [parameter, path] : files) {
    if (findInput(inputs, parameter)) continue;
    if (auto input = inputFile(parameter, path, stop)) inputs.push_back(std::move(*input));
  }
  return inputs;
}

Sweep sweepOf(const SweepRequest& request, const ExperimentSpec& spec, const Runtime& runtime) {
  Sweep sweep = sweepWithoutInputs(request, spec, runtime);
  sweep.base.inputs = inputsAt(filesOf(sweep));
  return sweep;
}

Sweep sweepWithoutInputs(const SweepRequest& request, const ExperimentSpec& spec,
                         const Runtime& runtime) {
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
  base.experiment_version = 1;  // the newest of any cell
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell)
    base.experiment_version =
        std::max(base.experiment_version, spec.versionOf(parametersOf(sweep, cell)));
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
