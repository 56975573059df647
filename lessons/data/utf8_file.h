// SPDX-License-Identifier: GPL-3.0-or-later
// A file of the user's that is text.
#pragma once

#include <cstdint>
#include <string>

namespace viva {

/// Its bytes, which are UTF-8. Throws FileError `<errors>.missing`, `.not_a_file`, `.unreadable`,
/// `.too_large` (found from its size, before reading), `.utf16`, `.spreadsheet` (a zip, as office
/// programs write) or `.encoding`, which names the line; `errors` is `error.csv` for tables.
std::string readUtf8File(const std::string& path, std::int64_t largest, const std::string& errors);

}  // namespace viva
