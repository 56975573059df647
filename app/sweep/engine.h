// SPDX-License-Identifier: GPL-3.0-or-later
// Who computes the points of a sweep: processes here, Slurm, or whoever is handed the commands. All
// start `viva sweep-points` on the sweep's folder, so that the numbers are the same.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/sweep/sweep_folder.h"

namespace viva {

enum class EngineKind { Local, Slurm, Command };

/// What an engine tells while it works.
struct EngineWatch {
  std::function<void(std::size_t point)> done;    ///< its file is there
  std::function<void(const Message& what)> note;  ///< for the user
  std::function<void()> tick;                     ///< several times a second
  std::function<bool()> interrupted;
};

struct LocalSettings {
  int jobs = 1;          ///< processes at once
  std::string language;  ///< of the messages of failed points
};
/// Computes the points in processes of its own, each taking the next point that is left. What is
/// done when it is interrupted is kept. A process that dies takes only its point with it.
void computeLocally(const SweepFolder& folder, const std::vector<std::size_t>& points,
                    const LocalSettings& settings, const EngineWatch& watch);

struct SlurmSettings {
  int jobs = 0;                         ///< tasks at once; 0: as many as Slurm gives
  int threads = 1;                      ///< of a point: the processors of a task
  std::string partition, time, memory;  ///< passed on; empty: Slurm's defaults
  std::vector<std::string> options;     ///< further options of sbatch, as they are
  std::string language;
};
/// Hands the missing ones of `points` points to Slurm as one job array, or watches the array that
/// an earlier sweep in this folder left there, until it is over. While the cluster does not answer,
/// the array counts as there. Interrupted, it cancels the array. Throws RunError when sbatch
/// refuses; it has said why on standard error.
void computeWithSlurm(const SweepFolder& folder, const std::vector<std::size_t>& missing,
                      std::size_t points, const SlurmSettings& settings, const EngineWatch& watch);

/// Cancels the job that an earlier sweep left in this folder and waits until its tasks are gone:
/// what they still wrote would pass for points of the next sweep. Its number; empty when there was
/// none. Throws RunError when the cluster does not answer.
std::string cancelEarlierJob(const SweepFolder& folder);

/// Where every command computes a part of the sweep, part p of n has the points p, p + n, ...
std::size_t partCount(std::size_t points);
/// The parts that have missing points, ascending.
std::vector<std::size_t> partsOf(const std::vector<std::size_t>& missing, std::size_t points);
/// For a shell; `part` is a number or what the shell puts one in for.
std::string partCommand(const SweepFolder& folder, const std::string& part, std::size_t points);
/// One line a part that has missing points.
std::vector<std::string> commandsFor(const SweepFolder& folder,
                                     const std::vector<std::size_t>& missing, std::size_t points);

}  // namespace viva
