// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/box_loss_tensors.h"

#include <torch/types.h>

#include <numbers>

namespace viva {
namespace {

torch::Tensor sides(const torch::Tensor& boxes) {
  return boxes.slice(-1, 2, 4) - boxes.slice(-1, 0, 2);
}

torch::Tensor area(const torch::Tensor& sides) { return sides.select(-1, 0) * sides.select(-1, 1); }

}  // namespace

torch::Tensor boxLosses(BoxLoss loss, const torch::Tensor& b, const torch::Tensor& t) {
  if (loss == BoxLoss::L1) return (b - t).abs().mean(-1);
  const auto low = torch::max(b, t), high = torch::min(b, t);
  const auto intersection = area((high.slice(-1, 2, 4) - low.slice(-1, 0, 2)).clamp_min(0));
  const auto unioned = area(sides(b)) + area(sides(t)) - intersection;
  const auto iou = intersection / unioned;
  if (loss == BoxLoss::Iou) return 1 - iou;
  const auto around = low.slice(-1, 2, 4) - high.slice(-1, 0, 2);
  if (loss == BoxLoss::Giou) return 1 - (iou - (area(around) - unioned) / area(around));
  const auto apart = (b - t).slice(-1, 0, 2) + (b - t).slice(-1, 2, 4);  // twice the centres'
  const auto diou = iou - apart.square().sum(-1) / (4 * around.square().sum(-1));
  if (loss == BoxLoss::Diou) return 1 - diou;
  const auto angle = [](const torch::Tensor& boxes) {
    const auto size = sides(boxes);
    return torch::atan(size.select(-1, 0) / size.select(-1, 1));
  };
  const auto aspect = (angle(t) - angle(b)).square() * (4 / (std::numbers::pi * std::numbers::pi));
  const auto v = aspect.detach();
  // Equal boxes have 0 / 0.
  const auto weight = (v / (1 - iou.detach() + v)).nan_to_num(0);
  return 1 - (diou - weight * aspect);
}

}  // namespace viva
