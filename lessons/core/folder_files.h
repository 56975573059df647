// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of the user's as what a run reads.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace viva {

inline constexpr std::int64_t kMostFolderFiles = 100000;
inline constexpr std::int64_t kLargestFolder = std::int64_t{2}
                                               << 30;  ///< bytes, all files together
inline constexpr int kDeepestFolder = 8;               ///< folders within folders

struct FolderFile {
  std::string name;        ///< from the folder on, with `/` between: `cat/1.png`
  std::uint64_t size = 0;  ///< bytes
};

/// Hidden files and folders are no part of a folder: systems leave theirs everywhere.
inline bool isHidden(const std::string& name) { return name.starts_with('.'); }

/// All files in the folder at `path` and in its folders, links followed, in the order of the bytes
/// of their names. Throws FileError (`error.folder.*`) for a folder that cannot be looked into, or
/// holds more than a run reads; found from names and sizes, before anything is read. Throws
/// Stopped.
std::vector<FolderFile> filesInFolder(const std::string& path, const std::stop_token& stop = {});

}  // namespace viva
