// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A box descends to a target under five losses at once.
const ExperimentSpec& boxLosses();
/// Non-maximum suppression, a box a step: greedy, or soft.
const ExperimentSpec& nmsSteps();
/// Detections against truths, a detection a step: matches, precision, recall, three averages.
const ExperimentSpec& averagePrecision();

/// A one-stage detector learns to find shapes, alone or beside one that differs in one thing.
const ExperimentSpec& detectorTraining();

}  // namespace viva
