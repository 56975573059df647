// SPDX-License-Identifier: GPL-3.0-or-later
// A student learns few labels, another one also what a teacher thinks of the wrong classes.
#pragma once

#include <memory>
#include <string>

#include "lessons/core/experiment.h"

namespace viva {

inline const auto kTemperature =
    real("temperature", 4).range(0.5, 20).logarithmic().live().grouped("distilling");
inline const auto kAlpha =
    real("alpha", 0.9).range(0, 1).stepping(0.01).live().grouped("distilling");
inline const auto kStudentRate =
    real("lr", 0.1).range(1e-3, 2).logarithmic().live().grouped("distilling");
inline const auto kClasses = integer("classes", 6).range(2, 10).grouped("task");
inline const auto kSpread = real("spread", 0.3).range(0.05, 1).stepping(0.01).grouped("task");
inline const auto kLabels = integer("labels", 30).range(2, 300).logarithmic().grouped("task");
inline const auto kStudentHidden =
    integer("hidden", 32).range(2, 128).logarithmic().grouped("task");

struct DistillationReading {
  double first_hot = 0;  ///< the gradient at T = 16 over that at T = 4, before the first update
  double hard_accuracy = 0, soft_accuracy = 0, teacher_accuracy = 0;
};
VerdictData distillationVerdict(const std::string& preset, std::int64_t step,
                                const DistillationReading& now);

std::unique_ptr<Experiment> makeDistillation(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva
