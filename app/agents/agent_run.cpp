// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/agent_run.h"

#include "app/commands/execution.h"
#include "app/commands/experiment_name.h"
#include "app/commands/run_settings.h"
#include "app/commands/sentence.h"
#include "app/export/animations.h"
#include "app/export/pictures.h"
#include "app/export/summary.h"
#include "app/export/without_paths.h"
#include "app/phases/phase_store.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

std::string settingText(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return formatNumber(value.get<double>());
}

}  // namespace

RunRequest runRequestOf(const std::string& experiment, const nlohmann::json& arguments) {
  RunRequest request;
  request.experiment = experiment;
  request.preset = arguments.value("preset", std::string());
  if (arguments.contains("set"))
    for (const auto& [name, value] : arguments["set"].items())
      request.settings.emplace_back(name, settingText(value));
  if (arguments.contains("seed")) request.seed = arguments["seed"].get<std::uint64_t>();
  if (arguments.contains("steps")) request.steps = arguments["steps"].get<std::int64_t>();
  if (arguments.contains("views"))
    request.output.picture.views = arguments["views"].get<std::vector<std::string>>();
  if (!request.output.picture.views.empty()) request.output.exports = {Export::Png};
  request.output.quiet = true;
  return request;
}

void requireAllowed(const RunRequest& request, const ExperimentSpec& spec,
                    const AgentRules& rules) {
  if (rules.files) return;
  for (const auto& [name, text] : request.settings)
    for (const ParameterSpec& parameter : spec.parameters)
      if (parameter.name == name && parameter.kind() == ParameterKind::File && !text.empty())
        throw RequestError({"agents.error.files_not_allowed", {{"name", name}}});
}

AgentRun runForAgent(const RunRequest& request, const AgentRules& rules, const Catalog& catalog,
                     const Words& words, const std::stop_token& stop, const TellProgress& tell) {
  const ExperimentSpec& spec = experimentNamed(request.experiment, catalog);
  Runtime& runtime = catalog.runtime();
  requireAllowed(request, spec, rules);
  if (!request.output.exports.empty()) requireExports(request.output, spec);
  RunSettings settings = settingsOf(request, spec, runtime);
  settings.phases = &PhaseStore::ofTheUser();
  settings.in_slices = true;
  settings.stop = stop;

  Run run(spec, std::move(settings), runtime);
  const std::int64_t steps = run.settings().steps;
  tell(0, steps);
  Animations none({}, words.language());
  const Execution execution =
      execute(run, LiveRecords::None, none, request.output, words, [&](const Run& now) {
        tell(now.isPreparing() ? -1 : now.step(), steps);
        return !stop.stop_requested();
      });
  requireStarted(run);

  AgentRun made{
      run.settings(), resultsOf(run, runtime, execution.frame, execution.seconds, false), {}, {}};
  addDigests(made.results.file, made.results.records);
  const auto& views = request.output.picture.views;
  if (!views.empty() && made.results.frame && !stop.stop_requested())
    drawPictures(made.results, {Export::Png}, request.output.picture, words.language(),
                 toJson(withoutPaths(made.results.file)),
                 [&](const std::string& name, std::string_view bytes) {
                   made.figures.emplace_back(name, std::string(bytes));
                 });
  made.summary = nlohmann::ordered_json::parse(summaryJson(made.results, {}, words));
  made.summary.erase("files");  // none is written
  tell(run.step(), steps);
  return made;
}

Message progressMessage(std::int64_t step, std::int64_t steps) {
  if (step < 0) return {"agents.progress.preparing", {}};
  return {"agents.progress.step", {{"step", step}, {"steps", steps}}};
}

std::string failureLine(const AgentRun& run, const Words& words) {
  return errorLine(run.results.message.value_or(Message{"error.unknown_exception", {}}), words);
}

}  // namespace viva
