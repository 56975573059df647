// SPDX-License-Identifier: GPL-3.0-or-later
// The net that is fine-tuned: a small encoder that has learned four tasks.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/transformer.h"

namespace viva {

inline constexpr std::int64_t kBaseWidth = 64, kBaseHidden = 128, kBaseHeads = 4, kBaseLayers = 2;

TransformerShape baseShape();

/// Learns drawOldTasks() an update at a time.
class PretrainedBase {
 public:
  PretrainedBase(std::uint64_t seed, std::int64_t updates, const std::string& device);

  /// Some updates of the pre-training. False: it is done.
  bool learn(const std::stop_token& stop);
  void keep(WeightSink& sink) const;
  void resume(const std::vector<NamedArray>& kept);

  const Transformer& net() const { return net_; }
  /// [parameters], in the order of the leaves of net().
  torch::Tensor flat() const { return net_.weights().flat()[0]; }

 private:
  std::int64_t updates_, step_ = 0;
  std::string device_;
  at::Generator batches_;
  Transformer net_;
};

/// As many copies of the base as `copies`, none of which is trained unless somebody does.
Transformer copiesOf(const PretrainedBase& base, std::int64_t copies);

}  // namespace viva
