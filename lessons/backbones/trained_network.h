// SPDX-License-Identifier: GPL-3.0-or-later
// A net that learns: the operations of a Network with weights, carried out by LibTorch.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lessons/backbones/network.h"
#include "lessons/nn/flat_weights.h"

namespace viva {

struct Dataset;

/// Whose means and variances the batch norms use.
enum class Pass {
  Training,   ///< the batch's own, which also move the running ones
  Probe,      ///< the batch's own, and nothing is remembered
  Evaluation  ///< the running ones
};

class TrainedNetwork {
 public:
  /// Convolutions begin as arXiv 1502.01852 has it, normal with variance 2 / fan-in, batch norms
  /// with 1 and 0, dense layers as PyTorch's. Convolutions of 1x1 are drawn last: nets that differ
  /// by projections only begin with the same weights otherwise.
  TrainedNetwork(Network net, const at::Generator& generator, const std::string& device);

  const Network& net() const { return net_; }

  struct Forward {
    torch::Tensor logits;                        ///< [batch, classes]
    std::vector<torch::Tensor> pre_activations;  ///< what each ReLU receives, the first one first
  };
  /// Images [batch, channels, side, side]. Answers the same whatever the memory format is.
  Forward forward(const torch::Tensor& images, Pass pass) const;

  /// The gradient of a scalar `loss` with respect to the weights, kept for update(). Answers the
  /// norms of its gradients with respect to `observed`, which it was made from.
  std::vector<double> differentiate(const torch::Tensor& loss,
                                    const std::vector<torch::Tensor>& observed = {});
  /// One update of all weights. Of `rule` only the settings are used.
  void update(const UpdateRule& rule);

  /// By how much the newest gradients of the convolutions point along their own filters, as a share
  /// of both norms: the largest. A filter in front of a batch norm may be scaled without changing
  /// anything, so it is 0, but for the norm's epsilon.
  double alongFilters() const;

  std::int64_t weightCount() const { return weights_.flat().numel(); }
  /// As a state dictionary: `layer1.0.conv1.weight`, `layer1.0.bn1.running_mean`.
  std::vector<std::pair<std::string, torch::Tensor>> state() const;

 private:
  /// Where the weights of an operation are.
  struct Place {
    std::size_t first = 0, count = 0;
    int norm = -1;
  };

  Network net_;
  std::vector<Place> places_;     ///< one an operation
  FlatWeights weights_;           ///< one copy
  torch::Tensor differentiated_;  ///< [1, parameters]: those that the gradients belong to
  std::vector<std::pair<torch::Tensor, torch::Tensor>> running_;  ///< means and variances, a norm
};

/// The share of `data` that the net, with its running statistics, is right about. Throws Stopped.
double accuracyOf(const TrainedNetwork& net, const Dataset& data, const std::stop_token& stop);

}  // namespace viva
