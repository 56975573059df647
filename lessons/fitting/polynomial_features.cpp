// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/polynomial_features.h"

#include <torch/types.h>

#include <cmath>
#include <vector>

namespace viva {
namespace {

/// P_0(u) to P_degree(u), each times sqrt(2 k + 1): mean square 1 over [-1, 1].
std::vector<torch::Tensor> legendre(const torch::Tensor& u, std::int64_t degree) {
  std::vector<torch::Tensor> values{torch::ones_like(u), u};
  for (std::int64_t k = 1; k < degree; ++k) {
    const auto n = static_cast<double>(k);
    values.push_back(((2 * n + 1) * u * values[values.size() - 1] - n * values[values.size() - 2]) /
                     (n + 1));
  }
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = values[k] * std::sqrt(2 * static_cast<double>(k) + 1);
  return values;
}

}  // namespace

torch::Tensor labFeatures(LabFeatures kind, std::int64_t degree, const torch::Tensor& places) {
  const bool is_curve = places.size(1) == 1;
  const auto scaled = (is_curve ? 2 * places - 1 : places / 2).t();
  switch (kind) {
    case LabFeatures::Raw:
      return scaled.contiguous();
    case LabFeatures::Poor:
      return is_curve ? scaled.abs() : scaled.slice(0, 0, 1).contiguous();
    case LabFeatures::Polynomial:
      break;
  }
  const auto along = legendre(scaled[0], degree);
  std::vector<torch::Tensor> rows;
  if (is_curve) {
    rows.assign(along.begin() + 1, along.begin() + 1 + degree);
  } else {
    const auto across = legendre(scaled[1], degree);
    for (std::int64_t total = 1; total <= degree; ++total)
      for (std::int64_t i = total; i >= 0; --i)
        rows.push_back(along[static_cast<std::size_t>(i)] *
                       across[static_cast<std::size_t>(total - i)]);
  }
  return torch::stack(rows);
}

std::int64_t labFeatureCount(LabFeatures kind, std::int64_t degree, std::int64_t dimensions) {
  if (kind == LabFeatures::Raw) return dimensions;
  if (kind == LabFeatures::Poor) return 1;
  return dimensions == 1 ? degree : (degree + 1) * (degree + 2) / 2 - 1;
}

}  // namespace viva
