// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>

namespace viva {

/// A lock in a file of its own, for what several Vivas may change. The system holds it, so that it
/// goes with whoever is killed; what then stays behind is an empty file that locks nothing.
class FileLock {
 public:
  /// Waits for another holder, at most for `patience`.
  FileLock(std::filesystem::path path, std::chrono::milliseconds patience);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool isHeldByAnother() const { return held_by_another_; }
  /// Why there is no lock although nobody else has it: an errno, of a folder that takes no file or
  /// a file system that cannot lock. 0 otherwise.
  int error() const { return error_; }

 private:
  bool attempt();

  const std::filesystem::path path_;
  int descriptor_ = -1;
  int error_ = 0;
  bool held_by_another_ = false;
};

}  // namespace viva
