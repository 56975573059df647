// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/sweep.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "app/commands/circumstances.h"
#include "app/commands/console.h"
#include "app/commands/experiment_name.h"
#include "app/commands/interruption.h"
#include "app/commands/sweep_request.h"
#include "app/commands/terminal_line.h"
#include "app/export/carried_files.h"
#include "app/export/pictures.h"
#include "app/export/run_folder.h"
#include "app/sweep/cell_words.h"
#include "app/sweep/engine.h"
#include "app/sweep/map.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kCsvName = "sweep.csv";

/// The exports that are pictures of the map; refuses what a sweep cannot write.
std::vector<Export> pictureFormats(const SweepRequest& request, const Sweep& sweep) {
  std::vector<Export> formats;
  for (const Export format : request.run.output.exports) {
    if (format == Export::Csv) continue;
    if (format != Export::Png && format != Export::Svg && format != Export::Pdf)
      throw RequestError({"sweep.error.export", {{"allowed", std::string("csv, png, svg, pdf")}}});
    formats.push_back(format);
  }
  if (formats.empty()) return formats;
  requirePictures();
  if (sweep.axes.size() > kMostMapAxes)
    throw RequestError(
        {"sweep.error.no_map", {{"count", static_cast<std::int64_t>(kMostMapAxes)}}});
  return formats;
}

/// A folder for a sweep whose results go to standard output; gone when this is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "viva-sweep-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw cannotWrite(name, errno);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

class SweepCommand {
 public:
  SweepCommand(const SweepRequest& request, const Catalog& catalog, const Words& words)
      : request_(request),
        wanted_(request.run.output),
        catalog_(catalog),
        words_(words),
        sweep_(
            sweepOf(request, experimentNamed(request.run.experiment, catalog), catalog.runtime())),
        metric_(readMetric(request.metric)),
        formats_(pictureFormats(request, sweep_)) {
    requireRecord(metric_, sweep_);
  }

  int run() {
    const Interruption interruption;
    std::optional<TemporaryFolder> temporary;
    std::optional<RunFolder> results;
    if (wanted_.folder.empty()) {
      if (request_.engine != EngineKind::Local)
        throw RequestError({"sweep.error.engine_needs_folder", {}});
      temporary.emplace();
    } else {
      results.emplace(wanted_.folder, resultNames(), wanted_.force || holdsThisSweep());
    }
    SweepFolder folder(temporary ? temporary->path() : fs::path(wanted_.folder));
    if (wanted_.force) {
      const std::string job = cancelEarlierJob(folder);
      if (!job.empty() && !wanted_.quiet)
        note({"sweep.note.slurm_cancelled", {{"job", job}}}, words_);
    }
    if (wanted_.force || !folder.holdsSweep()) folder.begin(sweep_);

    const std::vector<std::size_t> missing = folder.missing(sweep_, catalog_);
    const std::size_t kept = sweep_.points() - missing.size();
    if (kept > 0 && !wanted_.quiet)
      note({"sweep.note.kept", {{"count", static_cast<std::int64_t>(kept)}}}, words_);
    if (sweep_.repeat > 1 && !usesSeed() && !wanted_.quiet)
      note({"sweep.note.seed_unused", {}}, words_);
    if (request_.engine == EngineKind::Command && !missing.empty()) {
      for (const std::string& command : commandsFor(folder, missing, sweep_.points()))
        print(command + "\n");
      if (!wanted_.quiet) note({"sweep.note.commands", {}}, words_);
      return kDone;
    }
    if (kept > 0 && !missing.empty() && !wanted_.quiet)
      tellDifferences(sweepFromJson(folder.description(), catalog_).base, sweep_.base, words_);
    compute(folder, missing);
    return report(folder, results);
  }

 private:
  std::vector<std::string> resultNames() const {
    std::vector<std::string> names{kCsvName, kSummaryName};
    for (const Export format : formats_) names.push_back("map." + pictureEnding(format));
    return names;
  }

  bool usesSeed() const {
    return !sweep_.spec->uses_randomness ||
           sweep_.spec->uses_randomness(sweep_.settingsOf(0).parameters);
  }

  /// True: it goes on there. Throws RequestError when the folder holds another sweep.
  bool holdsThisSweep() const {
    const SweepFolder folder{fs::path(wanted_.folder)};
    if (!folder.holdsSweep()) return false;
    if (isThisSweep(folder)) {
      requireSameInputs(folder);
      return true;
    }
    if (wanted_.force) return false;
    throw RequestError({"sweep.error.other_sweep", {{"folder", wanted_.folder}}});
  }

  /// What is there was computed from files as they were then.
  void requireSameInputs(const SweepFolder& folder) const {
    const RunFile then = sweepFromJson(folder.description(), catalog_).base;
    for (const std::string& name : changedInputs(then, sweep_.base.inputs))
      throw RequestError(
          {"sweep.error.input_changed",
           {{"name", name}, {"file", pathOf(sweep_.base, name)}, {"folder", wanted_.folder}}});
  }

  bool isThisSweep(const SweepFolder& folder) const {
    try {
      return haveTheSamePoints(sweepFromJson(folder.description(), catalog_), sweep_);
    } catch (const Error&) {
      return false;  // damaged, or of a newer Viva
    }
  }

