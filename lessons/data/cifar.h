// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own images: the binary version of CIFAR-10
// (https://www.cs.toronto.edu/~kriz/cifar.html).
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace viva {

inline constexpr std::int64_t kCifarSide = 32;
inline constexpr std::int64_t kCifarRecord = 1 + 3 * kCifarSide * kCifarSide;  ///< bytes: 3073
inline constexpr std::int64_t kLargestCifar = 512 << 20;  ///< bytes, of all files

/// In the order of their labels.
inline constexpr std::array<const char*, 10> kCifarClasses{
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};

struct CifarImages {
  torch::Tensor pixels;  ///< [images, 3, 32, 32], uint8
  torch::Tensor labels;  ///< [images], int64, from 0 to 9
};

/// The records of all `files` one after another. Throws FileError (`error.images.cifar_*`) that
/// names the file and its fault: unreadable, too large, a size that is no multiple of kCifarRecord,
/// a label above 9.
CifarImages readCifar(const std::vector<std::string>& files);

/// The `data_batch_*.bin` in the folder at `path`, sorted; its test_batch.bin is left alone, as
/// every experiment keeps a part for its test.
std::vector<std::string> cifarBatchesIn(const std::string& path);

}  // namespace viva
