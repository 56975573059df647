// SPDX-License-Identifier: GPL-3.0-or-later
// Two encoders that answer vectors of unit length in one space: a small convnet for pictures, the
// transformer of the text lessons for captions.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/nn/flat_weights.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/update_rules.h"

namespace viva {

inline constexpr std::int64_t kSharedWidth = 32;  ///< of the space that both encoders answer in

/// In what nets differ that begin with the same weights.
struct ContrastiveManner {
  bool knows_order = true;              ///< without it the text net is told no positions: a bag
  std::optional<double> fixed_scale{};  ///< unset: the scale is learned
};

/// Weights are named as in the program of the lesson: `image.0.weight` (torch.nn.Sequential of four
/// times Conv2d 3x3 without bias, GroupNorm of 4 groups, ReLU, with 16, 32, 32 and 48 channels,
/// then Flatten, Linear, ReLU, Linear), `logit_scale`, `projection.weight`, and the text net's
/// behind `text.`.
class ContrastiveNet {
 public:
  ContrastiveNet(const ContrastiveManner& manner, at::Generator generator,
                 const std::string& device);

  /// Unit vectors [pictures, 32] of pictures [pictures, 3, 32, 32]. A picture's vector depends on
  /// no other picture: groups of channels are normalised, not batches.
  torch::Tensor images(const torch::Tensor& pictures) const;
  /// Unit vectors [captions, 32] of captions [captions, words], int64: what the blocks make of the
  /// words, averaged, normalised and projected.
  torch::Tensor texts(const torch::Tensor& captions) const;
  /// What cosines are multiplied by: a number.
  torch::Tensor scale() const;

  /// The gradient of a loss that was made from all of these, with respect to both encoders.
  void differentiate(const torch::Tensor& loss);
  void update(const Adam& rule);
  /// That gradient, [weights], in the order of flat().
  torch::Tensor gradients() const;

  std::int64_t parameters() const;
  torch::Device device() const { return rest_.flat().device(); }
  bool knowsOrder() const { return manner_.knows_order; }
  void save(WeightSink& sink, const std::string& prefix) const;
  /// All weights in a row, [weights].
  torch::Tensor flat() const;

 private:
  ContrastiveManner manner_;
  Transformer text_;
  FlatWeights rest_;  ///< the image encoder, the scale and the text projection
};

}  // namespace viva
