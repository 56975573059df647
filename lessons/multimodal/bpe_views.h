// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `bpe-trainer`.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/multimodal/bpe_trainer.h"

namespace viva {

/// What one tokenizer makes of the probe.
struct EncodedProbe {
  std::string id;  ///< of the curve; empty where there is one alone
  std::vector<std::string> pieces;
};
void showPieces(Frame& frame, const std::vector<EncodedProbe>& probes);
/// The pairs that could be merged next; those that are tied with the best stand apart.
void showPairs(Frame& frame, const PairMerger& merger);
/// Which merges made `piece`, down to single symbols.
void showMergeTree(Frame& frame, const PairMerger& merger, const std::string& piece,
                   SymbolUnit unit);
void showMerges(Frame& frame, const PairMerger& merger);
void showWords(Frame& frame, const PairMerger& merger);
void showBpeStandings(Frame& frame, const BpeState& state);

}  // namespace viva
