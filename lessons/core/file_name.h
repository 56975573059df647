// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "lessons/core/parameter.h"

namespace viva {

/// What others see of a file or folder of the user's: its name, and not where it lies.
inline std::string fileName(const File& file) {
  const std::filesystem::path path(file.path);
  // That of a folder may end with a slash.
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace viva
