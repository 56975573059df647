// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/optimization/lessons.h"
#include "lessons/optimization/optimizer_training.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;
using Settings = std::vector<std::pair<std::string, std::string>>;

const std::string kId = "optimizer-training";
const std::string kProgram = "resources/lessons/optimizers/optimizer_training.py";

std::vector<ParameterSpec> parameters() {
  // Usual rates for small nets: each learns the moons with its own.
  auto specs = optimizerParameters({0.1, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001});
  specs.insert(specs.begin(),
               {kTrainingData, kTrainingFile, kTrainingStandardize, kTrainingSamples,
                kTrainingBatch, kTrainingModel, kTrainingHidden,
                real("weight_decay", 0).range(0, 1).stepping(0.001).live().grouped("model")});
  specs.insert(specs.end(), {kTrainingEvaluateEvery, kTrainingThreshold, kTrainingShown});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const Optimizer optimizer : optimizersIn(parameters)) {
    const std::string& name = nameOf(optimizer);
    records.push_back({name + "/train_loss", "unit.nats"});
    for (const char* quantity : {"/validation_accuracy", "/weight_norm", "/update_ratio"})
      records.push_back({name + quantity, ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const TrainingData data = p[kTrainingData];
  const TrainingModel model = p[kTrainingModel];
  const auto incompatible = [&](const std::string& key) {
    return Message{key, {{"dataset", Word{kId + ".choice.dataset." + kTrainingData.nameOf(data)}}}};
  };
  if (optimizersIn(p).empty()) return Message{"error.training.no_optimizer", {}};
  if (model == TrainingModel::Convnet && data != TrainingData::Digits)
    return incompatible("error.training.convnet_needs_images");
  if (model == TrainingModel::Embedding && data != TrainingData::SparseWords)
    return incompatible("error.training.embedding_needs_words");
  if (data == TrainingData::File) {
    if (p[kTrainingFile].path.empty()) return Message{"error.csv.no_file", {}};
    return std::nullopt;
  }
  const std::int64_t samples = p[kTrainingSamples], batch = p[kTrainingBatch];
  const std::int64_t training = samples - static_cast<std::int64_t>(samples * kValidationShare);
  if (batch > training)
    return Message{"error.training.batch_too_large",
                   {{"batch_size", batch}, {"training", training}}};
  return std::nullopt;
}

const Progress* find(Optimizer optimizer, const TrainingState& training) {
  for (const Progress& copy : training.progress)
    if (copy.optimizer() == optimizer) return &copy;
  return nullptr;
}

const DecayByGradient& decayOf(Optimizer optimizer, const TrainingState& training) {
  return *std::find_if(training.decays.begin(), training.decays.end(),
                       [&](const auto& decay) { return decay.optimizer == optimizer; });
}

/// The copies that have reached the threshold.
std::vector<const Progress*> arrivedIn(const TrainingState& training) {
  std::vector<const Progress*> arrived;
  for (const Progress& copy : training.progress)
    if (copy.stepsTo(training.threshold)) arrived.push_back(&copy);
  return arrived;
}

/// All learn it; not all take as long.
bool allArrive(const TrainingState& training) {
  return arrivedIn(training).size() == training.progress.size();
}

double timesWeaker(const DecayByGradient& decay) { return decay.shares[0] / decay.shares[3]; }

/// Both shrink the net, but not the same weights: those with small gradients Adam's L2 has removed,
/// and AdamW has not.
std::optional<bool> coupledDecaySpares(const TrainingState& training) {
  if (!find(Optimizer::Adam, training) || !find(Optimizer::AdamW, training)) return std::nullopt;
  const DecayByGradient& coupled = decayOf(Optimizer::Adam, training);
  const DecayByGradient& decoupled = decayOf(Optimizer::AdamW, training);
  return timesWeaker(coupled) > 10 && coupled.kept[0] < decoupled.kept[0] / 2 &&
         coupled.kept[3] > coupled.kept[0];
}

/// When Adagrad and SGD reached the threshold.
struct SparseRace {
  std::optional<std::int64_t> adagrad, sgd;
  std::int64_t step;

  explicit SparseRace(const TrainingState& training) : step(training.step) {
    const Progress* adaptive = find(Optimizer::Adagrad, training);
    const Progress* plain = find(Optimizer::Sgd, training);
    if (!adaptive || !plain) return;
    adagrad = adaptive->stepsTo(training.threshold);
    sgd = plain->stepsTo(training.threshold);
  }
  std::int64_t adagradSteps() const { return adagrad.value_or(step); }
  std::int64_t sgdSteps() const { return sgd.value_or(step); }
};

/// Adagrad is there before SGD is a third of the way.
std::optional<bool> adagradIsThreeTimesAsFast(const TrainingState& training) {
  constexpr std::int64_t kTimes = 3;
  const SparseRace race(training);
  if (!race.adagrad && !race.sgd) return std::nullopt;
  if (!race.sgd && race.step < kTimes * race.adagradSteps()) return std::nullopt;
  return race.adagrad && race.sgdSteps() >= kTimes * *race.adagrad;
}

std::string whoArrived(const TrainingState& training, Mood) {
  const SparseRace race(training);
  if (!race.adagrad && !race.sgd) return "open";
  return !race.sgd ? "waiting" : !race.adagrad ? "reversed" : "both";
}

const Claims<TrainingState> kClaims{
    {"seven-at-once", 600, allArrive, When::Until,
     [](const TrainingState&, Mood mood) { return mood == Mood::Holds ? "" : "arriving"; }},
    {"adam-l2-vs-adamw", 500, coupledDecaySpares, When::From,
     [](const TrainingState&, Mood mood) { return mood == Mood::Open ? "open" : ""; }},
    {"sparse-features", 0, adagradIsThreeTimesAsFast, When::From, whoArrived},
};

Word wordFor(const Progress& copy) { return std::get<Word>(labelOf(copy.optimizer())); }

Arguments numbersOf(const TrainingState& training) {
  const double threshold = training.threshold;
  const auto best =
      std::max_element(training.progress.begin(), training.progress.end(),
                       [](const auto& a, const auto& b) { return a.accuracy() < b.accuracy(); });
  const auto arrived = arrivedIn(training);
  Arguments numbers{{"threshold", percent(threshold)},
                    {"optimizer", wordFor(*best)},
                    {"accuracy", percent(best->accuracy())},
                    {"arrived", static_cast<std::int64_t>(arrived.size())},
                    {"running", static_cast<std::int64_t>(training.progress.size())}};
  const auto add = [&](Arguments more) { numbers.insert(numbers.end(), more.begin(), more.end()); };
  if (!arrived.empty()) {
    const auto isFaster = [&](const Progress* a, const Progress* b) {
      return *a->stepsTo(threshold) < *b->stepsTo(threshold);
    };
    const Progress& first = **std::min_element(arrived.begin(), arrived.end(), isFaster);
    const Progress& last = **std::max_element(arrived.begin(), arrived.end(), isFaster);
    add({{"first", wordFor(first)},
         {"first_steps", *first.stepsTo(threshold)},
         {"last", wordFor(last)},
         {"last_steps", *last.stepsTo(threshold)}});
  }
  for (const Optimizer optimizer : {Optimizer::Adam, Optimizer::AdamW})
    if (const Progress* copy = find(optimizer, training)) {
      const DecayByGradient& decay = decayOf(optimizer, training);
      const std::string name = nameOf(optimizer);
      add({{name + "_norm", copy->weightNorm()},
           {name + "_small", percent(decay.kept[0])},
           {name + "_large", percent(decay.kept[3])},
           optimizer == Optimizer::Adam
               ? Arguments::value_type("weaker", std::round(timesWeaker(decay)))
               : Arguments::value_type("share", percent(decay.shares[0]))});
    }
  const SparseRace race(training);
  const auto atLeastOne = std::max<std::int64_t>(1, race.adagradSteps());
  add({{"adagrad_steps", race.adagradSteps()},
       {"sgd_steps", race.sgdSteps()},
       {"times", static_cast<double>(race.sgdSteps()) / static_cast<double>(atLeastOne)}});
  if (const Progress* sgd = find(Optimizer::Sgd, training))
    add({{"sgd_accuracy", percent(sgd->accuracy())}});
  return numbers;
}

/// Only these run.
Settings only(const std::vector<Optimizer>& chosen, Settings further) {
  Settings settings;
  for (const Optimizer optimizer : kOptimizers) {
    const bool on = std::find(chosen.begin(), chosen.end(), optimizer) != chosen.end();
    settings.emplace_back(nameOf(optimizer) + ".on", on ? "true" : "false");
  }
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

std::vector<Preset> presets() {
  return {
      preset("seven-at-once")
          .lasting(600)
          .showing("validation_accuracy", {"boundary", "standings"}),
      // With these two numbers both nets have about the same norm at the end.
      preset("adam-l2-vs-adamw")
          .with(only({Optimizer::Adam, Optimizer::AdamW},
                     {{"dataset", "digits"}, {"weight_decay", "0.001"}, {"adamw.decay", "0.6"}}))
          .lasting(1500)
          .showing("decay_by_gradient", {"norm_by_gradient", "weight_norm"}),
      // SGD and Momentum with the rates at which they learn soonest of 0.1, 1, 2, 3, 4, 6, 10
      // and a tenth of that; larger ones are unstable at first.
      preset("sparse-features")
          .with(only({Optimizer::Sgd, Optimizer::Momentum, Optimizer::Adagrad, Optimizer::Adam},
                     {{"model", "embedding"},
                      {"dataset", "sparse-words"},
                      {"sgd.lr", "3"},
                      {"momentum.lr", "1"},
                      {"adagrad.lr", "0.1"},
                      {"adam.lr", "0.01"},
                      {"shown", "adagrad"}}))
          .lasting(1500)
          .showing("validation_accuracy", {"train_loss", "standings"})
          .about({nameOf(Optimizer::Sgd), nameOf(Optimizer::Adagrad)}),
  };
}

}  // namespace

VerdictData trainingVerdict(const std::string& preset, const TrainingState& training) {
  return judged(kId, kClaims, preset, training.step, training, numbersOf(training));
}

const ExperimentSpec& optimizerTraining() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.version = 2;  // parts of files are drawn by class
    made.version_of = [](const Parameters& p) {
      return p[kTrainingData] == TrainingData::File ? 2 : 1;
    };
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    const AxisSpec loss{"axis.train_loss", "unit.nats", true};
    made.views = {
        series("train_loss", {"*/train_loss"}, loss).large(),
        plane("boundary").xAxis("axis.direction_1").yAxis("axis.direction_2"),
        series("validation_accuracy", {"*/validation_accuracy"}).yAxis("axis.validation_accuracy"),
        series("update_ratio", {"*/update_ratio"})
            .yAxis("axis.update_ratio")
            .logarithmicY()
            .small(),
        series("weight_norm", {"*/weight_norm"}).yAxis("axis.weight_norm"),
        bars("decay_by_gradient")
            .xAxis("axis.gradient_quarter")
            .yAxis("axis.decay_per_step")
            .logarithmicY()
            .small(),
        bars("norm_by_gradient")
            .xAxis("axis.gradient_quarter")
            .yAxis("axis.norm_kept")
            .logarithmicY()
            .small(),
        table("standings"),
        verdict("verdict")};
    made.checks = {"finite-differences", "separate-modules"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 600;
    made.sources = {"lessons/optimization/optimizer_training.cpp", "lessons/nn/row_updates.cpp",
                    "lessons/nn/stacked_net.cpp", "lessons/optimization/classification_task.cpp"};
    made.equivalent = kProgram;
    made.make = makeOptimizerTraining;
    return made;
  }();
  return spec;
}

}  // namespace viva
