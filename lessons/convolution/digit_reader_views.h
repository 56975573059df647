// SPDX-License-Identifier: GPL-3.0-or-later
// What `digit-reader` shows of the drawing: layer by layer, product by product, map by map.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lessons/convolution/digit_nets.h"
#include "lessons/convolution/heat_maps.h"
#include "lessons/convolution/receptive_field.h"
#include "lessons/core/frame.h"

namespace viva {

/// `drawing` is [1, 1, 28, 28] everywhere.

/// The drawing, the 6 maps of convolution 1 and the 16 of convolution 2 behind their ReLU, each
/// layer as bright as its own largest value; maps of 10 x 10 lie above the pixels that they stand
/// for. The unit and its box are drawn on them.
ImagesData layerMaps(const LeNetPass& pass, const torch::Tensor& drawing, const LeNetUnit& unit);

/// The map that the unit belongs to, before ReLU.
MatrixData chosenMap(const LeNetPass& pass, const LeNetUnit& unit);
/// What is summed up to the unit: weight times input, [channels, 5, 5].
torch::Tensor productsUnder(const NetWeights& weights, const LeNetPass& pass,
                            const torch::Tensor& drawing, const LeNetUnit& unit);
double biasOf(const NetWeights& weights, const LeNetUnit& unit);
/// A row a row of the kernel, channel below channel.
MatrixData productsMatrix(const torch::Tensor& products);
/// The sum channel by channel, the bias, all together, and what ReLU leaves of it.
TableData sumTable(const torch::Tensor& products, double bias);

/// `nets` in the order of kDigitNets, the last may be missing.
BarsData probabilityBars(const std::vector<NetWeights>& nets, const torch::Tensor& drawing,
                         const std::vector<std::string>& classes);
/// Images [images, 1, 28, 28] moved by `columns` pixels to the right; paper comes in.
torch::Tensor movedBy(const torch::Tensor& images, std::int64_t columns);
/// The probability of `digit` in the drawing moved by up to 8 pixels, a curve a net.
SeriesData shiftCurves(const std::vector<NetWeights>& nets, const torch::Tensor& drawing,
                       std::int64_t digit);

/// Probabilities of all classes by step.
using DigitReadings = std::map<std::int64_t, std::vector<double>>;
/// Those that were the largest at some step, and that of `digit`.
SeriesData probabilityCurves(const DigitReadings& readings, std::int64_t digit,
                             const std::vector<std::string>& classes);

/// Two rows: the maps of the net, and those of the randomised one with their rank correlation with
/// the map above. Red raises the logit, blue lowers it; each map by its own largest value.
ImagesData heatRows(const torch::Tensor& drawing, const HeatMaps& trained,
                    const HeatMaps& randomised);
/// The drawing and a map, with its rank correlation with `other`.
ImagesData heatPair(const torch::Tensor& drawing, const torch::Tensor& map,
                    const torch::Tensor& other);
/// The box of the unit on the drawing and on the two fields [28, 28].
ImagesData receptiveImages(const torch::Tensor& drawing, const LeNetUnit& unit,
                           const torch::Tensor& trained, const torch::Tensor& untrained);

}  // namespace viva
