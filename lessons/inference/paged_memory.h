// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `paged-memory` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// No sequence gets longer, its prefix included.
inline constexpr std::int64_t kLongestPaged = 96;
/// Sizes of blocks whose waste is reckoned beside the one that runs.
inline constexpr std::array<std::int64_t, 3> kBlockSizes{4, 16, 48};

inline const auto kBlockSize = integer("block", 16).range(1, 48).logarithmic();
inline const auto kPool = integer("pool", 48).range(4, 256).logarithmic();
inline const auto kSequences = integer("sequences", 6).range(1, 12);
inline const auto kSharedPrefix = integer("shared_prefix", 0).range(0, 48);

/// What the claims look at.
struct PagedState {
  std::int64_t step = 0, block = 16, pool = 0, sequences = 0, prefix = 0, finished = 0;
  std::int64_t used_blocks = 0, most_blocks = 0, most_unshared = 0;
  std::int64_t preemptions = 0, recomputed = 0, copies = 0;
  double largest_difference = 0;
  /// Sums over all steps so far, in slots.
  double used_slots = 0, wasted_slots = 0, reserved_waste = 0, reserved_slots = 0;
  std::array<double, kBlockSizes.size()> waste{}, slots{};
  std::int64_t most_wasted_a_sequence = 0;  ///< of a sequence alone, at any step
  double share(std::size_t size) const { return slots[size] > 0 ? waste[size] / slots[size] : 0; }
  double wastedShare() const { return used_slots > 0 ? wasted_slots / used_slots : 0; }
  double reservedShare() const { return reserved_slots > 0 ? reserved_waste / reserved_slots : 0; }
};
VerdictData pagedVerdict(const std::string& preset, const PagedState& state);

std::unique_ptr<Experiment> makePagedMemory(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva
