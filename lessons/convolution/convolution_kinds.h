// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `convolution-kinds` share: its parameters, and what its claims look at.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/convolution/convolution.h"
#include "lessons/core/experiment.h"

namespace viva {

enum class ConvolutionKind {
  Standard,
  Pointwise,
  Depthwise,
  Separable,
  Grouped,
  Dilated,
  Transposed
};
enum class PictureKind { Digit, Drawn, Stripes, Flat, Typed };
/// Edges: a half of the kernel minus the other, turned by a right angle from filter to filter.
enum class WeightKind { Random, Average, Ones, Edges, Typed };
/// What a standard or pointwise convolution is compared with. Blurred: the same one on the picture
/// blurred by 1 2 1 each way. Flipped: the kernel turned by half a turn, as mathematics has it.
enum class BesideKind { Standard, Blurred, Flipped };

const auto kKind =
    choice<ConvolutionKind>("kind", {{ConvolutionKind::Standard, "standard"},
                                     {ConvolutionKind::Pointwise, "pointwise"},
                                     {ConvolutionKind::Depthwise, "depthwise"},
                                     {ConvolutionKind::Separable, "depthwise-separable"},
                                     {ConvolutionKind::Grouped, "grouped"},
                                     {ConvolutionKind::Dilated, "dilated"},
                                     {ConvolutionKind::Transposed, "transposed"}})
        .grouped("convolution");
const auto kKernel = integer("kernel", 3)
                         .range(1, 7)
                         .grouped("convolution")
                         .onlyWhen(kKind, {ConvolutionKind::Standard, ConvolutionKind::Depthwise,
                                           ConvolutionKind::Separable, ConvolutionKind::Grouped,
                                           ConvolutionKind::Dilated, ConvolutionKind::Transposed});
const auto kStride = integer("stride", 1).range(1, 4).grouped("convolution");
const auto kPadding = integer("padding", 1)
                          .range(0, 9)
                          .grouped("convolution")
                          .onlyWhen(kKind, {ConvolutionKind::Standard, ConvolutionKind::Depthwise,
                                            ConvolutionKind::Separable, ConvolutionKind::Grouped,
                                            ConvolutionKind::Dilated, ConvolutionKind::Transposed});
const auto kDilation = integer("dilation", 2)
                           .range(1, 4)
                           .grouped("convolution")
                           .onlyWhen(kKind, {ConvolutionKind::Dilated});
const auto kGroups = integer("groups", 2)
                         .range(1, 8)
                         .grouped("convolution")
                         .onlyWhen(kKind, {ConvolutionKind::Grouped});
const auto kBeside = choice<BesideKind>("beside", {{BesideKind::Standard, "standard"},
                                                   {BesideKind::Blurred, "blurred"},
                                                   {BesideKind::Flipped, "flipped"}})
                         .grouped("convolution")
                         .onlyWhen(kKind, {ConvolutionKind::Standard, ConvolutionKind::Pointwise});
const auto kChannels = integer("channels", 3).range(1, 8).grouped("maps");
/// Output channels; a depthwise convolution has as many as input channels.
const auto kFilters = integer("filters", 4)
                          .range(1, 8)
                          .grouped("maps")
                          .onlyWhen(kKind, {ConvolutionKind::Standard, ConvolutionKind::Pointwise,
                                            ConvolutionKind::Separable, ConvolutionKind::Grouped,
                                            ConvolutionKind::Dilated, ConvolutionKind::Transposed});

inline constexpr int kDrawnSide = 16;
const auto kPicture = choice<PictureKind>("picture", {{PictureKind::Digit, "digit"},
                                                      {PictureKind::Drawn, "drawn"},
                                                      {PictureKind::Stripes, "stripes"},
                                                      {PictureKind::Flat, "flat"},
                                                      {PictureKind::Typed, "typed"}})
                          .grouped("picture");
const auto kDigit =
    integer("digit", 3).range(0, 9).grouped("picture").onlyWhen(kPicture, {PictureKind::Digit});
const auto kDrawing = drawing("drawing")
                          .seenAs(kDrawnSide)
                          .grouped("picture")
                          .onlyWhen(kPicture, {PictureKind::Drawn});
const auto kSide = integer("side", 12)
                       .range(2, 32)
                       .grouped("picture")
                       .onlyWhen(kPicture, {PictureKind::Stripes, PictureKind::Flat});
const auto kStripes = integer("stripes", 3)
                          .range(1, 16)
                          .grouped("picture")
                          .onlyWhen(kPicture, {PictureKind::Stripes});
const auto kPixels = text("pixels", "1 2 3 4; 5 6 7 8; 9 10 11 12; 13 14 15 16")
                         .grouped("picture")
                         .onlyWhen(kPicture, {PictureKind::Typed});

const auto kWeights = choice<WeightKind>("weights", {{WeightKind::Random, "random"},
                                                     {WeightKind::Average, "average"},
                                                     {WeightKind::Ones, "ones"},
                                                     {WeightKind::Edges, "edges"},
                                                     {WeightKind::Typed, "typed"}})
                          .grouped("weights");
const auto kTypedWeights = text("kernel_weights", "1 2 1; 2 4 2; 1 2 1")
                               .grouped("weights")
                               .onlyWhen(kWeights, {WeightKind::Typed});

const auto kFilter = integer("filter", 0).range(0, 7).live().grouped("shown");
/// The number whose products are shown; -1: the newest one.
const auto kRow = integer("row", -1).range(-1, 199).live().grouped("shown");
const auto kColumn = integer("column", -1).range(-1, 199).live().grouped("shown");

/// Of one input channel; they all have this size. Throws RequestError for a typed one that cannot
/// be read.
MapSize pictureSize(const Parameters& parameters);
/// The layers of `kind` with these numbers, one or, depthwise-separable, two.
std::vector<ConvolutionShape> shapesOf(ConvolutionKind kind, const Parameters& parameters);
/// What runs beside it, if anything does: see kBeside; a kind that saves something has the standard
/// convolution of the same reach (a pointwise one 3x3), a transposed one the next larger kernel
/// that its stride divides.
std::optional<ConvolutionShape> shapeBeside(const Parameters& parameters);
/// What does not fit, in a sentence.
std::optional<Message> problemWithShapes(const Parameters& parameters);

/// Along a row: the strongest wave that is no constant.
struct Wave {
  std::int64_t stripes = 0;  ///< how often it repeats across the row
  double amplitude = 0;      ///< of what the picture's stripes have
};

/// What is measured of a convolution.
struct ConvolutionReading {
  std::int64_t parameters = 0;
  std::int64_t macs = 0;      ///< products so far
  std::int64_t products = 0;  ///< of one number of the output, all its layers
  std::int64_t reach = 0;     ///< pixels across that a number in the middle depends on
  double reached = 0;         ///< output channels that change when an input channel is wiped out
  std::int64_t fewest = 0,
               most = 0;  ///< products with one channel, of numbers away from the border
  double value = 0;       ///< the newest number of the shown filter
  std::optional<Wave> wave{};
};

struct KindsState {
  bool is_finished = false;
  std::int64_t stripes = 0;  ///< of the picture, if it has any
  MapSize input, output;
  ConvolutionReading own;
  std::optional<ConvolutionReading> beside{};
  double difference = 0;  ///< of all numbers so far from LibTorch's, the largest
};
VerdictData kindsVerdict(const std::string& preset, std::int64_t step, const KindsState& state);

std::unique_ptr<Experiment> makeConvolutionKinds(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
