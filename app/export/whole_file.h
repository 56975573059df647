// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "app/export/file_writer.h"

namespace viva {

/// Writes a file beside `path` and gives it its name when it is whole and on disk; until then what
/// was there stays, whatever happens. It has the permissions of what was there; a link is followed.
/// Throws FileError, and what `fill` throws.
void writeWhole(const std::filesystem::path& path, const std::function<void(FileWriter&)>& fill);
void writeWhole(const std::filesystem::path& path, std::string_view content);

}  // namespace viva
