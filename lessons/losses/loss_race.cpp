// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/loss_race.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/planar.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 2;
constexpr std::int64_t kEvaluateEvery = 20;

/// Classes 0 and 1; of class 1 only so many that they make up `rare_share`.
Split dataFor(const Parameters& p, const RunContext& context) {
  const auto generator = generatorFor(context.seed, kDataStream);
  const std::int64_t samples = p[kLossSamples];
  Dataset all;
  switch (p[kLossData]) {
    case LossData::Moons:
      all = moons(2 * samples, 0.2, generator);
      break;
    case LossData::Circles:
      all = circles(2 * samples, 0.1, generator);
      break;
    case LossData::Blobs:
      all = blobs(2 * samples, 2, 0.3, generator);
      break;
  }
  const auto rare =
      std::max<std::int64_t>(4, std::llround(p[kRareShare] * static_cast<double>(samples)));
  const auto common = (all.labels == 0).nonzero().flatten().slice(0, 0, samples - rare);
  const auto few = (all.labels == 1).nonzero().flatten().slice(0, 0, rare);
  Split data = split(all.at(torch::cat({common, few})), 0.3, generator);
  standardize(data);
  return {data.training.to(context.device), data.validation.to(context.device)};
}

class LossRace : public Experiment {
 public:
  LossRace(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        parameters_(parameters),
        data_(dataFor(parameters, context)),
        net_(mlp(2, parameters[kLossHidden], 1),
             static_cast<std::int64_t>(lossesIn(parameters).size()),
             startWeights(parameters, context)),
        batches_(data_.training, std::min(parameters[kLossBatch], data_.training.samples()),
                 generatorFor(context.seed, kBatchStream)) {
    keepFreedMemory();
    for (const auto& loss : lossesIn(parameters)) racers_.push_back({loss});
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    const auto batch = batches_.next();
    const auto losses = ownLosses(net_.forward(batch.inputs).squeeze(1), batch.labels).mean(1);
    const auto& gradients = net_.gradients(losses);
    {
      const torch::NoGradGuard no_grad;
      torch::Tensor weights = net_.weights();
      weights.sub_(gradients, parameters_[kLossRate]);
    }
    step_ += 1;
    const auto values = numbersOf(losses);
    for (std::size_t i = 0; i < racers_.size(); ++i)
      recorder.add(racers_[i].name + "/loss", values[i]);
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<TableData>("standings") = standings();
    frame.at<VerdictData>("verdict") =
        lossRaceVerdict(preset_, {racers_, parameters_[kRaceSmoothing], step_});
  }

  void save(WeightSink& sink) const override {
    const auto views = weightViews(net_.architecture().weights, net_.weights());
    for (std::size_t i = 0; i < racers_.size(); ++i)
      for (std::size_t w = 0; w < views.size(); ++w)
        sink.add(namedArray(racers_[i].name + "." + net_.architecture().weights[w].name,
                            views[w][static_cast<std::int64_t>(i)]));
  }

  /// The losses of the tensors against those of single numbers, and their slopes by autograd.
  void check(CheckSink& sink) const override {
    const auto margins = torch::linspace(-6, 6, 25, torch::kFloat64);
    const auto labels = torch::ones({25}, torch::kInt64);
    const auto logits = margins.unsqueeze(0)
                            .expand({static_cast<std::int64_t>(racers_.size()), -1})
                            .clone()
                            .requires_grad_();
    const auto losses = ownLosses(logits, labels);
    const auto slopes = numbersOf(torch::autograd::grad({losses.sum()}, {logits})[0]);
    const auto values = numbersOf(losses.detach());
    double worst = 0;
    for (std::size_t i = 0; i < racers_.size(); ++i)
      for (int m = 0; m < 25; ++m) {
        const double margin = -6 + 0.5 * m;
        if (racers_[i].loss == MarginLoss::Hinge && margin == 1) continue;  // its corner
        const std::size_t at = i * 25 + static_cast<std::size_t>(m);
        worst =
            std::max({worst, std::abs(values[at] - marginLoss(racers_[i].loss, margin, shape())),
                      std::abs(slopes[at] - marginSlope(racers_[i].loss, margin, shape()))});
      }
    sink.compare("losses", worst, 1e-9);
  }

 private:
  /// All copies alike; the last bias is the logit that they begin with, more or less.
  static torch::Tensor startWeights(const Parameters& parameters, const RunContext& context) {
    auto weights = initialWeights(mlp(2, parameters[kLossHidden], 1).weights,
                                  generatorFor(context.seed, kInitialisationStream));
    weights[-1] += parameters[kStartBias];
    return weights.to(context.device);
  }

  MarginShape shape() const { return {parameters_[kRaceGamma], parameters_[kRaceSmoothing]}; }

  /// Each copy's own loss of each sample: [copies, batch].
  torch::Tensor ownLosses(const torch::Tensor& logits, const torch::Tensor& labels) const {
    const auto margins = logits * (labels.to(logits.dtype()) * 2 - 1);
    std::vector<torch::Tensor> rows;
    for (std::size_t i = 0; i < racers_.size(); ++i) {
      const auto m = margins[static_cast<std::int64_t>(i)];
      const auto right = torch::softplus(-m);  // cross-entropy
      switch (racers_[i].loss) {
        case MarginLoss::Squared:
          rows.push_back(torch::sigmoid(-m).square() / 2);
          break;
        case MarginLoss::CrossEntropy:
          rows.push_back(right);
          break;
        case MarginLoss::Focal:
          rows.push_back(torch::sigmoid(-m).pow(parameters_[kRaceGamma]) * right);
          break;
        case MarginLoss::Hinge:
          rows.push_back(torch::relu(1 - m));
          break;
        case MarginLoss::Smoothed: {
          const double e = parameters_[kRaceSmoothing] / 2;
          rows.push_back((1 - e) * right + e * torch::softplus(m));
          break;
        }
      }
    }
    return torch::stack(rows);
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto logits = net_.forward(data_.training.inputs).squeeze(1);
    const auto signs = data_.training.labels * 2 - 1;
    const auto common = numbersOf(torch::softplus(-logits * signs).mean(1));
    const auto sizes = numbersOf(logits.abs().mean(1));
    const auto guessed = net_.forward(data_.validation.inputs).squeeze(1) > 0;
    const auto is_rare = data_.validation.labels == 1;
    const auto right = numbersOf((guessed == is_rare).to(torch::kFloat).mean(1));
    const auto recalled =
        numbersOf(guessed.index({torch::indexing::Slice(), is_rare}).to(torch::kFloat).mean(1));
    const auto margins = numbersOf(logits * signs);
    const auto labels = numbersOf(data_.training.labels);
    for (std::size_t i = 0; i < racers_.size(); ++i) {
      LossRacer& racer = racers_[i];
      double of_class = 0, easy = 0, all = 0;
      std::int64_t count = 0;
      for (std::size_t s = 0; s < labels.size(); ++s) {
        constexpr double kEasy = 2.1972246;  // logit of a probability of 0.9
        const double margin = margins[i * labels.size() + s];
        const double pull = std::abs(marginSlope(racer.loss, margin, shape()));
        all += pull;
        if (margin > kEasy) easy += pull;
        if (labels[s] == 1) {
          of_class += pull;
          ++count;
        }
      }
      racer.cross_entropy = common[i];
      racer.accuracy = right[i];
      racer.recall = recalled[i];
      racer.logit = sizes[i];
      racer.gradient = of_class / static_cast<double>(std::max<std::int64_t>(1, count));
      if (step_ == 0) racer.first_gradient = racer.gradient;
      if (step_ > 0 && all > 0) {
        racer.easy_share += easy / all;
        racer.evaluations += 1;
      }
      if (!racer.good_since && racer.accuracy >= 0.8) racer.good_since = step_;
      const std::string prefix = racer.name + "/";
      recorder.add(prefix + "cross_entropy", racer.cross_entropy);
      recorder.add(prefix + "accuracy", racer.accuracy);
      recorder.add(prefix + "recall", racer.recall);
      recorder.add(prefix + "gradient", racer.gradient);
      recorder.add(prefix + "logit", racer.logit);
      if (all > 0) recorder.add(prefix + "easy_share", easy / all);
    }
  }

  TableData standings() const {
    TableData table;
    table.columns = {{"loss"},
                     {"cross_entropy", TableData::Best::Smallest},
                     {"accuracy", TableData::Best::Largest},
                     {"recall", TableData::Best::Largest},
                     {"good_since", TableData::Best::Smallest}};
    for (const LossRacer& racer : racers_)
      table.rows.push_back(
          {racer.name,
           {Word{"loss-race.curve." + racer.name}, racer.cross_entropy, racer.accuracy,
            racer.recall,
            racer.good_since ? TableData::Cell{static_cast<double>(*racer.good_since)}
                             : TableData::Cell{}}});
    return table;
  }

  std::string preset_;
  Parameters parameters_;
  Split data_;
  StackedNet net_;
  Batches batches_;
  std::vector<LossRacer> racers_;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeLossRace(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<LossRace>(parameters, context);
}

}  // namespace viva
