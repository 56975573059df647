// SPDX-License-Identifier: GPL-3.0-or-later
// The same stack of convolutions, shallow, deep, and deep with shortcuts, learns from the same
// batches.
#include "lessons/backbones/degradation.h"

#include <torch/types.h>

#include <chrono>

#include "lessons/backbones/compared_networks.h"
#include "lessons/backbones/small_networks.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

Network networkNamed(const std::string& id, const Parameters& p, const ImageTask& task) {
  if (id == kShallowNet) return stackedPairs(task, kShallowDepth, p[kDegradationWidth], kPlain);
  if (id == kPlainNet) return stackedPairs(task, p[kDepth], p[kDegradationWidth], kPlain);
  const bool projects = id == kProjectedNet || p[kShortcuts] == Shortened::Projection;
  return stackedPairs(task, p[kDepth], p[kDegradationWidth],
                      projects ? Shortcut::Projection : Shortcut::ZeroPadding);
}

class Degradation : public Experiment {
 public:
  Degradation(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        stop_(context.stop),
        images_(classifiedImages(parameters, context.seed, context.stop)),
        reading_(readingOf(parameters, images_)),
        training_(images_.training.to(context.device)),
        validation_(images_.validation.first(kMostEvaluated).to(context.device)),
        batches_(training_, parameters[kImageBatch], generatorFor(context.seed, kImageBatchStream)),
        evaluate_every_(parameters[kEvaluateEvery]) {
    for (const std::string& id : netsOf(parameters))
      nets_.emplace_back(id, networkNamed(id, parameters, taskOf(images_)), context);
    state_.nets.resize(nets_.size());
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      state_.nets[i].id = nets_[i].id;
      state_.nets[i].totals = nets_[i].net.net().totals();
      state_.nets[i].depth = nets_[i].id == kShallowNet ? kShallowDepth : parameters[kDepth];
    }
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    rate_ = parameters[kRate];
    drop_after_ = parameters[kDropAfter];
  }

  bool step(Recorder& recorder) override {
    const auto [images, labels] = batches_.next();  // one batch for all the nets
    state_.step += 1;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      stopIfAsked(stop_);
      const auto start = std::chrono::steady_clock::now();
      TrainedNetwork& net = nets_[i].net;
      const auto forward = net.forward(images, Pass::Training);
      const auto loss = torch::cross_entropy_loss(forward.logits, labels);
      const auto gradients = net.differentiate(loss, forward.pre_activations);
      net.update(Momentum{rate(), kMomentum});
      observe(i, loss.item<double>(), gradients, start);
      record(recorder, i, loss.item<double>());
    }
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("gradients") = gradientBars(state_);
    frame.at<TableData>("nets") = depthTable(state_);
    frame.at<VerdictData>("verdict") = degradationVerdict(preset_, state_);
  }

  std::optional<Message> filesRead() const override { return reading_; }

  void save(WeightSink& sink) const override { saveNetworks(nets_, sink); }
  void check(CheckSink& sink) const override { checkNetworks(nets_, state_.step > 0, sink); }

 private:
  static constexpr double kMomentum = 0.9;

  /// A tenth from `drop_after` on.
  double rate() const { return drop_after_ > 0 && state_.step > drop_after_ ? 0.1 * rate_ : rate_; }

  void observe(std::size_t i, double loss, std::vector<double> gradients,
               std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    DepthFigures& figures = state_.nets[i];
    figures.observe(loss, took.count());
    figures.gradients = std::move(gradients);
    figures.smallest_ratio = std::min(figures.smallest_ratio, figures.ratio());
    if (figures.updates == 1) figures.first_ratio = figures.ratio();
  }

  void record(Recorder& recorder, std::size_t i, double loss) const {
    recorder.add(nets_[i].id + "/train_loss", loss);
    recorder.add(nets_[i].id + "/grad_first", state_.nets[i].first());
    recorder.add(nets_[i].id + "/grad_last", state_.nets[i].last());
  }

  void evaluate(Recorder& recorder) {
    const Dataset seen = training_.first(validation_.samples());
    for (std::size_t i = 0; i < nets_.size(); ++i)
      nets_[i].evaluate(seen, validation_, stop_, state_.nets[i], recorder);
  }

  std::string preset_;
  std::stop_token stop_;
  Split images_;
  std::optional<Message> reading_;
  Dataset training_, validation_;
  Batches batches_;
  std::int64_t evaluate_every_, drop_after_ = 0;
  double rate_ = 0;
  std::vector<ComparedNetwork> nets_;
  DegradationState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeDegradation(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<Degradation>(parameters, context);
}

}  // namespace viva
