// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A small GPT learns to write a text, character by character; a held-out part is coloured by how
/// much it surprises the net.
const ExperimentSpec& tinyGpt();
/// One row of logits goes through every filter of sampling, and is drawn from. Nothing learns.
const ExperimentSpec& samplingBench();
/// Two layers learn to continue a random string that they have seen once.
const ExperimentSpec& inductionHeads();

}  // namespace viva
