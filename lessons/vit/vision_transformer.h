// SPDX-License-Identifier: GPL-3.0-or-later
// A vision transformer (arXiv 2010.11929): the transformer of the text lessons, whose tokens are
// patches of an image.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "lessons/nn/transformer.h"

namespace viva {

struct VitPlan {
  std::int64_t side = 16, channels = 1, classes = 10;
  std::int64_t patch = 4;  ///< pixels, across and down
  bool has_positions = true;

  std::int64_t across() const { return side / patch; }
  std::int64_t tokens() const { return across() * across(); }
};

class VisionTransformer {
 public:
  /// Width 32, two blocks of four heads, 64 units in between: 18,528 weights for 16 patches of 4x4
  /// and ten classes.
  VisionTransformer(const VitPlan& plan, at::Generator generator, const std::string& device);

  /// Logits [images, classes]: the mean over the tokens of head(norm(blocks(patch + position))).
  /// There is no class token: the mean of what linear heads say is what one says of the mean.
  torch::Tensor logits(const torch::Tensor& images, const Reading& reading = {}) const;

  const VitPlan& plan() const { return plan_; }
  const Transformer& net() const { return net_; }
  FlatWeights& weights() { return net_.weights(); }
  const FlatWeights& weights() const { return net_.weights(); }
  std::int64_t parameters() const { return net_.parameters(); }
  /// Multiply-accumulates for one image; those of the two products of attention alone, which grow
  /// with the square of the tokens.
  std::int64_t macs() const;
  std::int64_t attentionMacs() const;

  /// All weights but those of the head.
  void takeBodyFrom(const VisionTransformer& other);

 private:
  VitPlan plan_;
  Transformer net_;
};

}  // namespace viva
