// SPDX-License-Identifier: GPL-3.0-or-later
// What makes one run differ from another, in words.
#pragma once

#include <QStringList>

#include "lessons/core/run.h"
#include "lessons/core/words.h"
#include "widgets/parameters/parameter_title.h"

namespace viva {

/// A value as people read it: choices and switches in words.
QString valueInWords(const ExperimentSpec& spec, const ParameterSpec& parameter, const Value& value,
                     const Words& words);

/// What `run` has and `present` has not, one phrase each: parameters, live changes, seed, device,
/// threads. Empty when the same numbers come out of both.
QStringList differences(const ExperimentSpec& spec, const RunSettings& run,
                        const RunSettings& present, const Words& words);

}  // namespace viva
