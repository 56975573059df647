// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/even_bins.h"
#include "lessons/fitting/fitted_model.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kShown = 150;  ///< of the held-out samples, so that those of training show

Label curveWord(const std::string& name) { return Word{"capacity-lab.curve." + name}; }

/// The class number `target` as it was drawn, so that its points keep their colour.
int labelOf(const LabData& data, double target) {
  const auto number = static_cast<std::size_t>(target);
  return data.labels.empty() ? static_cast<int>(number) : data.labels.at(number);
}

PointsLayer pointsOf(const LabData& data, const LabSamples& samples, const std::string& name,
                     const std::string& id, double size) {
  PointsLayer layer{name, curveWord(name), {}, {}, id, size};
  const std::int64_t count = std::min(samples.size(), kShown);
  const auto places = numbersOf(samples.inputs.slice(0, 0, count));
  const auto targets = numbersOf(samples.targets.slice(0, 0, count));
  const bool is_curve = samples.inputs.size(1) == 1;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (is_curve) {
      layer.points.push_back({places[i], targets[i]});
    } else {
      layer.points.push_back({places[2 * i], places[2 * i + 1]});
      layer.classes.push_back(labelOf(data, targets[i]));
    }
  }
  return layer;
}

/// Of the two held-out sets the moved one, if one is moved: both at once look alike.
void addSamples(const LabModel& model, PlaneData& plane) {
  const LabData& data = model.data();
  if (data.test.inputs.defined() && model.parameters()[kLabTestShift] != 0)
    plane.layers.emplace_back(pointsOf(data, data.test, "test", "test_loss", 4));
  else
    plane.layers.emplace_back(pointsOf(data, data.validation, "validation", "validation_loss", 3));
  plane.layers.emplace_back(pointsOf(data, data.training, "training", "train_loss", 9));
}

PathLayer pathOf(const LabModel& model, const std::string& name, const PlaneData& plane) {
  constexpr std::int64_t kPoints = 241;
  const auto x = torch::linspace(plane.x0, plane.x1, kPoints, torch::kFloat64);
  const auto y = numbersOf(model.outputs(x.unsqueeze(1).to(model.data().training.inputs.device())));
  PathLayer path{name, curveWord(name), name, {}};
  for (std::int64_t i = 0; i < kPoints; ++i) {
    const double height = y[static_cast<std::size_t>(i)];
    // Past the edges of the plane a polynomial may be as far away as it likes.
    if (std::isfinite(height))
      path.points.push_back({x[i].item<double>(), std::clamp(height, -1e4, 1e4)});
  }
  return path;
}

PlaneData curveFit(const LabModel& model, const LabModel* other) {
  const double shift = model.parameters()[kLabTestShift];
  const bool is_sine = model.parameters()[kLabDataset] == LabDataset::Sine;
  PlaneData plane{-0.1, 1.1, -2, 2, {}};
  if (is_sine) {
    plane.x0 += std::min(0.0, shift);
    plane.x1 += std::max(0.0, shift);
    PathLayer truth{"truth", curveWord("truth"), "truth", {}};
    constexpr int kPoints = 121;
    for (int i = 0; i < kPoints; ++i) {
      const double x = plane.x0 + (plane.x1 - plane.x0) * i / (kPoints - 1);
      truth.points.push_back({x, labTruth(x)});
    }
    plane.layers.emplace_back(std::move(truth));
  }
  if (other) plane.layers.emplace_back(pathOf(*other, "other", plane));
  plane.layers.emplace_back(pathOf(model, "this", plane));
  addSamples(model, plane);
  return plane;
}

/// The probability of the second class less that of the first; of more classes, the one that is
/// named.
torch::Tensor decisions(const LabModel& model, const torch::Tensor& places) {
  const auto logits = model.outputs(places);
  if (logits.size(0) == 2) return torch::tanh((logits[1] - logits[0]) / 2);
  const auto named = logits.argmax(0);
  const std::vector<int>& labels = model.data().labels;
  if (labels.empty()) return named.to(torch::kFloat);
  return torch::tensor(labels, torch::kFloat).to(named.device()).index_select(0, named);
}

PlaneData classFit(const LabModel& model) {
  constexpr double kReach = 2;
  const double shift = model.parameters()[kLabTestShift];
  PlaneData plane{
      -kReach + std::min(0.0, shift), kReach + std::max(0.0, shift), -kReach, kReach, {}};
  const PlaneGrid grid{plane.x0, plane.x1, plane.y0, plane.y1, 100, 100};
  const auto places = grid.centres().to(model.data().training.inputs.device());
  FieldLayer field = grid.field("decision", decisions(model, places));
  // Colours that stretch to the values would make an undecided net look decided.
  field.diverging = model.data().classes == 2;
  field.minimum = field.diverging ? -1 : 0;
  const auto last = static_cast<double>(model.data().classes - 1);
  field.maximum = std::max(1.0, field.diverging ? 1.0 : labelOf(model.data(), last));
  plane.layers.emplace_back(std::move(field));
  addSamples(model, plane);
  return plane;
}

}  // namespace

PlaneData labFit(const LabModel& model, const LabModel* other) {
  return model.data().is_curve ? curveFit(model, other) : classFit(model);
}

TableData labTable(const LabModel& model, const LabModel* other) {
  using Best = TableData::Best;
  TableData table;
  const bool has_test = model.numbers().test.has_value();
  table.columns = {{"model"}, {"train", Best::Smallest}, {"validation", Best::Smallest}, {"gap"}};
  if (has_test) table.columns.push_back({"test"});
  for (const char* column : {"best", "weights_in_use", "diagnosis"})
    table.columns.push_back({column});
  const auto add = [&](const LabModel& one, const std::string& name) {
    const LabNumbers& numbers = one.numbers();
    TableData::Row row{
        name, {std::get<Word>(curveWord(name)), numbers.train, numbers.validation, numbers.gap()}};
    if (has_test) row.cells.emplace_back(numbers.test.value_or(0));
    row.cells.emplace_back(static_cast<double>(numbers.best_epoch));
    row.cells.emplace_back(std::to_string(numbers.weights - numbers.zero_weights) + " / " +
                           std::to_string(numbers.weights));
    row.cells.emplace_back(
        Word{std::string("capacity-lab.diagnosis.") + nameOf(diagnose(numbers))});
    table.rows.push_back(std::move(row));
  };
  add(model, "this");
  if (other) add(*other, "other");
  return table;
}

HistogramData labWeights(const LabModel& model, const LabModel* other) {
  constexpr int kBins = 40;
  std::vector<std::pair<std::string, std::vector<double>>> all{
      {"this", numbersOf(model.plainWeights())}};
  if (other) all.emplace_back("other", numbersOf(other->plainWeights()));
  double reach = 0.1;
  for (const auto& weights : all)
    for (const double weight : weights.second)
      if (std::isfinite(weight)) reach = std::max(reach, std::abs(weight));
  HistogramData data;
  data.edges = evenEdges(-reach, reach, kBins);
  for (const auto& [name, weights] : all)
    data.groups.push_back({name, {}, countsIn(data.edges, weights)});
  data.logarithmic = true;
  return data;
}

}  // namespace viva
