// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_maps.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/core/error.h"
#include "lessons/data/csv.h"
#include "lessons/data/planar.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/uncertainty/ood_classifier.h"
#include "lessons/uncertainty/ood_streams.h"

namespace viva {
namespace {

constexpr std::int64_t kSamples = 600, kMapBatch = 64, kMostEvaluated = 2000;
constexpr std::int64_t kEvaluateMapEvery = 20, kMapRows = 100, kRowsAStep = 5;

Split dataFor(const Parameters& p, const RunContext& context) {
  constexpr double kHeldOut = 0.4;
  const auto generator = generatorFor(context.seed, kOodData);
  Split data;
  if (p[kOodDataset] == OodData::File) {
    const Dataset table = readPlanarCsv(p[kOodFile].path);
    data = stratifiedSplit(table, kHeldOut, generator);
    if (data.training.samples() < kMapBatch)
      throw RequestError(
          {"error.ood.few_rows", {{"training", data.training.samples()}, {"batch", kMapBatch}}});
    standardize(data);
    // Scores of every held-out sample at every evaluation: 80,000 rows took 1.7 GB.
    data.validation = data.validation.first(kMostEvaluated);
  } else {
    data = split(p[kOodDataset] == OodData::Blobs ? blobs(kSamples, 3, 0.25, generator)
                                                  : moons(kSamples, 0.15, generator),
                 kHeldOut, generator);
  }
  return {data.training.to(context.device), data.validation.to(context.device)};
}

SeriesData rayCurves(const MapsState& state) {
  SeriesData data;
  for (const auto& [id, ray] :
       {std::pair{"max-softmax", &state.ray}, {"ensemble", &state.ensemble_ray}}) {
    Curve curve{id, {}, {}, {}, false};
    for (const auto& [x, y] : *ray) {
      curve.x.push_back(x);
      curve.y.push_back(y);
    }
    data.curves.push_back(std::move(curve));
  }
  return data;
}

class OodMaps : public Experiment {
 public:
  OodMaps(const Parameters& parameters, const RunContext& context)
      : seed_(context.seed),
        preset_(context.preset),
        device_(context.device),
        parameters_(parameters),
        data_(dataFor(parameters, context)),
        classifier_(2, parameters[kOodHidden], data_.training.classes, parameters[kOodDropout],
                    context.seed, context.device),
        batches_(data_.training, kMapBatch, generatorFor(context.seed, kOodBatches)),
        passes_(generatorFor(context.seed, kOodPasses)),
        map_passes_(generatorFor(context.seed, kOodMapPasses)),
        with_knn_(recordsKnn(parameters)) {
    keepFreedMemory();
    centres_ = grid().centres().to(device_);
  }

  void apply(const Parameters& parameters) override {
    const bool other_score = parameters[kOodScore] != parameters_[kOodScore];
    parameters_ = parameters;
    if (other_score) fillSlowMap(0, kMapRows);
  }

  void initial(Recorder& recorder) override {
    evaluate(recorder);
    fillSlowMap(0, kMapRows);
  }

  bool step(Recorder& recorder) override {
    recorder.add("train_loss", classifier_.train(batches_.next(), parameters_[kOodRate]));
    step_ += 1;
    if (step_ % kEvaluateMapEvery == 0) evaluate(recorder);
    fillSlowMap(next_row_, kRowsAStep);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<PlaneData>("map") = map();
    frame.at<HistogramData>("scores") = report_.histogram(parameters_, state_.scores);
    frame.at<PlaneData>("roc") = report_.roc(parameters_, state_.scores);
    frame.at<TableData>("metrics") = report_.metrics(state_.scores);
    frame.at<TableData>("alarms") = report_.alarms(parameters_, state_.scores);
    frame.at<SeriesData>("ray") = rayCurves(state_);
    frame.at<VerdictData>("verdict") = mapsVerdict(preset_, step_, parameters_, state_);
  }

  std::optional<Message> filesRead() const override {
    if (parameters_[kOodDataset] != OodData::File) return std::nullopt;
    return readingOf(data_);
  }

