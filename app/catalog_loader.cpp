// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/catalog_loader.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr const char* kLibraryName = "libviva_lessons.so";

std::filesystem::path libraryPath() {
  if (const char* chosen = std::getenv("VIVA_LESSONS_LIBRARY"); chosen && *chosen) return chosen;
  std::error_code ignored;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const auto& candidate :
       {folder / kLibraryName, folder.parent_path() / "lib" / "viva" / kLibraryName})
    if (std::filesystem::exists(candidate, ignored)) return candidate;
  throw RunError(
      {"command.error.lessons_missing", {{"library", kLibraryName}, {"folder", folder.string()}}});
}

const Catalog* open() {
  const std::filesystem::path path = libraryPath();
  const auto broken = [&](const std::string& reason) {
    return RunError(
        {"command.error.lessons_broken", {{"library", path.string()}, {"reason", reason}}});
  };
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* reason = dlerror();
    throw broken(reason ? reason : "");
  }
  const auto function = reinterpret_cast<CatalogFunction>(dlsym(library, kCatalogSymbol));
  if (!function) throw broken(kCatalogSymbol);
  const Catalog* catalog = function();
  if (!catalog) throw broken(kCatalogSymbol);
  return catalog;
}

}  // namespace

const Catalog& loadCatalog() {
  static std::mutex mutex;
  static const Catalog* catalog = nullptr;
  const std::lock_guard lock(mutex);
  if (!catalog) catalog = open();
  return *catalog;
}

}  // namespace viva
