// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/phases/user_cache.h"

#include <cstdlib>

namespace viva {

std::filesystem::path cacheOfTheUser() {
  const auto given = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value ? value : "");
  };
  if (const auto cache = given("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "viva";
  if (const auto home = given("HOME"); home.is_absolute()) return home / ".cache" / "viva";
  return {};
}

}  // namespace viva
