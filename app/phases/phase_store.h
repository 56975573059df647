// SPDX-License-Identifier: GPL-3.0-or-later
// The ends of phases on disk, for the window and the command line alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

#include "lessons/core/phase_cache.h"

namespace viva {

/// One file a phase, written whole and read only if it is undamaged. Together they stay below a
/// limit: what has not been used for longest goes first. Any number of processes may share a
/// folder.
class PhaseStore : public PhaseCache {
 public:
  static constexpr std::uint64_t kDefaultLimit = 500'000'000;  ///< bytes

  /// The folder is made when something is kept. Without a folder (an empty path) nothing is.
  explicit PhaseStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// That of the user: `$XDG_CACHE_HOME/viva/phases`, else `~/.cache/viva/phases`.
  static PhaseStore& ofTheUser();

  std::optional<PhaseState> find(const std::string& key) override;
  void keep(const std::string& key, const PhaseState& state) override;

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t bytes() const;  ///< on disk now
  std::uint64_t limit() const;
  /// Kept beside the phases, so that it holds for the command line too; what is above it goes.
  void setLimit(std::uint64_t bytes);
  void clear();

 private:
  std::filesystem::path pathOf(const std::string& key) const;
  void makeRoom(std::uint64_t limit) const;

  const std::filesystem::path folder_;
  mutable std::mutex mutex_;
};

}  // namespace viva
