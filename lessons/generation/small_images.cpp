// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/small_images.h"

#include <torch/types.h>

#include "lessons/data/digits.h"
#include "lessons/data/own_images.h"
#include "lessons/data/shapes.h"

namespace viva {
namespace {

static_assert(kImageSize == kDigitSize);

constexpr std::int64_t kMostLabels = 10;

}  // namespace

Dataset ganImagesData(const Parameters& p, at::Generator generator, const std::stop_token& stop) {
  Dataset dataset;
  switch (p[kImagesData]) {
    case GanImagesData::Digits:
      dataset = digits(p[kImageSamples], generator);
      break;
    case GanImagesData::Shapes:
      dataset = shapes(p[kImageSamples], kImageSize, generator);
      break;
    case GanImagesData::File:
      dataset = ownImages(p[kImageFile].path, p[kLabelFile].path,
                          {.side = kImageSize,
                           .channels = 1,
                           .most = kMostImages,
                           .most_classes = kMostLabels,
                           .least_classes = 1,
                           .labelled = ganImagesAreLabelled(p)},
                          generator, stop);
      break;
  }
  dataset.inputs = 2 * dataset.inputs - 1;
  return dataset;
}

}  // namespace viva
