// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep computes: one run for every combination of values and every seed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/sweep/grid.h"
#include "lessons/core/catalog.h"
#include "lessons/core/run_file.h"

namespace viva {

/// The most points of one sweep: each is a file.
inline constexpr std::size_t kMostSweepPoints = 100'000;

/// Points are counted cell by cell, the first axis slowest, and seed by seed within a cell.
struct Sweep {
  const ExperimentSpec* spec = nullptr;  ///< outlives the sweep
  RunFile base;  ///< what all points share, with the first seed; never run itself
  std::vector<GridAxis> axes;
  int repeat = 1;  ///< seeds of a cell: base.seed, base.seed + 1, ...

  std::size_t cells() const;
  std::size_t points() const { return cells() * static_cast<std::size_t>(repeat); }
  std::size_t cellOf(std::size_t point) const { return point / static_cast<std::size_t>(repeat); }
  std::uint64_t seedOf(std::size_t point) const {
    return base.seed + point % static_cast<std::size_t>(repeat);
  }
  /// Which value of each axis a cell has.
  std::vector<std::size_t> indicesOf(std::size_t cell) const;
  const Value& valueOf(std::size_t cell, std::size_t axis) const;
  /// The settings of one point.
  RunSettings settingsOf(std::size_t point) const;
};

/// Throws RequestError for what no point of the sweep could do: an axis twice, too many points, a
/// cell whose values do not fit together.
void requireValid(const Sweep& sweep);

/// Whether they have the same points with the same settings, whichever build, BLAS and LibTorch
/// either was begun with; a parameter that one of them does not know has its default.
bool haveTheSamePoints(const Sweep& one, const Sweep& other);

/// sweep.json. Two sweeps compute the same, bit for bit, if and only if their texts are equal.
std::string toJson(const Sweep& sweep);
/// Throws FileError and RequestError as runFileFromJson does.
Sweep sweepFromJson(std::string_view json, const Catalog& catalog);

}  // namespace viva
