// SPDX-License-Identifier: GPL-3.0-or-later
// What `detector-training` shows.
#pragma once

#include <vector>

#include "lessons/core/frame.h"
#include "lessons/detection/detector_evaluation.h"
#include "lessons/detection/detector_training.h"
#include "lessons/detection/scenes.h"

namespace viva {

inline constexpr std::int64_t kPictures = 8;

struct PictureRule {
  double least_overlap = 0.5;  ///< of what counts as found
  double shown_from = 0.3;     ///< the least score
};
/// `examples`: the pictures once for each reading, with what it `found` in them; `matches`: what
/// became of the first reading's boxes, the best first, and which objects it missed.
void showPictures(Frame& frame, const DetectorState& state, const Scenes& pictures,
                  const std::vector<DetectionsOfShapes>& found, const PictureRule& rule);
/// `precision_recall` of all test scenes, a curve a reading.
void showPrecision(Frame& frame, const DetectorState& state, const TruthsOfShapes& truths,
                   const std::vector<DetectionsOfShapes>& found, double least_overlap);
/// `where_the_loss_is`: shares of the answers of the first net, and of each net's classification
/// loss.
void showOrigin(Frame& frame, const DetectorState& state);
/// `standings`: training beside test.
void showStandings(Frame& frame, const DetectorState& state);

}  // namespace viva
