// SPDX-License-Identifier: GPL-3.0-or-later
// A classifier, its ensemble, and what seven scores say of any sample.
#pragma once

#include <array>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/uncertainty/dropout_net.h"
#include "lessons/uncertainty/ood_metrics.h"
#include "lessons/uncertainty/ood_scores.h"

namespace viva {

struct ScoreSettings {
  double temperature = 1000, epsilon = 0;  ///< of ODIN
  bool evaluation_mode = true;             ///< false: dropout stays on while scoring
  std::int64_t neighbours = 10;            ///< of KNN
};

/// What distances are measured from: the first net's features of the training data.
struct SeenFeatures {
  ClassGaussians gaussians;
  NearestFeatures nearest;
};

/// Five nets that begin at different places and see the same batches, each with its own dropout.
/// The first one is the classifier; the ensemble is the mean of the softmax of all.
class OodClassifier {
 public:
  static constexpr std::int64_t kMembers = 5;
  static constexpr std::int64_t kPasses = 20;  ///< of Monte Carlo dropout

  OodClassifier(std::int64_t inputs, std::int64_t hidden, std::int64_t classes, double dropout,
                std::uint64_t seed, torch::Device device);

  /// One update of all members; answers the loss of the first.
  double train(const Batches::Batch& batch, double rate);

  /// All members, nothing dropped.
  NetOutputs outputs(const torch::Tensor& inputs) const;
  /// All members, with fresh masks for every sample: training mode.
  NetOutputs droppedOutputs(const torch::Tensor& inputs, at::Generator generator) const;
  /// Masks of kPasses passes, each the same for all samples (Gal and Ghahramani, arXiv 1506.02142,
  /// draw them anew for each; the mean over passes has the same expectation).
  DropoutMasks passMasks(at::Generator generator) const;

  SeenFeatures seen(const Dataset& training) const;

  /// One score of samples [samples, features]: [samples]. `generator` draws what is dropped.
  torch::Tensor score(OodScore score, const torch::Tensor& inputs, const SeenFeatures& seen,
                      const ScoreSettings& settings, at::Generator generator) const;
  /// The largest softmax of the mean over all members.
  torch::Tensor ensembleScore(const torch::Tensor& inputs) const;
  /// The largest softmax of the mean over passes with these masks.
  torch::Tensor dropoutScore(const torch::Tensor& inputs, const DropoutMasks& passes) const;
  /// All, in the order of OodScore. KNN, which came later, leaves the generator as it finds it.
  std::array<torch::Tensor, kOodScores> scores(const torch::Tensor& inputs,
                                               const SeenFeatures& seen,
                                               const ScoreSettings& settings,
                                               at::Generator generator) const;

  /// `member0.0.weight`, ...
  void save(WeightSink& sink) const;

 private:
  std::vector<torch::Tensor> firstMember() const;
  /// `made`: what the first net, or for the ensemble all, made of the inputs.
  torch::Tensor scoreOf(OodScore score, const NetOutputs& made, const torch::Tensor& inputs,
                        const SeenFeatures& seen, const ScoreSettings& settings,
                        at::Generator generator) const;

  std::int64_t hidden_;
  double dropout_;
  torch::Device device_;
  StackedNet net_;
  at::Generator masks_;
};

}  // namespace viva
