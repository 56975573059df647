// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `kv-cache` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

inline constexpr std::int64_t kCachedWidth = 64;

inline const auto kCachedLength = integer("length", 128).range(8, 512).logarithmic();
inline const auto kCachedLayers = integer("layers", 2).range(1, 6).grouped("net");
inline const auto kCachedHeads = integer("heads", 8).range(1, 16).grouped("net");
inline const auto kCachedKvHeads = integer("kv_heads", 8).range(1, 16).grouped("net");

/// What the claims look at.
struct CacheState {
  std::int64_t step = 0, heads = 1, kv_heads = 1;
  double difference = 0;  ///< the largest of all logits so far
  double largest_logit = 0;
  std::int64_t bytes = 0, all_heads_bytes = 0;
  std::vector<double> cached_total{0}, full_total{0};  ///< MACs after each token

  /// How many times as much all the tokens took as the first half of them.
  static double growth(const std::vector<double>& totals);
};
VerdictData cacheVerdict(const std::string& preset, const CacheState& state);

std::unique_ptr<Experiment> makeKvCache(const Parameters& parameters, const RunContext& context);

}  // namespace viva
