// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of a sweep: what it computes (sweep.json), a file for every point that is done, and
// what the engines leave beside them. Every file appears whole or not at all, so that a sweep that
// was stopped, or killed, goes on where it was.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/sweep/point.h"

namespace viva {

inline constexpr const char* kSweepName = "sweep.json";

class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  /// Whether a sweep was begun here. Throws FileError for a folder that cannot be looked into: it
  /// is none without a sweep, and what is in it is not to be begun anew.
  bool holdsSweep() const;
  /// Throws FileError when there is none or it cannot be read.
  std::string description() const;

  /// Begins `sweep` in the folder, which exists: earlier points are removed and sweep.json is
  /// written. Throws FileError.
  void begin(const Sweep& sweep);

  std::filesystem::path pointPath(std::size_t point) const;
  /// Of which points there is a file, by one look at the folder, in no order.
  std::vector<std::size_t> pointsThere() const;
  /// Throws FileError.
  void keep(std::size_t point, const PointResult& result, const Words& words);
  /// A point that failed is here, but is not done. Unset: nothing is kept, or it is damaged.
  std::optional<PointResult> result(std::size_t point, const Catalog& catalog) const;
  /// Its result is here and it did not fail.
  bool isDone(std::size_t point, const Catalog& catalog) const;
  /// The points that still have to be computed.
  std::vector<std::size_t> missing(const Sweep& sweep, const Catalog& catalog) const;

 private:
  std::filesystem::path path_;
};

/// Throws FileError.
std::string readText(const std::filesystem::path& path);

}  // namespace viva
