// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace viva {

/// A word as a POSIX shell takes it: as it is where that is safe, else between single quotes.
std::string shellQuoted(const std::string& word);

}  // namespace viva
