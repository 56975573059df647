// SPDX-License-Identifier: GPL-3.0-or-later
// What `diffusion-plane` learns: points of a target, scaled, with their class where it has any.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "lessons/data/plane_targets.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/exact_noise.h"

namespace viva {

/// Draws [n, 2 + classes]: a point times scale(), and its class, one-hot.
class LabelledTarget {
 public:
  LabelledTarget(const Parameters& parameters, at::Generator for_training_set);

  /// From the training set, or without one as `fresh`.
  torch::Tensor training(std::int64_t count, at::Generator random) const;
  torch::Tensor fresh(std::int64_t count, at::Generator random) const;

  std::int64_t classes() const { return classes_; }  ///< 0: they take no part
  double scale() const { return scale_; }
  /// In the plane, not scaled: [modes, 2], none for targets without.
  const torch::Tensor& modes() const { return target_.modes(); }
  double sigma() const { return target_.sigma(); }
  /// In the plane: [n, 2], none where the supply is endless.
  const torch::Tensor& trainingPoints() const { return training_points_; }
  /// What training draws from, where that is known: the training set as points without width, or
  /// the modes. Scaled.
  std::optional<PlaneMixture> mixture() const;

  /// Samples `ends` [n, 2] of the classes [n, classes] against `real` points with theirs.
  GuidedClasses compare(const torch::Tensor& ends, const torch::Tensor& classes,
                        const torch::Tensor& real) const;

 private:
  PlaneTarget target_;
  double scale_;
  torch::Tensor components_;  ///< [components, 2]: a drawn point that is there twice counts twice
  torch::Tensor labels_;      ///< [components], int64
  std::int64_t classes_ = 0;
  torch::Tensor training_set_;     ///< [n, 2 + classes], scaled
  torch::Tensor training_points_;  ///< [n, 2], not scaled
};

/// The share of `samples` [n, 2] that lie three times nearer to their nearest point of `points`
/// [m, 2], m > 1, than to the second nearest. Of samples that do not know points strewn at random
/// that is 1/9: the ratio's square is even between 0 and 1.
double memorisedShare(const torch::Tensor& samples, const torch::Tensor& points);

}  // namespace viva
