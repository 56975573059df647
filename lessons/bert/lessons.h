// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// The same net under a causal and under a bidirectional mask fills blanks in the same sentences;
/// or two ways of replacing words, or several shares of them, or a few labels afterwards.
const ExperimentSpec& maskedLanguageModel();

}  // namespace viva
