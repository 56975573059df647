// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/detector_losses.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/detection/box_loss_tensors.h"

namespace viva {
namespace {

constexpr double kAlpha = 0.25;  // gamma is 2: a square below
constexpr double kMeasureWeight = 2, kL1Weight = 0.5;
/// A negative that the net gives less than this is easy.
constexpr double kEasy = 0.1;

}  // namespace

DetectorTargets targetsOf(const Scenes& scenes, const torch::Tensor& roles) {
  const auto found = (roles >= 0).nonzero();  // [positives, 2]
  const auto scene = found.select(1, 0).contiguous(), place = found.select(1, 1).contiguous();
  const auto object = roles.index({scene, place});
  DetectorTargets targets;
  targets.classes =
      torch::zeros({roles.size(0), roles.size(1), kSceneShapes}, scenes.boxes.options());
  targets.classes.index_put_({scene, place, scenes.shapes.index({scene, object})}, 1);
  targets.is_asked = (roles != kTakesNoPart).unsqueeze(-1);
  targets.scene = scene;
  targets.place = place;
  targets.boxes = scenes.boxes.index({scene, object});
  return targets;
}

DetectorTargets DetectorTargets::to(const std::string& device) const {
  return {classes.to(device), is_asked.to(device), scene.to(device), place.to(device),
          boxes.to(device)};
}

torch::Tensor classLosses(Classification kind, const torch::Tensor& logits,
                          const torch::Tensor& targets) {
  const auto cross_entropy = torch::binary_cross_entropy_with_logits(
      logits, targets, /*weight=*/{}, /*pos_weight=*/{}, at::Reduction::None);
  if (kind == Classification::CrossEntropy) return cross_entropy;
  const auto right = 1 - (targets - logits.sigmoid()).abs();  // the probability of what is true
  const auto weight = targets * (2 * kAlpha - 1) + (1 - kAlpha);
  return weight / kAlpha * (1 - right).square() * cross_entropy;
}

DetectorLoss detectorLoss(const DetectorSetting& setting, const DetectorPlaces& places,
                          const torch::Tensor& raw, const DetectorTargets& targets) {
  const double positives = std::max(1.0, targets.positives());
  const auto losses =
      classLosses(setting.classification, raw.narrow(-1, 0, kSceneShapes), targets.classes);
  const auto boxes =
      places.decoded(raw.narrow(-1, kSceneShapes, 4).index({targets.scene, targets.place}),
                     places.boxes().to(raw.device()).index_select(0, targets.place));
  const double weight = setting.box_loss == BoxLoss::L1 ? kL1Weight : kMeasureWeight;
  return {(losses * targets.is_asked).sum() / positives,
          boxLosses(setting.box_loss, boxes, targets.boxes).sum() * (weight / positives)};
}

LossOrigin lossOrigin(Classification kind, const torch::Tensor& raw,
                      const DetectorTargets& targets) {
  const torch::NoGradGuard no_grad;
  const auto logits = raw.narrow(-1, 0, kSceneShapes);
  const auto losses = classLosses(kind, logits, targets.classes) * targets.is_asked;
  const auto is_positive = targets.classes > 0.5;
  const auto is_negative = ~is_positive & targets.is_asked;
  const auto is_easy = is_negative & (logits.sigmoid() < kEasy);
  const double all = std::max(losses.sum().item<double>(), 1e-30);
  const double answers =
      static_cast<double>((is_positive | is_negative).sum().item<std::int64_t>());
  const auto share = [&](const torch::Tensor& which) -> LossOrigin::Part {
    return {losses.masked_select(which).sum().item<double>() / all,
            static_cast<double>(which.sum().item<std::int64_t>()) / answers};
  };
  return {share(is_easy), share(is_negative & ~is_easy), share(is_positive)};
}

}  // namespace viva
