// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `tiny-gpt`.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/data/characters.h"
#include "lessons/gpt/generation.h"
#include "lessons/gpt/held_out.h"
#include "lessons/gpt/sampling.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// The net and the characters that it reads, where the pictures need both.
struct GptProbe {
  const Transformer& net;
  const CharacterText& text;
  const std::vector<std::int64_t>& prompt;
};

/// `text`: every character coloured by its surprise, from 0 to that of a blind guess.
TokensData surpriseTokens(const CharacterText& text, std::span<const std::int64_t> shown,
                          const std::vector<double>& surprise);
/// `sample`: the prompt, all but its first character coloured by surprise, and what the net writes
/// behind it.
TokensData sampleTokens(const GptProbe& probe, const std::vector<double>& surprise,
                        const std::vector<Written>& written);
/// `logit_lens`, `lens_guesses`, `attention`, `next_character`: from one pass over the prompt.
void showProbe(Frame& frame, const GptProbe& probe, std::int64_t layer, std::int64_t head,
               const SamplingFilters& filters);

}  // namespace viva
