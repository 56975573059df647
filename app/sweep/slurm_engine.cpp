// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "app/export/file_writer.h"
#include "app/export/whole_file.h"
#include "app/sweep/engine.h"
#include "app/sweep/process.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr const char* kJobName = "slurm.json";
constexpr const char* kLogs = "slurm";
/// Squeue is a question to the cluster's controller, which all its users share.
constexpr auto kBetweenQuestions = 2s;
/// The folder is on a network that others use, too.
constexpr auto kBetweenLooks = 1s;
/// Questions without an answer until a job that was cancelled is given up on.
constexpr int kMostSilent = 20;

/// The job that was left in this folder; empty when there is none.
std::string earlierJob(const SweepFolder& folder) {
  std::error_code ignored;
  if (!fs::exists(folder.path() / kJobName, ignored)) return {};
  const auto json = nlohmann::json::parse(readText(folder.path() / kJobName), nullptr, false);
  if (!json.is_object() || !json.contains("job") || !json["job"].is_string()) return {};
  const std::string job = json["job"];
  // It becomes an argument: digits only.
  return job.find_first_not_of("0123456789") == std::string::npos ? job : std::string();
}

enum class JobState { Queued, Over, Unknown };

/// Whether one of the lines is `job` or a task of it: `17`, `17_3`, `17_[4-9%2]`.
bool names(const std::string& lines, const std::string& job) {
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream >> std::ws, line);)
    if (line.substr(0, line.find_first_not_of("0123456789")) == job) return true;
  return false;
}

/// Of a job that is over and forgotten squeue says that its number is wrong, with the exit status
/// that it also has when the cluster's controller does not answer. A list of all jobs fails in the
/// second case only.
JobState stateOf(const std::string& job) {
  Answer answer = ask({"squeue", "--noheader", "--jobs", job, "--format", "%i"});
  if (answer.status != 0) answer = ask({"squeue", "--noheader", "--format", "%i"});
  if (answer.status != 0) return JobState::Unknown;
  return names(answer.output, job) ? JobState::Queued : JobState::Over;
}

class SlurmEngine {
 public:
  SlurmEngine(const SweepFolder& folder, const std::vector<std::size_t>& missing,
              std::size_t points, const SlurmSettings& settings, const EngineWatch& watch)
      : folder_(folder),
        settings_(settings),
        watch_(watch),
        left_(missing.begin(), missing.end()),
        points_(points) {}

  void run() {
    job_ = earlierJob(folder_);
    const bool is_there = !job_.empty() && isStillThere();
    if (watch_.interrupted()) return;
    if (!is_there) {
      submit();
      watch_.note({"sweep.note.slurm_submitted", {{"job", job_}}});
    } else {
      watch_.note({"sweep.note.slurm_watched", {{"job", job_}}});
    }
    if (!watch()) return;
    std::error_code ignored;
    fs::remove(folder_.path() / kJobName, ignored);
  }

 private:
  void submit() {
    std::error_code error;
    fs::create_directories(folder_.path() / kLogs, error);
    if (error) throw cannotWrite(folder_.path() / kLogs, error.value());
    const fs::path logs = fs::absolute(folder_.path() / kLogs);
    std::string array;
    for (const std::size_t part : partsOf({left_.begin(), left_.end()}, points_))
      array += (array.empty() ? "" : ",") + std::to_string(part);
    if (settings_.jobs > 0) array += "%" + std::to_string(settings_.jobs);
    std::vector<std::string> arguments{"sbatch",
                                       "--parsable",
                                       "--job-name=viva-sweep",
                                       "--array=" + array,
                                       "--cpus-per-task=" + std::to_string(settings_.threads),
                                       "--output=" + (logs / "%a.log").string(),
                                       "--requeue"};
    const auto pass = [&](const char* option, const std::string& value) {
      if (!value.empty()) arguments.push_back(std::string(option) + value);
    };
    pass("--partition=", settings_.partition);
    pass("--time=", settings_.time);
    pass("--mem=", settings_.memory);
    arguments.insert(arguments.end(), settings_.options.begin(), settings_.options.end());
    arguments.push_back(writeScript());
    const Answer answer = ask(arguments);
    // --parsable adds the cluster's name behind a semicolon.
    job_ = answer.output.substr(0, answer.output.find_first_of(";\n"));
    if (answer.status != 0 || job_.empty())
      throw RunError({"sweep.error.sbatch", {{"status", std::int64_t{answer.status}}}});
    writeWhole(folder_.path() / kJobName, nlohmann::json{{"job", job_}}.dump() + "\n");
  }

