// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `patch-and-tubelet` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// In what the nets differ that learn side by side.
enum class ClipRival { Motion, Initialisation, Patch };

/// The ids of the nets in records.
inline const std::string kPerFrame = "per-frame", kTubelet = "tubelet", kInflated = "inflated",
                         kCentralFrame = "central-frame", kPatchTwo = "patch-2",
                         kPatchFour = "patch-4", kPatchEight = "patch-8";

const auto kClipCompare =
    choice<ClipRival>("compare", {{ClipRival::Motion, "motion"},
                                  {ClipRival::Initialisation, "initialisation"},
                                  {ClipRival::Patch, "patch"}})
        .grouped("nets");
const auto kTubeletFrames =
    integer("tubelet", 4)
        .range(2, 8)
        .grouped("nets")
        .onlyWhen(kClipCompare, {ClipRival::Motion, ClipRival::Initialisation});
const auto kPatchSide = integer("patch", 4)
                            .range(2, 16)
                            .grouped("nets")
                            .onlyWhen(kClipCompare, {ClipRival::Motion, ClipRival::Initialisation});
/// Updates of the picture net before the clips.
const auto kPictureUpdates = integer("picture_updates", 1500)
                                 .range(0, 5000)
                                 .grouped("nets")
                                 .onlyWhen(kClipCompare, {ClipRival::Initialisation});
const auto kClipBatch = integer("batch_size", 32).range(1, 128).logarithmic().grouped("training");
const auto kClipRate = real("lr", 1e-2).range(1e-5, 0.1).logarithmic().live().grouped("training");
const auto kShownClip = integer("clip", 0).range(0, 7).live().grouped("probe");
const auto kClipEvaluateEvery = integer("evaluate_every", 10).range(1, 500).grouped("display");

/// How a net does. What a run does not measure is absent.
struct ClipStanding {
  std::string id;
  std::int64_t tokens = 0, weights = 0;
  double loss = 0;
  double moving = 0;                         ///< right on new clips, each forwards and backwards
  double still = 0;                          ///< right on their first frames, standing still
  double first_still = 0, first_moving = 0;  ///< before the first clip
};

/// What the claims look at.
struct ClipState {
  std::int64_t step = 0;
  ClipRival compare = ClipRival::Motion;
  std::vector<ClipStanding> standings{};
  std::optional<double> picture{};  ///< shapes named by the picture net, of still pictures
  /// The largest distance of a token of a still clip from the picture's, for the inflated nets.
  std::optional<double> token_error{};

  const ClipStanding& own() const { return standings.front(); }
  const ClipStanding* find(std::string_view id) const;
};
VerdictData clipVerdict(const std::string& preset, const ClipState& state);

/// A net as it is set: what a token covers.
struct ClipNetSetting {
  std::string id;
  std::int64_t frames = 1, side = 4;
};
std::vector<ClipNetSetting> clipNetsOf(const Parameters& parameters);

std::unique_ptr<Experiment> makePatchAndTubelet(const Parameters& parameters,
                                                const RunContext& context);

}  // namespace viva
