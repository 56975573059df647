// SPDX-License-Identifier: GPL-3.0-or-later
// One of the nets that learn side by side, of either kind.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "lessons/data/dataset.h"
#include "lessons/vit/contest_cnn.h"
#include "lessons/vit/vision_transformer.h"
#include "lessons/vit/vit_vs_cnn.h"

namespace viva {

/// Test images as they are and with what is done to them; a net learns from none of them.
struct ContestTests {
  Dataset plain;
  std::vector<Dataset> moved;  ///< by 0, 1, ... pixels
  Dataset shuffled;            ///< the patches in one order for all
};
ContestTests contestTests(const Dataset& held_out, std::int64_t patch, at::Generator generator);

class ContestNet {
 public:
  /// For images such as those of `data`, with `classes` answers.
  ContestNet(const VitContestant& about, CnnHead head, const Dataset& data, std::int64_t classes,
             at::Generator generator, const std::string& device);

  const VitContestant& about() const { return about_; }
  /// Logits [images, classes].
  torch::Tensor logits(const torch::Tensor& images, bool is_training = false) const;
  /// One update by AdamW, weight decay 0.01; the loss in nats.
  double learn(const torch::Tensor& images, const torch::Tensor& labels, double rate);
  /// The share of the images that it is right about. Throws Stopped.
  double accuracy(const Dataset& data, const std::stop_token& stop) const;
  /// What is known of it now, of the training images `seen` and those of `tests`. Throws Stopped.
  void judge(const Dataset& seen, const ContestTests& tests, VitStanding& standing,
             const std::stop_token& stop) const;

  /// Null for a CNN, or for a ViT.
  const VisionTransformer* vit() const { return std::get_if<VisionTransformer>(&net_); }
  const ContestCnn* cnn() const { return std::get_if<ContestCnn>(&net_); }
  FlatWeights& weights();
  std::int64_t parameters() const;

  /// All but the last layer, of a net of the same kind.
  void takeBodyFrom(const ContestNet& other);
  void save(WeightSink& sink, const std::string& prefix) const;
  /// What learning has changed, as one row.
  torch::Tensor kept() const;
  void resume(const torch::Tensor& kept);

 private:
  VitContestant about_;
  std::variant<VisionTransformer, ContestCnn> net_;
};

}  // namespace viva
