// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/convolution_ways.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

torch::Tensor weightsOf(const ConvolutionLayer& layer) {
  const ConvolutionShape& s = layer.shape;
  const std::vector<std::int64_t> sizes =
      s.is_transposed ? std::vector{s.in, s.out / s.groups, s.kernel, s.kernel}
                      : std::vector{s.out, s.in / s.groups, s.kernel, s.kernel};
  return torch::tensor(layer.weights, torch::kDouble).reshape(sizes);
}

torch::Tensor byLibrary(const ConvolutionLayer& layer, const torch::Tensor& pixels) {
  const ConvolutionShape& s = layer.shape;
  if (s.is_transposed)
    return torch::conv_transpose2d(pixels, weightsOf(layer), {}, s.stride, s.padding, 0, s.groups,
                                   s.dilation);
  return torch::conv2d(pixels, weightsOf(layer), {}, s.stride, s.padding, s.dilation, s.groups);
}

/// [groups, out / groups kernel^2, input positions], added up where the kernels overlap.
torch::Tensor addedUp(const ConvolutionLayer& layer, const torch::Tensor& columns) {
  const ConvolutionShape& s = layer.shape;
  const MapSize& out = layer.output;
  auto sums = torch::zeros({1, out.channels, out.rows, out.columns}, torch::kDouble);
  const auto from = columns.reshape({s.out, s.kernel, s.kernel, layer.input.positions()});
  const auto source = from.accessor<double, 4>();
  auto target = sums.accessor<double, 4>();
  for (std::int64_t o = 0; o < s.out; ++o)
    for (std::int64_t ky = 0; ky < s.kernel; ++ky)
      for (std::int64_t kx = 0; kx < s.kernel; ++kx)
        for (std::int64_t i = 0; i < layer.input.positions(); ++i) {
          const std::int64_t y = i / layer.input.columns * s.stride - s.padding + ky * s.dilation;
          const std::int64_t x = i % layer.input.columns * s.stride - s.padding + kx * s.dilation;
          if (y >= 0 && x >= 0 && y < out.rows && x < out.columns)
            target[0][o][y][x] += source[o][ky][kx][i];
        }
  return sums;
}

std::vector<ConvolutionLayer> withOnes(std::vector<ConvolutionLayer> layers) {
  for (ConvolutionLayer& layer : layers) std::ranges::fill(layer.weights, 1.0);
  return layers;
}

}  // namespace

torch::Tensor mapsOf(const std::vector<double>& values, const MapSize& size) {
  return torch::tensor(values, torch::kDouble).reshape({1, size.channels, size.rows, size.columns});
}

torch::Tensor byLibrary(const std::vector<ConvolutionLayer>& layers, torch::Tensor pixels) {
  for (const ConvolutionLayer& layer : layers) pixels = byLibrary(layer, pixels);
  return pixels;
}

torch::Tensor columnsOf(const ConvolutionLayer& layer, const torch::Tensor& pixels) {
  const ConvolutionShape& s = layer.shape;
  const MapSize& out = layer.output;
  auto columns = torch::zeros({s.in, s.kernel, s.kernel, out.positions()}, torch::kDouble);
  const auto source = pixels.accessor<double, 4>();
  auto target = columns.accessor<double, 4>();
  for (std::int64_t c = 0; c < s.in; ++c)
    for (std::int64_t ky = 0; ky < s.kernel; ++ky)
      for (std::int64_t kx = 0; kx < s.kernel; ++kx)
        for (std::int64_t o = 0; o < out.positions(); ++o) {
          const std::int64_t y = o / out.columns * s.stride - s.padding + ky * s.dilation;
          const std::int64_t x = o % out.columns * s.stride - s.padding + kx * s.dilation;
          if (y >= 0 && x >= 0 && y < layer.input.rows && x < layer.input.columns)
            target[c][ky][kx][o] = source[0][c][y][x];
        }
  return columns.reshape({s.groups, s.in / s.groups * s.kernel * s.kernel, out.positions()});
}