  void save(WeightSink& sink) const override { classifier_.save(sink); }

  void check(CheckSink& sink) const override {
    sink.compare("area", areaDifference(state_.scores), 1e-9);
  }

 private:
  const Points& drawn() const { return std::get<Points>(parameters_.value(kOodPoints.name)); }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto& held_out = data_.validation;
    seen_ = classifier_.seen(data_.training.first(kMostEvaluated));
    const auto in = classifier_.scores(held_out.inputs, seen_, scoreSettings(parameters_), passes_);
    for (std::size_t i = 0; i < in.size(); ++i) state_.scores[i].in = numbersOf(in[i]);
    scoreDrawn();
    state_.accuracy =
        accuracy(classifier_.outputs(held_out.inputs).logits, held_out.labels)[0].item<double>();
    lookFar();
    const auto again = classifier_.score(OodScore::MaxSoftmax, held_out.inputs, seen_,
                                         scoreSettings(parameters_), passes_);
    state_.pass_difference = (again - in[0]).abs().mean().item<double>();
    state_.energy_spread = energySpread();

    recorder.add("accuracy", state_.accuracy);
    recorder.add("far_confidence", state_.far_confidence);
    recorder.add("far_ensemble", state_.far_ensemble);
    recorder.add("pass_difference", state_.pass_difference);
    recordScores(recorder, parameters_, state_.scores, with_knn_);
  }

  void scoreDrawn() {
    if (drawn().points.empty()) {
      for (ScoredSamples& samples : state_.scores) samples.out.clear();
      return;
    }
    const auto out = classifier_.scores(drawnPoints(drawn()).inputs.to(device_), seen_,
                                        scoreSettings(parameters_), passes_);
    for (std::size_t i = 0; i < out.size(); ++i) state_.scores[i].out = numbersOf(out[i]);
  }

  /// The largest softmax along rays from the middle, the mean over 16 directions.
  void lookFar() {
    constexpr int kDirections = 16, kDistances = 31;
    auto places = torch::empty({kDistances * kDirections, 2});
    auto* values = places.data_ptr<float>();
    for (int d = 0; d < kDistances; ++d)
      for (int i = 0; i < kDirections; ++i) {
        const double angle = 2 * std::numbers::pi * (i + 0.5) / kDirections;
        *values++ = static_cast<float>(d * std::cos(angle));
        *values++ = static_cast<float>(d * std::sin(angle));
      }
    const auto shares = torch::softmax(classifier_.outputs(places.to(device_)).logits, 1);
    const auto alongRays = [&](const torch::Tensor& confidence, auto& ray, double& farthest) {
      const auto means = numbersOf(confidence.view({kDistances, kDirections}).mean(1));
      ray.clear();
      for (std::size_t d = 0; d < means.size(); ++d)
        ray.emplace_back(static_cast<double>(d), means[d]);
      farthest = means.back();
    };
    alongRays(shares[0].amax(0), state_.ray, state_.far_confidence);
    alongRays(shares.mean(0).amax(0), state_.ensemble_ray, state_.far_ensemble);
  }

  double energySpread() const {
    std::vector<double> energies;
    const auto collect = [&](const std::vector<double>& soft, const std::vector<double>& energy) {
      for (std::size_t i = 0; i < soft.size(); ++i)
        if (soft[i] > 0.999) energies.push_back(energy[i]);
    };
    const auto& soft = scored(state_.scores, OodScore::MaxSoftmax);
    const auto& energy = scored(state_.scores, OodScore::Energy);
    collect(soft.in, energy.in);
    collect(soft.out, energy.out);
    if (energies.empty()) return 0;
    const auto [low, high] = std::minmax_element(energies.begin(), energies.end());
    return *high - *low;
  }

  /// ODIN is one too, but at its T = 1000 all lie near 1 / classes.
  static bool isLargestProbability(OodScore score) {
    return score == OodScore::MaxSoftmax || score == OodScore::Ensemble ||
           score == OodScore::McDropout;
  }

