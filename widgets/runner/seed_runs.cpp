// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/seed_runs.h"

#include <algorithm>
#include <cmath>

namespace viva {
namespace {

using namespace std::chrono_literals;

/// Nobody watches these runs: how often it is looked whether one has ended.
constexpr auto kLookInterval = 30ms;

}  // namespace

SeedSpread spreadOf(const std::vector<RunResult>& runs) {
  if (runs.empty()) return {};
  std::vector<RecordSpec> specs;
  for (const std::string& name : runs.front().records.names()) specs.push_back({name, "", false});
  std::int64_t rows = runs.front().records.rows();
  for (const RunResult& run : runs) rows = std::min(rows, run.records.rows());
  constexpr std::size_t kMemory = 64u << 20;
  RecordTable mean(specs, kMemory), smallest(specs, kMemory), largest(specs, kMemory);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < specs.size(); ++column) {
      double sum = 0, low = 0, high = 0;
      int count = 0;
      for (const RunResult& run : runs) {
        const double value = run.records.at(row, column);
        if (isAbsent(value)) continue;
        // What is not a number is not passed over: the mean says so.
        low = count == 0 || value < low || std::isnan(value) ? value : low;
        high = count == 0 || value > high || std::isnan(value) ? value : high;
        sum += value;
        ++count;
      }
      if (count == 0) continue;
      mean.set(column, sum / count);
      smallest.set(column, low);
      largest.set(column, high);
    }
    for (RecordTable* table : {&mean, &smallest, &largest}) table->endRow();
  }
  return {mean.records(), smallest.records(), largest.records()};
}

SeedRuns::SeedRuns(QObject* parent)
    : QObject(parent),
      results_(std::make_shared<std::vector<RunResult>>()),
      spread_(std::make_shared<SeedSpread>()) {
  runner_.setWatched(false);
  connect(&runner_, &Runner::published, this, &SeedRuns::look);
  look_again_.setSingleShot(true);
  look_again_.setInterval(kLookInterval);
  connect(&look_again_, &QTimer::timeout, &runner_, &Runner::wantState);
}

void SeedRuns::start(const ExperimentSpec& spec, RunSettings settings, Runtime& runtime,
                     int count) {
  spec_ = &spec;
  runtime_ = &runtime;
  settings_ = std::move(settings);
  count_ = count;
  made_ = 0;
  results_ = std::make_shared<std::vector<RunResult>>();
  spread_ = std::make_shared<SeedSpread>();
  next();
}

void SeedRuns::cancel() {
  if (!isRunning()) return;
  count_ = 0;
  runner_.cancel();
}

void SeedRuns::next() {
  collecting_ = false;
  RunSettings settings = *settings_;
  settings.seed += static_cast<std::uint64_t>(made_);
  runner_.start(*spec_, std::move(settings), *runtime_, settings_->steps);
  runner_.wantState();
}

void SeedRuns::look() {
  const RunState& state = runner_.state();
  if (!isRunning() || collecting_) return;
  if (state.status == RunStatus::Running) {
    look_again_.start();
    return;
  }
  if (state.records.rows() == 0) {
    count_ = 0;
    Q_EMIT failed(state.message.value_or(Message{}));
    return;
  }
  collecting_ = true;
  Q_EMIT ended();
  const bool last = made() + 1 == count_;
  runner_.inspect(
      [this, results = results_, spread = spread_, last](const Run& run) {
        results->push_back(resultOf(run, runner_.timesOfInspected()));
        if (last) *spread = spreadOf(*results);
      },
      [this, results = results_, last](const std::optional<Message>& problem) {
        if (results != results_ || !isRunning()) return;  // given up meanwhile
        if (problem) {
          count_ = 0;
          Q_EMIT failed(*problem);
          return;
        }
        ++made_;
        if (!last) return next();
        count_ = 0;
        Q_EMIT finished();
      });
}

}  // namespace viva
