// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/folder_files.h"

#include <algorithm>
#include <filesystem>

#include "lessons/core/error.h"
#include "lessons/core/experiment.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  Walk(const std::string& path, const std::stop_token& stop) : path_(path), stop_(stop) {}

  std::vector<FolderFile> files() {
    look(path_, "", 0);
    std::sort(files_.begin(), files_.end(),
              [](const FolderFile& a, const FolderFile& b) { return a.name < b.name; });
    return std::move(files_);
  }

 private:
  void look(const fs::path& folder, const std::string& prefix, int depth) {
    // A link to a folder above it would never end.
    if (depth > kDeepestFolder)
      throw FileError(
          {"error.folder.too_deep", {{"file", path_}, {"limit", std::int64_t{kDeepestFolder}}}});
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      stopIfAsked(stop_);
      const std::string name = entry->path().filename().string();
      if (isHidden(name)) continue;
      std::error_code unknown;  // a link that leads nowhere is no file
      const auto type = fs::status(entry->path(), unknown).type();
      if (type == fs::file_type::directory)
        look(entry->path(), prefix + name + '/', depth + 1);
      else if (type == fs::file_type::regular)
        add(prefix + name, fs::file_size(entry->path(), unknown));
    }
    if (error) throw FileError({"error.folder.unreadable", {{"file", folder.string()}}});
  }

  void add(std::string name, std::uintmax_t size) {
    files_.push_back({std::move(name), size});
    if (static_cast<std::int64_t>(files_.size()) > kMostFolderFiles)
      throw FileError({"error.folder.too_many", {{"file", path_}, {"limit", kMostFolderFiles}}});
    bytes_ += size;
    if (bytes_ > static_cast<std::uintmax_t>(kLargestFolder))
      throw FileError(
          {"error.folder.too_large", {{"file", path_}, {"limit", kLargestFolder >> 20}}});
  }

  const std::string& path_;
  const std::stop_token& stop_;
  std::vector<FolderFile> files_;
  std::uintmax_t bytes_ = 0;
};

}  // namespace

std::vector<FolderFile> filesInFolder(const std::string& path, const std::stop_token& stop) {
  return Walk(path, stop).files();
}

}  // namespace viva
