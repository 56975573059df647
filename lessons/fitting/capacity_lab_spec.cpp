// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/lab_parameters.h"

#include <cmath>
#include <utility>

namespace viva {
namespace {

const std::vector<std::string> kDescent{"descent"};
const std::vector<std::string> kDeep{"1", "2", "3", "4"};

/// Of a curve, one period of a sine; of classes, three stretches side by side, the middle one of
/// class 1.
Points pointsAtFirst(bool is_curve) {
  Points points;
  for (int i = 0; i < 18; ++i) {
    const double x = (i + 0.5) / 18, wobble = 0.15 * std::sin(7.0 * i);
    const double y = std::sin(6.283 * x) + wobble;
    const auto rounded = [](double value) { return std::round(100 * value) / 100; };
    if (is_curve)
      points.points.push_back({rounded(x), rounded(y), 0});
    else
      points.points.push_back({rounded(3 * x - 1.5), rounded(wobble * 5), x > 0.3 && x < 0.7});
  }
  return points;
}

std::vector<ParameterSpec> dataParameters() {
  const std::vector<std::string> generated{"moons", "circles", "spirals", "sine"};
  ParameterSpec classes = points("class_points")
                              .range(-2, 2)
                              .live()
                              .draggedOn("fit")
                              .grouped("data")
                              .onlyWhen("dataset", {"drawn-classes"});
  classes.default_value = pointsAtFirst(false);
  ParameterSpec curve = points("curve_points")
                            .range(-2, 2)
                            .live()
                            .draggedOn("fit")
                            .grouped("data")
                            .onlyWhen("dataset", {"drawn-curve"});
  curve.default_value = pointsAtFirst(true);
  return {
      choice("dataset",
             {"moons", "circles", "spirals", "drawn-classes", "file", "sine", "drawn-curve"},
             "moons")
          .grouped("data"),
      std::move(classes),
      std::move(curve),
      file("data_file").grouped("data").onlyWhen("dataset", {"file"}),
      integer("train_size", 16)
          .range(2, kMostLabSamples)
          .logarithmic()
          .grouped("data")
          .onlyWhen("dataset", {"moons", "circles", "spirals", "sine", "file"}),
      real("noise", 0.25).range(0, 1).stepping(0.01).grouped("data").onlyWhen("dataset", generated),
      real("label_noise", 0)
          .range(0, 0.5)
          .stepping(0.01)
          .grouped("data")
          .onlyWhen("dataset", {"moons", "circles", "spirals"}),
      real("test_shift", 0)
          .range(-2, 2)
          .stepping(0.01)
          .grouped("data")
          .onlyWhen("dataset", generated),
  };
}

std::vector<ParameterSpec> modelParameters() {
  return {
      choice("features", {"raw", "polynomial", "poor"}, "raw").grouped("model"),
      integer("degree", 9).range(1, 15).grouped("model").onlyWhen("features", {"polynomial"}),
      integer("depth", 2).range(0, 4).grouped("model"),
      integer("width", 64).range(1, 128).logarithmic().grouped("model").onlyWhen("depth", kDeep),
  };
}

std::vector<ParameterSpec> fittingParameters() {
  return {
      choice("solver", {"descent", "exact"}, "descent").grouped("training"),
      real("lr", 0.05)
          .range(1e-5, 1)
          .logarithmic()
          .live()
          .grouped("training")
          .onlyWhen("solver", kDescent),
      integer("epochs", 100000)
          .range(1, 100000)
          .logarithmic()
          .grouped("training")
          .onlyWhen("solver", kDescent),
  };
}

std::vector<ParameterSpec> remedyParameters() {
  return {
      real("l1", 0)
          .range(0, 0.5)
          .stepping(0.0005)
          .live()
          .grouped("remedies")
          .onlyWhen("solver", kDescent),
      real("l2", 0).range(0, 10).stepping(0.0005).live().grouped("remedies"),
      real("dropout", 0)
          .range(0, 0.9)
          .stepping(0.01)
          .live()
          .grouped("remedies")
          .onlyWhen("depth", kDeep),
      real("augmentation", 0)
          .range(0, 1)
          .stepping(0.01)
          .live()
          .grouped("remedies")
          .onlyWhen("solver", kDescent),
      toggle("early_stopping", false).grouped("remedies").onlyWhen("solver", kDescent),
      integer("patience", 200)
          .range(10, 10000)
          .logarithmic()
          .grouped("remedies")
          .onlyWhen("early_stopping", {"true"}),
  };
}

/// What can be compared, with the value that the other model has unless told otherwise.
const std::vector<std::pair<std::string, Value>>& contrasts() {
  static const std::vector<std::pair<std::string, Value>> all{
      {"train_size", std::int64_t{300}},
      {"label_noise", 0.0},
      {"features", Choice{"raw"}},
      {"degree", std::int64_t{3}},
      {"depth", std::int64_t{0}},
      {"width", std::int64_t{2}},
      {"lr", 1e-3},
      {"epochs", std::int64_t{100}},
      {"l1", 0.0},
      {"l2", 0.0},
      {"dropout", 0.0},
      {"augmentation", 0.0},
      {"early_stopping", false},
  };
  return all;
}

const ParameterSpec& specNamed(const std::vector<ParameterSpec>& specs, const std::string& name) {
  for (const ParameterSpec& spec : specs)
    if (spec.name == name) return spec;
  throw std::logic_error("no parameter " + name);
}

}  // namespace

bool isLabCurve(const Parameters& parameters) {
  const LabDataset dataset = parameters[kLabDataset];
  return dataset == LabDataset::Sine || dataset == LabDataset::DrawnCurve;
}

bool isLabGenerated(const Parameters& parameters) {
  const LabDataset dataset = parameters[kLabDataset];
  return dataset == LabDataset::Sine || dataset == LabDataset::Moons ||
         dataset == LabDataset::Circles || dataset == LabDataset::Spirals;
}

std::optional<std::string> labContrast(const Parameters& parameters) {
  const std::string& name = std::get<Choice>(parameters.value("compare")).name;
  if (name == "nothing") return std::nullopt;
  return name;
}

Parameters otherLabParameters(const Parameters& parameters) {
  Parameters other = parameters;
  if (const auto name = labContrast(parameters))
    other.set(*name, parameters.value("other." + *name));
  return other;
}

std::vector<ParameterSpec> labParameters() {
  std::vector<ParameterSpec> specs;
  for (const auto& group :
       {dataParameters(), modelParameters(), fittingParameters(), remedyParameters()})
    specs.insert(specs.end(), group.begin(), group.end());
  std::vector<std::string> names{"nothing"};
  for (const auto& contrast : contrasts()) names.push_back(contrast.first);
  std::vector<ParameterSpec> comparison{
      choice("compare", names, "train_size").grouped("comparison")};
  for (const auto& [name, value] : contrasts()) {
    ParameterSpec other = specNamed(specs, name);
    other.name = "other." + name;
    other.default_value = value;
    other.group = "comparison";
    other.relevance = {"compare", {name}};
    comparison.push_back(std::move(other));
  }
  specs.insert(specs.end(), comparison.begin(), comparison.end());
  return specs;
}

std::vector<RecordSpec> labRecords(const Parameters& parameters) {
  const std::string unit = isLabCurve(parameters) ? "" : "unit.nats";
  std::vector<RecordSpec> records;
  const auto addModel = [&](const std::string& prefix) {
    for (const char* loss : {"train_loss", "validation_loss", "gap"})
      records.push_back({prefix + loss, unit});
    if (isLabGenerated(parameters)) records.push_back({prefix + "test_loss", unit});
    if (parameters[kLabSolver] == LabSolver::Descent)
      records.push_back({prefix + "update_loss", unit});
    if (!isLabCurve(parameters))
      for (const char* share : {"train_accuracy", "validation_accuracy"})
        records.push_back({prefix + share, ""});
    records.push_back({prefix + "weight_norm", ""});
  };
  addModel("");
  if (labContrast(parameters)) addModel("other/");
  return records;
}

std::optional<Message> labProblem(const Parameters& p) {
  if (p[kLabDataset] == LabDataset::File && p[kLabFile].path.empty())
    return Message{"error.csv.no_file", {}};
  const auto wrong = [](const Parameters& model) -> std::optional<Message> {
    if (model[kLabSolver] != LabSolver::Exact) return std::nullopt;
    if (!isLabCurve(model) || model[kLabDepth] != 0) return Message{"error.lab.exact_model", {}};
    if (model[kLabL1] > 0 || model[kAugmentation] > 0 || model[kEarlyStopping])
      return Message{"error.lab.exact_remedy", {}};
    return std::nullopt;
  };
  if (auto problem = wrong(p)) return problem;
  return wrong(otherLabParameters(p));
}

std::vector<ViewSpec> labViews() {
  const AxisSpec x{"axis.plane_x", "", false}, y{"axis.plane_y", "", false};
  std::vector<ViewSpec> views{
      plane("fit", x, y),
      series("losses",
             {"train_loss", "validation_loss", "other/train_loss", "other/validation_loss"},
             {"axis.loss_of_samples", "", true}),
      series("gap", {"gap", "other/gap"}, {"axis.gap", "", false}),
      plane("other_fit", x, y),
      table("numbers"),
      histogram("weights", {"axis.weight", "", false}, {"axis.weights_count", "", false}),
      series("accuracy",
             {"train_accuracy", "validation_accuracy", "other/train_accuracy",
              "other/validation_accuracy"},
             {"axis.share_right", "", false}),
      series("test", {"train_loss", "validation_loss", "test_loss"},
             {"axis.loss_of_samples", "", true}),
      series("norm", {"weight_norm", "other/weight_norm"}, {"axis.weight_norm", "", true}),
      verdict("verdict"),
  };
  views[0].drags = {"class_points", "curve_points"};
  for (const std::size_t small : {3, 5, 6, 7, 8}) views[small].room = Room::Small;
  return views;
}

}  // namespace viva
