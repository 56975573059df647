// SPDX-License-Identifier: GPL-3.0-or-later
// A small net drafts, a larger one judges: both with a cache of keys and values.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/inference/measured_times.h"
#include "lessons/inference/speculation.h"
#include "lessons/nn/transformer.h"

namespace viva {

enum class TokenOrigin { Prompt, Accepted, Corrected, Extra };

struct SpeculatedToken {
  std::int64_t token = 0;
  TokenOrigin origin = TokenOrigin::Prompt;
  std::int64_t rejected = -1;  ///< of a correction: what was drafted
};

/// What one pass of the target gave.
struct SpeculativeRound {
  std::int64_t accepted = 0,
               judged = 0;  ///< drafted tokens: those judged end with the first refused
  std::int64_t tokens = 0;  ///< accepted, and one more
  double alpha = 0;         ///< the sum of min(p, q) over the judged ones
};

/// How long passes took here.
struct SpeculationTimes {
  MeasuredTimes draft, target, alone;
};

class SpeculativeWriter {
 public:
  SpeculativeWriter(const Transformer& target, const Transformer& draft,
                    std::vector<std::int64_t> prompts, std::int64_t k, double temperature,
                    at::Generator generator);

  /// k tokens are drafted and judged in one pass of the target.
  SpeculativeRound round(SpeculationTimes* times = nullptr);
  /// The passage that is being written; a new one begins where the context would not hold another
  /// round.
  const std::vector<SpeculatedToken>& passage() const { return passage_; }

 private:
  void begin();
  std::vector<TokenShares> readOn(const Transformer& net, KeyValueCache& cache,
                                  const std::vector<std::int64_t>& text, std::int64_t last) const;

  const Transformer& target_;
  const Transformer& draft_;
  std::vector<std::int64_t> prompts_;
  std::size_t next_prompt_ = 0;
  std::int64_t k_;
  double temperature_;
  at::Generator generator_;
  std::vector<SpeculatedToken> passage_;
  KeyValueCache target_cache_, draft_cache_;
};

/// What the next token after `text` is drawn from.
TokenShares nextShares(const Transformer& net, const std::vector<std::int64_t>& text,
                       double temperature);

}  // namespace viva
