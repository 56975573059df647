// SPDX-License-Identifier: GPL-3.0-or-later
// How much each character of a text that was not learned from surprises a net.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/nn/transformer.h"

namespace viva {

struct HeldOutReading {
  std::vector<double> surprise;  ///< nats, of the second character of the text and of all after it
  std::vector<double> lens;      ///< the mean if the net were read out after k blocks
  double loss() const;           ///< the mean surprise
  double concentration() const;  ///< the share of it in the tenth that surprises most
};

/// How many characters of a text of `size` are read: windows that overlap by half, and no more
/// characters than stay readable on screen.
std::int64_t heldOutShown(std::int64_t size, std::int64_t context);

/// Reads the first heldOutShown of `text` [n], int64. Each character but those of the first window
/// is foretold from at least half a context.
HeldOutReading readHeldOut(const Transformer& net, const torch::Tensor& text);

}  // namespace viva
