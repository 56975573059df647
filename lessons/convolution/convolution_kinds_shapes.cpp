// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers each kind of convolution is, and what does not fit.
#include "lessons/convolution/convolution_kinds.h"
#include "lessons/core/error.h"
#include "lessons/core/number_rows.h"

namespace viva {
namespace {

constexpr std::int64_t kDigitSide = 12;  // as lessons/data draws them

NumberRows rowsTyped(const ParameterSpec& parameter, const Parameters& p) {
  auto read = readRows(parameter.name, std::get<Text>(p.value(parameter.name)).text);
  if (const auto* problem = std::get_if<Message>(&read)) throw RequestError(*problem);
  return std::get<NumberRows>(std::move(read));
}

std::string numbersThatDivide(std::int64_t a, std::int64_t b) {
  std::string list;
  for (std::int64_t i = 1; i <= std::min(a, b); ++i)
    if (a % i == 0 && b % i == 0) list += (list.empty() ? "" : ", ") + std::to_string(i);
  return list;
}

std::optional<Message> problemWith(const ConvolutionShape& shape, const MapSize& input) {
  if (shape.in % shape.groups != 0 || shape.out % shape.groups != 0)
    return Message{"error.convolution.groups",
                   {{"groups", shape.groups},
                    {"channels", shape.in},
                    {"filters", shape.out},
                    {"allowed", numbersThatDivide(shape.in, shape.out)}}};
  const MapSize output = shape.outputOf(input);
  if (output.rows >= 1 && output.columns >= 1) return {};
  const std::int64_t side = std::min(input.rows, input.columns);
  if (shape.is_transposed)
    return Message{"error.convolution.cut_away",
                   {{"padding", shape.padding},
                    {"whole", (side - 1) * shape.stride + shape.reach()},
                    {"allowed", ((side - 1) * shape.stride + shape.reach() - 1) / 2}}};
  return Message{"error.convolution.too_large",
                 {{"kernel", shape.kernel},
                  {"reach", shape.reach()},
                  {"side", side},
                  {"padding", shape.padding},
                  {"padded", side + 2 * shape.padding}}};
}

/// A kernel of one weight has no two halves.
bool hasEdges(const std::vector<ConvolutionShape>& layers) { return layers.front().kernel > 1; }

}  // namespace

MapSize pictureSize(const Parameters& p) {
  switch (p[kPicture]) {
    case PictureKind::Digit:
      return {1, kDigitSide, kDigitSide};
    case PictureKind::Drawn:
      return {1, kDrawnSide, kDrawnSide};
    case PictureKind::Stripes:
    case PictureKind::Flat:
      return {1, p[kSide], p[kSide]};
    case PictureKind::Typed:
      break;
  }
  const NumberRows typed = rowsTyped(kPixels, p);
  return {1, typed.rows, typed.columns};
}

std::vector<ConvolutionShape> shapesOf(ConvolutionKind kind, const Parameters& p) {
  const std::int64_t in = p[kChannels];
  ConvolutionShape shape{in, p[kFilters], p[kKernel], p[kStride], p[kPadding]};
  switch (kind) {
    case ConvolutionKind::Standard:
      break;
    case ConvolutionKind::Pointwise:
      shape.kernel = 1;
      shape.padding = 0;
      break;
    case ConvolutionKind::Depthwise:
      shape.out = shape.groups = in;
      break;
    case ConvolutionKind::Separable: {
      const ConvolutionShape pointwise{in, shape.out, 1};
      shape.out = shape.groups = in;
      return {shape, pointwise};
    }
    case ConvolutionKind::Grouped:
      shape.groups = p[kGroups];
      break;
    case ConvolutionKind::Dilated:
      shape.dilation = p[kDilation];
      break;
    case ConvolutionKind::Transposed:
      shape.is_transposed = true;
      break;
  }
  return {shape};
}

std::optional<ConvolutionShape> shapeBeside(const Parameters& p) {
  const ConvolutionKind kind = p[kKind];
  const std::vector<ConvolutionShape> own = shapesOf(kind, p);
  ConvolutionShape shape = own.front();
  const bool is_plain = kind == ConvolutionKind::Standard || kind == ConvolutionKind::Pointwise;
  if (is_plain && p[kBeside] == BesideKind::Flipped) return shape;
  if (is_plain && p[kBeside] == BesideKind::Blurred) {
    shape.kernel += 2;
    shape.padding += 1;
    return shape;
  }
  shape.out = own.back().out;
  shape.groups = 1;
  switch (kind) {
    case ConvolutionKind::Standard:
      return {};
    case ConvolutionKind::Pointwise:
      shape.kernel = 3;
      shape.padding = 1;
      break;
    case ConvolutionKind::Dilated:
      shape.kernel = shape.reach();
      shape.dilation = 1;
      break;
    case ConvolutionKind::Transposed:
      shape.kernel = (shape.kernel + shape.stride - 1) / shape.stride * shape.stride;
      if (shape.kernel == own.front().kernel) return {};
      break;
    default:
      break;
  }
  // Typed weights are a kernel of one size.
  if (p[kWeights] == WeightKind::Typed && shape.kernel != own.front().kernel) return {};
  return shape;
}

std::optional<Message> problemWithShapes(const Parameters& p) {
  try {
    MapSize size = pictureSize(p);
    size.channels = p[kChannels];
    const std::vector<ConvolutionShape> layers = shapesOf(p[kKind], p);
    for (const ConvolutionShape& layer : layers) {
      if (const auto problem = problemWith(layer, size)) return problem;
      size = layer.outputOf(size);
    }
    if (p[kPicture] == PictureKind::Drawn && p[kDrawing].strokes.empty())
      return Message{"error.convolution.nothing_drawn", {}};
    if (p[kPicture] == PictureKind::Stripes && 2 * p[kStripes] > p[kSide])
      return Message{"error.convolution.stripes",
                     {{"stripes", p[kStripes]}, {"side", p[kSide]}, {"most", p[kSide] / 2}}};
    if (p[kWeights] == WeightKind::Edges && !hasEdges(layers))
      return Message{"error.convolution.no_halves", {}};
    if (p[kWeights] != WeightKind::Typed) return {};
    const NumberRows typed = rowsTyped(kTypedWeights, p);
    const std::int64_t kernel = layers.front().kernel;
    if (typed.rows != kernel || typed.columns != kernel)
      return Message{"error.convolution.kernel_weights",
                     {{"rows", typed.rows}, {"columns", typed.columns}, {"kernel", kernel}}};
  } catch (const RequestError& error) {
    return error.message();
  }
  return {};
}

}  // namespace viva
