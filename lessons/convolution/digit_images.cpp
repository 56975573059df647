// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/digit_images.h"

#include "lessons/convolution/digit_nets.h"
#include "lessons/data/digits.h"

namespace viva {

Split digitImages(const Parameters& p, const RunContext& context) {
  constexpr double kValidationShare = 0.2;
  const auto generator = generatorFor(context.seed, kReaderDataStream);
  Dataset images;
  if (p[kDigitData] == DigitData::File) {
    ImageUse use;
    use.side = kReaderSide;
    use.channels = 1;
    use.most = p[kDigitSamples];
    images = ownImages(p[kDigitImages].path, p[kDigitLabels].path, use, generator, context.stop);
  } else {
    images = digits(p[kDigitSamples], generator, kReaderSide);
  }
  return stratifiedSplit(images, kValidationShare, generatorFor(context.seed, kReaderSplitStream));
}

}  // namespace viva
