// SPDX-License-Identifier: GPL-3.0-or-later
// Names of experiments and records, for every file and table that shows them.
#pragma once

#include <string>

#include "lessons/core/frame.h"
#include "lessons/core/record_label.h"
#include "lessons/core/words.h"

namespace viva {

std::string experimentTitle(const Words& words, const std::string& experiment);

}  // namespace viva
