// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/training_views.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace viva {
namespace {

constexpr std::int64_t kGrid = 100;
constexpr std::int64_t kMostPoints = 500;

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

/// The medians of the four quarters of the positive values; empty when there are too few.
std::vector<double> quarterMedians(const torch::Tensor& squares) {
  const auto on_host = squares.to(torch::kCPU).contiguous();
  const float* begin = on_host.data_ptr<float>();
  std::vector<float> values;
  std::copy_if(begin, begin + on_host.numel(), std::back_inserter(values),
               [](float value) { return value > 0 && std::isfinite(value); });
  if (values.size() < 8) return {};
  std::vector<double> medians;
  auto from = values.begin();
  for (std::size_t eighth : {1, 3, 5, 7}) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * eighth / 8);
    std::nth_element(from, place, values.end());
    medians.push_back(*place);
    from = place;
  }
  return medians;
}

}  // namespace

PlaneData boundaryPlane(const StackedNet& nets, std::int64_t copy, const Dataset& validation) {
  PlaneData plane;
  if (!validation.isPlanar()) return plane;
  const auto points = validation.inputs.to(torch::kCPU).contiguous();
  const auto low = std::get<0>(points.min(0)), high = std::get<0>(points.max(0));
  const auto margin = 0.1 * (high - low) + 1e-3;
  plane.x0 = (low - margin)[0].item<double>();
  plane.y0 = (low - margin)[1].item<double>();
  plane.x1 = (high + margin)[0].item<double>();
  plane.y1 = (high + margin)[1].item<double>();

  const auto centres = [](double from, double to) {
    return from + (to - from) * (torch::arange(kGrid) + 0.5) / kGrid;
  };
  const auto grid =
      torch::meshgrid({centres(plane.y0, plane.y1), centres(plane.x0, plane.x1)}, "ij");
  const auto inputs =
      torch::stack({grid[1].flatten(), grid[0].flatten()}, 1).to(validation.inputs.options());
  const auto& net = nets.architecture();
  const auto views = weightViews(net, nets.weights().narrow(0, copy, 1));
  const auto probabilities = net.forward(views, inputs)[0].softmax(0);  // [classes, cells]
  const auto shown = probabilities.size(0) == 2 ? probabilities[1] - probabilities[0]
                                                : probabilities.argmax(0).to(torch::kFloat);
  const auto values = shown.to(torch::kCPU).contiguous();

  FieldLayer field;
  field.name = "decision";
  field.x0 = plane.x0, field.x1 = plane.x1, field.y0 = plane.y0, field.y1 = plane.y1;
  field.rows = field.columns = kGrid;
  field.values = shareFloats({values.data_ptr<float>(), values.data_ptr<float>() + values.numel()});
  field.diverging = probabilities.size(0) == 2;
  field.contours = field.diverging ? 1 : 0;
  plane.layers.emplace_back(std::move(field));

  PointsLayer samples;
  samples.name = "validation";
  samples.label = Word{"layer.validation"};
  const std::int64_t count = std::min(kMostPoints, points.size(0));
  const auto labels = validation.labels.to(torch::kCPU).contiguous();
  for (std::int64_t i = 0; i < count; ++i) {
    const float* point = points.data_ptr<float>() + 2 * i;
    samples.points.push_back({point[0], point[1]});
    samples.classes.push_back(static_cast<int>(labels.data_ptr<std::int64_t>()[i]));
  }
  samples.size = 5;
  plane.layers.emplace_back(std::move(samples));
  return plane;
}

std::vector<DecayByGradient> decayByGradient(const std::vector<Optimizer>& optimizers,
                                             const std::vector<UpdateRule>& rules,
                                             const std::vector<Row>& rows) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<DecayByGradient> decays;
  for (std::size_t copy = 0; copy < rows.size(); ++copy) {
    const Row& row = rows[copy];
    DecayByGradient decay{optimizers[copy], std::vector<double>(4, kNone)};
    const auto share = [&](double root) {
      return std::visit([&](const auto& rule) { return DecayShare{root}(rule, row); }, rules[copy]);
    };
    if (row.t > 0 && share(1) > 0) {
      // These treat all weights alike; they remember no squares.
      const bool uniform = share(1) == share(2);
      const auto squares = uniform ? std::vector<double>(4, 1.0) : quarterMedians(row.v);
      for (std::size_t quarter = 0; quarter < squares.size(); ++quarter)
        decay.shares[quarter] = share(std::sqrt(squares[quarter]));
    }
    decays.push_back(std::move(decay));
  }
  return decays;
}

void saveWeights(const StackedNet& nets, const std::vector<Optimizer>& optimizers,
                 WeightSink& sink) {
  const auto views = weightViews(nets.architecture(), nets.weights());
  for (std::size_t copy = 0; copy < optimizers.size(); ++copy)
    for (std::size_t i = 0; i < views.size(); ++i) {
      const auto tensor = views[i][static_cast<std::int64_t>(copy)].to(torch::kCPU).contiguous();
      NamedArray array;
      array.name = nameOf(optimizers[copy]) + "." + nets.architecture().weights[i].name;
      array.shape = tensor.sizes().vec();
      array.bytes.resize(tensor.nbytes());
      std::memcpy(array.bytes.data(), tensor.data_ptr(), tensor.nbytes());
      sink.add(std::move(array));
    }
}

}  // namespace viva
