// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of one net, or of several copies that train side by side, as one tensor: clipping and
// an optimizer's update are a handful of operations, however many weights there are.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/nn/row_updates.h"
#include "lessons/nn/weight_shape.h"

namespace viva {

class WeightSink;

class FlatWeights {
 public:
  /// `initial` [copies, parameters], the weights in the order of `shapes`, on their device.
  FlatWeights(std::vector<WeightShape> shapes, const torch::Tensor& initial);

  std::int64_t copies() const { return flat_.size(0); }
  const std::vector<WeightShape>& shapes() const { return shapes_; }
  /// [copies, *shape] each, recording gradients; the same tensors for ever.
  const std::vector<torch::Tensor>& leaves() const { return leaves_; }
  const torch::Tensor& flat() const { return flat_; }            ///< [copies, parameters]
  const torch::Tensor& gradients() const { return gradients_; }  ///< [copies, parameters]

  /// Of one copy: [*shape] each, recording gradients.
  std::vector<torch::Tensor> single() const;

  /// The gradient of each copy's loss with respect to its own weights, kept in gradients().
  /// `losses` [copies]; no copy's loss may depend on another's weights. Weights that take no part
  /// have 0. Answers the gradients with respect to `observed`, which the losses were made from.
  std::vector<torch::Tensor> differentiate(const torch::Tensor& losses,
                                           const std::vector<torch::Tensor>& observed = {});
  /// The norms of the gradients [copies], before each is cut to `max_norm` (arXiv 1211.5063; none
  /// is where that is 0).
  torch::Tensor clip(double max_norm);
  /// One update of all copies by gradients(). Of `rule` only the settings are used.
  void update(const UpdateRule& rule);
  /// Those of one copy, by their names.
  void save(WeightSink& sink, const std::string& prefix, std::int64_t copy = 0) const;

 private:
  std::vector<WeightShape> shapes_;
  torch::Tensor flat_, gradients_, ones_;
  std::vector<torch::Tensor> leaves_;
  std::optional<Row> row_;  ///< from the first update on: many nets are updated by other rules
};

}  // namespace viva
