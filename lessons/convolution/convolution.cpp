// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/convolution.h"

#include <limits>
#include <utility>

namespace viva {
namespace {

/// Along one side: which input index meets index `k` of the kernel at output index `o`, and whether
/// any does. Transposed, only each stride-th output index is met.
bool meets(const ConvolutionShape& s, std::int64_t o, std::int64_t k, std::int64_t& i) {
  if (!s.is_transposed) {
    i = o * s.stride - s.padding + k * s.dilation;
    return true;
  }
  const std::int64_t from = o + s.padding - k * s.dilation;
  i = from / s.stride;
  return from >= 0 && from % s.stride == 0;
}

/// How many pairs of an input and a kernel index meet along one side.
std::int64_t meetings(const ConvolutionShape& s, std::int64_t input, std::int64_t output) {
  std::int64_t count = 0, i = 0;
  for (std::int64_t o = 0; o < output; ++o)
    for (std::int64_t k = 0; k < s.kernel; ++k)
      count += meets(s, o, k, i) && (!s.is_transposed || i < input);
  return count;
}

}  // namespace

MapSize ConvolutionShape::outputOf(const MapSize& input) const {
  const auto side = [&](std::int64_t size) {
    if (is_transposed) return (size - 1) * stride - 2 * padding + reach();
    const std::int64_t room = size + 2 * padding - reach();
    return room < 0 ? 0 : room / stride + 1;
  };
  return {out, side(input.rows), side(input.columns)};
}

std::int64_t ConvolutionShape::products(const MapSize& input) const {
  const MapSize output = outputOf(input);
  return in / groups * out * meetings(*this, input.rows, output.rows) *
         meetings(*this, input.columns, output.columns);
}

std::int64_t ConvolutionShape::weightAt(std::int64_t out_channel, std::int64_t in_channel,
                                        std::int64_t kernel_row, std::int64_t kernel_column) const {
  const std::int64_t pair = is_transposed
                                ? in_channel * (out / groups) + out_channel % (out / groups)
                                : out_channel * (in / groups) + in_channel % (in / groups);
  return (pair * kernel + kernel_row) * kernel + kernel_column;
}

std::vector<Tap> tapsOf(const ConvolutionShape& shape, const MapSize& input, std::int64_t channel,
                        std::int64_t row, std::int64_t column) {
  const std::int64_t each = shape.in / shape.groups;
  const std::int64_t first = channel / (shape.out / shape.groups) * each;
  std::vector<Tap> taps;
  taps.reserve(static_cast<std::size_t>(each * shape.kernel * shape.kernel));
  for (std::int64_t c = first; c < first + each; ++c)
    for (std::int64_t ky = 0; ky < shape.kernel; ++ky)
      for (std::int64_t kx = 0; kx < shape.kernel; ++kx) {
        std::int64_t y = 0, x = 0;
        if (!meets(shape, row, ky, y) || !meets(shape, column, kx, x)) continue;
        const bool outside = y < 0 || x < 0 || y >= input.rows || x >= input.columns;
        if (outside && shape.is_transposed) continue;
        taps.push_back({c, y, x, shape.weightAt(channel, c, ky, kx), outside});
      }
  return taps;
}

ConvolutionLayer::ConvolutionLayer(const ConvolutionShape& shape_, const MapSize& input_,
                                   std::vector<double> weights_)
    : shape(shape_),
      input(input_),
      output(shape_.outputOf(input_)),
      weights(std::move(weights_)),
      values(static_cast<std::size_t>(output.elements()),
             std::numeric_limits<double>::quiet_NaN()) {}

std::int64_t ConvolutionLayer::compute(const std::vector<double>& pixels, std::int64_t position) {
  const std::int64_t row = position / output.columns, column = position % output.columns;
  std::int64_t products = 0;
  for (std::int64_t channel = 0; channel < output.channels; ++channel) {
    double sum = 0;
    for (const Tap& tap : tapsOf(shape, input, channel, row, column)) {
      const double pixel = tap.is_padding ? 0 : pixels[input.at(tap.channel, tap.row, tap.column)];
      sum += weights[tap.weight] * pixel;
      ++products;
    }
    values[output.at(channel, row, column)] = sum;
  }
  return products;
}

HandConvolution::HandConvolution(std::vector<double> pixels, std::vector<ConvolutionLayer> layers)
    : pixels_(std::move(pixels)), layers_(std::move(layers)) {}

bool HandConvolution::computeNext() {
  if (isFinished()) return false;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    newest_products_ = layers_[i].compute(readBy(i), computed_);
    products_ += newest_products_;
  }
  ++computed_;
  return true;
}

}  // namespace viva
