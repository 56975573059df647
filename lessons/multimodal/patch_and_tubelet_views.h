// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `patch-and-tubelet`.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/multimodal/moving_shapes.h"
#include "lessons/multimodal/patch_and_tubelet.h"
#include "lessons/multimodal/token_net.h"

namespace viva {

/// The frames of one clip, with the blocks of the net's tokens in the first one.
void showClip(Frame& frame, const Clips& clips, std::int64_t clip, std::int64_t side);
/// The filters of an embedding, one a row, its frames side by side.
void showFilters(Frame& frame, const TokenNet& net);
/// Tokens, scores between them and weights, here and for a film of 32 x 224 x 224.
void showCounts(Frame& frame, const std::vector<ClipNetSetting>& settings);
void showClipStandings(Frame& frame, const ClipState& state);
/// A line at what the picture net names.
void showPictureNet(Frame& frame, const ClipState& state);

}  // namespace viva
