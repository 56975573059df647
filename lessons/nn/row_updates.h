// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of update_rules.h for all the weights of a net at once.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/nn/update_rules.h"

namespace viva {

/// One optimizer's copy of the net: a row of the stacked weights and what is remembered of it.
struct Row {
  torch::Tensor theta;  ///< [parameters], a view of the net's weights
  torch::Tensor g;      ///< [parameters], a view of their gradients
  torch::Tensor m;      ///< [parameters]: velocity, or average gradient
  torch::Tensor v;      ///< [parameters]: sum or average of squares
  std::int64_t t = 0;   ///< updates so far
};

/// Nothing remembered yet.
Row freshRow(const torch::Tensor& theta, const torch::Tensor& g);

/// One update of theta by g, which coupled weight decay changes. Of `rule` only the settings are
/// used. To be called where no gradients are recorded.
void update(const UpdateRule& rule, Row& row);

}  // namespace viva
