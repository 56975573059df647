// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of `--out`: its files appear together and whole, or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/export/file_writer.h"

namespace viva {

inline constexpr const char* kSummaryName = "summary.json";
inline constexpr const char* kRunFileName = "run.viva";

class RunFolder {
 public:
  /// Makes the folder if it is missing and keeps other Vivas out of it while this lives. `names`
  /// are the files that will be written. Throws FileError when the folder cannot be made or written
  /// to, RequestError when it holds a run, or one of the files, and `force` is not given.
  RunFolder(std::filesystem::path path, const std::vector<std::string>& names, bool force);
  /// What was not committed is removed, and so are the folders that were made for it.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  /// Writes a file under a temporary name in the same folder. Throws FileError.
  void write(const std::string& name, const std::function<void(FileWriter&)>& fill);
  /// Gives all files their names, summary.json last, and removes the files of the run that was
  /// there before. Throws FileError.
  void commit();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path temporary(const std::string& name) const;
  void makeFolders();
  void lock();
  void removeLeftovers() const;
  void requireFree(const std::vector<std::string>& names) const;
  void rememberEarlierFiles();
  void probe();
  void undo();

  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_folders_;  ///< innermost first
  std::vector<std::string> written_, earlier_files_;
  int descriptor_ = -1;
  bool is_locked_ = false;
};

}  // namespace viva
