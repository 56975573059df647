// SPDX-License-Identifier: GPL-3.0-or-later
// A run that somebody else's program asks for: what `viva run` does, with its results as JSON.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/requests.h"
#include "app/export/run_results.h"
#include "lessons/core/catalog.h"
#include "lessons/core/run.h"

namespace viva {

/// What those who ask are allowed.
struct AgentRules {
  bool files = false;  ///< to name files of this machine (`--allow-files`)
};

/// The arguments `preset`, `set`, `seed`, `steps`, `views` of a tool, and the experiment, as a
/// command line would have them. Values of the wrong type are the schema's to find.
RunRequest runRequestOf(const std::string& experiment, const nlohmann::json& arguments);

/// Refuses files where they are not allowed. Throws RequestError.
void requireAllowed(const RunRequest& request, const ExperimentSpec& spec, const AgentRules& rules);

struct AgentRun {
  RunSettings settings;
  RunResults results;              ///< with its digests
  nlohmann::ordered_json summary;  ///< summary.json
  std::vector<std::pair<std::string, std::string>>
      figures;  ///< name and PNG of each view asked for
};

/// Told how far it is, before the first step and after the last one too; `step` -1 while it is
/// being prepared.
using TellProgress = std::function<void(std::int64_t step, std::int64_t steps)>;

/// How far that is, in words.
Message progressMessage(std::int64_t step, std::int64_t steps);

/// Throws RequestError, FileError, RunError; a run that fails later has the status `failed`. One
/// that `stop` gave up has the status `cancelled`, and no figures. To be called on the main thread,
/// which draws.
AgentRun runForAgent(const RunRequest& request, const AgentRules& rules, const Catalog& catalog,
                     const Words& words, const std::stop_token& stop, const TellProgress& tell);

/// Why a run failed, in one line.
std::string failureLine(const AgentRun& run, const Words& words);

}  // namespace viva
