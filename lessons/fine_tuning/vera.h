// SPDX-License-Identifier: GPL-3.0-or-later
// VeRA (arXiv 2310.11454): one random pair of matrices, frozen, for all weights; each trains two
// vectors that scale them, diag(b) B diag(d) A.
#pragma once

#include <cstdint>

#include "lessons/fine_tuning/low_rank.h"

namespace viva {

class Vera : public Adapter {
 public:
  Vera(const std::vector<AdaptedMatrix>& matrices, std::int64_t rank, at::Generator generator);

  /// Of each matrix b [out], which starts at 0, and d [r], which starts at 0.1.
  std::vector<WeightShape> shapes() const override;
  void start(std::vector<torch::Tensor>& own, at::Generator generator) const override;
  Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const override;
  /// `shared.A` and `shared.B`.
  void saveFrozen(WeightSink& sink) const override;

 private:
  std::vector<AdaptedMatrix> matrices_;
  std::int64_t rank_;
  torch::Tensor shared_a_, shared_b_;  ///< [r, widest in], [widest out, r]; smaller ones use a part
};

}  // namespace viva
