// SPDX-License-Identifier: GPL-3.0-or-later
// The words about a GAN on the plane.
#pragma once

#include <string>

#include "lessons/core/frame.h"
#include "lessons/generation/gan_plane_state.h"

namespace viva {

/// Averages over the last tenth of the run so far, at least one evaluation.
struct LastTenth {
  double modes_covered = 0, high_quality = 0, kl_to_uniform = 0, top3_share = 0;
  double d_real = 0, d_fake = 0, sample_gradient = 0, slope = 0, clipped = 0;
  double steepest = 0;  ///< the largest, not an average
  bool has_modes = false;
};
LastTenth lastTenthOf(const GanHistory& history);

/// Whether at least 90 % of the samples lie nearest to three modes, and some of them really on a
/// mode: a generator that hits nothing has not collapsed, it has not learned.
bool isCollapsed(const GanHistory& history);

VerdictData collapseAlarm(const GanHistory& history);
/// What slow motion shows now.
VerdictData partVerdict(bool slow_motion, TurnPart part, std::int64_t steps);
/// Judges the claim of `preset`, or says how good the generator is.
VerdictData ganPlaneVerdict(const std::string& preset, const GanHistory& history);

}  // namespace viva
