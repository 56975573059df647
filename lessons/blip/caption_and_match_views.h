// SPDX-License-Identifier: GPL-3.0-or-later
// The views of `caption-and-match`.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/blip/blip_net.h"
#include "lessons/blip/caption_and_match.h"
#include "lessons/blip/caption_judge.h"
#include "lessons/blip/web_pairs.h"
#include "lessons/core/frame.h"

namespace viva {

/// What a person looks for and at.
struct CaptionProbe {
  std::vector<std::int64_t> query{};  ///< words; empty: none
  std::int64_t picture = 0;           ///< among the shown ones
};
/// Which of the three losses are learned.
struct Objectives {
  bool itc = true, itm = true, lm = true;
};

/// Which weights each objective reads, and how many they are.
void showObjectives(Frame& frame, const BlipNet& net, const Objectives& learned);
/// Cosine and matching of the true caption, of those with one word changed, of another one.
void showChangedWords(Frame& frame, const CaptionStanding& net);
/// New pictures with the captions that the net writes; the chosen one's captions and how sure the
/// net is of each word; what contrast and matching say of captions.
void showPictures(Frame& frame, const BlipNet& net, const CaptionJudge& judge,
                  const CaptionProbe& probe);
/// Where each word of the chosen picture's caption comes from, and the shares over all pictures.
void showWordLooks(Frame& frame, const BlipNet& net, const CaptionState& state, std::size_t shown,
                   const CaptionJudge& judge, const CaptionProbe& probe);
/// Some of the given pairs; how many of each kind there are, and what the filter keeps of them.
void showWeb(Frame& frame, const WebPairs& web, const Filtered& filtered);
void showCaptionStandings(Frame& frame, const CaptionState& state);
/// What guessing costs, and when negatives become hard.
void showCaptionLines(Frame& frame, const CaptionState& state, std::int64_t pairs,
                      std::int64_t hard_after);

FilterStanding standingOf(const Filtered& filtered);

/// That a later word changes no earlier prediction; that a caption written word by word is the
/// likeliest at every place when read at once; that no objective has a gradient for weights that
/// are not its own; that negatives drawn from a softmax are as frequent as it says.
void checkReadings(const BlipNet& net, const CaptionJudge& judge, CheckSink& sink);

}  // namespace viva
