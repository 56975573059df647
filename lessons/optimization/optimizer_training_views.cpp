// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "lessons/data/dataset.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/principal_plane.h"
#include "lessons/nn/row_updates.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/optimization/optimizer_training.h"

namespace viva {
namespace {

constexpr std::int64_t kGrid = 100;
constexpr std::int64_t kCoarseGrid =
    40;  // where a cell is an image or a document: 144 numbers, not 2
constexpr std::int64_t kMostPoints = 400;

/// What coupled decay adds to the update of one weight, as a share of the weight, if the square
/// root below the gradient is `root`; nothing for a rule without decay.
struct DecayShare {
  double root;

  double operator()(const Sgd& rule, const Row&) const {
    return rule.learning_rate * rule.weight_decay;
  }
  /// In the long run each gradient counts 1 / (1 - beta) times.
  double operator()(const Momentum& rule, const Row&) const {
    return rule.learning_rate * rule.weight_decay / (1 - rule.beta);
  }
  double operator()(const Adagrad& rule, const Row&) const {
    return rule.learning_rate * rule.weight_decay / (root + rule.epsilon);
  }
  double operator()(const RmsProp& rule, const Row&) const {
    return rule.learning_rate * rule.weight_decay / (root + rule.epsilon);
  }
  double operator()(const AdamW& rule, const Row&) const { return rule.learning_rate * rule.decay; }
  template <typename Rule>  // Adam, AdaBelief
  double operator()(const Rule& rule, const Row& row) const {
    const double correction = 1 - std::pow(rule.beta2, static_cast<double>(row.t));
    return rule.learning_rate * rule.weight_decay / (root / std::sqrt(correction) + rule.epsilon);
  }
};

/// A fourth of some values: where they are, and where their median is.
struct Quarter {
  std::vector<std::uint32_t> places;
  std::uint32_t median = 0;
};

/// Four quarters of equal size, from the smallest values to the largest. For at least 8 values.
std::array<Quarter, 4> quartersOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> places(values.size());
  std::iota(places.begin(), places.end(), 0u);
  const auto eighth = [&](std::size_t i) {
    return places.begin() + static_cast<std::ptrdiff_t>(values.size() * i / 8);
  };
  // Equal values (dead units have no gradient at all) are told apart by their places.
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  };
  auto unsorted = places.begin();
  for (std::size_t i = 1; i < 8; ++i) {
    std::nth_element(unsorted, eighth(i), places.end(), less);
    unsorted = eighth(i) + 1;  // what is in its place stays there
  }
  std::array<Quarter, 4> quarters;
  for (std::size_t i = 0; i < quarters.size(); ++i)
    quarters[i] = {{eighth(2 * i), eighth(2 * i + 2)}, *eighth(2 * i + 1)};
  return quarters;
}

BarsData quarterBars(const std::vector<DecayByGradient>& decays,
                     std::array<double, 4> DecayByGradient::*values) {
  BarsData bars;
  for (const char* quarter : {"smallest", "small", "large", "largest"})
    bars.categories.push_back(Word{std::string("word.gradients_") + quarter});
  for (const DecayByGradient& decay : decays)
    bars.groups.push_back({nameOf(decay.optimizer),
                           labelOf(decay.optimizer),
                           {(decay.*values).begin(), (decay.*values).end()}});
  bars.logarithmic = true;
  return bars;
}

/// Of m and v, those that were ever written to: numbers remembered per weight.
double stateOf(const Row& row) { return row.m.any().item<double>() + row.v.any().item<double>(); }

}  // namespace

