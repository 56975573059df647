// SPDX-License-Identifier: GPL-3.0-or-later
// What a layer costs, by formula.
#pragma once

#include <optional>

#include "lessons/architecture/layer_stack.h"
#include "lessons/core/count_text.h"

namespace viva {

/// Exact, for a batch of one. A number that would not fit into 64 bits stays at the largest.
struct LayerCount {
  Shape input, output;
  std::int64_t parameters = 0;  ///< learned
  std::int64_t buffers = 0;     ///< kept but not learned: the running statistics of a batch norm
  /// Multiply-accumulates of convolutions, matrix products and attention, as torchvision counts
  /// them: no biases, norms, activations, pools. One is two FLOPs.
  std::int64_t macs = 0;
  /// As Keras counts it, running statistics included; none where Keras has no such layer.
  std::optional<std::int64_t> keras;
  std::string formula;  ///< of the parameters, with the numbers filled in; empty without any
};

/// Throws RequestError that names the layer which does not fit.
std::vector<LayerCount> countsOf(const std::vector<Layer>& layers, const Shape& input);

struct StackTotals {
  std::int64_t parameters = 0, buffers = 0, macs = 0;
  std::int64_t activations = 0;  ///< elements of all outputs
};
StackTotals totalsOf(const std::vector<LayerCount>& counts);

/// What the common wrong formula in * out + in gives for a dense layer with bias.
std::int64_t wrongDenseCount(const Layer& layer);

}  // namespace viva
