// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/lora.h"

#include <torch/utils.h>

namespace viva {

std::vector<WeightShape> Lora::shapes() const {
  std::vector<WeightShape> shapes;
  for (const AdaptedMatrix& matrix : matrices_) {
    shapes.push_back({matrix.title() + ".A", {rank_, matrix.in}, matrix.in});
    shapes.push_back({matrix.title() + ".B", {matrix.out, rank_}, rank_});
  }
  return shapes;
}

void Lora::start(std::vector<torch::Tensor>& own, at::Generator generator) const {
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    own[2 * i].copy_(drawnWithin(own[2 * i].sizes(), matrices_[i].in, generator));
    own[2 * i + 1].zero_();
  }
}

Factors Lora::factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const {
  return {own[2 * matrix + 1] * scale_, own[2 * matrix]};
}

void DyLora::begin(at::Generator generator) {
  used_ =
      torch::randint(1, rank_ + 1, {1}, std::move(generator), torch::kLong).item<std::int64_t>();
}

void DyLora::finish(std::vector<torch::Tensor>&, const std::vector<torch::Tensor>&, std::int64_t) {
  used_ = rank_;
}

Factors DyLora::factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const {
  const Factors all = Lora::factors(own, matrix);
  return {all.b.narrow(1, 0, used_), all.a.narrow(0, 0, used_)};
}

std::vector<WeightShape> QaLora::shapes() const {
  auto shapes = Lora::shapes();
  for (std::size_t i = 0; i < matrices_.size(); ++i)
    shapes[2 * i].shape = {rank_, matrices_[i].in / group_};
  return shapes;
}

Factors QaLora::factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const {
  const Factors grouped = Lora::factors(own, matrix);
  return {grouped.b, grouped.a.repeat_interleave(group_, 1)};
}

}  // namespace viva
