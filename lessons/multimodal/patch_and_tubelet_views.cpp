// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/patch_and_tubelet_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <string>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kShownFilters = 8;
/// ViViT's film (arXiv 2103.15691).
constexpr std::int64_t kFilmFrames = 32, kFilmSide = 224, kFilmWidth = 768, kFilmColours = 3,
                       kFilmPatch = 16;

SharedFloats pixelsOf(const torch::Tensor& images) {
  std::vector<float> values;
  for (const double value : numbersOf(images)) values.push_back(static_cast<float>(value));
  return shareFloats(std::move(values));
}

Label netName(const std::string& id) { return Word{"patch-and-tubelet.curve." + id}; }

}  // namespace

void showClip(Frame& frame, const Clips& clips, std::int64_t clip, std::int64_t side) {
  auto& images = frame.at<ImagesData>("clip");
  images.height = images.width = kClipSide;
  images.columns = kClipFrames;
  images.minimum = -0.2F, images.maximum = 1;
  images.values = pixelsOf(clips.frames[clip]);
  for (std::int64_t t = 0; t < kClipFrames; ++t) images.images.push_back({std::to_string(t), {}});
  for (std::int64_t y = 0; y + side <= kClipSide; y += side)
    for (std::int64_t x = 0; x + side <= kClipSide; x += side)
      images.images.front().boxes.push_back(
          {static_cast<double>(x), static_cast<double>(y), static_cast<double>(x + side),
           static_cast<double>(y + side), "block", std::string()});
}

void showFilters(Frame& frame, const TokenNet& net) {
  auto& images = frame.at<ImagesData>("filters");
  const auto filters = net.filters();
  // Those that weigh most.
  const auto order = std::get<1>(filters.flatten(1).norm(2, 1).sort(0, /*descending=*/true));
  const auto shown = filters.index_select(0, order.narrow(0, 0, kShownFilters));
  images.height = images.width = static_cast<int>(net.side());
  images.columns = static_cast<int>(net.frames() == 1 ? kShownFilters : net.frames());
  images.values = pixelsOf(shown.flatten(0, 1));
  const double largest = shown.abs().max().item<double>();
  images.minimum = static_cast<float>(-largest), images.maximum = static_cast<float>(largest);
  for (std::int64_t i = 0; i < kShownFilters * net.frames(); ++i)
    images.images.push_back({std::string(), {}});
}

void showCounts(Frame& frame, const std::vector<ClipNetSetting>& settings) {
  auto& table = frame.at<TableData>("counts");
  table.columns = {{"net"}, {"block"}, {"tokens"}, {"scores"}, {"embedding"}};
  const auto add = [&](const std::string& id, std::int64_t frames, std::int64_t side,
                       std::int64_t tokens, std::int64_t weights) {
    table.rows.push_back(
        {id,
         {std::get<Word>(netName(id)),
          std::to_string(frames) + " × " + std::to_string(side) + " × " + std::to_string(side),
          static_cast<double>(tokens), static_cast<double>(tokens * tokens),
          static_cast<double>(weights)}});
  };
  for (const ClipNetSetting& setting : settings) {
    const std::int64_t time = setting.id.starts_with("patch") ? 1 : kClipFrames;
    add(setting.id, setting.frames, setting.side,
        tubeletCount(time, kClipSide, kClipSide, setting.frames, setting.side),
        64 * (setting.frames * setting.side * setting.side + 1));
  }
  for (const std::int64_t frames : {std::int64_t{1}, std::int64_t{2}})
    add(frames == 1 ? "film-frames" : "film-tubelets", frames, kFilmPatch,
        tubeletCount(kFilmFrames, kFilmSide, kFilmSide, frames, kFilmPatch),
        kFilmWidth * (frames * kFilmPatch * kFilmPatch * kFilmColours + 1));
}

void showClipStandings(Frame& frame, const ClipState& state) {
  auto& table = frame.at<TableData>("standings");
  table.columns = {
      {"net"},           {"tokens"}, {"weights"}, {"loss"}, {"accuracy", TableData::Best::Largest},
      {"still_accuracy"}};
  for (const ClipStanding& standing : state.standings)
    table.rows.push_back(
        {standing.id,
         {std::get<Word>(netName(standing.id)), static_cast<double>(standing.tokens),
          static_cast<double>(standing.weights), standing.loss, standing.moving, standing.still}});
}

void showPictureNet(Frame& frame, const ClipState& state) {
  for (const char* view : {"accuracy", "still"}) {
    auto& curves = frame.at<SeriesData>(view).curves;
    if (!state.picture) continue;
    const auto last = static_cast<double>(std::max<std::int64_t>(1, state.step));
    curves.push_back(
        {"picture", netName("picture"), {0, last}, {*state.picture, *state.picture}, true});
  }
}

}  // namespace viva
