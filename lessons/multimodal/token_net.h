// SPDX-License-Identifier: GPL-3.0-or-later
// Clips cut into tokens, embedded by one linear layer, and read without any attention.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "lessons/nn/flat_weights.h"

namespace viva {

/// Blocks of `frames` x `side` x `side` pixels: [clips, time, height, width] -> [clips, tokens,
/// pixels of a block], in the order of a convolution's output.
torch::Tensor tubelets(const torch::Tensor& clips, std::int64_t frames, std::int64_t side);
/// Whole blocks that fit.
std::int64_t tubeletCount(std::int64_t time, std::int64_t height, std::int64_t width,
                          std::int64_t frames, std::int64_t side);

/// Linear from a block to 64 numbers, GELU, the mean over all tokens, Linear to 32, GELU, Linear to
/// four classes. Weights are named as in the program of the lesson: `embed.weight`, `embed.bias`,
/// `head.0.weight`, ..., `head.2.bias`.
class TokenNet {
 public:
  /// Drawn anew.
  TokenNet(std::int64_t frames, std::int64_t side, at::Generator generator,
           const std::string& device);

  std::int64_t frames() const { return frames_; }
  std::int64_t side() const { return side_; }
  /// [clips, classes] of clips [clips, time, height, width].
  torch::Tensor operator()(const torch::Tensor& clips) const;
  torch::Tensor tokens(const torch::Tensor& clips) const;  ///< [clips, tokens, 64], embedded
  torch::Tensor filters() const;  ///< [64, frames, side, side], without gradients
  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }

 private:
  std::int64_t frames_, side_;
  FlatWeights weights_;

  TokenNet(std::int64_t frames, std::int64_t side, FlatWeights weights)
      : frames_(frames), side_(side), weights_(std::move(weights)) {}
  friend TokenNet inflated(const TokenNet& picture, std::int64_t frames, bool central);
};

/// A net of clips from one of pictures: its filters in every frame, divided by the number of
/// frames; or in the middle frame alone, and zeros elsewhere (arXiv 2103.15691). All else is
/// copied.
TokenNet inflated(const TokenNet& picture, std::int64_t frames, bool central);

}  // namespace viva