torch::Tensor byMatrixProduct(const std::vector<ConvolutionLayer>& layers, torch::Tensor pixels) {
  for (const ConvolutionLayer& layer : layers) {
    const ConvolutionShape& s = layer.shape;
    const MapSize& out = layer.output;
    if (s.is_transposed) {
      const auto weights = weightsOf(layer).reshape({s.groups, s.in / s.groups, -1});
      const auto maps = pixels.reshape({s.groups, s.in / s.groups, -1});
      pixels = addedUp(layer, torch::matmul(weights.transpose(1, 2), maps));
    } else {
      const auto weights = weightsOf(layer).reshape({s.groups, s.out / s.groups, -1});
      pixels = torch::matmul(weights, columnsOf(layer, pixels))
                   .reshape({1, out.channels, out.rows, out.columns});
    }
  }
  return pixels;
}

std::int64_t reachOf(const std::vector<ConvolutionLayer>& layers) {
  const MapSize& in = layers.front().input;
  const MapSize& out = layers.back().output;
  const auto gradient = gradientByLibrary(
      withOnes(layers), torch::zeros({1, in.channels, in.rows, in.columns}, torch::kDouble), 0,
      out.rows / 2, out.columns / 2);
  std::int64_t top = in.rows, left = in.columns, bottom = -1, right = -1;
  for (std::int64_t c = 0; c < in.channels; ++c)
    for (std::int64_t y = 0; y < in.rows; ++y)
      for (std::int64_t x = 0; x < in.columns; ++x) {
        if (gradient[in.at(c, y, x)] == 0) continue;
        top = std::min(top, y), bottom = std::max(bottom, y);
        left = std::min(left, x), right = std::max(right, x);
      }
  return std::max<std::int64_t>({0, bottom - top + 1, right - left + 1});
}

torch::Tensor influenceOf(const std::vector<ConvolutionLayer>& layers,
                          const torch::Tensor& pixels) {
  const torch::NoGradGuard no_grad;
  const auto whole = byLibrary(layers, pixels);
  const auto largest = whole.abs().amax({0, 2, 3}).clamp_min(1e-300);
  std::vector<torch::Tensor> moved;
  for (std::int64_t c = 0; c < pixels.size(1); ++c) {
    auto without = pixels.clone();
    without.select(1, c).zero_();
    moved.push_back((byLibrary(layers, without) - whole).abs().amax({0, 2, 3}) / largest);
  }
  return torch::stack(moved, 1);
}

std::vector<double> gradientByTaps(const std::vector<ConvolutionLayer>& layers,
                                   std::int64_t channel, std::int64_t row, std::int64_t column) {
  const MapSize& out = layers.back().output;
  std::vector<double> slope(static_cast<std::size_t>(out.elements()));
  slope[out.at(channel, row, column)] = 1;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    std::vector<double> before(static_cast<std::size_t>(layer->input.elements()));
    const MapSize& size = layer->output;
    for (std::int64_t i = 0; i < size.elements(); ++i) {
      if (slope[i] == 0) continue;
      const std::int64_t place = i % size.positions();
      for (const Tap& tap : tapsOf(layer->shape, layer->input, i / size.positions(),
                                   place / size.columns, place % size.columns))
        if (!tap.is_padding)
          before[layer->input.at(tap.channel, tap.row, tap.column)] +=
              slope[i] * layer->weights[tap.weight];
    }
    slope = std::move(before);
  }
  return slope;
}

std::vector<double> gradientByLibrary(const std::vector<ConvolutionLayer>& layers,
                                      const torch::Tensor& pixels, std::int64_t channel,
                                      std::int64_t row, std::int64_t column) {
  const at::AutoGradMode with_gradients(true);
  const auto leaf = pixels.detach().clone().requires_grad_();
  byLibrary(layers, leaf)[0][channel][row][column].backward();
  return numbersOf(leaf.grad());
}

}  // namespace viva
