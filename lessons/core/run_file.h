// SPDX-License-Identifier: GPL-3.0-or-later
// *.viva: everything that determines a run, and the digest that it gave.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/run.h"

namespace viva {

class Catalog;

/// The contents of a run file (JSON, `"viva_run": 1`).
struct RunFile {
  static constexpr int kVersion = 1;
  std::string experiment;
  int experiment_version = 1;
  std::vector<std::pair<std::string, Value>> parameters;  ///< those the run started with
  std::string preset;
  std::uint64_t seed = 1;
  std::string device = "cpu";
  int threads = 1;
  std::vector<Event> events;
  std::vector<InputFile> inputs;  ///< the user's files that it read; none where nobody noted them
  std::int64_t steps = 0;
  std::string digest;                                 ///< of the records; empty when not yet run
  std::map<std::string, std::string> record_digests;  ///< name -> digest
  std::string build, blas, library;                   ///< where bit for bit was promised
};

/// Viva's version and compiler: bit for bit is promised for one build.
std::string buildName();

RunFile describe(const Run& run, const Runtime& runtime);
/// The same without the digests, which take about a second for a million steps of 28 records:
/// addDigests can be called by another thread than the run's.
RunFile describeWithoutDigests(const Run& run, const Runtime& runtime);
void addDigests(RunFile& file, const Records& records);
std::string toJson(const RunFile& file);
/// Throws FileError for what is not a run file, is damaged or comes from a newer version, and
/// RequestError for an experiment, parameter or value that this Viva does not know.
RunFile runFileFromJson(std::string_view json, const Catalog& catalog);
/// The settings that replay it.
RunSettings settingsOf(const RunFile& file, const ExperimentSpec& spec);

/// The parameters whose files are other ones now than `then` says: of what both of them know.
std::vector<std::string> changedInputs(const RunFile& then, const std::vector<InputFile>& now);

/// Unset when `now` has the records that the file names, bit for bit; records that came to the
/// experiment later are no difference. Else the first of them, then of the file's, whose digest is
/// another one or missing; empty where the file names none that differs.
std::optional<std::string> firstDifference(const RunFile& then, const Records& now);

}  // namespace viva
