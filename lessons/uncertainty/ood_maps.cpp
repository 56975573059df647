// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_maps.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/data/planar.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/uncertainty/dropout_net.h"
#include "lessons/uncertainty/maps_parameters.h"
#include "lessons/uncertainty/maps_report.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {
namespace {

constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 11,
                        kMaskStream = 12, kPassStream = 13, kMapStream = 14;
constexpr std::int64_t kSamples = 600, kBatch = 64, kMembers = 5, kPasses = 20;
constexpr std::int64_t kEvaluateEvery = 20, kMapRows = 100, kRowsAStep = 20;
constexpr double kReach = 5;

Split dataFor(const Parameters& p, const RunContext& context) {
  const auto generator = generatorFor(context.seed, kDataStream);
  const Dataset all = p[kOodData] == OodData::Blobs ? blobs(kSamples, 3, 0.25, generator)
                                                    : moons(kSamples, 0.15, generator);
  const Split data = split(all, 0.4, generator);
  return {data.training.to(context.device), data.validation.to(context.device)};
}

class OodMaps : public Experiment {
 public:
  OodMaps(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        parameters_(parameters),
        data_(dataFor(parameters, context)),
        net_(mlp(2, parameters[kOodHidden], data_.training.classes), kMembers,
             initialWeights(mlp(2, parameters[kOodHidden], data_.training.classes),
                            generatorFor(context.seed, kInitialisationStream))
                 .to(context.device)),
        batches_(data_.training, kBatch, generatorFor(context.seed, kBatchStream)),
        masks_(generatorFor(context.seed, kMaskStream)),
        passes_(generatorFor(context.seed, kPassStream)),
        map_passes_(generatorFor(context.seed, kMapStream)) {
    keepFreedMemory();
    const torch::NoGradGuard no_grad;
    // The members of an ensemble begin at different places.
    torch::Tensor weights = net_.weights();
    for (std::int64_t i = 1; i < kMembers; ++i)
      weights[i].copy_(initialWeights(
          net_.architecture(),
          generatorFor(context.seed, kInitialisationStream + static_cast<std::uint64_t>(i))));
    slow_map_ = torch::zeros({kMapRows * kMapRows});
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    const auto batch = batches_.next();
    const DropoutMasks masks = drawnMasks(kMembers, parameters_[kOodHidden], kBatch,
                                          parameters_[kOodDropout], masks_, device_);
    const auto logits = dropoutForward(net_.leaves(), batch.inputs, &masks).logits;
    const auto losses = crossEntropy(logits, batch.labels);
    const auto& gradients = net_.gradients(losses);
    {
      const torch::NoGradGuard no_grad;
      torch::Tensor weights = net_.weights();
      weights.sub_(gradients, parameters_[kOodRate]);
    }
    step_ += 1;
    recorder.add("train_loss", losses[0].item<double>());
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
    fillSlowMap();
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<PlaneData>("map") = map();
    frame.at<HistogramData>("scores") = scoreHistogram(parameters_, state_);
    frame.at<PlaneData>("roc") = rocPlane(parameters_, state_);
    frame.at<TableData>("metrics") = metricsTable(state_);
    frame.at<TableData>("alarms") = alarmsTable(parameters_, state_);
    frame.at<SeriesData>("ray") = rayCurves(state_);
    frame.at<VerdictData>("verdict") = mapsVerdict(preset_, step_, parameters_, state_);
  }

  void save(WeightSink& sink) const override {
    const auto views = weightViews(net_.architecture(), net_.weights());
    for (std::int64_t i = 0; i < kMembers; ++i)
      for (std::size_t w = 0; w < views.size(); ++w)
        sink.add(namedArray(
            "member" + std::to_string(i) + "." + net_.architecture().weights[w].name, views[w][i]));
  }

  /// The area under the ROC curve by ranks against that of its trapezoids.
  void check(CheckSink& sink) const override {
    double worst = 0;
    for (const ScoredSamples& samples : state_.scores) {
      if (samples.in.empty() || samples.out.empty()) continue;
      const auto curve = rocCurve(samples.in, samples.out);
      double area = 0;
      for (std::size_t i = 1; i < curve.size(); ++i)
        area += (curve[i].first - curve[i - 1].first) * (curve[i].second + curve[i - 1].second) / 2;
      worst = std::max(worst, std::abs(area - samples.auroc()));
    }
    sink.compare("area", worst, 1e-9);
  }

 private:
  torch::Tensor drawnTensor() const {
    const Points& points = std::get<Points>(parameters_.value("ood_points"));
    auto tensor = torch::empty({static_cast<std::int64_t>(points.points.size()), 2});
    for (std::size_t i = 0; i < points.points.size(); ++i) {
      tensor[static_cast<std::int64_t>(i)][0] = points.points[i].x;
      tensor[static_cast<std::int64_t>(i)][1] = points.points[i].y;
    }
    return tensor.to(device_);
  }

  /// Of all members: [members, classes, samples]; with masks when evaluation mode was forgotten.
  NetOutputs outputs(const torch::Tensor& inputs, const DropoutMasks* masks = nullptr) const {
    return dropoutForward(net_.leaves(), inputs, masks);
  }
  DropoutMasks masksFor(std::int64_t samples, at::Generator generator) const {
    return drawnMasks(kMembers, parameters_[kOodHidden], samples, parameters_[kOodDropout],
                      std::move(generator), device_);
  }

  torch::Tensor dropoutMean(const torch::Tensor& inputs, at::Generator generator) const {
    torch::Tensor sum;
    for (std::int64_t pass = 0; pass < kPasses; ++pass) {
      const DropoutMasks masks = masksFor(inputs.size(0), generator);
      const auto shares = torch::softmax(outputs(inputs, &masks).logits[0].t(), 1);
      sum = sum.defined() ? sum + shares : shares;
    }
    return sum.amax(1) / kPasses;
  }
  static torch::Tensor ensembleMean(const torch::Tensor& logits) {
    return torch::softmax(logits, 1).mean(0).amax(0);
  }

  ClassGaussians gaussians() const {
    return classGaussians(outputs(data_.training.inputs).features[0].t(), data_.training.labels,
                          data_.training.classes);
  }

  std::array<torch::Tensor, kOodScores> scoresOf(const torch::Tensor& inputs,
                                                 const ClassGaussians& gaussian) {
    const bool forgotten = !parameters_[kEvaluationMode];
    const DropoutMasks masks = masksFor(inputs.size(0), passes_);
    const NetOutputs out = outputs(inputs, forgotten ? &masks : nullptr);
    const auto logits = out.logits[0].t();
    const auto first = [this](const torch::Tensor& x) { return outputs(x).logits[0].t(); };
    return {maxSoftmax(logits),
            negativeEnergy(logits),
            odin(first, inputs, parameters_[kOodTemperature], parameters_[kOodEpsilon]),
            gaussian.score(out.features[0].t()),
            ensembleMean(out.logits),
            dropoutMean(inputs, passes_)};
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto& held_out = data_.validation;
    const auto drawn = drawnTensor();
    const ClassGaussians gaussian = gaussians();
    const auto in = scoresOf(held_out.inputs, gaussian);
    for (int i = 0; i < kOodScores; ++i)
      state_.scores[static_cast<std::size_t>(i)].in = numbersOf(in[static_cast<std::size_t>(i)]);
    if (drawn.size(0) > 0) {
      const auto out = scoresOf(drawn, gaussian);
      for (int i = 0; i < kOodScores; ++i)
        state_.scores[static_cast<std::size_t>(i)].out =
            numbersOf(out[static_cast<std::size_t>(i)]);
    } else {
      for (ScoredSamples& samples : state_.scores) samples.out.clear();
    }
    const auto logits = outputs(held_out.inputs).logits;
    state_.accuracy = accuracy(logits, held_out.labels)[0].item<double>();
    lookFar();
    const DropoutMasks masks = masksFor(held_out.inputs.size(0), passes_);
    const auto again = maxSoftmax(
        outputs(held_out.inputs, parameters_[kEvaluationMode] ? nullptr : &masks).logits[0].t());
    state_.pass_difference = (again - in[0]).abs().mean().item<double>();
    spreadOfEnergy();

    recorder.add("accuracy", state_.accuracy);
    recorder.add("far_confidence", state_.far_confidence);
    recorder.add("pass_difference", state_.pass_difference);
    for (int i = 0; i < kOodScores; ++i) {
      const ScoredSamples& samples = state_.scores[static_cast<std::size_t>(i)];
      if (samples.out.empty()) continue;
      const std::string prefix = nameOf(static_cast<OodScore>(i));
      recorder.add(prefix + "/auroc", samples.auroc());
      recorder.add(prefix + "/fpr95", samples.fpr95());
    }
    const ScoredSamples& chosen = state_.scores[static_cast<std::size_t>(parameters_[kOodScore])];
    const double threshold = thresholdOf(parameters_, state_);
    recorder.add("false_alarms", 1 - acceptedShare(chosen.in, threshold));
    if (!chosen.out.empty()) recorder.add("true_alarms", 1 - acceptedShare(chosen.out, threshold));
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
    const auto logits = outputs(places.to(device_)).logits;
    const auto alone = numbersOf(maxSoftmax(logits[0].t()).view({kDistances, kDirections}).mean(1));
    const auto together = numbersOf(ensembleMean(logits).view({kDistances, kDirections}).mean(1));
    state_.ray.clear();
    state_.ensemble_ray.clear();
    for (std::size_t d = 0; d < alone.size(); ++d) {
      state_.ray.emplace_back(static_cast<double>(d), alone[d]);
      state_.ensemble_ray.emplace_back(static_cast<double>(d), together[d]);
    }
    state_.far_confidence = alone.back();
    state_.far_ensemble = together.back();
  }

  void spreadOfEnergy() {
    double low = 0, high = 0;
    bool any = false;
    const auto look = [&](const std::vector<double>& soft, const std::vector<double>& energy) {
      for (std::size_t i = 0; i < soft.size(); ++i) {
        if (soft[i] <= 0.999) continue;
        low = any ? std::min(low, energy[i]) : energy[i];
        high = any ? std::max(high, energy[i]) : energy[i];
        any = true;
      }
    };
    look(state_.scores[0].in, state_.scores[1].in);
    look(state_.scores[0].out, state_.scores[1].out);
    state_.energy_spread = high - low;
  }

  static PlaneGrid grid() { return {-kReach, kReach, -kReach, kReach, kMapRows, kMapRows}; }

  /// Passes with dropout over the whole plane would hold a step up: some rows a step, round and
  /// round.
  void fillSlowMap() {
    if (parameters_[kOodScore] != OodScore::McDropout) return;
    const torch::NoGradGuard no_grad;
    const auto from = next_row_ * kMapRows;
    const auto part = grid().centres().slice(0, from, from + kRowsAStep * kMapRows);
    slow_map_.slice(0, from, from + kRowsAStep * kMapRows)
        .copy_(dropoutMean(part.to(device_), map_passes_));
    next_row_ = (next_row_ + kRowsAStep) % kMapRows;
  }

  PlaneData map() const {
    const torch::NoGradGuard no_grad;
    const auto centres = grid().centres().to(device_);
    torch::Tensor values;
    switch (parameters_[kOodScore]) {
      case OodScore::MaxSoftmax:
        values = maxSoftmax(outputs(centres).logits[0].t());
        break;
      case OodScore::Energy:
        values = negativeEnergy(outputs(centres).logits[0].t());
        break;
      case OodScore::Odin:
        values = odin([this](const torch::Tensor& x) { return outputs(x).logits[0].t(); }, centres,
                      parameters_[kOodTemperature], parameters_[kOodEpsilon]);
        break;
      case OodScore::Mahalanobis:
        // Its root: a distance.
        values = -(-gaussians().score(outputs(centres).features[0].t())).clamp_min(0).sqrt();
        break;
      case OodScore::Ensemble:
        values = ensembleMean(outputs(centres).logits);
        break;
      case OodScore::McDropout:
        values = slow_map_;
        break;
    }
    PlaneData plane{-kReach, kReach, -kReach, kReach, {}};
    plane.layers.emplace_back(grid().field("score", values));
    PointsLayer samples{"samples", Word{"ood-maps.curve.in"}, {}, {}, "in", 4};
    const auto places = numbersOf(data_.validation.inputs);
    const auto labels = numbersOf(data_.validation.labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      samples.points.push_back({places[2 * i], places[2 * i + 1]});
      samples.classes.push_back(static_cast<int>(labels[i]));
    }
    plane.layers.emplace_back(std::move(samples));
    PointsLayer drawn{"drawn", Word{"ood-maps.curve.out"}, {}, {}, "out", 8};
    for (const auto& point : std::get<Points>(parameters_.value("ood_points")).points)
      drawn.points.push_back({point.x, point.y});
    plane.layers.emplace_back(std::move(drawn));
    return plane;
  }

  std::string preset_;
  torch::Device device_;
  Parameters parameters_;
  Split data_;
  StackedNet net_;
  Batches batches_;
  at::Generator masks_, passes_, map_passes_;
  OodState state_;
  torch::Tensor slow_map_;
  std::int64_t next_row_ = 0, step_ = 0;
};

}  // namespace

const ExperimentSpec& oodMaps() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "ood-maps";
    made.parameters = mapsParameters();
    made.records = mapsRecords;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = mapsViews();
    made.checks = {"area"};
    made.presets = mapsPresets();
    made.default_steps = 600;
    made.sources = {"lessons/uncertainty/ood_maps.cpp", "lessons/uncertainty/ood_scores.cpp",
                    "lessons/uncertainty/ood_metrics.cpp"};
    made.equivalent = "resources/lessons/ood-detection/ood_scores.py";
    made.make = [](const Parameters& parameters,
                   const RunContext& context) -> std::unique_ptr<Experiment> {
      return std::make_unique<OodMaps>(parameters, context);
    };
    return made;
  }();
  return spec;
}

}  // namespace viva