  void compute(const SweepFolder& folder, const std::vector<std::size_t>& missing) {
    if (missing.empty()) return;
    std::error_code ignored;
    // What failed last time is tried again, and its file must not pass for the new one.
    for (const std::size_t point : missing) fs::remove(folder.pointPath(point), ignored);
    TerminalLine line(wanted_.quiet);
    std::size_t done = 0, diverged = 0;
    const auto start = Clock::now();
    EngineWatch watch;
    watch.interrupted = Interruption::requested;
    watch.note = [&](const Message& message) {
      line.clear();
      if (!wanted_.quiet) note(message, words_);
    };
    watch.done = [&](std::size_t point) {
      ++done;
      if (!line.isShown()) return;
      const auto result = folder.result(point, catalog_);
      diverged += result && rowOf(point, *result, metric_).diverged();
    };
    watch.tick = [&] {
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      const std::size_t all = sweep_.points(), there = all - missing.size() + done;
      const std::string left =
          done == 0 ? "?"
                    : readableDuration(seconds * static_cast<double>(missing.size() - done) /
                                       static_cast<double>(done));
      line.draw(static_cast<double>(there) / static_cast<double>(all),
                words_(Message{"sweep.progress",
                               {{"done", static_cast<std::int64_t>(there)},
                                {"points", static_cast<std::int64_t>(all)},
                                {"diverged", static_cast<std::int64_t>(diverged)},
                                {"left", left}}}));
    };
    const std::string language(codeOf(words_.language()));
    if (request_.engine == EngineKind::Slurm) {
      SlurmSettings settings = request_.slurm;
      settings.jobs = request_.jobs.value_or(0);
      settings.threads = sweep_.base.threads;
      settings.language = language;
      computeWithSlurm(folder, missing, sweep_.points(), settings, watch);
    } else {
      const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
      const int fitting = std::max(1, static_cast<int>(cores) / std::max(1, sweep_.base.threads));
      const int jobs = request_.jobs.value_or(fitting);
      computeLocally(folder, missing,
                     {std::min<int>(jobs, static_cast<int>(missing.size())), language}, watch);
    }
  }

  int report(const SweepFolder& folder, std::optional<RunFolder>& files) {
    const bool cancelled = Interruption::requested();
    const SweepResults results = gather(sweep_, folder, metric_, request_.goal, catalog_);
    if (files)
      writeResults(*files, results, cancelled);
    else
      writeToOutput(results);
    if (!wanted_.quiet) note(bestInWords(sweep_, results, words_), words_);
    tellFailures(folder, results);
    if (files && !wanted_.quiet)
      note({"sweep.note.written",
            {{"done", static_cast<std::int64_t>(results.done())},
             {"points", static_cast<std::int64_t>(sweep_.points())},
             {"folder", wanted_.folder}}},
           words_);
    if (cancelled) return kInterrupted;
    return results.done() == sweep_.points() ? kDone : kRunFailed;
  }

  void tellFailures(const SweepFolder& folder, const SweepResults& results) const {
    const auto failed = std::find_if(results.rows.begin(), results.rows.end(),
                                     [](const SweepRow& row) { return row.failed(); });
    const auto count = static_cast<std::int64_t>(results.rows.size() - results.done());
    if (failed != results.rows.end()) {
      const auto result = folder.result(failed->point, catalog_);
      note({"sweep.note.failed",
            {{"count", count},
             {"values", cellInWords(sweep_, sweep_.cellOf(failed->point), words_)},
             {"reason", result && result->message ? words_(*result->message) : std::string("?")}}},
           words_);
    }
    const std::size_t missing = sweep_.points() - results.rows.size();
    if (missing > 0 && !Interruption::requested())
      note({"sweep.note.missing", {{"count", static_cast<std::int64_t>(missing)}}}, words_);
  }

  void writeToOutput(const SweepResults& results) const {
    FileWriter output(STDOUT_FILENO, "stdout");
    writeSweepCsv(output, sweep_, results);
    output.flush();
  }

  void writeResults(RunFolder& files, const SweepResults& results, bool cancelled) const {
    std::vector<std::string> names{kCsvName};
    files.write(kCsvName, [&](FileWriter& file) { writeSweepCsv(file, sweep_, results); });
    if (!formats_.empty())
      if (const auto map = mapOf(sweep_, results, words_))
        drawPicture(sweep_.spec->id, map->spec, map->title, map->frame, formats_, wanted_.picture,
                    words_.language(), [&](const std::string& name, std::string_view bytes) {
                      files.write(name, [&](FileWriter& file) { file.write(bytes); });
                      names.push_back(name);
                    });
    names.emplace_back(kSummaryName);
    files.write(kSummaryName, [&](FileWriter& file) {
      file.write(sweepSummaryJson(sweep_, results, cancelled, names, words_));
    });
    files.commit();
  }

  const SweepRequest& request_;
  const OutputRequest& wanted_;
  const Catalog& catalog_;
  const Words& words_;
  const Sweep sweep_;
  const Metric metric_;
  const std::vector<Export> formats_;
};

}  // namespace

int sweepCommand(const SweepRequest& request, const Catalog& catalog, const Words& words) {
  return SweepCommand(request, catalog, words).run();
}

}  // namespace viva
