// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA (arXiv 2106.09685), and two that change one thing each: DyLoRA (2210.07558) draws how many
// of its ranks an update uses, QA-LoRA (2309.14717) gives all inputs of a group the same numbers.
#pragma once

#include <cstdint>

#include "lessons/fine_tuning/low_rank.h"

namespace viva {

/// How many consecutive inputs QA-LoRA sums before A: a group of the four-bit weights.
inline constexpr std::int64_t kQaGroup = 16;

/// Trains A [r, in], which starts as PyTorch draws a linear layer, and B [out, r], which starts at
/// 0. So B A is 0 at first, and only B has a gradient then.
class Lora : public Adapter {
 public:
  Lora(const std::vector<AdaptedMatrix>& matrices, std::int64_t rank, double scale)
      : matrices_(matrices), rank_(rank), scale_(scale) {}

  std::vector<WeightShape> shapes() const override;
  void start(std::vector<torch::Tensor>& own, at::Generator generator) const override;
  Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const override;

 protected:
  std::vector<AdaptedMatrix> matrices_;
  std::int64_t rank_;
  double scale_;  ///< stays the same, whatever the rank that is used
};

/// Every update uses the first b of the ranks, b drawn from 1 to r; whoever reads the net may use
/// as many as he likes.
class DyLora : public Lora {
 public:
  using Lora::Lora;
  void begin(at::Generator generator) override;
  void finish(std::vector<torch::Tensor>& own, const std::vector<torch::Tensor>& gradients,
              std::int64_t step) override;
  Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const override;
  void use(std::int64_t ranks) { used_ = ranks; }

 private:
  std::int64_t used_ = rank_;
};

/// A has a number for each group of inputs: A x is the product with the sums over groups.
class QaLora : public Lora {
 public:
  QaLora(const std::vector<AdaptedMatrix>& matrices, std::int64_t rank, double scale,
         std::int64_t group = kQaGroup)
      : Lora(matrices, rank, scale), group_(group) {}
  std::vector<WeightShape> shapes() const override;
  Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const override;

 private:
  std::int64_t group_;
};

}  // namespace viva
