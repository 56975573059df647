// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA (arXiv 2303.10512): P diag(lambda) Q beside each weight, and a budget of ranks that
// falls; the triplets that matter least lose their lambda.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/fine_tuning/low_rank.h"

namespace viva {

/// How many ranks are left after update `step`: `first` until `from`, then down a cubic curve to
/// `last` at `until`.
std::int64_t ranksLeft(std::int64_t step, std::int64_t first, std::int64_t last, std::int64_t from,
                       std::int64_t until);

/// Smoothed importance of numbers that are trained: the mean of |w g| over updates times the mean
/// of how far it strays (sections 3.2 of the paper).
class Sensitivity {
 public:
  /// The score of every number after one more update.
  torch::Tensor observe(const torch::Tensor& weight, const torch::Tensor& gradient);

 private:
  torch::Tensor mean_, stray_;
};

class AdaLora : public Adapter {
 public:
  AdaLora(const std::vector<AdaptedMatrix>& matrices, std::int64_t rank, double scale,
          std::int64_t budget, std::int64_t falls_from, std::int64_t falls_until)
      : matrices_(matrices),
        rank_(rank),
        scale_(scale),
        budget_(budget),
        falls_from_(falls_from),
        falls_until_(falls_until),
        scores_(3 * matrices.size()) {}

  /// Of each matrix P [out, r], lambda [r] and Q [r, in].
  std::vector<WeightShape> shapes() const override;
  void start(std::vector<torch::Tensor>& own, at::Generator generator) const override;
  Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const override;
  /// That the columns of P and the rows of Q are orthonormal.
  torch::Tensor penalty(const std::vector<torch::Tensor>& own) const override;
  void finish(std::vector<torch::Tensor>& own, const std::vector<torch::Tensor>& gradients,
              std::int64_t step) override;

  /// How many ranks each matrix has left.
  std::vector<std::int64_t> ranks(const std::vector<torch::Tensor>& own) const;

 private:
  std::vector<AdaptedMatrix> matrices_;
  std::int64_t rank_;
  double scale_;
  std::int64_t budget_, falls_from_, falls_until_;
  std::vector<Sensitivity> scores_;  ///< of what is trained, in the order of shapes()
};

}  // namespace viva
