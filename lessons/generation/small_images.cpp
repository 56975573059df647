// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/small_images.h"

#include <torch/torch.h>

#include <utility>

#include "lessons/core/error.h"
#include "lessons/data/digits.h"
#include "lessons/data/idx.h"
#include "lessons/data/shapes.h"

namespace viva {
namespace {

static_assert(kImageSize == kDigitSize);

constexpr std::int64_t kMostLabels = 10;

Dataset fromFile(const std::string& images, const std::string& labels) {
  Dataset dataset;
  auto pixels = readIdxImages(images);
  const std::int64_t all = pixels.size(0);
  pixels = pixels.narrow(0, 0, std::min(all, kMostImages)).to(torch::kFloat) / 255;
  dataset.inputs = torch::adaptive_avg_pool2d(pixels, {kImageSize, kImageSize});
  dataset.classes = 1;
  dataset.labels = torch::zeros({pixels.size(0)}, torch::kLong);
  if (labels.empty()) return dataset;
  const auto read = readIdxLabels(labels);
  if (read.size(0) != all)
    throw FileError({"error.gan_images.label_count",
                     {{"file", labels}, {"labels", read.size(0)}, {"images", all}}});
  dataset.classes = read.max().item<std::int64_t>() + 1;
  if (dataset.classes > kMostLabels)
    throw FileError({"error.gan_images.too_many_classes",
                     {{"file", labels}, {"largest", dataset.classes - 1}, {"limit", kMostLabels}}});
  dataset.labels = read.narrow(0, 0, pixels.size(0)).contiguous();
  return dataset;
}

}  // namespace

Dataset ganImagesData(const Parameters& p, at::Generator generator) {
  Dataset dataset;
  switch (p[kImagesData]) {
    case GanImagesData::Digits:
      dataset = digits(p[kImageSamples], generator);
      break;
    case GanImagesData::Shapes:
      dataset = shapes(p[kImageSamples], kImageSize, generator);
      break;
    case GanImagesData::File:
      dataset = fromFile(p[kImageFile].path, p[kLabelFile].path);
      break;
  }
  dataset.inputs = 2 * dataset.inputs - 1;
  return dataset;
}

}  // namespace viva
