// SPDX-License-Identifier: GPL-3.0-or-later
// The logits of q descend towards p under an entropy or a divergence.
#pragma once

#include <memory>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/information/information.h"

namespace viva {

enum class LogarithmBase { Nats, Bits };

inline const auto kTargetP =
    distribution("p", {0.7, 0.2, 0.1}).live().draggedOn("distributions").grouped("distributions");
inline const auto kModelQ =
    distribution("q", {0.1, 0.6, 0.3}).live().draggedOn("distributions").grouped("distributions");
inline const auto kBetween = distribution("via", {0.4, 0.4, 0.2}).live().grouped("distributions");
inline const auto kMatchObjective =
    choice<Objective>("objective", {{Objective::CrossEntropy, "cross-entropy"},
                                    {Objective::ForwardKl, "forward-kl"},
                                    {Objective::ReverseKl, "reverse-kl"},
                                    {Objective::JensenShannon, "js"}})
        .live()
        .grouped("descent");
inline const auto kMatchRate =
    real("optimizer.lr", 0.5).range(1e-4, 100).logarithmic().live().grouped("descent");
inline const auto kMatchBase =
    choice<LogarithmBase>("base", {{LogarithmBase::Nats, "nats"}, {LogarithmBase::Bits, "bits"}})
        .live()
        .grouped("descent");

/// Everything in nats; `unit` converts.
struct MatchState {
  Probabilities p, q;     ///< now
  Probabilities start_q;  ///< where the descent began
  Probabilities via;
  Objective objective = Objective::CrossEntropy;
  double rate = 0;
  double unit = 1;         ///< nats of the unit in which is shown: 1 or ln 2
  std::int64_t since = 0;  ///< steps since the descent began
  std::int64_t step = 0;
  double largest_gap = 0;  ///< between the gradients of cross-entropy and of KL so far

  /// To what descent should have brought the cross-entropy with a certain target after this many
  /// steps: (K - 1)/(K lr t), in `unit`.
  double theoryAfter(std::int64_t steps) const;
};

BarsData distributionBars(const MatchState& state);
/// H(p) and KL(p || q) on top of each other, beside H(p, q).
BarsData lengthBars(const MatchState& state);
BarsData integrandBars(const MatchState& state);
/// softmax - p, which cross-entropy and KL share, beside that of the objective.
BarsData gradientBars(const MatchState& state);
/// The theory of a certain target, by step.
SeriesData towardsZero(const MatchState& state);
TableData targetsTable(const MatchState& state);
TableData triangleTable(const MatchState& state);
VerdictData matchVerdict(const std::string& preset, const MatchState& state);

std::unique_ptr<Experiment> makeDistributionMatch(const Parameters& parameters,
                                                  const RunContext& context);

}  // namespace viva
