// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `nms-steps` share: its parameters, and what its claims look at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/detection/suppression.h"

namespace viva {

const auto kScoredBoxes =
    text("boxes", "0 0 10 10 .9; 1 1 11 11 .8; 0 0 5 5 .7; 20 20 30 30 .6; 21 20 31 30 .95")
        .grouped("boxes");
/// What is really there, to say what suppression lost.
const auto kObjects = text("objects", "").grouped("boxes");
const auto kMethod = choice<Suppressing>("method", {{Suppressing::Greedy, "greedy"},
                                                    {Suppressing::SoftLinear, "soft-linear"},
                                                    {Suppressing::SoftGaussian, "soft-gaussian"}})
                         .grouped("suppression");
const auto kThreshold = real("threshold", 0.5)
                            .range(0, 1)
                            .stepping(0.05)
                            .grouped("suppression")
                            .onlyWhen(kMethod, {Suppressing::Greedy, Suppressing::SoftLinear});
const auto kSigma = real("sigma", 0.5)
                        .range(0.01, 5)
                        .logarithmic()
                        .grouped("suppression")
                        .onlyWhen(kMethod, {Suppressing::SoftGaussian});

SuppressionRule ruleIn(const Parameters& parameters);

/// What the claims look at.
struct SuppressionState {
  const Suppression& suppression;
  const std::vector<Box>& objects;
  Suppressing method = Suppressing::Greedy;
  bool is_finished = false;

  std::int64_t kept() const { return static_cast<std::int64_t>(suppression.kept().size()); }
  std::int64_t found() const { return foundBy(suppression, objects); }
};
VerdictData nmsVerdict(const std::string& preset, std::int64_t step, const SuppressionState& state);

std::unique_ptr<Experiment> makeNmsSteps(const Parameters& parameters, const RunContext& context);

}  // namespace viva
