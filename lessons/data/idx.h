// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own images: the file format of MNIST and Fashion-MNIST.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

namespace viva {

inline constexpr std::int64_t kLargestIdx = 512 << 20;  ///< bytes

/// Grey images of an IDX file (magic number 0x00000803: unsigned bytes, 3 dimensions, big-endian):
/// [images, 1, rows, columns], uint8.
///
/// Throws FileError that names the file and what is wrong with it: missing, not a file, empty,
/// too large, compressed, another kind of file, no images, images of no size, or shorter or longer
/// than its header says.
torch::Tensor readIdxImages(const std::string& path);
/// Labels of an IDX file (magic number 0x00000801): [labels], int64. Throws like readIdxImages.
torch::Tensor readIdxLabels(const std::string& path);

}  // namespace viva
