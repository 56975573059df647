// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/gradients/gradient_flow.h"

namespace viva {
namespace {

/// Neighbours are averaged over this many updates.
constexpr double kMemory = 20;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::size_t deepest(const FlowReports& nets) {
  return static_cast<std::size_t>(std::max(nets[0].settings.depth, nets[1].settings.depth));
}

std::vector<double> padded(std::vector<double> values, std::size_t size) {
  values.resize(size, kNone);
  return values;
}

std::vector<double> layerNumbers(std::size_t layers) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < layers; ++i) numbers.push_back(static_cast<double>(i));
  return numbers;
}

template <typename ValuesOf>
BarsData layerBars(const FlowReports& nets, ValuesOf values_of) {
  BarsData bars;
  const std::size_t layers = deepest(nets);
  for (std::size_t i = 0; i < layers; ++i) bars.categories.emplace_back(std::to_string(i));
  for (const FlowReport& net : nets)
    bars.groups.push_back({net.side, {}, padded(values_of(net), layers)});
  return bars;
}

std::vector<double> column(const FlowReport& net, double LayerStatistics::*quantity) {
  std::vector<double> values;
  for (const LayerStatistics& layer : net.layers) values.push_back(layer.*quantity);
  return values;
}

SeriesData layerCurves(const FlowReports& nets, double LayerStatistics::*quantity) {
  SeriesData data;
  for (const FlowReport& net : nets)
    data.curves.push_back(
        {net.side, {}, layerNumbers(net.layers.size()), column(net, quantity), false});
  return data;
}

/// The norms that the last layer's leads to, if weights were independent of all else.
std::optional<Curve> theoryOf(const FlowReport& net) {
  auto flow = predictedFlow(net.settings.wiring, net.layers, net.settings.width);
  if (!flow || net.norms.pre_activations.empty()) return std::nullopt;
  for (double& value : *flow) {
    value *= net.norms.pre_activations.back();
    // Below the smallest float32 the bars end, and so would the axis.
    if (!(value > 1e-45) || !std::isfinite(value)) value = kNone;
  }
  return Curve{"theory_" + net.side, {}, layerNumbers(flow->size()), std::move(*flow), true};
}

bool drifts(const Wiring& wiring) {
  return wiring.residual && wiring.norm == Normalisation::Batch &&
         wiring.activation == Activation::Relu;
}

TableData::Cell cell(const std::optional<double>& value) {
  return value ? TableData::Cell{*value} : TableData::Cell{std::monostate{}};
}

}  // namespace

std::optional<double> FlowNorms::firstToLast() const {
  if (pre_activations.empty()) return std::nullopt;
  const double first = pre_activations.front(), last = pre_activations.back();
  if (first == 0 && last == 0) return std::nullopt;
  return first / last;
}

void FlowReport::observe(double batch_loss, FlowNorms found) {
  updates += 1;
  if (updates == 1) start_loss = loss = batch_loss;
  loss += (batch_loss - loss) / std::min(kMemory, static_cast<double>(updates));
  norms = std::move(found);
  if (const auto ratio = norms.firstToLast()) {
    smallest_ratio = std::min(smallest_ratio, *ratio);
    // A ratio that is not a number is a net that was lost, not one that vanished.
    largest_ratio = *ratio <= largest_ratio ? largest_ratio : *ratio;
  }
}

std::optional<double> FlowReport::factor() const {
  return meanFactor(initial_norms.pre_activations, usableLayers(initial_norms.pre_activations));
}

double FlowReport::drift() const {
  if (initial_layers.size() < 2) return 0;
  return (initial_layers.back().mean - initial_layers.front().mean) /
         static_cast<double>(initial_layers.size() - 1);
}

BarsData flowBars(const FlowReports& nets) {
  BarsData bars = layerBars(nets, [](const auto& net) { return net.norms.pre_activations; });
  for (const FlowReport& net : nets)
    if (auto curve = theoryOf(net)) bars.overlays.push_back(std::move(*curve));
  bars.logarithmic = true;
  return bars;
}

BarsData weightGradientBars(const FlowReports& nets) {
  BarsData bars = layerBars(nets, [](const auto& net) { return net.norms.weights; });
  bars.logarithmic = true;
  return bars;
}

BarsData saturationBars(const FlowReports& nets) {
  return layerBars(nets, [](const auto& net) { return column(net, &LayerStatistics::saturated); });
}

SeriesData activationMeans(const FlowReports& nets) {
  SeriesData data = layerCurves(nets, &LayerStatistics::mean);
  for (const FlowReport& net : nets)
    if (drifts(net.settings.wiring) && !net.layers.empty()) {
      const double start = net.layers.front().mean;
      std::vector<double> line;
      for (std::size_t i = 0; i < net.layers.size(); ++i)
        line.push_back(start + static_cast<double>(i) / std::sqrt(2 * std::numbers::pi));
      data.curves.push_back({"drift", {}, layerNumbers(net.layers.size()), std::move(line), true});
      break;
    }
  return data;
}

SeriesData activationDeviations(const FlowReports& nets) {
  return layerCurves(nets, &LayerStatistics::deviation);
}

TableData netsTable(const FlowReports& nets) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"net", Best::None},         {"loss", Best::Smallest},
                   {"accuracy", Best::Largest}, {"first_to_last", Best::None},
                   {"factor", Best::None},      {"predicted", Best::None},
                   {"zero_layers", Best::None}};
  for (const FlowReport& net : nets) {
    const auto& flow = net.norms.pre_activations;
    const auto zeros = static_cast<double>(std::count(flow.begin(), flow.end(), 0.0));
    const bool began = net.updates > 0;
    table.rows.push_back(
        {net.side,
         {Word{"gradient-flow.curve." + net.side}, began ? cell(net.loss) : cell(std::nullopt),
          net.accuracy, cell(net.norms.firstToLast()), cell(meanFactor(flow, usableLayers(flow))),
          [&] {
            const auto predicted =
                predictedFlow(net.settings.wiring, net.layers, net.settings.width);
            return cell(predicted ? meanFactor(*predicted, usableLayers(flow)) : std::nullopt);
          }(),
          zeros}});
  }
  return table;
}

std::array<MatrixData, 2> historyPictures(const std::array<LayerHistory, 2>& histories,
                                          const FlowReports& nets) {
  std::array<MatrixData, 2> pictures;
  const double low = std::min(histories[0].minimum(), histories[1].minimum());
  const double high = std::max(histories[0].maximum(), histories[1].maximum());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    pictures[i] = histories[i].picture(static_cast<std::size_t>(nets[i].settings.depth));
    if (low < high) pictures[i].minimum = low, pictures[i].maximum = high;
  }
  return pictures;
}

}  // namespace viva
