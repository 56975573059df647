// SPDX-License-Identifier: GPL-3.0-or-later
// The views of `contrastive-pairs`.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/clip/contrastive_judge.h"
#include "lessons/clip/contrastive_net.h"
#include "lessons/clip/contrastive_pairs.h"
#include "lessons/core/frame.h"
#include "lessons/data/captioned_shapes.h"

namespace viva {

/// A batch as a net saw it.
struct MatchedBatch {
  torch::Tensor cosines;   ///< [pairs, pairs]: pictures down, captions across
  torch::Tensor captions;  ///< [pairs], int64
};
/// What a person looks for and at.
struct PairProbe {
  std::vector<std::int64_t> query{};  ///< words; empty: the caption of the picture
  std::int64_t picture = 0;           ///< among the shown ones
};

/// The lines that the theory draws: ln N, the floors of duplicates and of a fixed scale.
void showPairLosses(Frame& frame, const PairState& state);
void showBatch(Frame& frame, const CaptionedShapes& shapes, const MatchedBatch& batch);
/// Both clouds on the plane in which they are widest, and the line between their means.
void showClouds(Frame& frame, const EmbeddedPairs& embedded, const ContrastiveJudge& judge);
/// Cosines of the pairs that belong together, and of all others.
void showCosines(Frame& frame, const EmbeddedPairs& embedded, const CaptionedShapes& shapes,
                 const ContrastiveJudge& judge);
/// Pictures with the caption that the net finds nearest; what it makes of the chosen one; the
/// pictures nearest to the query, and what each of its words adds.
void showNaming(Frame& frame, const ContrastiveNet& net, const EmbeddedPairs& embedded,
                const CaptionedShapes& shapes, const ContrastiveJudge& judge,
                const PairProbe& probe);
void showPairStandings(Frame& frame, const PairState& state, PairScene scene);

/// The loss in float64 from its definition; the lengths of the vectors; that equal captions as soft
/// targets have the same gradients as the diagonal; that a bag of words has no order.
void checkPairs(const ContrastiveNet& net, const EmbeddedPairs& embedded,
                const CaptionedShapes& shapes, const ContrastiveJudge& judge, CheckSink& sink);

}  // namespace viva
