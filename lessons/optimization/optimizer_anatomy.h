// SPDX-License-Identifier: GPL-3.0-or-later
// What the anatomy is told, and how a step that was taken apart is shown: as arrows, as a formula
// with numbers, in words.
#pragma once

#include <cstdint>
#include <memory>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"
#include "lessons/optimization/surfaces.h"
#include "lessons/optimization/update_lines.h"

namespace viva {

inline const auto kAnatomyOptimizer =
    optimizerChoice("optimizer", Optimizer::Adam).grouped("optimizer");
inline const auto kAnatomySurface = surfaceParameter();
inline const auto kAnatomyStart =
    point("start", {-1.5, 1.2}).range(-10, 10).grouped("surface").draggedOn("plane");
inline const auto kAnatomyKappa = real("kappa", 4)
                                      .range(1, 1000)
                                      .logarithmic()
                                      .grouped("surface")
                                      .onlyWhen(kAnatomySurface, {SurfaceKind::Ravine});
inline const auto kAnatomyArrowScale =
    real("arrow_scale", 0.2).range(1e-4, 10).logarithmic().live().grouped("surface");

/// The newest step and what went into it. Before the first step only the gradient has a meaning.
struct Dissection {
  Optimizer optimizer;
  const UpdateRule& rule;  ///< after the step
  std::int64_t step;
  Pair before, after;
  Pair gradient;
  const TakenApart& parts;
};

std::unique_ptr<Experiment> makeOptimizerAnatomy(const Parameters& parameters,
                                                 const RunContext& context);

/// Arrows from where the step began. The step has its true length; gradient, first moment and the
/// root of the second point downhill and are `scale` plane units long for each unit of gradient.
void addArrows(PlaneData& plane, const Dissection& dissection, double scale);

TableData formulaTable(const Dissection& dissection);

VerdictData explain(const Dissection& dissection);

}  // namespace viva
