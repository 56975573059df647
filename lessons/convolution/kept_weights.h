// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a training at moments of the past, so that what is drawn today can be read by
// them.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace viva {

/// At most kMost moments, spread evenly from the first step to the last: when they are full, every
/// second one goes, and from then on so many fewer are taken.
class KeptWeights {
 public:
  static constexpr std::size_t kMost = 64;

  struct Moment {
    std::int64_t step = 0;
    std::vector<torch::Tensor> rows;  ///< [parameters] each, a net each
  };

  /// Whether `step` is one of those that are kept; steps grow.
  bool takes(std::int64_t step) const { return step % interval_ == 0; }
  void add(Moment moment);
  const std::vector<Moment>& moments() const { return moments_; }
  /// The newest at or before `step`. There is one: that of step 0.
  const Moment& at(std::int64_t step) const;

 private:
  std::vector<Moment> moments_;
  std::int64_t interval_ = 1;
};

}  // namespace viva
