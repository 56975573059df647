// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `recurrent-explosion` share: its parameters, and what is remembered of each
// copy of the net.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class RecurrentMatrix { Random, Orthogonal, NonNormal };
enum class RecurrentActivation { Tanh, Relu, Linear };
enum class Clipping { None, Norm, Value };

const auto kExplosionMatrix = choice<RecurrentMatrix>("matrix",
                                                      {{RecurrentMatrix::Random, "random"},
                                                       {RecurrentMatrix::Orthogonal, "orthogonal"},
                                                       {RecurrentMatrix::NonNormal, "non-normal"}},
                                                      RecurrentMatrix::Orthogonal)
                                  .grouped("net");
const auto kExplosionRadius =
    real("spectral_radius", 1.1)
        .range(0.1, 3)
        .stepping(0.01)
        .grouped("net")
        .onlyWhen(kExplosionMatrix, {RecurrentMatrix::Random, RecurrentMatrix::Orthogonal});
const auto kExplosionActivation =
    choice<RecurrentActivation>("activation",
                                {{RecurrentActivation::Tanh, "tanh"},
                                 {RecurrentActivation::Relu, "relu"},
                                 {RecurrentActivation::Linear, "linear"}},
                                RecurrentActivation::Linear)
        .grouped("net");
const auto kExplosionHidden =
    integer("hidden", 32)
        .range(1, 128)
        .logarithmic()
        .grouped("net")
        .onlyWhen(kExplosionMatrix, {RecurrentMatrix::Random, RecurrentMatrix::Orthogonal});
const auto kExplosionLength =
    integer("length", 100).range(2, 200).in("unit.time_steps").grouped("task");
const auto kExplosionBatchSize =
    integer("batch_size", 32).range(1, 256).logarithmic().grouped("task");
const auto kExplosionRate =
    real("lr", 0.003).range(1e-15, 10).logarithmic().live().grouped("training");
const auto kExplosionClip =
    choice<Clipping>(
        "clip", {{Clipping::None, "none"}, {Clipping::Norm, "norm"}, {Clipping::Value, "value"}},
        Clipping::Norm)
        .grouped("training");
const auto kExplosionMaxNorm = real("max_norm", 1)
                                   .range(1e-3, 1000)
                                   .logarithmic()
                                   .live()
                                   .grouped("training")
                                   .onlyWhen(kExplosionClip, {Clipping::Norm});
const auto kExplosionMaxValue = real("max_value", 0.01)
                                    .range(1e-5, 1000)
                                    .logarithmic()
                                    .live()
                                    .grouped("training")
                                    .onlyWhen(kExplosionClip, {Clipping::Value});

/// `unclipped`, and beside it, where something is to be clipped, `clipped`: the same net.
std::vector<std::string> copiesIn(const Parameters& parameters);

/// Where the first number appeared that was not finite.
struct NotFinite {
  std::string tensor;  ///< the word `tensor.<name>`
  std::int64_t step = 0;
};

struct ExplosionReport {
  std::string name;  ///< `unclipped`, `clipped`
  /// Of the gradient, by steps back from the end; the initial ones once the net is lost.
  std::vector<double> state_norms{};
  std::vector<double> initial_norms{};
  double loss = 0, start_loss = 0;  ///< averaged over about the last 20 batches
  std::int64_t updates = 0, clipped = 0;
  double turn = 0, largest_turn = 0, largest_turn_by_norm = 0;  ///< degrees
  double spectral_radius = 0, initial_radius = 0;
  /// The largest absolute value of each tensor at this step.
  std::vector<std::pair<std::string, double>> tensors{};
  std::optional<NotFinite> first{};

  void observe(double batch_loss, std::vector<double> norms);
};

/// What the claims look at.
struct ExplosionState {
  std::vector<ExplosionReport> nets;  ///< of copiesIn
  double radius = 1;                  ///< as it was set
  double baseline = 0;                ///< the loss of always guessing the mean

  const ExplosionReport& free() const { return nets.front(); }
  const ExplosionReport& last() const { return nets.back(); }
  bool isLost() const { return free().first.has_value(); }
  bool isClipped() const { return nets.size() == 2; }
  std::int64_t back() const { return static_cast<std::int64_t>(free().initial_norms.size()) - 1; }
  /// What the first state's gradient is of the last one's, before training.
  double growth() const;
  /// The largest gradient relative to the last state's before training, and how far back.
  std::pair<double, std::int64_t> peak() const;
};
/// Judges the claim of `preset`, or says how the gradient grows.
VerdictData explosionVerdict(const std::string& preset, std::int64_t step,
                             const ExplosionState& state);

/// The norms relative to that at the last step, with `theory` (by steps back) as a reference.
SeriesData relativeGradients(const std::vector<ExplosionReport>& nets,
                             const std::vector<double>& theory);
TableData tensorsTable(const std::vector<ExplosionReport>& nets);

std::unique_ptr<Experiment> makeRecurrentExplosion(const Parameters& parameters,
                                                   const RunContext& context);

}  // namespace viva
