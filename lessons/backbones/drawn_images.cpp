// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/drawn_images.h"

#include <algorithm>

#include "lessons/data/digits.h"
#include "lessons/data/shapes.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {

Dataset drawnImages(DrawnImages kind, std::int64_t samples, const at::Generator& generator) {
  return kind == DrawnImages::Digits ? digits(samples, generator)
                                     : shapes(samples, kDigitSize, generator);
}

ImagesData rowsOfImages(const std::vector<std::pair<torch::Tensor, Word>>& rows,
                        std::int64_t most) {
  ImagesData shown;
  shown.height = shown.width = kDigitSize;
  std::vector<float> values;
  for (const auto& [images, caption] : rows) {
    const std::int64_t count = std::min(most, images.size(0));
    shown.columns = static_cast<int>(count);
    for (const double value : numbersOf(images.narrow(0, 0, count)))
      values.push_back(static_cast<float>(value));
    for (std::int64_t i = 0; i < count; ++i)
      shown.images.push_back({i == 0 ? Label(caption) : Label(std::string()), {}});
  }
  shown.values = shareFloats(std::move(values));
  return shown;
}

}  // namespace viva
