// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "lessons/core/words.h"

namespace CLI {
class App;
}

namespace viva {

/// What `--help` prints, made from the options that are declared, so that it cannot miss one.
std::string helpText(const CLI::App& app, const Words& words);

}  // namespace viva
