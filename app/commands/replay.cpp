// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/replay.h"

#include <optional>

#include "app/commands/circumstances.h"
#include "app/commands/console.h"
#include "app/commands/execution.h"
#include "app/commands/interruption.h"
#include "app/export/carried_files.h"
#include "app/export/results.h"
#include "app/export/run_results.h"
#include "app/export/saved_run.h"
#include "app/phases/user_cache.h"
#include "lessons/core/error.h"
#include "lessons/core/run_file.h"

namespace viva {
namespace {

int compareDigests(const RunFile& then, const RunFile& now, const Run& run, bool to_output,
                   const Words& words) {
  if (then.digest.empty()) {
    note({"command.note.nothing_to_compare", {}}, words);
    return kDone;
  }
  tellDifferences(then, now, words);
  const auto record = firstDifference(then, run.records());
  if (!record) {
    const Message same{"command.replay.same", {{"steps", now.steps}, {"digest", then.digest}}};
    if (to_output)
      print(words(same) + "\n");
    else
      note(same, words);
    return kDone;
  }
  if (then.inputs.empty())
    for (const InputFile& input : now.inputs)
      note({"command.note.input_unknown",
            {{"name", input.parameter}, {"file", pathOf(now, input.parameter)}}},
           words);
  if (now.steps != then.steps)
    note({"command.replay.other_length", {{"before", then.steps}, {"now", now.steps}}}, words);
  if (record->empty())
    note({"command.replay.differs", {{"before", then.digest}, {"now", now.digest}}}, words);
  else
    note({"command.replay.differs_in", {{"record", *record}}}, words);
  return kReplayDiffers;
}

void keepPath(RunResults& results, const RunFile& then, const std::string& parameter) {
  const File as_recorded{pathOf(then, parameter)};
  results.parameters.set(parameter, as_recorded);
  for (auto& [name, value] : results.file.parameters)
    if (name == parameter) value = as_recorded;
}

}  // namespace

int replayCommand(const ReplayRequest& request, const Catalog& catalog, const Words& words) {
  const OutputRequest& wanted = request.output;
  const RunFile then =
      withFilesBeside(runFileFromJson(readSavedRun(request.file), catalog), request.file);
  const ExperimentSpec& spec = catalog.experiment(then.experiment);
  requireExports(wanted, spec);
  Runtime& runtime = catalog.runtime();
  RunSettings settings = settingsOf(then, spec);
  settings.device = runtime.resolveDevice(then.device);
  settings.in_slices = true;  // so that Ctrl+C is heard while it is prepared
  const std::filesystem::path cache = cacheOfTheUser();
  const std::vector<UnpackedFile> unpacked =
      unpackMissing(request.file, then, cache.empty() ? cache : cache / "data");
  for (const UnpackedFile& file : unpacked) {
    settings.parameters.set(file.parameter, File{file.path});
    note({"command.note.input_unpacked",
          {{"name", file.parameter}, {"file", pathOf(then, file.parameter)}}},
         words);
  }

  const Interruption interruption;
  std::optional<RunFolder> folder;
  if (!wanted.folder.empty())
    folder.emplace(wanted.folder, resultNames(spec, wanted), wanted.force);
  // The records go to standard output only where they were asked for by name.
  const bool stream = !folder && !wanted.exports.empty();

  Run run(spec, std::move(settings), runtime);
  run.begin();
  tellChangedInputs(then, run, words);
  requireStarted(run);
  Animations animations(wanted, words.language());
  const Execution execution = execute(run, stream ? LiveRecords::StandardOutput : LiveRecords::None,
                                      animations, wanted, words);
  requireStarted(run);  // what fails before row 0 may fail in the preparation too
  report(run, execution, true, words);
  if (folder) {
    RunResults results =
        resultsOf(run, runtime, execution.frame, execution.seconds, wantsWeights(wanted));
    // Where a file lies that was unpacked is nobody's business but this machine's.
    for (const UnpackedFile& file : unpacked) keepPath(results, then, file.parameter);
    writeResults(*folder, std::move(results), animations, wanted, words);
  }
  if (execution.interrupted) return kInterrupted;
  const int comparison = compareDigests(then, describe(run, runtime), run, !stream, words);
  // A run that failed when it was recorded fails again at the same place, and is the same.
  return comparison == kDone && then.digest.empty() ? exitStatusOf(run, execution) : comparison;
}

}  // namespace viva
