// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `average-precision` share: its parameters, and what its claims look at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/detection/average_precision_curve.h"

namespace viva {

const auto kTruths =
    text("truths", "1 0 0 10 10; 1 20 0 30 10; 1 40 0 50 10; 2 0 0 10 10; 2 20 0 30 10")
        .grouped("boxes");
const auto kDetections =
    text("detections",
         "1 .95 0 0 10 10; 2 .9 0 0 10 10; 1 .85 60 0 70 10; 1 .8 20 0 30 10; 2 .7 40 0 50 10; "
         "1 .6 40 0 50 10; 1 .5 60 20 70 30")
        .grouped("boxes");
const auto kMatching =
    choice<Matching>("matching", {{Matching::Voc, "voc"}, {Matching::Coco, "coco"}})
        .grouped("matching");
const auto kLeastOverlap = real("iou", 0.5).range(0, 1).stepping(0.05).grouped("matching");
const auto kScoreCut = real("score_cut", 0).range(0, 1).stepping(0.05).grouped("matching");

/// What the claims look at.
struct PrecisionState {
  const std::vector<Matched>& matches;  ///< all, in order
  std::size_t done = 0;
  AveragePrecisions averages;   ///< of those that are done
  double uncut_area = 0;        ///< of all detections, whatever their score
  std::int64_t duplicates = 0;  ///< false ones that overlap a truth enough, which another one took

  bool isFinished() const { return done == matches.size(); }
};
VerdictData precisionVerdict(const std::string& preset, std::int64_t step,
                             const PrecisionState& state);

std::unique_ptr<Experiment> makeAveragePrecision(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
