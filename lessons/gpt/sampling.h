// SPDX-License-Identifier: GPL-3.0-or-later
// From one row of logits to the distribution that the next token is drawn from, filter by filter;
// without LibTorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viva {

/// In the order in which they are applied, that of the library transformers: repetition,
/// temperature, top-k, top-p, min-p.
struct SamplingFilters {
  double repetition = 1;   ///< CTRL's penalty (arXiv 1909.05858); 1: none
  double temperature = 1;  ///< what logits are divided by; 0: the largest takes all
  std::int64_t top_k = 0;  ///< how many are kept; 0: all
  double top_p = 1;        ///< the mass that what is kept reaches (arXiv 1904.09751)
  double min_p = 0;        ///< the least share of the largest probability (arXiv 2407.01082)
};

/// What a filter leaves.
struct SamplingStage {
  std::string id;                     ///< `softmax`, then the name of the filter
  std::vector<double> logits;         ///< as they are after it; -inf where a token was cut
  std::vector<double> probabilities;  ///< of what is kept; 0 where a token was cut
  double cut = 0;                     ///< the probability that it took away

  std::int64_t kept() const;
  double entropy() const;  ///< nats
  std::size_t largest() const;
};

/// The softmax of the logits and what each filter makes of it, six stages. `written` [logits]:
/// which tokens stand in the text already; empty: none. Where two tokens are equal, the first is
/// kept before the second. At least one token is always kept.
std::vector<SamplingStage> samplingStages(const std::vector<double>& logits,
                                          const SamplingFilters& filters,
                                          const std::vector<bool>& written = {});

/// The probabilities of the last stage.
std::vector<double> samplingDistribution(const std::vector<double>& logits,
                                         const SamplingFilters& filters,
                                         const std::vector<bool>& written = {});

/// The token whose share of [0, 1) `uniform` lies in.
std::size_t tokenAt(const std::vector<double>& probabilities, double uniform);

}  // namespace viva
