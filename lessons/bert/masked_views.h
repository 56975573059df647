// SPDX-License-Identifier: GPL-3.0-or-later
// The views of `masked-language-model`, and the sentence that they show.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/bert/masked_judge.h"
#include "lessons/bert/masked_text.h"
#include "lessons/core/frame.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// A sentence with at least one blank: those that were typed as `_`, and those that are picked.
struct MaskedProbe {
  std::vector<std::int64_t> tokens;  ///< as typed
  std::vector<std::int64_t> inputs;  ///< [MASK] at the blanks
  std::int64_t first_blank = 0;

  MaskedProbe() = default;
  /// Without any blank, the first token is one: there is always an answer to look at.
  MaskedProbe(const MaskedText& text, std::vector<std::int64_t> typed,
              const std::vector<std::int64_t>& picked);
  bool isBlank(std::size_t place) const { return is_blank_[place]; }

 private:
  std::vector<bool> is_blank_;
};

/// Whose attention is shown; numbers that are too large mean the last.
struct MaskedHead {
  std::int64_t net = 0, layer = 0, head = 0;
};

/// Sentences that were written in one way: [sentences, length].
struct MaskedWriting {
  std::string id;
  torch::Tensor sentences;
};

void showLosses(Frame& frame, const MaskedState& state);
void showProbe(Frame& frame, const Transformer& nets, const MaskedState& state,
               const MaskedText& text, const MaskedProbe& probe, const MaskedHead& shown);
void showDecided(Frame& frame, const MaskedState& state,
                 const std::vector<MaskedJudge::Finding>& findings, bool is_grammar);
void showWriting(Frame& frame, const MaskedState& state, const MaskedText& text,
                 const std::vector<MaskedWriting>& writings);
void showLabels(Frame& frame, const MaskedState& state);

/// What a causal net says of a blank does not depend on what follows, and the weights of attention
/// are the softmax of their scores, computed in float64.
void checkProbe(const Transformer& nets, const MaskedText& text, const MaskedProbe& probe,
                CheckSink& sink);

}  // namespace viva
