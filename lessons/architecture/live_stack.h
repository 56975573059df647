// SPDX-License-Identifier: GPL-3.0-or-later
// The stack as modules of LibTorch, which say themselves what they hold.
#pragma once

#include <torch/nn.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lessons/architecture/layer_stack.h"

namespace viva {

struct LiveLayer {
  std::shared_ptr<torch::nn::Module> module;  ///< null: nothing is learned or kept
  /// `x` is [1, ...]; of a sequence [1, time, features].
  std::function<torch::Tensor(const torch::Tensor& x)> forward;
};

/// For use, not for training: dropout passes on, batch norms use their running statistics.
LiveLayer liveLayer(const Layer& layer, torch::Device device);

/// Elements that the module learns; that it keeps besides, without counters of batches.
std::int64_t learnedElements(const LiveLayer& layer);
std::int64_t keptElements(const LiveLayer& layer);

/// Multiply-accumulates by another way than the formulas: how often the weights that the module
/// really holds are used to give an output of this shape.
std::int64_t usedWeights(const Layer& layer, const LiveLayer& live, const torch::Tensor& input,
                         const torch::Tensor& output);

}  // namespace viva
