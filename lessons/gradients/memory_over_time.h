// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `memory-over-time` share: its parameters, and what is remembered of each
// memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// Attention: the states h_t = tanh(W x_t + b) know nothing of each other, and one learned query
/// looks at all of them at once, softmax(q h_t / sqrt(hidden)).
enum class MemoryKind { Rnn, Gru, Lstm, Attention };
inline constexpr std::array<MemoryKind, 4> kMemoryKinds{MemoryKind::Rnn, MemoryKind::Gru,
                                                        MemoryKind::Lstm, MemoryKind::Attention};
/// `rnn`: as parameters, records and curves spell it.
const std::string& nameOf(MemoryKind kind);

/// One for each of kMemoryKinds.
const std::array<Parameter<bool>, 4> kMemoryOn{
    toggle("rnn.on", true).grouped("memories"), toggle("gru.on", true).grouped("memories"),
    toggle("lstm.on", true).grouped("memories"), toggle("attention.on", true).grouped("memories")};
const auto kMemoryLength =
    integer("length", 50).range(2, 200).in("unit.time_steps").grouped("task");
const auto kMemoryBatchSize = integer("batch_size", 32).range(1, 256).logarithmic().grouped("task");
const auto kMemoryHidden = integer("hidden", 32).range(1, 128).logarithmic().grouped("memories");
const auto kMemoryForgetBias =
    real("forget_bias", 1).range(-2, 6).stepping(0.1).grouped("memories");
const auto kMemoryRate = real("lr", 0.003).range(1e-6, 1).logarithmic().live().grouped("training");
const auto kMemoryClip = toggle("clip", true).live().grouped("training");
const auto kMemoryMaxNorm = real("max_norm", 1)
                                .range(1e-3, 1000)
                                .logarithmic()
                                .live()
                                .grouped("training")
                                .onlyWhen(kMemoryClip);

std::vector<MemoryKind> memoriesIn(const Parameters& parameters);

struct MemoryReport {
  MemoryKind kind = MemoryKind::Rnn;
  std::vector<double> state_norms{};  ///< of the gradient, by steps back from the end
  double loss = 0;                    ///< averaged over about the last 20 batches
  std::int64_t updates = 0;
  /// Natural logarithm of farToNear(), averaged over about the last 20 updates: which steps are
  /// marked is drawn anew each time.
  double log_ratio = 0;

  void observe(double batch_loss, std::vector<double> norms);
  /// What reaches the first step, relative to the last; none for 0/0.
  std::optional<double> farToNear() const;
  double typicalRatio() const;
};

/// What the claims look at.
struct MemoryState {
  std::vector<MemoryReport> memories;
  std::int64_t length = 0;  ///< steps
  double baseline = 0;      ///< the loss of always guessing the mean

  /// Null for a memory that was left out.
  const MemoryReport* find(MemoryKind kind) const;
};
/// Judges the claim of `preset`, or says which memory lets most of the gradient through.
VerdictData memoryVerdict(const std::string& preset, std::int64_t step, const MemoryState& state);

std::unique_ptr<Experiment> makeMemoryOverTime(const Parameters& parameters,
                                               const RunContext& context);

}  // namespace viva
