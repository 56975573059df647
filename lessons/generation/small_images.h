// SPDX-License-Identifier: GPL-3.0-or-later
// The images that `gan-images` learns.
#pragma once

#include <cstdint>
#include <stop_token>

#include "lessons/data/dataset.h"
#include "lessons/generation/gan_images.h"

namespace viva {

inline constexpr std::int64_t kImageSize = 12;
inline constexpr std::int64_t kMostImages = 20000;  ///< of a file: drawn, not the first ones

/// Inputs [samples, 1, 12, 12] from -1 (no ink) to 1. Those of the user are as ownImages has them;
/// where no label is asked for, there is one class. Throws like ownImages.
Dataset ganImagesData(const Parameters& parameters, at::Generator generator,
                      const std::stop_token& stop = {});

}  // namespace viva
