// SPDX-License-Identifier: GPL-3.0-or-later
// The sweeps that the window keeps, so that the same one need not be computed again.
#pragma once

#include <cstdint>
#include <filesystem>

namespace viva {

/// Removes the sweeps below `home` that were last computed longest ago, until the rest take no more
/// than `limit` bytes. One that some Viva is computing now stays. What cannot be read or removed is
/// passed over: this is for room, and never an error.
void forgetOldSweeps(const std::filesystem::path& home, std::uintmax_t limit);

/// Copies a sweep to `to`, which is there when it is whole. Throws FileError, also where something
/// is there already.
void copySweep(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace viva
