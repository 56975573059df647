// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "lessons/core/parameter.h"

namespace viva {

/// What others see of a file of the user's: its name, and not where it lies.
inline std::string fileName(const File& file) {
  return std::filesystem::path(file.path).filename().string();
}

}  // namespace viva
