// SPDX-License-Identifier: GPL-3.0-or-later
// Reads images that a generator made: which class are they?
#pragma once

#include <torch/types.h>

#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"

namespace viva {

/// A classifier in closed form, so that it costs no training: random ReLU features of the pixels,
/// and ridge regression onto one-hot labels.
class ImageJudge {
 public:
  /// A fifth of `data` is kept to know how well it reads.
  ImageJudge(const Dataset& data, at::Generator generator);
  /// As the one above left it (`keep`), for the same data and a generator in the same state.
  ImageJudge(const Dataset& data, at::Generator generator, const std::vector<NamedArray>& kept);
  void keep(WeightSink& sink) const;
  /// [n], int64, for images [n, 1, size, size].
  torch::Tensor read(const torch::Tensor& images) const;
  /// The first of its features, [n, 64], for images [n, 1, size, size]; nothing of them is learnt.
  torch::Tensor traits(const torch::Tensor& images) const;
  double accuracy() const { return accuracy_; }  ///< on real images it has not seen
  /// Shares of the classes among `images`: [classes].
  torch::Tensor shares(const torch::Tensor& images) const;

 private:
  ImageJudge(const Dataset& data, at::Generator& generator, std::int64_t classes);
  torch::Tensor features(const torch::Tensor& images) const;
  std::int64_t classes_;
  torch::Tensor projection_, bias_, weights_;
  double accuracy_ = 0;
};

}  // namespace viva
