// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/run.h"

#include <optional>

#include "app/commands/console.h"
#include "app/commands/execution.h"
#include "app/commands/experiment_name.h"
#include "app/commands/interruption.h"
#include "app/commands/run_settings.h"
#include "app/export/results.h"
#include "app/phases/phase_store.h"

namespace viva {
int runCommand(const RunRequest& request, const Catalog& catalog, const Words& words) {
  const ExperimentSpec& spec = experimentNamed(request.experiment, catalog);
  Runtime& runtime = catalog.runtime();
  const OutputRequest& wanted = request.output;
  requireExports(wanted, spec);
  RunSettings settings = settingsOf(request, spec, runtime);
  settings.phases = &PhaseStore::ofTheUser();
  settings.in_slices = true;  // so that Ctrl+C is heard while it is prepared

  const Interruption interruption;
  std::optional<RunFolder> folder;
  if (!wanted.folder.empty())
    folder.emplace(wanted.folder, resultNames(spec, wanted), wanted.force);
  if (!wanted.quiet && runtime.blasIsSlow())
    note({"command.note.slow_blas", {{"blas", runtime.blas()}}}, words);

  Run run(spec, std::move(settings), runtime);
  run.begin();
  requireStarted(run);
  Animations animations(wanted, words.language());
  const Execution execution = execute(run, folder ? LiveRecords::None : LiveRecords::StandardOutput,
                                      animations, wanted, words);
  requireStarted(run);  // what fails before row 0 may fail in the preparation too
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
