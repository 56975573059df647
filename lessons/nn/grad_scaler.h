// SPDX-License-Identifier: GPL-3.0-or-later
// Loss scaling for mixed precision: Micikevicius et al., arXiv 1710.03740. LibTorch has no class
// for it; this one keeps the scale as torch.cuda.amp.GradScaler documents it.
#pragma once

#include <cstdint>

namespace viva {

/// The loss is multiplied by scale() before the backward pass, and the gradients are divided by it
/// before anything else looks at them.
class GradScaler {
 public:
  struct Settings {
    double growth_factor = 2, backoff_factor = 0.5;
    std::int64_t growth_interval = 2000;  ///< updates without an overflow before the scale grows
  };

  explicit GradScaler(double initial_scale = 65536) : scale_(initial_scale) {}

  double scale() const { return scale_; }
  /// To be told of every backward pass. An infinity or a NaN among the gradients makes the scale
  /// smaller and the count of clean updates start over; enough clean ones make it larger. Answers
  /// whether the optimizer may use these gradients.
  bool update(bool found_non_finite, const Settings& settings);

  std::int64_t skipped() const { return skipped_; }

 private:
  double scale_;
  std::int64_t clean_ = 0, skipped_ = 0;
};

}  // namespace viva
