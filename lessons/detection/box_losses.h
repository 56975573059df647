// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `box-losses` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/detection/box_measures.h"

namespace viva {

const auto kStartBox = box("box", {2, 2, 4, 4}).range(0, 10).draggedOn("plane").grouped("boxes");
const auto kTargetBox =
    box("target", {5, 4.5, 8, 7.5}).range(0, 10).draggedOn("plane").grouped("boxes");
const auto kBoxRate = real("lr", 0.2).range(1e-3, 5).logarithmic().live().grouped("training");

/// Where the box is that descends under each loss, in the order of kBoxLosses.
struct Descent {
  std::array<Box, 5> boxes{};
  Box target;
  const Box& of(BoxLoss loss) const { return boxes[static_cast<std::size_t>(loss)]; }
  double iouOf(BoxLoss loss) const { return overlap(of(loss), target); }
  double distanceOf(BoxLoss loss) const;  ///< between the centres
};

VerdictData boxLossesVerdict(const std::string& preset, std::int64_t step, const Descent& descent);

std::unique_ptr<Experiment> makeBoxLosses(const Parameters& parameters, const RunContext& context);

}  // namespace viva
