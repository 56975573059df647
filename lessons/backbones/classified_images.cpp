// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/classified_images.h"

#include <torch/types.h>

#include "lessons/core/error.h"
#include "lessons/data/dataset.h"
#include "lessons/data/digits.h"
#include "lessons/data/own_images.h"
#include "lessons/data/shapes.h"

namespace viva {
namespace {

Message tooLarge(std::int64_t batch_size, std::int64_t training) {
  return {"error.backbone.batch_too_large", {{"batch_size", batch_size}, {"training", training}}};
}

}  // namespace

std::optional<Message> problemWithImages(const Parameters& p) {
  if (p[kImages] == ImageSource::File) {
    if (p[kImagesFile].path.empty()) return Message{"error.images.no_file", {}};
    return std::nullopt;
  }
  const auto validation =
      static_cast<std::int64_t>(static_cast<double>(p[kImageCount]) * kImageValidationShare);
  const std::int64_t training = p[kImageCount] - validation;
  if (p[kImageBatch] > training) return tooLarge(p[kImageBatch], training);
  return std::nullopt;
}

ImageTask taskOf(const Parameters& p) {
  switch (p[kImages]) {
    case ImageSource::Digits:
      return {1, kImageSide, 10};
    case ImageSource::Shapes:
      return {1, kImageSide, kShapeClasses};
    case ImageSource::File:
      break;
  }
  return {3, kOwnSide, 10};
}

Split classifiedImages(const Parameters& p, std::uint64_t seed, const std::stop_token& stop) {
  static_assert(kImageSide == kDigitSize);
  const auto generator = generatorFor(seed, kImageStream);
  switch (p[kImages]) {
    case ImageSource::Digits:
      return split(digits(p[kImageCount], generator), kImageValidationShare, generator);
    case ImageSource::Shapes:
      return split(shapes(p[kImageCount], kImageSide, generator), kImageValidationShare, generator);
    case ImageSource::File:
      break;
  }
  const ImageTask task = taskOf(p);
  ImageUse use;
  use.side = task.side, use.channels = task.channels;
  use.most = p[kImageCount], use.most_classes = task.classes;
  Split images =
      stratifiedSplit(ownImages(p[kImagesFile].path, p[kImageLabels].path, use, generator, stop),
                      kImageValidationShare, generator);
  if (p[kImageBatch] > images.training.samples())
    throw RequestError(tooLarge(p[kImageBatch], images.training.samples()));
  return images;
}

ImageTask taskOf(const Split& images) {
  const auto& inputs = images.training.inputs;
  return {inputs.size(1), inputs.size(2), images.training.classes};
}

std::optional<Message> readingOf(const Parameters& p, const Split& images) {
  if (p[kImages] != ImageSource::File) return std::nullopt;
  return readingOfImages(images);
}

}  // namespace viva
