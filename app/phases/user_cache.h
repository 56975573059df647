// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace viva {

/// `$XDG_CACHE_HOME/viva`, else `~/.cache/viva`; empty where neither is an absolute path. Whatever
/// is in it may be deleted at any time.
std::filesystem::path cacheOfTheUser();

}  // namespace viva