  /// Sbatch takes its job from a script; this one is the same for every task.
  std::string writeScript() const {
    const fs::path path = folder_.path() / kLogs / "task.sh";
    writeWhole(path, "#!/bin/sh\nexec " + partCommand(folder_, "$SLURM_ARRAY_TASK_ID", points_) +
                         " --lang " + settings_.language + "\n");
    return path.string();
  }

  /// Asks; a silence is told of once.
  JobState askedState() {
    const JobState state = stateOf(job_);
    if (state == JobState::Unknown && !is_silent_)
      watch_.note({"sweep.note.slurm_silent", {{"job", job_}}});
    is_silent_ = state == JobState::Unknown;
    return state;
  }

  bool isStillThere() {
    JobState state = askedState();
    for (auto asked = Clock::now(); state == JobState::Unknown && !watch_.interrupted();) {
      std::this_thread::sleep_for(100ms);
      watch_.tick();
      if (Clock::now() - asked < kBetweenQuestions) continue;
      state = askedState();
      asked = Clock::now();
    }
    return state == JobState::Queued;
  }

  /// False: the job may still be there.
  bool watch() {
    auto asked = Clock::now(), looked = asked - kBetweenLooks;
    bool is_gone = true;
    for (bool over = false; !over;) {
      if (watch_.interrupted()) {
        is_gone = ask({"scancel", job_}).status == 0;
        if (!is_gone) watch_.note({"sweep.note.slurm_not_cancelled", {{"job", job_}}});
        over = true;
      } else if (Clock::now() - asked >= kBetweenQuestions) {
        over = askedState() == JobState::Over;
        asked = Clock::now();
      }
      // After the last question: a file that came before the end of the job is seen.
      if (over || Clock::now() - looked >= kBetweenLooks) {
        tellWhatIsDone();
        looked = Clock::now();
      }
      watch_.tick();
      if (left_.empty()) return true;
      // Files of other machines announce themselves to nobody: they are looked for.
      if (!over) std::this_thread::sleep_for(100ms);
    }
    return is_gone;
  }

  void tellWhatIsDone() {
    std::vector<std::size_t> there = folder_.pointsThere();
    std::sort(there.begin(), there.end());
    for (const std::size_t point : there)
      if (left_.erase(point) > 0) watch_.done(point);
  }

  const SweepFolder& folder_;
  const SlurmSettings& settings_;
  const EngineWatch& watch_;
  std::set<std::size_t> left_;
  std::size_t points_;
  std::string job_;
  bool is_silent_ = false;
};

}  // namespace

void computeWithSlurm(const SweepFolder& folder, const std::vector<std::size_t>& missing,
                      std::size_t points, const SlurmSettings& settings, const EngineWatch& watch) {
  SlurmEngine(folder, missing, points, settings, watch).run();
}

std::string cancelEarlierJob(const SweepFolder& folder) {
  const std::string job = earlierJob(folder);
  if (job.empty()) return {};
  const auto refuse = [&] { throw RunError({"sweep.error.slurm_silent", {{"job", job}}}); };
  JobState state = stateOf(job);
  if (state == JobState::Over) return {};
  if (ask({"scancel", job}).status != 0) refuse();
  for (int silent = 0; (state = stateOf(job)) != JobState::Over;) {
    silent = state == JobState::Unknown ? silent + 1 : 0;
    if (silent == kMostSilent) refuse();
    std::this_thread::sleep_for(500ms);
  }
  std::error_code ignored;
  fs::remove(folder.path() / kJobName, ignored);
  return job;
}

}  // namespace viva
