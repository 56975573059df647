// SPDX-License-Identifier: GPL-3.0-or-later
// One model of capacity-lab: how it learns, and when it stops.
#pragma once

#include <torch/types.h>

#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/fitting/capacity_lab.h"
#include "lessons/fitting/sample_sets.h"
#include "lessons/nn/stacked_net.h"

namespace viva {

class LabModel {
 public:
  /// A linear model of features or a net of ReLU units, as `parameters` say, with PyTorch's
  /// default initialisation.
  LabModel(const Parameters& parameters, LabData data, const RunContext& context);

  void apply(const Parameters& parameters) { parameters_ = parameters; }
  /// Goes on from the present weights with other samples.
  void replaceData(LabData data);

  /// One epoch: one update with all training samples, or the solution itself. Does nothing after
  /// the last epoch, after early stopping, and without enough samples.
  void update();
  /// Measures, remembers the best, and stops early when it is time to.
  void evaluate();

  const LabNumbers& numbers() const { return numbers_; }
  const LabData& data() const { return data_; }
  const Parameters& parameters() const { return parameters_; }
  /// What it says at `places` [samples, 1 or 2]: [outputs, samples]; logits for classes.
  torch::Tensor outputs(const torch::Tensor& places) const;
  /// Of weights without biases, flat.
  torch::Tensor plainWeights() const;
  void save(WeightSink& sink, const std::string& prefix) const;

  /// How far the gradient is from autograd's, relative to its length; for the exact solver, the
  /// largest slope at the solution.
  double gradientDifference() const;
  /// How far validation now is from the smallest seen; 0 unless it stopped early.
  double restoredDifference() const;

 private:
  torch::Tensor featuresOf(const torch::Tensor& places) const;
  void prepare();
  void descend();
  void solve();
  /// Answers the loss and writes its gradient. `dropout` is a rate.
  double backpropagate(const torch::Tensor& features, double dropout, const at::Generator& masks,
                       const std::vector<torch::Tensor>& gradients) const;

  Parameters parameters_;
  LabData data_;
  torch::Dtype type_;
  Architecture net_;                               ///< what the weights are called and shaped like
  torch::Tensor weights_, gradient_, velocity_;    ///< flat
  std::vector<torch::Tensor> layers_, gradients_;  ///< views of weights_ and gradient_
  torch::Tensor wanted_;         ///< targets, or ones where a sample's class is: [samples, outputs]
  torch::Tensor best_;           ///< with early stopping, those of the best validation loss
  torch::Tensor is_weight_;      ///< flat, 1 for weights and 0 for biases
  torch::Tensor weight_places_;  ///< where it is 1
  torch::Tensor seen_, asked_, moved_;  ///< [samples, features] of training, validation, test
  at::Generator masks_, jitter_;
  LabNumbers numbers_;
  std::int64_t epoch_ = 0;
};

}  // namespace viva
