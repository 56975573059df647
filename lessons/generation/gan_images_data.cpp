// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_images_data.h"

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

std::vector<ParameterSpec> ganImagesParameters() {
  return {
      choice("data", {"digits", "shapes", "file"}, "digits").grouped("data"),
      file("image_file").grouped("data").onlyWhen("data", {"file"}),
      file("label_file").grouped("data").onlyWhen("data", {"file"}),
      integer("samples", 4000)
          .range(500, 20000)
          .logarithmic()
          .grouped("data")
          .onlyWhen("data", {"digits", "shapes"}),
      toggle("conditional", true).grouped("nets"),
      integer("noise_dim", 16).range(2, 64).logarithmic().grouped("nets"),
      integer("width", 16).range(4, 32).logarithmic().grouped("nets"),
      integer("batch_size", 64).range(8, 128).logarithmic().grouped("updates"),
      real("d.lr", 1e-3).range(1e-6, 0.1).logarithmic().live().grouped("updates"),
      real("g.lr", 2e-3).range(1e-6, 0.1).logarithmic().live().grouped("updates"),
      integer("evaluate_every", 25).range(1, 500).logarithmic().grouped("display"),
      point("walk", {0, 0}).range(-3, 3).live().grouped("display").draggedOn("latent"),
      integer("shown_class", 3)
          .range(0, 9)
          .live()
          .grouped("display")
          .onlyWhen("conditional", {"true"}),
  };
}

std::vector<RecordSpec> ganImagesRecords(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const char* name : {"d_loss", "g_loss", "d_real", "d_fake", "distance"})
    records.push_back({name, ""});
  const bool labelled = p[kImagesData] != GanImagesData::File || !p[kLabelFile].path.empty();
  if (labelled) records.push_back({"kl_to_uniform", "unit.nats"});
  if (labelled && p[kConditional]) records.push_back({"agreement", ""});
  return records;
}

std::optional<Message> validateGanImages(const Parameters& p) {
  if (p[kImagesData] != GanImagesData::File) return std::nullopt;
  if (p[kImageFile].path.empty()) return Message{"error.gan_images.no_file", {}};
  if (p[kConditional] && p[kLabelFile].path.empty())
    return Message{"error.gan_images.no_labels", {}};
  return std::nullopt;
}

std::vector<ViewSpec> ganImagesViews() {
  const auto axis = [](const std::string& label) { return AxisSpec{label, "", false}; };
  std::vector<ViewSpec> views{
      images("samples"),
      images("through_time"),
      plane("latent", axis("axis.latent_1"), axis("axis.latent_2")),
      images("walk_image"),
      images("latent_grid"),
      images("real"),
      series("losses", {"d_loss", "g_loss"}, axis("axis.gan_loss")),
      series("opinions", {"d_real", "d_fake"}, axis("axis.discriminator_output")),
      series("distance", {"distance"}, axis("axis.pixel_distance")),
      series("agreement", {"agreement"}, axis("axis.agreement")),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  views[2].drags = {"walk"};
  views[2].equal_scale = true;
  for (const int small : {2, 3, 4, 7, 8, 9}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> ganImagesPresets() {
  return {
      {"digits",
       {{"conditional", "false"}},
       1500,
       {"samples", "through_time", "losses", "verdict"}},
      {"conditional", {}, 1500, {"samples", "agreement", "losses", "verdict"}},
      {"latent-walk",
       {{"conditional", "false"}, {"data", "shapes"}, {"noise_dim", "8"}},
       1000,
       {"latent", "walk_image", "latent_grid", "verdict"}},
  };
}

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
