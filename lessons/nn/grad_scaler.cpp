// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/grad_scaler.h"

namespace viva {

bool GradScaler::update(bool found_non_finite, const Settings& settings) {
  if (found_non_finite) {
    scale_ *= settings.backoff_factor;
    clean_ = 0;
    skipped_ += 1;
    return false;
  }
  if (++clean_ >= settings.growth_interval) {
    scale_ *= settings.growth_factor;
    clean_ = 0;
  }
  return true;
}

}  // namespace viva
