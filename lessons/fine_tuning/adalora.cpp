// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/adalora.h"

#include <torch/utils.h>

#include <cmath>
#include <tuple>

namespace viva {
namespace {

constexpr double kMemory = 0.85, kSpreadOfPq = 0.02, kOrthogonality = 0.5;

torch::Tensor awayFromIdentity(const torch::Tensor& gram) {
  return (gram - torch::eye(gram.size(0), gram.options())).square().sum();
}

}  // namespace

std::int64_t ranksLeft(std::int64_t step, std::int64_t first, std::int64_t last, std::int64_t from,
                       std::int64_t until) {
  if (step <= from) return first;
  if (step >= until) return last;
  const double left = 1 - static_cast<double>(step - from) / static_cast<double>(until - from);
  return last + static_cast<std::int64_t>(static_cast<double>(first - last) * left * left * left);
}

torch::Tensor Sensitivity::observe(const torch::Tensor& weight, const torch::Tensor& gradient) {
  const auto now = (weight * gradient).abs();
  if (!mean_.defined()) {
    mean_ = torch::zeros_like(now);
    stray_ = torch::zeros_like(now);
  }
  mean_.mul_(kMemory).add_(now, 1 - kMemory);
  stray_.mul_(kMemory).add_((now - mean_).abs(), 1 - kMemory);
  return mean_ * stray_;
}

std::vector<WeightShape> AdaLora::shapes() const {
  std::vector<WeightShape> shapes;
  for (const AdaptedMatrix& matrix : matrices_) {
    shapes.push_back({matrix.title() + ".P", {matrix.out, rank_}, rank_});
    shapes.push_back({matrix.title() + ".lambda", {rank_}, rank_});
    shapes.push_back({matrix.title() + ".Q", {rank_, matrix.in}, matrix.in});
  }
  return shapes;
}

void AdaLora::start(std::vector<torch::Tensor>& own, at::Generator generator) const {
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (i % 3 == 1)
      own[i].zero_();
    else
      own[i].copy_(torch::randn(own[i].sizes(), generator) * kSpreadOfPq);
  }
}

Factors AdaLora::factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const {
  return {own[3 * matrix] * (own[3 * matrix + 1] * scale_), own[3 * matrix + 2]};
}

torch::Tensor AdaLora::penalty(const std::vector<torch::Tensor>& own) const {
  auto sum = torch::zeros({}, own[0].options());
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    const auto& p = own[3 * i];
    const auto& q = own[3 * i + 2];
    sum = sum + awayFromIdentity(p.t().matmul(p)) + awayFromIdentity(q.matmul(q.t()));
  }
  return sum * (kOrthogonality / static_cast<double>(2 * matrices_.size()));
}

void AdaLora::finish(std::vector<torch::Tensor>& own, const std::vector<torch::Tensor>& gradients,
                     std::int64_t step) {
  std::vector<torch::Tensor> importance;  // [r] a matrix
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    const auto of_p = scores_[3 * i].observe(own[3 * i], gradients[3 * i]);
    const auto of_lambda = scores_[3 * i + 1].observe(own[3 * i + 1], gradients[3 * i + 1]);
    const auto of_q = scores_[3 * i + 2].observe(own[3 * i + 2], gradients[3 * i + 2]);
    importance.push_back(of_lambda + of_p.mean(0) + of_q.mean(1));
  }
  const auto all = torch::cat(importance);
  const std::int64_t left = ranksLeft(step, all.numel(), budget_, falls_from_, falls_until_);
  if (left >= all.numel()) return;
  const auto lost = std::get<1>(all.topk(all.numel() - left, 0, /*largest=*/false)).to(torch::kCPU);
  auto keeps = torch::ones({all.numel()});
  keeps.index_fill_(0, lost, 0);
  keeps = keeps.to(all.device());
  for (std::size_t i = 0; i < matrices_.size(); ++i)
    own[3 * i + 1].mul_(keeps.narrow(0, static_cast<std::int64_t>(i) * rank_, rank_));
}

std::vector<std::int64_t> AdaLora::ranks(const std::vector<torch::Tensor>& own) const {
  std::vector<std::int64_t> ranks;
  for (std::size_t i = 0; i < matrices_.size(); ++i)
    ranks.push_back(own[3 * i + 1].count_nonzero().item<std::int64_t>());
  return ranks;
}

}  // namespace viva
