// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/quantizer.h"

#include <torch/utils.h>

#include <cmath>
#include <vector>

namespace viva {
namespace {

double largestCode(WeightCode code) { return code == WeightCode::Int8 ? 127 : 7; }

/// [rows, shares, columns of a share]
torch::Tensor inShares(const torch::Tensor& matrix, ScaleShare share) {
  switch (share) {
    case ScaleShare::Tensor:
      return matrix.reshape({1, 1, -1});
    case ScaleShare::Channel:
      return matrix.unsqueeze(1);
    case ScaleShare::Group:
      break;
  }
  return matrix.view({matrix.size(0), -1, kGroupSize});
}

torch::Tensor nf4Table(const torch::Tensor& like) {
  return torch::tensor(std::vector<double>(kNf4Values.begin(), kNf4Values.end()), torch::kDouble)
      .to(like.options());
}

}  // namespace

CodedMatrix coded(const torch::Tensor& matrix, ScaleShare share, WeightCode code) {
  const auto shares = inShares(matrix, share);
  // Where all are 0, any scale will do.
  auto sizes = shares.abs().amax(2, true);
  sizes = torch::where(sizes > 0, sizes, torch::ones_like(sizes));
  CodedMatrix made;
  made.code = code;
  if (code == WeightCode::Nf4) {
    const auto distances = ((shares / sizes).unsqueeze(-1) - nf4Table(matrix)).abs();
    made.codes = distances.argmin(-1).view(matrix.sizes());
    made.scales = sizes.squeeze(2);
    return made;
  }
  const double largest = largestCode(code);
  const auto scales = sizes / largest;
  made.codes =
      (shares / scales).round().clamp(-largest, largest).to(torch::kLong).view(matrix.sizes());
  made.scales = scales.squeeze(2);
  return made;
}

torch::Tensor CodedMatrix::decoded() const {
  const auto values = code == WeightCode::Nf4 ? nf4Table(scales).index_select(0, codes.flatten())
                                              : codes.flatten().to(scales.options());
  if (scales.numel() == 1) return (values * scales.flatten()).view(codes.sizes());
  return (values.view({scales.size(0), scales.size(1), -1}) * scales.unsqueeze(2))
      .view(codes.sizes());
}

std::int64_t CodedMatrix::bits() const {
  return codes.numel() * (code == WeightCode::Int8 ? 8 : 4) + scales.numel() * 32;
}

ShiftedCodes shiftedCodes(const torch::Tensor& x, std::int64_t lowest, std::int64_t highest) {
  ShiftedCodes made;
  // 0 lies inside the range, or it would have no code.
  const double low = std::min(0.0, x.min().item<double>());
  const double high = std::max(0.0, x.max().item<double>());
  made.scale = high > low ? (high - low) / static_cast<double>(highest - lowest) : 1;
  made.zero =
      static_cast<std::int64_t>(std::nearbyint(static_cast<double>(lowest) - low / made.scale));
  made.codes = ((x / made.scale).round() + made.zero).clamp(lowest, highest).to(torch::kLong);
  return made;
}

torch::Tensor wholeProduct(const torch::Tensor& codes, const torch::Tensor& x_codes) {
  return (codes * x_codes.unsqueeze(0)).sum(1);
}

}  // namespace viva
