// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/kernels_and_pictures.h"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "lessons/core/drawing.h"
#include "lessons/core/number_rows.h"
#include "lessons/data/digits.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

std::vector<double> drawnDigit(std::int64_t digit, at::Generator generator) {
  const Dataset drawn = digits(10, std::move(generator));  // one of each
  const auto place = (drawn.labels == digit).nonzero()[0][0].item<std::int64_t>();
  return numbersOf(drawn.inputs[place]);
}

std::vector<double> stripes(std::int64_t count, std::int64_t side) {
  std::vector<double> pixels;
  for (std::int64_t i = 0; i < side * side; ++i) {
    const double x = (static_cast<double>(i % side) + 0.5) / static_cast<double>(side);
    pixels.push_back(0.5 + 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(count) * x));
  }
  return pixels;
}

std::vector<double> onePicture(const Parameters& p, const MapSize& size, at::Generator generator) {
  switch (p[kPicture]) {
    case PictureKind::Digit:
      return drawnDigit(p[kDigit], std::move(generator));
    case PictureKind::Drawn: {
      const std::vector<float> ink = rasterised(p[kDrawing], kDrawnSide);
      return {ink.begin(), ink.end()};
    }
    case PictureKind::Stripes:
      return stripes(p[kStripes], p[kSide]);
    case PictureKind::Flat:
      return std::vector<double>(static_cast<std::size_t>(size.positions()), 1.0);
    case PictureKind::Typed:
      break;
  }
  return std::get<NumberRows>(readRows(kPixels.name, p[kPixels].text)).values;
}

/// Of a half against the other; the halves are turned by a right angle from filter to filter.
double edgeWeight(const ConvolutionShape& s, std::int64_t filter, std::int64_t ky,
                  std::int64_t kx) {
  const std::int64_t across = 2 * kx - (s.kernel - 1), down = 2 * ky - (s.kernel - 1);
  const std::array<std::int64_t, 4> ways{across, down, -across, -down};
  const std::int64_t way = ways[static_cast<std::size_t>(filter % 4)];
  const auto one_half = static_cast<double>(s.kernel * (s.kernel / 2) * s.in / s.groups);
  return static_cast<double>((way > 0) - (way < 0)) / one_half;
}

}  // namespace

std::vector<double> pixelsOf(const Parameters& p, at::Generator generator) {
  const MapSize size = pictureSize(p);
  const std::vector<double> picture = onePicture(p, size, std::move(generator));
  std::vector<double> pixels;
  for (std::int64_t channel = 0; channel < p[kChannels]; ++channel)
    for (std::int64_t row = 0; row < size.rows; ++row)
      for (std::int64_t column = 0; column < size.columns; ++column) {
        std::int64_t y = row, x = column;
        if ((channel & 4) && size.rows == size.columns) std::swap(y, x);
        if (channel & 2) y = size.rows - 1 - y;
        if (channel & 1) x = size.columns - 1 - x;
        pixels.push_back(picture[size.at(0, y, x)]);
      }
  return pixels;
}

std::vector<double> weightsFor(const ConvolutionShape& s, const Parameters& p,
                               at::Generator generator) {
  const auto fan_in = static_cast<double>(s.kernel * s.kernel * s.in / s.groups);
  WeightKind kind = p[kWeights];
  if (kind == WeightKind::Random) {
    const auto drawn = torch::rand({s.parameters()}, std::move(generator), torch::kDouble);
    return numbersOf((2 * drawn - 1) / std::sqrt(fan_in));
  }
  NumberRows typed;
  if (kind == WeightKind::Typed)
    typed = std::get<NumberRows>(readRows(kTypedWeights.name, p[kTypedWeights].text));
  const bool is_one = s.kernel == 1;
  if (is_one && (kind == WeightKind::Edges || typed.rows > 1)) kind = WeightKind::Average;
  std::vector<double> weights(static_cast<std::size_t>(s.parameters()));
  const std::int64_t in_group = s.in / s.groups, out_group = s.out / s.groups;
  for (std::int64_t o = 0; o < s.out; ++o)
    for (std::int64_t c = 0; c < in_group; ++c)
      for (std::int64_t ky = 0; ky < s.kernel; ++ky)
        for (std::int64_t kx = 0; kx < s.kernel; ++kx) {
          double& weight = weights[s.weightAt(o, o / out_group * in_group + c, ky, kx)];
          weight = kind == WeightKind::Ones      ? 1
                   : kind == WeightKind::Average ? 1 / fan_in
                   : kind == WeightKind::Edges   ? edgeWeight(s, o, ky, kx)
                                                 : typed.at(ky, kx);
        }
  return weights;
}

std::vector<double> blurredKernels(const std::vector<double>& weights, const ConvolutionShape& s) {
  constexpr std::array<double, 3> kBlur{0.25, 0.5, 0.25};
  const std::int64_t wide = s.kernel + 2, pairs = s.out * s.in / s.groups;
  std::vector<double> blurred(static_cast<std::size_t>(pairs * wide * wide));
  for (std::int64_t pair = 0; pair < pairs; ++pair)
    for (std::int64_t i = 0; i < s.kernel * s.kernel; ++i)
      for (std::int64_t y = 0; y < 3; ++y)
        for (std::int64_t x = 0; x < 3; ++x)
          blurred[(pair * wide + i / s.kernel + y) * wide + i % s.kernel + x] +=
              weights[pair * s.kernel * s.kernel + i] * kBlur[y] * kBlur[x];
  return blurred;
}

std::vector<double> flippedKernels(const std::vector<double>& weights, const ConvolutionShape& s) {
  std::vector<double> flipped = weights;
  for (auto first = flipped.begin(); first != flipped.end(); first += s.kernel * s.kernel)
    std::reverse(first, first + s.kernel * s.kernel);
  return flipped;
}

}  // namespace viva
