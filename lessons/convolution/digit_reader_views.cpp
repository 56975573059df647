// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/digit_reader_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <set>

#include "lessons/core/number_text.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kMostShift = 8, kTilesInRow = 8, kTiles = 24;

Word wordOf(const char* key) { return {"digit-reader" + std::string(key)}; }

SharedFloats floatsOf(const torch::Tensor& tensor) {
  const auto host = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return shareFloats({host.data_ptr<float>(), host.data_ptr<float>() + host.numel()});
}

/// 1 where all values are zero, so that there is something to divide by.
double largestOf(const torch::Tensor& values) {
  const double largest = values.abs().max().item<double>();
  return largest > 0 ? largest : 1;
}

/// Maps [n, 10, 10] above the pixels that their cells stand for: [n, 28, 28].
torch::Tensor abovePixels(const torch::Tensor& maps) {
  return torch::constant_pad_nd(maps.repeat_interleave(2, 1).repeat_interleave(2, 2), {4, 4, 4, 4});
}

BoxesLayer::Box boxOf(const ReceptiveBox& box) {
  const auto cut = [](std::int64_t at) {
    return static_cast<double>(std::clamp<std::int64_t>(at, 0, kReaderSide));
  };
  return {cut(box.column),         cut(box.row), cut(box.column + box.side),
          cut(box.row + box.side), "unit",       {}};
}

/// Where the cell of a unit is in its tile.
BoxesLayer::Box cellOf(const LeNetUnit& unit) {
  if (!unit.is_second) return boxOf({unit.row, unit.column, 1});
  return boxOf({4 + 2 * unit.row, 4 + 2 * unit.column, 2});
}

/// Heat [28, 28] from -1 to 1 over pale ink: red where it is positive, blue where it is negative.
torch::Tensor heatColours(const torch::Tensor& heat, const torch::Tensor& ink) {
  const auto paper = 1 - 0.3 * ink;
  const auto without_warm = 1 - heat.clamp_min(0), without_cold = 1 + heat.clamp_max(0);
  return torch::stack(
      {paper * without_cold, paper * without_warm * without_cold, paper * without_warm});
}

ImagesData inColours(int columns) {
  ImagesData images;
  images.height = images.width = static_cast<int>(kReaderSide);
  images.channels = 3;
  images.columns = columns;
  return images;
}

torch::Tensor tileOf(const torch::Tensor& map, const torch::Tensor& drawing) {
  const auto ink = drawing[0][0];
  const auto whole =
      map.size(0) == kReaderSide ? map : map.repeat_interleave(2, 0).repeat_interleave(2, 1);
  return heatColours(whole / largestOf(whole), ink);
}
torch::Tensor tileOf(const torch::Tensor& drawing) {
  return (1 - drawing[0][0]).expand({3, kReaderSide, kReaderSide});
}

std::string agreement(const torch::Tensor& one, const torch::Tensor& other) {
  return "ρ = " + withDecimals(rankCorrelation(onHeatGrid(one), onHeatGrid(other)), 2);
}

}  // namespace

ImagesData layerMaps(const LeNetPass& pass, const torch::Tensor& drawing, const LeNetUnit& unit) {
  const auto first = pass.first[0].relu(), second = pass.second[0].relu();
  ImagesData images;
  images.height = images.width = static_cast<int>(kReaderSide);
  images.columns = static_cast<int>(kTilesInRow);
  images.values =
      floatsOf(torch::cat({drawing[0], first / largestOf(first), torch::zeros_like(drawing[0]),
                           abovePixels(second) / largestOf(second)}));
  images.images.resize(kTiles);
  images.images[0].caption = wordOf(".caption.drawing");
  const auto tile = [&](std::int64_t layer_begins, std::int64_t channel) -> ImagesData::Image& {
    return images.images[static_cast<std::size_t>(layer_begins + channel)];
  };
  const auto name = [&](const char* layer, const torch::Tensor& maps, std::int64_t begins) {
    for (std::int64_t i = 0; i < maps.size(0); ++i)
      tile(begins, i).caption = std::string(layer) + std::to_string(i + 1) + " · " +
                                withDigits(maps[i].max().item<double>(), 2);
  };
  name("C1.", first, 1);
  name("C3.", second, kTilesInRow);
  images.images[0].boxes.push_back(boxOf(receptiveBox(unit)));
  tile(unit.is_second ? kTilesInRow : 1, unit.channel).boxes.push_back(cellOf(unit));
  return images;
}

MatrixData chosenMap(const LeNetPass& pass, const LeNetUnit& unit) {
  const auto map = (unit.is_second ? pass.second : pass.first)[0][unit.channel];
  MatrixData matrix;
  matrix.rows = static_cast<int>(map.size(0));
  matrix.columns = static_cast<int>(map.size(1));
  matrix.values = floatsOf(map);
  matrix.diverging = true;
  return matrix;
}

torch::Tensor productsUnder(const NetWeights& weights, const LeNetPass& pass,
                            const torch::Tensor& drawing, const LeNetUnit& unit) {
  const auto input =
      unit.is_second ? pass.pooled[0] : torch::constant_pad_nd(drawing[0], {2, 2, 2, 2});
  return weights[unit.is_second ? 2 : 0][unit.channel] *
         input.narrow(1, unit.row, 5).narrow(2, unit.column, 5);
}

double biasOf(const NetWeights& weights, const LeNetUnit& unit) {
  return weights[unit.is_second ? 3 : 1][unit.channel].item<double>();
}

