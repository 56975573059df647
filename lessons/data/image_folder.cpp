// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/image_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "lessons/core/error.h"
#include "lessons/core/folder_files.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kRead{".png", ".jpg", ".jpeg"};
constexpr std::array<std::string_view, 15> kNotRead{
    ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif",
    ".jp2", ".jxl", ".ppm",  ".pgm", ".svg",  ".dng",  ".ico"};

std::string endingOf(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return ending;
}

template <typename Endings>
bool isOneOf(const Endings& endings, const std::string& ending) {
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

[[noreturn]] void refuse(const char* what, const fs::path& file) {
  throw FileError({std::string("error.images.") + what, {{"file", file.string()}}});
}

struct Level {
  std::vector<fs::path> folders, pictures;
};

Level look(const fs::path& folder) {
  Level level;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (isHidden(path.filename().string())) continue;
    std::error_code unknown;
    const std::string ending = endingOf(path);
    if (fs::is_directory(path, unknown))
      level.folders.push_back(path);
    else if (isOneOf(kRead, ending))
      level.pictures.push_back(path);
    else if (isOneOf(kNotRead, ending))
      refuse("other_format", path);
  }
  if (error) throw FileError({"error.folder.unreadable", {{"file", folder.string()}}});
  const auto byName = [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); };
  std::sort(level.folders.begin(), level.folders.end(), byName);
  std::sort(level.pictures.begin(), level.pictures.end(), byName);
  return level;
}

}  // namespace

ImageFolder listImageFolder(const std::string& path, const std::stop_token& stop) {
  filesInFolder(path, stop);  // which refuses more than a run reads
  ImageFolder found;
  const auto add = [&](const std::vector<fs::path>& pictures, std::int64_t label) {
    for (const fs::path& picture : pictures) {
      found.files.push_back(picture.string());
      found.labels.push_back(label);
    }
  };
  const Level top = look(path);
  if (!top.folders.empty() && !top.pictures.empty()) refuse("beside_classes", top.pictures.front());
  if (top.folders.empty() && top.pictures.empty()) refuse("folder_empty", path);
  add(top.pictures, 0);
  for (const fs::path& folder : top.folders) {
    const Level inside = look(folder);
    if (!inside.folders.empty()) refuse("nested", inside.folders.front());
    if (inside.pictures.empty()) refuse("class_empty", folder);
    add(inside.pictures, static_cast<std::int64_t>(found.classes.size()));
    found.classes.push_back(folder.filename().string());
  }
  return found;
}

}  // namespace viva