PlaneData boundaryPlane(const StackedNet& nets, std::int64_t copy, const Dataset& validation) {
  const auto& net = nets.architecture();
  const auto weights = weightViews(net.weights, nets.weights().narrow(0, copy, 1));
  const Dataset drawn = validation.first(kMostPoints);
  const auto features = net.features(weights, drawn.inputs);
  const PrincipalPlane slice = principalPlane(features);
  const auto places = slice.project(features).to(torch::kCPU).contiguous();

  PlaneData plane;
  PointsLayer samples;
  samples.name = "validation";
  samples.label = Word{drawn.isPlanar() ? "optimizer-training.layer.validation"
                                        : "optimizer-training.layer.validation_projected"};
  samples.size = 5;
  // Only a net that diverged has no places for its samples; their plane is then the unit square.
  if (!places.isfinite().all().item<bool>()) {
    plane.layers.emplace_back(std::move(samples));
    return plane;
  }
  const auto low = std::get<0>(places.min(0)), high = std::get<0>(places.max(0));
  const auto margin = 0.1 * (high - low) + 1e-3;
  plane.x0 = (low - margin)[0].item<double>();
  plane.y0 = (low - margin)[1].item<double>();
  plane.x1 = (high + margin)[0].item<double>();
  plane.y1 = (high + margin)[1].item<double>();

  const std::int64_t cells = drawn.isPlanar() ? kGrid : kCoarseGrid;
  const PlaneGrid grid{plane.x0, plane.x1, plane.y0, plane.y1, cells, cells};
  // [classes, cells]
  const auto probabilities =
      net.forwardFeatures(weights, slice.lift(grid.centres(features.options())))[0].softmax(0);
  const bool two_classes = probabilities.size(0) == 2;
  FieldLayer field = grid.field(
      "decision", two_classes ? probabilities[1] - probabilities[0] : probabilities.amax(0));
  // Colours that stretch to the values would make an undecided net look decided.
  field.diverging = two_classes;
  field.minimum = two_classes ? -1 : 1.0 / static_cast<double>(probabilities.size(0));
  field.maximum = 1;
  field.contours = two_classes ? 1 : 0;

  const auto labels = drawn.labels.to(torch::kCPU).contiguous();
  for (std::int64_t i = 0; i < drawn.samples(); ++i) {
    const float* place = places.data_ptr<float>() + 2 * i;
    samples.points.push_back({place[0], place[1]});
    samples.classes.push_back(static_cast<int>(labels.data_ptr<std::int64_t>()[i]));
  }
  plane.layers.emplace_back(std::move(field));
  plane.layers.emplace_back(std::move(samples));
  return plane;
}

TableData trainingStandings(const std::vector<Progress>& progress, const std::vector<Row>& rows,
                            double threshold) {
  using Best = TableData::Best;
  TableData table;
  table.columns = {{"optimizer"},
                   {"train_loss", Best::Smallest},
                   {"validation_accuracy", Best::Largest},
                   {"weight_norm"},
                   {"steps_to_threshold", Best::Smallest},
                   {"state"}};
  for (std::size_t i = 0; i < progress.size(); ++i) {
    const Progress& copy = progress[i];
    const auto steps = copy.stepsTo(threshold);
    table.rows.push_back(
        {nameOf(copy.optimizer()),
         {Word{"curve." + nameOf(copy.optimizer())},
          copy.trainLoss() ? TableData::Cell{*copy.trainLoss()} : TableData::Cell{},
          copy.accuracy(), copy.weightNorm(),
          steps ? TableData::Cell{static_cast<double>(*steps)} : TableData::Cell{},
          stateOf(rows[i])}});
  }
  return table;
}

std::vector<DecayByGradient> decayByGradient(const std::vector<Optimizer>& optimizers,
                                             const std::vector<UpdateRule>& rules,
                                             const std::vector<Row>& rows,
                                             const torch::Tensor& initial) {
  const auto start = floatsOf(initial);
  std::vector<DecayByGradient> decays;
  for (std::size_t copy = 0; copy < rows.size(); ++copy) {
    const Row& row = rows[copy];
    decays.push_back({optimizers[copy]});
    if (row.t == 0 || row.theta.numel() < 8) continue;
    const auto share = [&](double root) {
      return std::visit([&](const auto& rule) { return DecayShare{root}(rule, row); }, rules[copy]);
    };
    // Sgd and Momentum remember no squares: those of the newest batch stand in.
    const bool remembers = optimizers[copy] > Optimizer::Momentum;
    const auto squares = floatsOf(remembers ? row.v : row.g.square());
    const auto theta = floatsOf(row.theta);
    if (!std::isfinite(row.theta.norm().item<double>())) continue;
    const auto quarters = quartersOf(squares);
    for (std::size_t i = 0; i < quarters.size(); ++i) {
      double before = 0, now = 0;
      for (const std::uint32_t place : quarters[i].places) {
        before += static_cast<double>(start[place]) * start[place];
        now += static_cast<double>(theta[place]) * theta[place];
      }
      if (before > 0) decays.back().kept[i] = std::sqrt(now / before);
      const double taken = share(std::sqrt(squares[quarters[i].median]));
      if (taken > 0) decays.back().shares[i] = taken;
    }
  }
  return decays;
}

BarsData decayBars(const std::vector<DecayByGradient>& decays) {
  return quarterBars(decays, &DecayByGradient::shares);
}

BarsData normBars(const std::vector<DecayByGradient>& decays) {
  return quarterBars(decays, &DecayByGradient::kept);
}

void saveWeights(const StackedNet& nets, const std::vector<Optimizer>& optimizers,
                 WeightSink& sink) {
  const auto views = weightViews(nets.architecture().weights, nets.weights());
  for (std::size_t copy = 0; copy < optimizers.size(); ++copy)
    for (std::size_t i = 0; i < views.size(); ++i) {
      sink.add(namedArray(nameOf(optimizers[copy]) + "." + nets.architecture().weights[i].name,
                          views[i][static_cast<std::int64_t>(copy)]));
    }
}

}  // namespace viva
