// SPDX-License-Identifier: GPL-3.0-or-later
// Nets that are small enough to learn while one looks on, in the order of operations of the large
// ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lessons/backbones/network.h"
#include "lessons/backbones/network_parts.h"

namespace viva {

/// What a net is shown and asked.
struct ImageTask {
  std::int64_t channels = 1, side = 12;  ///< of an image
  std::int64_t classes = 10;
};

/// The nets for small images of arXiv 1512.03385, section 4.2: a 3x3 convolution, then three stages
/// of 3x3 convolutions in pairs with `width`, twice and four times as many channels, the second
/// stage and the third beginning with a stride of 2; the mean over the image, a dense layer.
/// `depth` counts convolutions and the dense layer: 6n + 2. With a shortcut around each pair, or
/// `plain`. Batch norm behind each convolution, and one ReLU a convolution, with and without
/// shortcuts.
Network stackedPairs(const ImageTask& task, std::int64_t depth, std::int64_t width,
                     std::optional<Shortcut> shortcut);
inline constexpr std::optional<Shortcut> kPlain = std::nullopt;

/// What a net repeats. Each behind its convolutions with batch norm and ReLU.
enum class BlockKind {
  Plain,      ///< a 5x5 convolution
  Vgg,        ///< two 3x3 convolutions, which see as many pixels
  Inception,  ///< 1x1, 3x3 and 5x5, behind a 1x1, and 1x1 behind a pool, side by side
  Residual,   ///< two 3x3 convolutions and a shortcut around them
  Dense,      ///< two 3x3 convolutions, each seeing all that came before it in its stage
  Depthwise   ///< twice a depthwise 3x3 and a 1x1 convolution
};

/// A 3x3 convolution, then three stages of `blocks` blocks each at the image's size, a half and a
/// quarter of it, a pool between them; the mean over the image, a dense layer. `channels`, twice
/// and four times as many in the stages, rounded; of Dense blocks, what a convolution adds.
Network repeatedBlocks(BlockKind kind, const ImageTask& task, std::int64_t blocks, double channels);

/// What is made equal.
enum class Equal { Parameters, Macs };
std::int64_t costOf(const Network& net, Equal equal);

/// The net of that kind whose cost is nearest to `budget`, by ratio.
Network repeatedBlocksFor(BlockKind kind, const ImageTask& task, std::int64_t blocks, Equal equal,
                          std::int64_t budget);

}  // namespace viva
