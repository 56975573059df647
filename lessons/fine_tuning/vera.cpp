// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/vera.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kFirstScale = 0.1;

/// Kaiming's uniform distribution.
torch::Tensor kaiming(at::IntArrayRef shape, std::int64_t in, const at::Generator& generator) {
  const double reach = std::sqrt(6 / static_cast<double>(in));
  return torch::empty(shape).uniform_(-reach, reach, generator);
}

}  // namespace

Vera::Vera(const std::vector<AdaptedMatrix>& matrices, std::int64_t rank, at::Generator generator)
    : matrices_(matrices), rank_(rank) {
  std::int64_t in = 0, out = 0;
  for (const AdaptedMatrix& matrix : matrices_) {
    in = std::max(in, matrix.in);
    out = std::max(out, matrix.out);
  }
  shared_a_ = kaiming({rank_, in}, in, generator);
  shared_b_ = kaiming({out, rank_}, rank_, generator);
}

std::vector<WeightShape> Vera::shapes() const {
  std::vector<WeightShape> shapes;
  for (const AdaptedMatrix& matrix : matrices_) {
    shapes.push_back({matrix.title() + ".b", {matrix.out}, matrix.out});
    shapes.push_back({matrix.title() + ".d", {rank_}, rank_});
  }
  return shapes;
}

void Vera::start(std::vector<torch::Tensor>& own, at::Generator) const {
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    own[2 * i].zero_();
    own[2 * i + 1].fill_(kFirstScale);
  }
}

Factors Vera::factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const {
  const AdaptedMatrix& beside = matrices_[matrix];
  const auto& b = own[2 * matrix];
  const auto& d = own[2 * matrix + 1];
  const auto shared_a = shared_a_.narrow(1, 0, beside.in).to(b.device());
  const auto shared_b = shared_b_.narrow(0, 0, beside.out).to(b.device());
  return {b.unsqueeze(1) * shared_b * d, shared_a};
}

void Vera::saveFrozen(WeightSink& sink) const {
  sink.add(namedArray("shared.A", shared_a_));
  sink.add(namedArray("shared.B", shared_b_));
}

}  // namespace viva
