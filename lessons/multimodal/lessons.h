// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// A vocabulary of pieces of words grows by a merge a step: the tokens of a language model.
const ExperimentSpec& bpeTrainer();

/// A sound becomes a picture of time and frequency: tones, or a file of the user's.
const ExperimentSpec& spectrogramLab();

/// A net writes down words of tones without being told when a letter sounds.
const ExperimentSpec& ctcRecognizer();

/// Pictures and clips become tokens, and one bag of them knows which way a shape moves.
const ExperimentSpec& patchAndTubelet();

}  // namespace viva
