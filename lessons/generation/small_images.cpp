// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/small_images.h"

#include <torch/types.h>

#include <algorithm>
#include <map>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/data/digits.h"
#include "lessons/data/idx.h"
#include "lessons/data/shapes.h"

namespace viva {
namespace {

static_assert(kImageSize == kDigitSize);

constexpr std::int64_t kMostLabels = 10;

/// The classes are the labels that occur, in order: 1 to 10 are ten, and so are 0 to 9.
void numberClasses(const std::string& file, Dataset& dataset) {
  auto read = readIdxLabels(file);
  const std::int64_t images = dataset.labels.size(0);
  if (read.size(0) != images)
    throw FileError({"error.gan_images.label_count",
                     {{"file", file}, {"labels", read.size(0)}, {"images", images}}});
  auto* labels = read.data_ptr<std::int64_t>();
  std::map<std::int64_t, std::int64_t> number_of;
  for (std::int64_t i = 0; i < images; ++i) number_of.emplace(labels[i], 0);
  dataset.classes = static_cast<std::int64_t>(number_of.size());
  if (dataset.classes > kMostLabels)
    throw FileError({"error.gan_images.too_many_classes",
                     {{"file", file}, {"found", dataset.classes}, {"limit", kMostLabels}}});
  for (auto& [label, number] : number_of) {
    number = static_cast<std::int64_t>(dataset.class_names.size());
    dataset.class_names.push_back(std::to_string(label));
  }
  for (std::int64_t i = 0; i < images; ++i) labels[i] = number_of.at(labels[i]);
  dataset.labels = std::move(read);
}

Dataset fromFile(const std::string& images, const std::string& labels,
                 const at::Generator& generator) {
  Dataset dataset;
  dataset.file = images;
  dataset.inputs = readIdxImages(images);
  dataset.classes = 1;
  const std::int64_t all = dataset.inputs.size(0);
  dataset.labels = torch::zeros({all}, torch::kLong);
  if (!labels.empty()) numberClasses(labels, dataset);
  // Files are often sorted by class, and all that follows takes beginnings for samples.
  const auto order = stratifiedOrder(dataset.labels, dataset.classes, generator);
  dataset = dataset.at(order.narrow(0, 0, std::min(all, kMostImages)));
  dataset.inputs =
      torch::adaptive_avg_pool2d(dataset.inputs.to(torch::kFloat) / 255, {kImageSize, kImageSize});
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
      dataset = fromFile(p[kImageFile].path, p[kLabelFile].path, generator);
      break;
  }
  dataset.inputs = 2 * dataset.inputs - 1;
  return dataset;
}

}  // namespace viva
