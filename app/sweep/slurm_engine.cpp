// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

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

bool isQueued(const std::string& job) {
  // An unknown job is an error of squeue: it is over and forgotten.
  const Answer answer = ask({"squeue", "--noheader", "--jobs", job, "--format", "%i"});
  return answer.status == 0 && answer.output.find_first_not_of(" \n") != std::string::npos;
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
    if (job_.empty() || !isQueued(job_)) {
      submit();
      watch_.note({"sweep.note.slurm_submitted", {{"job", job_}}});
    } else {
      watch_.note({"sweep.note.slurm_watched", {{"job", job_}}});
    }
    watch();
    std::error_code ignored;
    fs::remove(folder_.path() / kJobName, ignored);
  }

 private:
  void submit() {
    fs::create_directories(folder_.path() / kLogs);
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
    writeText(folder_.path() / kJobName, nlohmann::json{{"job", job_}}.dump() + "\n");
  }

  /// Sbatch takes its job from a script; this one is the same for every task.
  std::string writeScript() const {
    const fs::path path = folder_.path() / kLogs / "task.sh";
    writeText(path, "#!/bin/sh\nexec " + partCommand(folder_, "$SLURM_ARRAY_TASK_ID", points_) +
                        " --lang " + settings_.language + "\n");
    return path.string();
  }

  void watch() {
    auto asked = Clock::now(), looked = asked - kBetweenLooks;
    for (bool over = false; !over;) {
      if (watch_.interrupted()) {
        ask({"scancel", job_});
        over = true;
      } else if (Clock::now() - asked >= kBetweenQuestions) {
        over = !isQueued(job_);
        asked = Clock::now();
      }
      // After the last question: a file that came before the end of the job is seen.
      if (over || Clock::now() - looked >= kBetweenLooks) {
        tellWhatIsDone();
        looked = Clock::now();
      }
      watch_.tick();
      if (left_.empty()) return;
      // Files of other machines announce themselves to nobody: they are looked for.
      if (!over) std::this_thread::sleep_for(100ms);
    }
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
};

}  // namespace

void computeWithSlurm(const SweepFolder& folder, const std::vector<std::size_t>& missing,
                      std::size_t points, const SlurmSettings& settings, const EngineWatch& watch) {
  SlurmEngine(folder, missing, points, settings, watch).run();
}

std::string cancelEarlierJob(const SweepFolder& folder) {
  const std::string job = earlierJob(folder);
  if (job.empty() || !isQueued(job)) return {};
  ask({"scancel", job});
  while (isQueued(job)) std::this_thread::sleep_for(500ms);
  std::error_code ignored;
  fs::remove(folder.path() / kJobName, ignored);
  return job;
}

}  // namespace viva
