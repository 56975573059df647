// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/contest_images.h"

#include <torch/types.h>

#include <algorithm>
#include <utility>

#include "lessons/data/digits.h"
#include "lessons/data/own_images.h"
#include "lessons/data/shapes.h"
#include "lessons/vit/contest_streams.h"

namespace viva {
namespace {

/// Ink is drawn on 12 x 12 pixels in the middle, so that it can be moved without being cut.
constexpr std::int64_t kDrawnSide = 12, kMargin = (kContestSide - kDrawnSide) / 2;
constexpr std::int64_t kMarkSide = 4, kMarks = 8;
constexpr std::int64_t kOwnClasses = 10;

torch::Tensor framed(const torch::Tensor& drawn) {
  return torch::constant_pad_nd(drawn, {kMargin, kMargin, kMargin, kMargin});
}

void addNoise(Dataset& data, double deviation, const at::Generator& generator) {
  if (deviation > 0)
    data.inputs = data.inputs + deviation * torch::randn(data.inputs.sizes(), generator);
}

/// The last `tests` of the images are for testing; classes take turns, so both have all of them.
Split withoutTheLast(const Dataset& all, std::int64_t tests) {
  const std::int64_t training = all.samples() - tests;
  return {all.first(training), all.at(torch::arange(training, all.samples(), torch::kLong))};
}

Dataset drawnImagesOf(const Parameters& p, std::int64_t count, const at::Generator& generator) {
  Dataset drawn = p[kDataset] == ContestData::Digits ? digits(count, generator, kDrawnSide)
                                                     : shapes(count, kDrawnSide, generator);
  drawn.inputs = framed(drawn.inputs);
  addNoise(drawn, p[kNoise], generator);
  return drawn;
}

Split ownImagesOf(const Parameters& p, const RunContext& context, const at::Generator& generator) {
  constexpr double kTestShare = 0.2;
  ImageUse use;
  use.side = kContestSide;
  use.channels = 3;
  use.most_classes = kOwnClasses;
  const std::int64_t wanted = p[kImages];
  use.most = wanted + wanted / 4;
  Split own = stratifiedSplit(
      ownImages(p[kImageFile].path, p[kLabelFile].path, use, generator, context.stop), kTestShare,
      generator);
  own.validation = own.validation.first(kContestTests);
  own.training = own.training.first(wanted);
  return own;
}

std::vector<Glyph> madeUpGlyphs(const at::Generator& generator) {
  const auto random = torch::rand({kGlyphClasses, 3, 8}, generator);
  std::vector<Glyph> glyphs;
  for (std::int64_t glyph = 0; glyph < kGlyphClasses; ++glyph) {
    const float* draws = random[glyph].data_ptr<float>();
    Glyph strokes;
    const int count = draws[0] < 0.5f ? 2 : 3;
    for (int stroke = 0; stroke < count; ++stroke) {
      const float* r = draws + 8 * stroke;
      if (r[1] < 0.5f) {
        const float from = 4 * r[6];
        strokes.push_back(arc(0.6f * (r[2] - 0.5f), r[3] - 0.5f, 0.3f + 0.3f * r[4],
                              0.3f + 0.4f * r[5], from, from + 1 + 2.5f * r[7]));
      } else {
        strokes.push_back({{1.1f * (r[2] - 0.5f), 1.7f * (r[3] - 0.5f)},
                           {1.1f * (r[4] - 0.5f), 1.7f * (r[5] - 0.5f)},
                           {1.1f * (r[6] - 0.5f), 1.7f * (r[7] - 0.5f)}});
      }
    }
    glyphs.push_back(std::move(strokes));
  }
  return glyphs;
}

}  // namespace

Split contestImages(const Parameters& p, const RunContext& context) {
  const auto generator = generatorFor(context.seed, kContestDataStream);
  const std::int64_t count = p[kImages] + kContestTests;
  Split images;
  switch (p[kDataset]) {
    case ContestData::File:
      images = ownImagesOf(p, context, generator);
      break;
    case ContestData::Relation:
      images =
          withoutTheLast(relationImages(count, p[kPlaces], p[kNoise], generator), kContestTests);
      break;
    default:
      images = withoutTheLast(drawnImagesOf(p, count, generator), kContestTests);
  }
  if (p[kRearranged]) {
    const std::int64_t patch = p[kPatch], across = kContestSide / patch;
    const auto order =
        torch::randperm(across * across, generatorFor(context.seed, kRearrangedStream));
    images.training.inputs = rearranged(images.training.inputs, patch, order);
    images.validation.inputs = rearranged(images.validation.inputs, patch, order);
  }
  return images;
}

std::optional<Message> contestReading(const Parameters& p, const Split& images) {
  if (p[kDataset] != ContestData::File) return std::nullopt;
  return readingOfImages(images);
}

Split glyphImages(std::int64_t images, double noise, at::Generator generator) {
  const auto glyphs = madeUpGlyphs(generator);
  Dataset drawn = handwritten(glyphs, images + kContestTests, generator, kDrawnSide);
  drawn.inputs = framed(drawn.inputs);
  addNoise(drawn, noise, generator);
  return withoutTheLast(drawn, kContestTests);
}

Dataset relationImages(std::int64_t images, MarkPlaces places, double noise,
                       at::Generator generator) {
  const auto whole = [&](std::int64_t below) {
    return torch::randint(below, {images}, generator, torch::kLong);
  };
  const auto marks =
      torch::randint(2, {kMarks, kMarkSide, kMarkSide}, generator, torch::kLong) * 2 - 1;
  Dataset data;
  data.classes = 2;
  data.labels = torch::arange(images, torch::kLong) % 2;
  data.inputs = noise * torch::randn({images, 1, kContestSide, kContestSide}, generator);
  const auto left = whole(kMarks), other = (left + 1 + whole(kMarks - 1)) % kMarks;
  const auto right = torch::where(data.labels == 1, left, other);

  // Aligned: in the first and in the last column of patches, in any of their rows. Free: in rows
  // and columns that no patch knows of, each mark within six columns at its edge.
  const bool is_aligned = places == MarkPlaces::Aligned;
  const std::int64_t last = kContestSide - kMarkSide;
  const auto row = [&] {
    return is_aligned ? whole(kContestSide / kMarkSide) * kMarkSide : whole(last + 1);
  };
  const auto inset = [&] {
    return is_aligned ? torch::zeros({images}, torch::kLong) : whole(kMarkSide - 1);
  };
  const auto pixels = torch::arange(kMarkSide, torch::kLong);
  const auto put = [&](const torch::Tensor& mark, const torch::Tensor& rows,
                       const torch::Tensor& columns) {
    const auto places_of = (rows.view({-1, 1, 1}) + pixels.view({1, -1, 1})) * kContestSide +
                           columns.view({-1, 1, 1}) + pixels.view({1, 1, -1});
    data.inputs.view({images, -1})
        .scatter_add_(1, places_of.flatten(1),
                      marks.index_select(0, mark).flatten(1).to(torch::kFloat));
  };
  const auto left_rows = row(), right_rows = row();
  put(left, left_rows, inset());
  put(right, right_rows, last - inset());
  return data;
}

torch::Tensor patchesOf(const torch::Tensor& images, std::int64_t patch) {
  const std::int64_t n = images.size(0), channels = images.size(1), across = images.size(2) / patch;
  return images.view({n, channels, across, patch, across, patch})
      .permute({0, 2, 4, 1, 3, 5})
      .reshape({n, across * across, channels * patch * patch});
}

torch::Tensor rearranged(const torch::Tensor& images, std::int64_t patch,
                         const torch::Tensor& order) {
  const std::int64_t n = images.size(0), channels = images.size(1), across = images.size(2) / patch;
  return patchesOf(images, patch)
      .index_select(1, order.to(images.device()))
      .view({n, across, across, channels, patch, patch})
      .permute({0, 3, 1, 4, 2, 5})
      .reshape(images.sizes());
}

torch::Tensor movedEachWay(const torch::Tensor& images, std::int64_t pixels) {
  const std::int64_t side = images.size(2);
  const auto wide = torch::constant_pad_nd(images, {pixels, pixels, pixels, pixels});
  auto moved = torch::empty_like(images);
  const auto take = [&](std::int64_t first, std::int64_t down, std::int64_t across) {
    if (first >= images.size(0)) return;
    moved.slice(0, first, c10::nullopt, 4)
        .copy_(wide.slice(0, first, c10::nullopt, 4)
                   .narrow(2, pixels - down, side)
                   .narrow(3, pixels - across, side));
  };
  take(0, 0, pixels), take(1, 0, -pixels), take(2, pixels, 0), take(3, -pixels, 0);
  return moved;
}

}  // namespace viva