  static PlaneGrid grid() {
    return {-kOodReach, kOodReach, -kOodReach, kOodReach, kMapRows, kMapRows};
  }

  static bool isSlow(OodScore score) {
    return score == OodScore::McDropout || score == OodScore::Ensemble || score == OodScore::Knn;
  }

  /// Five nets, twenty passes or all neighbours over the whole plane would hold a step up (30 ms):
  /// some rows a step, round and round.
  void fillSlowMap(std::int64_t from, std::int64_t rows) {
    const OodScore score = parameters_[kOodScore];
    if (!isSlow(score)) return;
    const torch::NoGradGuard no_grad;
    if (from == 0) {
      if (!slow_map_.defined()) slow_map_ = torch::zeros({kMapRows * kMapRows}).to(device_);
      if (score == OodScore::McDropout) passes_of_map_ = classifier_.passMasks(map_passes_);
    }
    const auto part = centres_.slice(0, from * kMapRows, (from + rows) * kMapRows);
    slow_map_.slice(0, from * kMapRows, (from + rows) * kMapRows)
        .copy_(score == OodScore::Ensemble ? classifier_.ensembleScore(part)
               : score == OodScore::Knn    ? nearestOf(part)
                                           : classifier_.dropoutScore(part, passes_of_map_));
    next_row_ = (from + rows) % kMapRows;
  }

  /// Without dropout, whatever the mode: the map is filled over many steps.
  torch::Tensor nearestOf(const torch::Tensor& places) const {
    ScoreSettings settings = scoreSettings(parameters_);
    settings.evaluation_mode = true;
    return classifier_.score(OodScore::Knn, places, seen_, settings, at::Generator());
  }

  torch::Tensor mapValues() const {
    const torch::NoGradGuard no_grad;
    const OodScore score = parameters_[kOodScore];
    if (isSlow(score)) return slow_map_;
    // A stream of its own: looking must not change the run.
    const auto values =
        classifier_.score(score, centres_, seen_, scoreSettings(parameters_),
                          generatorFor(seed_, kOodLooks + static_cast<std::uint64_t>(step_)));
    // Its root is a distance, which shows more of the plane.
    return score == OodScore::Mahalanobis ? -(-values).clamp_min(0).sqrt() : values;
  }

  PlaneData map() const {
    PlaneData plane{-kOodReach, kOodReach, -kOodReach, kOodReach, {}};
    FieldLayer field = grid().field("score", mapValues());
    if (isLargestProbability(parameters_[kOodScore])) {
      field.minimum = 1.0 / static_cast<double>(data_.training.classes);
      field.maximum = 1;
    }
    plane.layers.emplace_back(std::move(field));
    PointsLayer samples{"samples", report_.curve("in"), {}, {}, "in", 4};
    const auto places = numbersOf(data_.validation.inputs);
    const auto labels = numbersOf(data_.validation.labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      samples.points.push_back({places[2 * i], places[2 * i + 1]});
      // Not from 0: points that are drawn by hand have the colour of class 0.
      samples.classes.push_back(1 + static_cast<int>(labels[i]));
    }
    plane.layers.emplace_back(std::move(samples));
    PointsLayer others{"drawn", report_.curve("out"), {}, {}, "out", 8};
    for (const auto& point : drawn().points) others.points.push_back({point.x, point.y});
    plane.layers.emplace_back(std::move(others));
    return plane;
  }

  std::uint64_t seed_;
  std::string preset_;
  torch::Device device_;
  Parameters parameters_;
  OodReport report_{"ood-maps"};
  Split data_;
  OodClassifier classifier_;
  Batches batches_;
  at::Generator passes_, map_passes_;
  SeenFeatures seen_;
  MapsState state_;
  torch::Tensor centres_, slow_map_;
  DropoutMasks passes_of_map_;
  std::int64_t next_row_ = 0, step_ = 0;
  bool with_knn_;
};

}  // namespace

std::unique_ptr<Experiment> makeOodMaps(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<OodMaps>(parameters, context);
}

}  // namespace viva
