// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/classified_images.h"

#include "lessons/backbones/small_networks.h"
#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/data/shapes.h"

namespace viva {

Split classifiedImages(const Parameters& p, std::uint64_t seed) {
  static_assert(kImageSide == kDigitSize);
  const auto generator = generatorFor(seed, kImageStream);
  const auto all = p[kImages] == ImageSource::Digits
                       ? digits(p[kImageCount], generator)
                       : shapes(p[kImageCount], kImageSide, generator);
  return split(all, kImageValidationShare, generator);
}

ImageTask taskOf(const Split& images) {
  const auto& inputs = images.training.inputs;
  return {inputs.size(1), inputs.size(2), images.training.classes};
}

}  // namespace viva
