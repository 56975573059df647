// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "lessons/core/words.h"

namespace viva {

/// The word `record.<name>`; for a record that has none of its own, what its parts are called (see
/// RecordName): the curve, the quantity, the numbered part.
std::string recordLabel(const Words& words, const std::string& experiment,
                        const std::string& record);

}  // namespace viva
