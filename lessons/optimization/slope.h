// SPDX-License-Identifier: GPL-3.0-or-later
// Heights and gradients of a surface under a row of walkers, by autograd.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/update_rules.h"
#include "lessons/optimization/surfaces.h"

namespace viva {

/// The walkers share one tensor a coordinate, so that one forward and one backward pass serve all:
/// the operations of a step cost the same for seven as for one.
class Slope {
 public:
  Slope(int walkers, const std::string& device);

  /// Evaluates the surface, which has moved `shift` to the right, under all walkers.
  void evaluate(const Surface& surface, const std::vector<Pair>& positions, double shift);

  double value(int walker) const { return values_[walker]; }
  const Pair& gradient(int walker) const { return gradients_[walker]; }

 private:
  torch::Device device_;
  torch::Tensor places_;  // [2, walkers], on the CPU
  torch::Tensor ones_;    // [walkers]
  std::vector<double> values_;
  std::vector<Pair> gradients_;
};

/// The largest relative difference between the gradients in `slope` and those worked out on paper.
double differenceFromClosedForm(const Slope& slope, const Surface& surface,
                                const std::vector<Pair>& positions, double shift);

/// A place as it stands in weights.pt: float64, [2].
NamedArray weightOf(const std::string& name, const Pair& place);

}  // namespace viva
