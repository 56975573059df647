// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/fitting/capacity_lab.h"
#include "lessons/fitting/lessons.h"

namespace viva {
namespace {

const std::string kId = "capacity-lab";
const std::string kProgram = "resources/lessons/overfitting/capacity_lab.py";

/// What can be compared, with the value that the other model has unless told otherwise.
const std::vector<std::pair<ParameterSpec, Value>> kContrasts{
    {kLabTrainSize, std::int64_t{300}},
    {kLabLabelNoise, 0.0},
    {kLabFeatures, Choice{"raw"}},
    {kLabDegree, std::int64_t{3}},
    {kLabDepth, std::int64_t{0}},
    {kLabWidth, std::int64_t{2}},
    {kLabRate, 1e-3},
    {kLabEpochs, std::int64_t{100}},
    {kLabL1, 0.0},
    {kLabL2, 0.0},
    {kLabDropout, 0.0},
    {kLabAugmentation, 0.0},
    {kLabEarlyStopping, false},
};

std::vector<ParameterSpec> parameters() {
  std::vector<std::string> names{"nothing"};
  for (const auto& contrast : kContrasts) names.push_back(contrast.first.name);
  std::vector<ParameterSpec> specs{
      kLabDataset,      kLabClassPoints,
      kLabCurvePoints,  kLabFile,
      kLabTrainSize,    kLabNoise,
      kLabLabelNoise,   kLabTestShift,
      kLabFeatures,     kLabDegree,
      kLabDepth,        kLabWidth,
      kLabSolver,       kLabRate,
      kLabEpochs,       kLabL1,
      kLabL2,           kLabDropout,
      kLabAugmentation, kLabEarlyStopping,
      kLabPatience,     choice("compare", names, "train_size").grouped("comparison")};
  for (const auto& [mine, value] : kContrasts) {
    ParameterSpec other = mine;
    other.name = "other." + mine.name;
    other.default_value = value;
    other.group = "comparison";
    other.relevance = {"compare", {mine.name}};
    specs.push_back(std::move(other));
  }
  return specs;
}

std::vector<RecordSpec> records(const Parameters& parameters) {
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

std::optional<Message> validate(const Parameters& p) {
  if (p[kLabDataset] == LabDataset::File && p[kLabFile].path.empty())
    return Message{"error.csv.no_file", {}};
  const auto wrong = [](const Parameters& model) -> std::optional<Message> {
    if (model[kLabSolver] != LabSolver::Exact) return std::nullopt;
    if (!isLabCurve(model) || model[kLabDepth] != 0) return Message{"error.lab.exact_model", {}};
    if (model[kLabL1] > 0 || model[kLabAugmentation] > 0 || model[kLabEarlyStopping])
      return Message{"error.lab.exact_remedy", {}};
    return std::nullopt;
  };
  if (auto problem = wrong(p)) return problem;
  return wrong(otherLabParameters(p));
}

/// Whether the points have fewer classes than their largest label suggests; there are at least two.
bool leavesLabelsOut(const Points& points) {
  std::set<std::int64_t> labels;
  for (const auto& point : points.points) labels.insert(point.label);
  return !labels.empty() && *labels.rbegin() > 1 &&
         *labels.rbegin() + 1 > static_cast<std::int64_t>(labels.size());
}

/// Without points nothing is learnt, whatever the seed.
bool usesRandomness(const Parameters& p) {
  const LabDataset dataset = p[kLabDataset];
  if (dataset == LabDataset::DrawnClasses) return p[kLabClassPoints].points.size() > 2;
  return dataset != LabDataset::DrawnCurve || p[kLabCurvePoints].points.size() > 2;
}

std::vector<ViewSpec> views() {
  const AxisSpec loss{"axis.loss_of_samples", "", true};
  const auto ofBoth = [](const char* a, const char* b) -> std::vector<std::string> {
    return {a, b, std::string("other/") + a, std::string("other/") + b};
  };
  return {
      plane("fit")
          .xAxis("axis.plane_x")
          .yAxis("axis.plane_y")
          .dragging({"class_points", "curve_points"}),
      series("losses", ofBoth("train_loss", "validation_loss"), loss),
      series("gap", {"gap", "other/gap"}).yAxis("axis.gap"),
      plane("other_fit").xAxis("axis.plane_x").yAxis("axis.plane_y").small(),
      table("numbers"),
      histogram("weights").xAxis("axis.weight").yAxis("axis.weights_count").small(),
      series("accuracy", ofBoth("train_accuracy", "validation_accuracy"))
          .yAxis("axis.share_right")
          .small(),
      series("test", {"train_loss", "validation_loss", "test_loss"}, loss).small(),
      series("norm", {"weight_norm", "other/weight_norm"})
          .yAxis("axis.weight_norm")
          .logarithmicY()
          .small(),
      verdict("verdict"),
  };
}

using Numbers = const LabNumbers&;

/// About the model alone.
auto alone(bool (*holds)(Numbers)) {
  return [holds](const LabFits& fits) -> std::optional<bool> { return holds(fits.mine); };
}
/// About the model and the other one, without which there is nothing to judge by.
auto beside(bool (*holds)(Numbers, Numbers)) {
  return [holds](const LabFits& fits) -> std::optional<bool> {
    if (!fits.other) return std::nullopt;
    return holds(fits.mine, *fits.other);
  };
}

bool isHeldBack(Numbers a, Numbers b) { return a.gap() < b.gap() && a.validation < b.validation; }

/// The first learns what the second cannot.
bool isMended(Numbers a, Numbers b) {
  return diagnose(a) != LabDiagnosis::Underfit && diagnose(b) == LabDiagnosis::Underfit &&
         a.validation < b.validation;
}
bool isSpoilt(Numbers a, Numbers b) { return isMended(b, a); }

const Claims<LabFits> kClaims{
    {"little-data", 500,
     beside([](Numbers a, Numbers b) { return a.gap() > 3 * b.gap() && a.train < b.train; })},
    {"complex-model", 1,
     beside([](Numbers a, Numbers b) { return a.train < 1e-20 && a.validation > b.validation; })},
    {"weak-regularisation", 1500,
     beside([](Numbers a, Numbers b) { return a.train < b.train && a.validation > b.validation; })},
    {"too-many-epochs", 1500,
     alone([](Numbers a) { return a.validation > 1.3 * a.best_validation && a.gap() > 0; })},
    {"shifted-distribution", 1000,
     alone([](Numbers a) { return a.test && *a.test - a.validation > 5 * std::abs(a.gap()); })},
    {"augmentation", 1000, beside([](Numbers a, Numbers b) {
       return a.gap() < 0.6 * b.gap() && a.validation < b.validation;
     })},
    {"l1", 3000, beside([](Numbers a, Numbers b) {
       return a.zero_weights >= 5 && b.zero_weights == 0 && a.validation < b.validation;
     })},
    {"l2", 1, beside([](Numbers a, Numbers b) {
       return a.weight_norm < b.weight_norm && a.validation < b.validation;
     })},
    {"dropout", 1500, beside(isHeldBack)},
    {"early-stopping", 2500, beside([](Numbers a, Numbers b) {
       return a.stopped_at && a.validation == a.best_validation && a.validation < b.validation;
     })},
    {"smaller-model", 1500, beside(isHeldBack)},
    {"more-data", 1, beside(isHeldBack)},
    {"simple-model", 1000, beside(isSpoilt)},
    {"poor-features", 1000, beside(isSpoilt)},
    {"low-learning-rate", 800, beside(isSpoilt)},
    {"short-training", 800, beside(isSpoilt)},
    {"too-much-regularisation", 1, beside(isSpoilt)},
    {"label-noise", 3000, beside([](Numbers a, Numbers b) {
       return a.train_accuracy > 0.95 && b.train_accuracy > 0.95 &&
              a.validation_accuracy < b.validation_accuracy - 0.1;
     })},
    {"more-capacity", 2500, beside(isMended)},
    {"higher-learning-rate", 800, beside(isMended)},
    {"longer-training", 2500, beside(isMended)},
    {"less-regularisation", 1000, beside(isMended)},
};

Arguments numbersOf(const LabFits& fits) {
  Arguments arguments{{"constant", readable(fits.mine.baseline)},
                      {"floor", readable(fits.mine.noise_floor)}};
  const auto add = [&](Numbers numbers, const std::string& prefix) {
    arguments.insert(arguments.end(),
                     {{prefix + "train", readable(numbers.train)},
                      {prefix + "validation", readable(numbers.validation)},
                      {prefix + "gap", readable(numbers.gap())},
                      {prefix + "test", readable(numbers.test)},
                      {prefix + "right", percent(numbers.train_accuracy)},
                      {prefix + "held_out_right", percent(numbers.validation_accuracy)},
                      {prefix + "best", readable(numbers.best_validation)},
                      {prefix + "best_epoch", std::to_string(numbers.best_epoch)},
                      {prefix + "norm", readable(numbers.weight_norm)},
                      {prefix + "zeros", std::to_string(numbers.zero_weights)},
                      {prefix + "weights", std::to_string(numbers.weights)},
                      {prefix + "stopped", numbers.stopped_at ? std::to_string(*numbers.stopped_at)
                                                              : std::string("–")}});
  };
  add(fits.mine, "");
  if (fits.other) add(*fits.other, "other_");
  return arguments;
}

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

/// The other model has `others` in place of `mine`.
Settings comparing(const std::string& name, const std::string& mine, const std::string& others,
                   const Settings& more) {
  return with(with({{"compare", name}, {"other." + name, others}}, more), {{name, mine}});
}

/// One preset for each cause and each remedy; the other model shows what a single change does.
std::vector<Preset> presets() {
  const Settings polynomial{{"features", "polynomial"}, {"depth", "0"}};
  // Ten points of a noisy sine, fitted exactly.
  const Settings sine =
      with(polynomial,
           {{"dataset", "sine"}, {"solver", "exact"}, {"noise", "0.2"}, {"train_size", "10"}});
  const Settings moons{{"train_size", "40"}, {"noise", "0.35"}};
  const Settings many{{"train_size", "200"}, {"noise", "0.15"}};
  const Settings circles{{"dataset", "circles"}, {"noise", "0.1"}, {"train_size", "200"}};
  const Settings spirals{{"dataset", "spirals"}, {"noise", "0.03"}, {"train_size", "300"}};
  const std::vector<std::string> fits{"fit", "other_fit"}, other{"other_fit", "losses"};
  const auto lab = [](const char* name, std::int64_t steps, Settings settings, const char* hero,
                      std::vector<std::string> companions) {
    return preset(name)
        .with(std::move(settings))
        .lasting(steps)
        .showing(hero, std::move(companions));
  };
  return {
      // Causes of overfitting.
      lab("little-data", 1500, {}, "losses", fits),
      lab("complex-model", 20, comparing("degree", "9", "3", sine), "fit", {"numbers", "losses"}),
      lab("weak-regularisation", 3000, comparing("l2", "0", "0.01", moons), "losses",
          {"fit", "weights"}),
      lab("too-many-epochs", 3000, comparing("epochs", "100000", "100", moons), "losses",
          {"fit", "gap"}),
      lab("shifted-distribution", 1500,
          {{"compare", "nothing"}, {"train_size", "300"}, {"test_shift", "1"}}, "test",
          {"fit", "numbers"}),
      // Remedies of overfitting.
      lab("augmentation", 2000,
          comparing("augmentation", "0.3", "0", {{"train_size", "20"}, {"noise", "0.3"}}), "losses",
          fits),
      lab("l1", 4000,
          comparing("l1", "0.05", "0",
                    with(sine, {{"solver", "descent"}, {"degree", "15"}, {"train_size", "20"}})),
          "weights", {"fit", "numbers"}),
      lab("l2", 20, comparing("l2", "0.001", "0", sine), "weights", {"fit", "numbers"}),
      lab("dropout", 3000,
          comparing("dropout", "0.5", "0",
                    {{"train_size", "100"}, {"noise", "0.2"}, {"label_noise", "0.1"}}),
          "losses", fits),
      lab("early-stopping", 3000, comparing("early_stopping", "true", "false", moons), "losses",
          fits),
      lab("smaller-model", 3000,
          comparing("degree", "2", "9",
                    with(polynomial, {{"train_size", "30"}, {"noise", "0.35"}})),
          "fit", other),
      lab("more-data", 20, comparing("train_size", "100", "10", sine), "fit",
          {"numbers", "losses"}),
      // Causes of underfitting.
      lab("simple-model", 1500, comparing("depth", "0", "2", circles), "fit", other),
      lab("poor-features", 1500, comparing("features", "poor", "raw", circles), "fit", other),
      lab("low-learning-rate", 1000, comparing("lr", "0.0001", "0.05", many), "losses", fits),
      lab("short-training", 1000, comparing("epochs", "5", "100000", many), "losses", fits),
      lab("too-much-regularisation", 20,
          comparing("l2", "5", "0.001", with(sine, {{"train_size", "30"}})), "fit",
          {"weights", "numbers"}),
      lab("label-noise", 4000,
          comparing("label_noise", "0.3", "0",
                    {{"train_size", "40"}, {"noise", "0.15"}, {"width", "128"}}),
          "accuracy", fits),
      // Remedies of underfitting.
      lab("more-capacity", 3000, comparing("width", "64", "2", spirals), "fit", other),
      lab("higher-learning-rate", 1000, comparing("lr", "0.05", "0.0005", circles), "losses", fits),
      lab("longer-training", 3000, comparing("epochs", "100000", "20", spirals), "losses", fits),
      lab("less-regularisation", 1500, comparing("l2", "0.0001", "0.1", circles), "fit", other),
  };
}

}  // namespace

Points labPointsAtFirst(bool is_curve) {
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

LabDiagnosis diagnose(const LabNumbers& numbers) {
  const double floor = numbers.noise_floor.value_or(0);
  // What there was to gain: from the best constant down to the noise.
  const double scale = std::max(1e-9, numbers.baseline - floor);
  if (!(numbers.train - floor < 0.5 * scale)) return LabDiagnosis::Underfit;
  if (!(numbers.gap() < 0.25 * scale)) return LabDiagnosis::Overfit;
  if (numbers.test && !(*numbers.test - numbers.validation < 0.25 * scale))
    return LabDiagnosis::Shift;
  return LabDiagnosis::Good;
}

const char* nameOf(LabDiagnosis diagnosis) {
  static const char* const names[]{"good", "overfit", "underfit", "shift"};
  return names[static_cast<int>(diagnosis)];
}

VerdictData labVerdict(const std::string& preset, std::int64_t step, const LabFits& fits) {
  const auto claim = std::find_if(kClaims.begin(), kClaims.end(),
                                  [&](const auto& one) { return one.preset == preset; });
  const bool can_be_judged = claim != kClaims.end() && claim->holds(fits).has_value();
  if (step == 0 || can_be_judged) return judged(kId, kClaims, preset, step, fits, numbersOf(fits));
  return {VerdictData::Mood::Open,
          {kId + ".verdict.standing." + nameOf(diagnose(fits.mine)), numbersOf(fits)}};
}

const ExperimentSpec& capacityLab() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.version = 3;
    made.version_of = [](const Parameters& p) {
      if (p[kLabDataset] == LabDataset::File) return 2;  // parts of files are drawn by class
      // A label that no point has is no class.
      return p[kLabDataset] == LabDataset::DrawnClasses && leavesLabelsOut(p[kLabClassPoints]) ? 3
                                                                                               : 1;
    };
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = usesRandomness;
    made.views = views();
    made.checks = {"gradient", "restored"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 1500;
    made.sources = {"lessons/fitting/capacity_lab.cpp", "lessons/fitting/fitted_model.cpp",
                    "lessons/fitting/sample_sets.cpp", "lessons/fitting/polynomial_features.cpp"};
    made.equivalent = kProgram;
    made.make = makeCapacityLab;
    return made;
  }();
  return spec;
}

}  // namespace viva
