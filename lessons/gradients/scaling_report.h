// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "lessons/core/frame.h"
#include "lessons/gradients/half_gradients.h"
#include "lessons/gradients/scaling_parameters.h"

namespace viva {

/// What is remembered of both nets besides their curves.
struct ScalingReport {
  bool real_half = false;         ///< whether the gradients come from float16 products
  double loss32 = 0, loss16 = 0;  ///< averaged over about the last 20 batches
  double accuracy32 = 0, accuracy16 = 0;
  double norm32 = 0, norm16 = 0;  ///< of what the update uses
  HalfLosses losses;              ///< averaged over about the last 20 updates
  double scale = 1, lowest_scale = 1, highest_scale = 1;
  std::int64_t skipped = 0, updates = 0;

  void observe(double batch_loss32, double batch_loss16, const HalfLosses& found);
};

TableData precisionTable(const ScalingReport& report);
VerdictData scalingVerdict(const std::string& preset, std::int64_t step, const Parameters& p,
                           const ScalingReport& report);

}  // namespace viva
