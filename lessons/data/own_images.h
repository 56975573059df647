// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own images, whatever they are kept in.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "lessons/core/message.h"
#include "lessons/data/dataset.h"

namespace viva {

/// What an experiment makes of images, and how many of them: most * channels * side^2 floats are
/// held.
struct ImageUse {
  std::int64_t side = 32;          ///< pixels, across and down
  std::int64_t channels = 3;       ///< 3: RGB; 1: grey, the luma of ITU-R BT.601
  std::int64_t most = 20000;       ///< of more, so many are drawn, of each class its share
  std::int64_t most_classes = 10;  ///< that can be told apart
  std::int64_t least_classes = 2;
  bool labelled = true;  ///< false: no label is looked at, and all images are one class
};

/// Images at `path`, which is recognised by what it holds:
///
/// - a file of grey images in IDX (MNIST), whose labels are the IDX file at `labels_path`;
/// - a file in the binary version of CIFAR-10, or a folder with its `data_batch_*.bin`;
/// - a folder of PNG and JPEG files, a folder a class (listImageFolder in image_folder.h).
///
/// Inputs [images, channels, side, side], float32 from 0 to 1: the whole image, each pixel the mean
/// of those that it covers. The classes are the labels that occur, in their order. Images are in
/// a stratifiedOrder: any beginning is a fair sample, and stratifiedSplit takes them as they are.
///
/// Throws FileError for all that cannot be used, naming the file and its fault: `error.images.*`
/// and `error.idx.*`, words of resources/i18n. Throws Stopped.
Dataset ownImages(const std::string& path, const std::string& labels_path, const ImageUse& use,
                  const at::Generator& generator, const std::stop_token& stop = {});

/// What was read, for people: `parts` are those of ownImages.
Message readingOfImages(const Split& parts);

}  // namespace viva
