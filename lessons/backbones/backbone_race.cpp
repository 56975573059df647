// SPDX-License-Identifier: GPL-3.0-or-later
// Six kinds of blocks with the same budget learn from the same batches.
#include "lessons/backbones/backbone_race.h"

#include <torch/types.h>

#include <chrono>

#include "lessons/backbones/compared_networks.h"
#include "lessons/data/dataset.h"
#include "lessons/data/image_changes.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

class BackboneRace : public Experiment {
 public:
  BackboneRace(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        stop_(context.stop),
        device_(context.device),
        images_(classifiedImages(parameters, context.seed, context.stop)),
        reading_(readingOf(parameters, images_)),
        validation_(images_.validation.first(kMostEvaluated).to(context.device)),
        seen_(images_.training.first(validation_.samples()).to(context.device)),
        batches_(images_.training, parameters[kImageBatch],
                 generatorFor(context.seed, kImageBatchStream)),
        augmenting_(generatorFor(context.seed, kAugmentationStream)),
        evaluate_every_(parameters[kRaceEvaluateEvery]) {
    state_.equal = parameters[kEqual];
    for (const RacingBlock& racer : racingBlocksIn(parameters)) {
      Network net = repeatedBlocksFor(racer.kind, taskOf(images_), parameters[kBlocks],
                                      parameters[kEqual], parameters[kBudget]);
      TrainingFigures figures;
      figures.id = racer.id;
      figures.totals = net.totals();
      state_.nets.push_back(figures);
      nets_.emplace_back(racer.id, std::move(net), context);
    }
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    rate_ = parameters[kRaceRate];
    augments_ = parameters[kAugmentation];
  }

  bool step(Recorder& recorder) override {
    auto [images, labels] = batches_.next();  // one batch for all the nets
    if (augments_) images = shifted(images, 1, augmenting_);
    images = images.to(device_), labels = labels.to(device_);
    state_.step += 1;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      stopIfAsked(stop_);
      const auto start = std::chrono::steady_clock::now();
      TrainedNetwork& net = nets_[i].net;
      const auto loss =
          torch::cross_entropy_loss(net.forward(images, Pass::Training).logits, labels);
      net.differentiate(loss);
      net.update(Momentum{rate_, kMomentum});
      const double batch_loss = loss.item<double>();
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      state_.nets[i].observe(batch_loss, took.count());
      recorder.add(nets_[i].id + "/train_loss", batch_loss);
    }
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("costs") = costBars(state_);
    frame.at<TableData>("standings") = raceTable(state_);
    frame.at<VerdictData>("verdict") = raceVerdict(preset_, state_);
  }

  std::optional<Message> filesRead() const override { return reading_; }

  void save(WeightSink& sink) const override { saveNetworks(nets_, sink); }
  void check(CheckSink& sink) const override { checkNetworks(nets_, state_.step > 0, sink); }

 private:
  static constexpr double kMomentum = 0.9;

  void evaluate(Recorder& recorder) {
    for (std::size_t i = 0; i < nets_.size(); ++i)
      nets_[i].evaluate(seen_, validation_, stop_, state_.nets[i], recorder);
  }

  std::string preset_;
  std::stop_token stop_;
  std::string device_;
  Split images_;
  std::optional<Message> reading_;
  Dataset validation_, seen_;  ///< seen_: as many of the training images
  Batches batches_;
  at::Generator augmenting_;
  std::int64_t evaluate_every_;
  double rate_ = 0;
  bool augments_ = false;
  std::vector<ComparedNetwork> nets_;
  BlockRaceState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeBackboneRace(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<BackboneRace>(parameters, context);
}

}  // namespace viva
