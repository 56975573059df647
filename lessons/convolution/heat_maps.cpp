// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/heat_maps.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

torch::Tensor relu(const torch::Tensor& x) { return x.relu(); }

/// Forwards ReLU; backwards what is negative does not pass.
torch::Tensor guidedRelu(const torch::Tensor& x) {
  auto y = x.relu();
  y.register_hook([](const torch::Tensor& gradient) { return gradient.relu(); });
  return y;
}

torch::Tensor gradientOf(const torch::Tensor& value, const torch::Tensor& with_respect_to) {
  return torch::autograd::grad({value}, {with_respect_to})[0];
}

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranksOf(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i)
      ranks[order[i]] = static_cast<double>(first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

}  // namespace

torch::Tensor gradCam(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit) {
  const auto weights = detached(lenet);
  const auto maps = lenetPass(weights, image).second.relu().detach().requires_grad_();
  const auto slope = gradientOf(readOut(weights, maps, relu)[0][digit], maps);
  const torch::NoGradGuard no_grad;
  const auto heat = (slope.mean({2, 3}, /*keepdim=*/true) * maps).sum(1, true).relu();
  return torch::constant_pad_nd(torch::upsample_bilinear2d(heat, {20, 20}, /*align_corners=*/false),
                                {4, 4, 4, 4})[0][0];
}

torch::Tensor occlusion(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit) {
  const torch::NoGradGuard no_grad;
  constexpr std::int64_t kCell = kReaderSide / kHeatSide, kBefore = (kPatch - kCell) / 2;
  auto covered = image.repeat({kHeatSide * kHeatSide, 1, 1, 1});
  for (std::int64_t i = 0; i < kHeatSide * kHeatSide; ++i) {
    const std::int64_t row = i / kHeatSide * kCell - kBefore,
                       column = i % kHeatSide * kCell - kBefore;
    const std::int64_t top = std::max<std::int64_t>(row, 0),
                       left = std::max<std::int64_t>(column, 0);
    covered[i][0]
        .slice(0, top, std::min(row + kPatch, kReaderSide))
        .slice(1, left, std::min(column + kPatch, kReaderSide))
        .zero_();
  }
  const auto of_digit = [&](const torch::Tensor& images) {
    return logitsOf(DigitNet::LeNet, lenet, images).select(1, digit);
  };
  return (of_digit(image) - of_digit(covered)).view({kHeatSide, kHeatSide});
}

torch::Tensor guidedBackpropagation(const NetWeights& lenet, const torch::Tensor& image,
                                    std::int64_t digit) {
  const auto w = detached(lenet);
  const auto pixels = image.detach().clone().requires_grad_();
  const auto first = guidedRelu(torch::conv2d(pixels, w[0], w[1], 1, 2));
  const auto second = guidedRelu(torch::conv2d(torch::max_pool2d(first, 2), w[2], w[3]));
  return gradientOf(readOut(w, second, guidedRelu)[0][digit], pixels)[0][0].abs();
}

torch::Tensor onHeatGrid(const torch::Tensor& map) {
  return torch::adaptive_avg_pool2d(map.unsqueeze(0), {kHeatSide, kHeatSide})[0];
}

double rankCorrelation(const torch::Tensor& one, const torch::Tensor& other) {
  const auto a = ranksOf(numbersOf(one)), b = ranksOf(numbersOf(other));
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

HeatMaps heatMaps(const NetWeights& lenet, const torch::Tensor& image, std::int64_t digit) {
  return {occlusion(lenet, image, digit), gradCam(lenet, image, digit),
          guidedBackpropagation(lenet, image, digit)};
}

HeatAgreement agreementOf(const HeatMaps& trained, const HeatMaps& randomised) {
  const auto kept = [](const torch::Tensor& before, const torch::Tensor& after) {
    return rankCorrelation(onHeatGrid(before), onHeatGrid(after));
  };
  return {kept(trained.grad_cam, trained.occlusion), kept(trained.occlusion, randomised.occlusion),
          kept(trained.grad_cam, randomised.grad_cam), kept(trained.guided, randomised.guided)};
}

}  // namespace viva
