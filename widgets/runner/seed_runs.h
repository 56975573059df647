// SPDX-License-Identifier: GPL-3.0-or-later
// The same run with several seeds, one after another, and how far the seeds spread.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <vector>

#include "widgets/runner/run_result.h"
#include "widgets/runner/runner.h"

namespace viva {

/// Row by row, over the seeds that have a value there, up to the end of the shortest run.
struct SeedSpread {
  Records mean, smallest, largest;
};
SeedSpread spreadOf(const std::vector<RunResult>& runs);

/// Uses a Runner of its own: the run on screen can go on meanwhile, and neither disturbs the other.
class SeedRuns : public QObject {
  Q_OBJECT

 public:
  explicit SeedRuns(QObject* parent = nullptr);

  /// `count` runs of `settings`, the first with their seed, each next one with the next. What was
  /// under way is given up. `spec` and `runtime` must outlive this.
  void start(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime, int count);
  /// Gives up what is under way, in the midst of a step too.
  void cancel();
  bool isRunning() const { return count_ > 0; }
  int made() const { return made_; }
  int count() const { return count_; }
  /// Of the runs that were made, when `finished` is emitted.
  const std::vector<RunResult>& results() const { return *results_; }
  const SeedSpread& spread() const { return *spread_; }
  Runner& runner() { return runner_; }

 Q_SIGNALS:
  /// Another run has ended; `runner` still has it.
  void ended();
  void finished();
  /// A run could not be made.
  void failed(const viva::Message& message);

 private:
  void next();
  void look();

  Runner runner_;
  const ExperimentSpec* spec_ = nullptr;
  Runtime* runtime_ = nullptr;
  std::optional<RunSettings> settings_;
  int count_ = 0, made_ = 0;
  QTimer look_again_;
  bool collecting_ = false;
  // Shared with the worker, which fills them; a new start takes new ones.
  std::shared_ptr<std::vector<RunResult>> results_;
  std::shared_ptr<SeedSpread> spread_;
};

}  // namespace viva
