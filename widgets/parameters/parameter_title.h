// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "lessons/core/experiment.h"
#include "lessons/core/words.h"

namespace viva {

/// The label of a parameter; with that of its group before it, where several parameters of the
/// experiment have the same: `SGD · Learning rate`.
QString parameterTitle(const ExperimentSpec& spec, const ParameterSpec& parameter,
                       const Words& words);

}  // namespace viva
