// SPDX-License-Identifier: GPL-3.0-or-later
// What a dense detector is told: which class each place should answer, and which box.
#pragma once

#include <torch/types.h>

#include <string>

#include "lessons/detection/detector_places.h"
#include "lessons/detection/detector_training.h"
#include "lessons/detection/scenes.h"

namespace viva {

/// What the places of some scenes should answer.
struct DetectorTargets {
  torch::Tensor
      classes;  ///< [scenes, places, shapes], float32: 1 for the shape to be found, else 0
  torch::Tensor is_asked;      ///< [scenes, places, 1], bool
  torch::Tensor scene, place;  ///< [positives], int64: the places that are to find an object
  torch::Tensor boxes;         ///< [positives, 4]: the boxes of those objects
  double positives() const { return static_cast<double>(scene.size(0)); }
  DetectorTargets to(const std::string& device) const;
};
/// `roles` of DetectorPlaces::assigned for `scenes`.
DetectorTargets targetsOf(const Scenes& scenes, const torch::Tensor& roles);

/// Of each logit: binary cross-entropy, or focal loss with gamma 2 and alpha 0.25 (arXiv
/// 1708.02002), over alpha. With less weight the loss of the boxes, which the same convolutions
/// serve, drowns it: mAP50 of 0.74 instead of 0.98 after 300 updates on a grid of 12.
torch::Tensor classLosses(Classification kind, const torch::Tensor& logits,
                          const torch::Tensor& targets);

struct DetectorLoss {
  torch::Tensor classification, box;  ///< numbers
  torch::Tensor total() const { return classification + box; }
};
/// Both sums over the number of positives. `raw` [scenes, places, 3 + 4]. A box counts twice its
/// IoU loss, or its L1 in units of 2 pixels.
DetectorLoss detectorLoss(const DetectorSetting& setting, const DetectorPlaces& places,
                          const torch::Tensor& raw, const DetectorTargets& targets);

/// Where the classification loss of these answers comes from.
LossOrigin lossOrigin(Classification kind, const torch::Tensor& raw,
                      const DetectorTargets& targets);

}  // namespace viva