MatrixData productsMatrix(const torch::Tensor& products) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(products.size(0) * products.size(1));
  matrix.columns = static_cast<int>(products.size(2));
  matrix.values = floatsOf(products);
  matrix.diverging = true;
  for (std::int64_t row = 0; row < matrix.rows; ++row)
    matrix.row_labels.push_back(std::to_string(row / 5 + 1) + "." + std::to_string(row % 5 + 1));
  for (int column = 1; column <= matrix.columns; ++column)
    matrix.column_labels.push_back(std::to_string(column));
  return matrix;
}

TableData sumTable(const torch::Tensor& products, double bias) {
  TableData table;
  table.columns = {{"summand"}, {"amount"}};
  const auto sums = numbersOf(products.sum({1, 2}));
  double sum = bias;
  for (std::size_t channel = 0; channel < sums.size(); ++channel) {
    sum += sums[channel];
    const std::string source =
        sums.size() == 1 ? std::string("x") : "S2." + std::to_string(channel + 1);
    table.rows.push_back({"", {source, sums[channel]}});
  }
  table.rows.push_back({"", {wordOf(".summand.bias"), bias}});
  table.rows.push_back({"", {wordOf(".summand.sum"), sum}});
  table.rows.push_back({"", {std::string("ReLU"), std::max(0.0, sum)}});
  return table;
}

BarsData probabilityBars(const std::vector<NetWeights>& nets, const torch::Tensor& drawing,
                         const std::vector<std::string>& classes) {
  BarsData bars;
  for (const std::string& name : classes) bars.categories.emplace_back(name);
  for (std::size_t i = 0; i < nets.size(); ++i)
    bars.groups.push_back({nameOf(kDigitNets[i]),
                           {},
                           numbersOf(logitsOf(kDigitNets[i], nets[i], drawing).softmax(1)[0])});
  return bars;
}

torch::Tensor movedBy(const torch::Tensor& images, std::int64_t columns) {
  if (columns == 0) return images;
  const std::int64_t width = images.size(3), by = std::min(std::abs(columns), width);
  const auto paper = torch::zeros_like(images.narrow(3, 0, by));
  return columns > 0 ? torch::cat({paper, images.narrow(3, 0, width - by)}, 3)
                     : torch::cat({images.narrow(3, by, width - by), paper}, 3);
}

SeriesData shiftCurves(const std::vector<NetWeights>& nets, const torch::Tensor& drawing,
                       std::int64_t digit) {
  std::vector<torch::Tensor> moved;
  std::vector<double> shifts;
  for (std::int64_t by = -kMostShift; by <= kMostShift; ++by) {
    moved.push_back(movedBy(drawing, by));
    shifts.push_back(static_cast<double>(by));
  }
  const auto images = torch::cat(moved);
  SeriesData series;
  for (std::size_t i = 0; i < nets.size(); ++i) {
    Curve curve;
    curve.id = nameOf(kDigitNets[i]);
    curve.x = shifts;
    curve.y = numbersOf(logitsOf(kDigitNets[i], nets[i], images).softmax(1).select(1, digit));
    series.curves.push_back(std::move(curve));
  }
  return series;
}

SeriesData probabilityCurves(const DigitReadings& readings, std::int64_t digit,
                             const std::vector<std::string>& classes) {
  std::set<std::size_t> shown{static_cast<std::size_t>(digit)};
  for (const auto& [step, probabilities] : readings)
    shown.insert(static_cast<std::size_t>(
        std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin()));
  SeriesData series;
  for (const std::size_t number : shown) {
    Curve curve;
    curve.id = "class/" + std::to_string(number);
    curve.label = classes[number];
    for (const auto& [step, probabilities] : readings) {
      curve.x.push_back(static_cast<double>(step));
      curve.y.push_back(probabilities[number]);
    }
    series.curves.push_back(std::move(curve));
  }
  return series;
}

ImagesData heatRows(const torch::Tensor& drawing, const HeatMaps& trained,
                    const HeatMaps& randomised) {
  ImagesData images = inColours(4);
  images.values = floatsOf(torch::stack(
      {tileOf(drawing), tileOf(trained.occlusion, drawing), tileOf(trained.grad_cam, drawing),
       tileOf(trained.guided, drawing), tileOf(drawing), tileOf(randomised.occlusion, drawing),
       tileOf(randomised.grad_cam, drawing), tileOf(randomised.guided, drawing)}));
  for (const char* name : {".caption.trained", ".caption.occlusion", ".caption.grad_cam",
                           ".caption.guided", ".caption.randomised"})
    images.images.push_back({wordOf(name), {}});
  images.images.push_back({agreement(trained.occlusion, randomised.occlusion), {}});
  images.images.push_back({agreement(trained.grad_cam, randomised.grad_cam), {}});
  images.images.push_back({agreement(trained.guided, randomised.guided), {}});
  return images;
}

ImagesData heatPair(const torch::Tensor& drawing, const torch::Tensor& map,
                    const torch::Tensor& other) {
  ImagesData images = inColours(2);
  images.values = floatsOf(torch::stack({tileOf(drawing), tileOf(map, drawing)}));
  images.images.push_back({wordOf(".caption.drawing"), {}});
  images.images.push_back({agreement(map, other), {}});
  return images;
}

ImagesData receptiveImages(const torch::Tensor& drawing, const LeNetUnit& unit,
                           const torch::Tensor& trained, const torch::Tensor& untrained) {
  ImagesData images = inColours(3);
  images.values = floatsOf(
      torch::stack({tileOf(drawing), tileOf(untrained, drawing), tileOf(trained, drawing)}));
  const auto box = boxOf(receptiveBox(unit));
  for (const char* name : {".caption.box", ".caption.untrained", ".caption.now"})
    images.images.push_back({wordOf(name), {box}});
  return images;
}

}  // namespace viva
