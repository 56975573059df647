// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of one net learn the same batches by different losses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/losses/losses.h"

namespace viva {

enum class LossData { Moons, Circles, Blobs };

inline const auto kLossData = choice<LossData>("dataset", {{LossData::Moons, "moons"},
                                                           {LossData::Circles, "circles"},
                                                           {LossData::Blobs, "blobs"}})
                                  .grouped("task");
inline const auto kLossSamples =
    integer("samples", 400).range(40, 2000).logarithmic().grouped("task");
inline const auto kRareShare =
    real("rare_share", 0.5).range(0.02, 0.5).stepping(0.01).grouped("task");
inline const auto kStartBias = real("bias", 0).range(-8, 8).stepping(0.1).grouped("training");
inline const auto kLossHidden =
    integer("hidden", 16).range(1, 64).logarithmic().grouped("training");
inline const auto kLossBatch =
    integer("batch_size", 64).range(4, 256).logarithmic().grouped("training");
inline const auto kLossRate =
    real("lr", 0.3).range(1e-3, 3).logarithmic().live().grouped("training");
/// Whether a copy learns by it.
inline Parameter<bool> takesPart(const NamedLoss<MarginLoss>& loss) {
  return toggle(loss.name + ".on", true).grouped("losses");
}
inline const auto kRaceGamma = real("gamma", 2)
                                   .range(0, 5)
                                   .stepping(0.1)
                                   .live()
                                   .grouped("losses")
                                   .onlyWhen("focal.on", {"true"});
inline const auto kRaceSmoothing = real("smoothing", 0.1)
                                       .range(0, 0.5)
                                       .stepping(0.01)
                                       .live()
                                       .grouped("losses")
                                       .onlyWhen("smoothed.on", {"true"});

/// Those that are switched on.
std::vector<NamedLoss<MarginLoss>> lossesIn(const Parameters& parameters);

/// A copy of the net, and what it has come to.
struct LossRacer : NamedLoss<MarginLoss> {
  double cross_entropy = 0, accuracy = 0, recall = 0, logit = 0;
  double first_gradient = 0, gradient = 0;  ///< mean size on samples of class 1
  double easy_share = 0;                    ///< summed since the first evaluation
  std::int64_t evaluations = 0;
  std::optional<std::int64_t> good_since{};  ///< the first step with an accuracy of 80 %

  double meanEasyShare() const {
    return evaluations > 0 ? easy_share / static_cast<double>(evaluations) : 0;
  }
};
struct LossRaceReading {
  const std::vector<LossRacer>& racers;
  double smoothing = 0;
  std::int64_t step = 0;
};
VerdictData lossRaceVerdict(const std::string& preset, const LossRaceReading& now);

std::unique_ptr<Experiment> makeLossRace(const Parameters& parameters, const RunContext& context);

}  // namespace viva
