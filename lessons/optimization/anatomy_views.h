// SPDX-License-Identifier: GPL-3.0-or-later
// How a step that was taken apart is shown: as arrows, as a formula with numbers, in words.
#pragma once

#include <cstdint>

#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"
#include "lessons/optimization/update_lines.h"

namespace viva {

/// The newest step and what went into it. Before the first step only the gradient has a meaning.
struct Dissection {
  Optimizer optimizer;
  const UpdateRule& rule;  ///< after the step
  std::int64_t step;
  Pair before, after;
  Pair gradient;
  const TakenApart& parts;
};

/// Arrows from where the step began. The step has its true length; gradient, first moment and the
/// root of the second point downhill and are `scale` plane units long for each unit of gradient.
void addArrows(PlaneData& plane, const Dissection& dissection, double scale);

TableData formulaTable(const Dissection& dissection);

VerdictData explain(const Dissection& dissection);

}  // namespace viva
