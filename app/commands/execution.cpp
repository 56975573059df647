// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/execution.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "app/commands/interruption.h"
#include "app/commands/progress_bar.h"
#include "app/commands/sentence.h"
#include "app/export/animation_encoder.h"
#include "app/export/labels.h"
#include "app/export/pictures.h"
#include "app/export/records_csv.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two looks at the terminal and the reader of standard output.
constexpr std::chrono::milliseconds kSlice{100};

}  // namespace

Execution execute(Run& run, LiveRecords live, Animations& animations, const OutputRequest& request,
                  const Words& words, const Watch& watch) {
  Execution execution;
  bool is_wanted = true;
  const auto goes_on = [&] { return is_wanted && !Interruption::requested(); };
  const auto tell = [&] { is_wanted = !watch || watch(run); };
  FileWriter output(STDOUT_FILENO, "stdout");
  RecordsCsv csv(output);
  const auto stream = [&] {
    if (live == LiveRecords::None) return;
    csv.write(run.records());
    output.flush();
  };
  ProgressBar bar(run, words, request.quiet);
  const std::int64_t every = animations.every(run.settings().steps);
  std::int64_t captured = -1;
  Clock::duration drawing{};
  const auto capture = [&] {
    const auto since = Clock::now();
    captured = run.step();
    if (const auto frame = run.frame()) animations.capture(run, frame);
    drawing += Clock::now() - since;
  };
  const auto frame_is_due = [&] {
    return every > 0 && run.step() % every == 0 && run.step() != captured;
  };
  while (run.isPreparing() && goes_on()) {
    const auto until = Clock::now() + kSlice;
    run.advance(
        [&] { return Interruption::requested() || !run.isPreparing() || Clock::now() >= until; });
    bar.draw();
    tell();
  }
  run.storePhase();
  const auto begin = Clock::now();
  if (frame_is_due()) capture();
  while (run.status() == RunStatus::Running && goes_on()) {
    const auto until = Clock::now() + kSlice;
    run.advance(
        [&] { return Interruption::requested() || Clock::now() >= until || frame_is_due(); });
    run.storePhase();
    if (frame_is_due()) capture();
    bar.draw();
    tell();
    stream();
  }
  execution.seconds = std::chrono::duration<double>(Clock::now() - begin - drawing).count();
  execution.interrupted = run.status() == RunStatus::Running;
  if (execution.interrupted) run.cancel();
  bar.clear();
  stream();
  if (every > 0 && captured != run.step() && run.status() != RunStatus::Failed) capture();
  if (run.status() != RunStatus::Failed) execution.frame = run.frame();
  return execution;
}

Message failedCheckNote(const CheckResult& check, const ExperimentSpec& spec, const Words& words) {
  return {"command.note.check_failed",
          {{"check", words.of(spec.id, "check", check.id)},
           {"difference", check.difference},
           {"tolerance", check.tolerance}}};
}

void report(const Run& run, const Execution& execution, bool quiet, const Words& words) {
  const std::string& experiment = run.spec().id;
  for (const CheckResult& check : run.checks())
    if (check.failed()) note(failedCheckNote(check, run.spec(), words), words);
  if (run.status() == RunStatus::Failed && run.message()) note(*run.message(), words);
  if (quiet) return;
  if (const auto reading = run.reading()) note(*reading, words);
  for (const auto& [record, step] : run.nonFinite())
    note({"command.note.not_finite",
          {{"record", recordLabel(words, experiment, record)}, {"step", step}}},
         words);
  if (execution.frame)
    for (const auto& [id, data] : execution.frame->views)
      if (const auto* verdict = std::get_if<VerdictData>(&data)) note(verdict->sentence, words);
}

int exitStatusOf(const Run& run, const Execution& execution) {
  if (run.status() == RunStatus::Failed) return kRunFailed;
  return execution.interrupted ? kInterrupted : kDone;
}

void requireStarted(const Run& run) {
  if (run.records().rows() > 0 || !run.failure()) return;
  try {
    std::rethrow_exception(run.failure());
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    throw RunError(*run.message());
  }
}

void requireExports(const OutputRequest& request, const ExperimentSpec& spec) {
  for (const Export format : request.exports) {
    if (!pictureEnding(format).empty()) requirePictures();
    if ((format == Export::Gif || format == Export::Mp4) && !hasFfmpeg())
      throw RequestError({"command.error.no_ffmpeg", {{"format", pictureEnding(format)}}});
  }
  std::vector<std::string> views;
  for (const ViewSpec& view : spec.views) views.push_back(view.id);
  views.emplace_back(kPanelView);
  for (const std::string& wanted : request.picture.views)
    if (std::find(views.begin(), views.end(), wanted) == views.end())
      throw RequestError(
          {"command.error.unknown_view", {{"value", wanted}, {"allowed", joined(views)}}});
}

}  // namespace viva
