// SPDX-License-Identifier: GPL-3.0-or-later
// The images that `gan-images` learns.
#pragma once

#include <cstdint>

#include "lessons/data/dataset.h"
#include "lessons/generation/gan_images.h"

namespace viva {

inline constexpr std::int64_t kImageSize = 12;
inline constexpr std::int64_t kMostImages = 20000;  ///< of a file: drawn, not the first ones

/// Inputs [samples, 1, 12, 12] from -1 (no ink) to 1. Images of a file are averaged down; they are
/// in an order in which every beginning has of each class its share. Its classes are the labels
/// that occur, without a file of labels there is one. Throws FileError for a file that cannot be
/// used.
Dataset ganImagesData(const Parameters& parameters, at::Generator generator);

}  // namespace viva
