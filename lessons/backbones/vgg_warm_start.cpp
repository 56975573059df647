// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/vgg_warm_start.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "lessons/backbones/drawn_images.h"
#include "lessons/backbones/small_convnet.h"
#include "lessons/backbones/transplant.h"
#include "lessons/data/digits.h"
#include "lessons/data/image_changes.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kWarmTrainingStream = 0, kWarmTestStream = 1, kWarmWeightStream = 2,
                        kWarmBatchStream = 3, kWarmScaleStream = 4;
constexpr std::int64_t kWarmTestImages = 500, kWarmJudgedImages = 300, kWarmProbedImages = 100,
                       kWarmShownImages = 8;

constexpr std::int64_t kWarmStages = 2, kShallowLayers = 2;

/// The shallow net has two convolutions of 3x3 in front of each of two pools, the deep one
/// `new_layers` more.
ConvnetPlan planOf(const Parameters& p, std::int64_t classes, std::int64_t new_layers) {
  ConvnetPlan plan{kDigitSize, classes, {}, 2, p[kWarmHidden]};
  for (std::int64_t stage = 0; stage < kWarmStages; ++stage)
    plan.stages.emplace_back(static_cast<std::size_t>(kShallowLayers + new_layers),
                             ConvnetPlan::Convolution{p[kWarmWidth], 3});
  return plan;
}

class VggWarmStart : public Experiment {
 public:
  VggWarmStart(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        compared_(p[kWarmCompared]),
        pretraining_(compared_ == WarmCompared::Start ? p[kWarmPretraining] : 0),
        smallest_(p[kWarmSmallest]),
        largest_(p[kWarmLargest]),
        rate_(p[kConvnetRate]),
        evaluate_every_(p[kConvnetEvaluateEvery]),
        training_(drawnImages(p[kDrawnImages], p[kWarmImageCount],
                              generatorFor(context.seed, kWarmTrainingStream))
                      .to(context.device)),
        test_(drawnImages(p[kDrawnImages], kWarmTestImages,
                          generatorFor(context.seed, kWarmTestStream))
                  .to(context.device)),
        scales_(generatorFor(context.seed, kWarmScaleStream)) {
    keepFreedMemory();
    // All that VGG did to its images was to subtract their mean; here also the spread is made 1.
    const double mean = training_.inputs.mean().item<double>();
    const double spread = training_.inputs.std().item<double>();
    blank_ = -mean / spread;
    ink_ = (1 - mean) / spread;
    for (Dataset* part : {&training_, &test_}) part->inputs = (part->inputs - mean) / spread;
    batches_.emplace(training_, std::min(p[kConvnetBatch], training_.samples()),
                     generatorFor(context.seed, kWarmBatchStream));
    const ConvnetPlan deep = planOf(p, training_.classes, p[kWarmNewLayers]);
    const bool is_he = p[kWarmInit] == WarmInit::He;
    deep_start_ = normalWeights(deep, is_he ? std::nullopt : std::optional(p[kWarmDeviation]), 2,
                                generatorFor(context.seed, kWarmWeightStream))
                      .to(context.device);
    const ConvnetPlan first =
        compared_ == WarmCompared::Start ? planOf(p, training_.classes, 0) : deep;
    // Where both have a layer it begins alike.
    nets_.emplace_back(first, ConvnetManner{}, transplanted(deep, deep_start_, first, {}), scales_);
    nets_.emplace_back(deep, ConvnetManner{}, deep_start_, scales_);
    state_.is_he = is_he;
    seen_ = training_.first(kWarmShownImages).inputs;
    resized_ = seen_;
  }

  void apply(const Parameters& p) override { rate_ = p[kConvnetRate]; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    const auto [images, labels] = batches_->next();
    seen_ = images;
    if (compared_ == WarmCompared::Scales) resized_ = resized(images, randomScales(images.size(0)));
    const auto ids = warmNets(compared_);
    const auto& second = compared_ == WarmCompared::Scales ? resized_ : images;
    recorder.add(ids[0] + "/batch_loss", nets_[0].learn(images, labels, rate_));
    recorder.add(ids[1] + "/batch_loss", nets_[1].learn(second, labels, rate_));
    step_ += 1;
    if (step_ == pretraining_) becomeDeep();
    if (step_ % evaluate_every_ == 0 || step_ == pretraining_) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<TableData>("figures") = figures();
    frame.at<BarsData>("signal") = signal();
    frame.at<SeriesData>("by_scale") = byScale();
    frame.at<ImagesData>("seen") = seenImages();
    frame.at<VerdictData>("verdict") = warmVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const auto ids = warmNets(compared_);
    for (std::size_t i = 0; i < nets_.size(); ++i) nets_[i].weights().save(sink, ids[i] + ".");
  }

  void check(CheckSink& sink) const override {
    double apart = 0;
    for (const SmallConvnet& net : nets_)
      apart = std::max(apart, differenceFromModules(net, test_.first(kWarmShownImages).inputs));
    sink.compare("modules", apart, 1e-4);
  }

 private:
  /// The shallow net's first four convolutions and three dense layers, all others as the net from
  /// scratch began.
  void becomeDeep() {
    const SmallConvnet& shallow = nets_[0];
    const ConvnetPlan& deep = nets_[1].plan();
    nets_[0] = SmallConvnet(
        deep, ConvnetManner{},
        transplanted(shallow.plan(), shallow.weights().flat(), deep, deep_start_), scales_);
  }

  torch::Tensor resized(const torch::Tensor& images, const torch::Tensor& factors) const {
    return zoomed(images - blank_, factors) + blank_;
  }
  torch::Tensor randomScales(std::int64_t count) {
    return (smallest_ + (largest_ - smallest_) * torch::rand({count}, scales_))
        .to(training_.inputs.device());
  }
  Dataset testAt(double scale) const {
    Dataset data = test_;
    if (scale == 1) return data;
    data.inputs =
        resized(test_.inputs, torch::full({test_.samples()}, scale, test_.inputs.options()));
    return data;
  }

  void evaluate(Recorder& recorder) {
    const auto ids = warmNets(compared_);
    state_.step = step_;
    state_.is_pretraining = step_ < pretraining_;
    state_.nets.clear();
    by_scale_.assign(nets_.size(), {});
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const SmallConvnet& net = nets_[i];
      const ConvnetStanding train = net.standing(training_.first(kWarmJudgedImages));
      for (const double scale : scalesTested()) by_scale_[i].push_back(net.standing(testAt(scale)));
      const ConvnetStanding test = by_scale_[i][by_scale_[i].size() / 2];
      state_.nets.push_back({ids[i], net.plan().convolutions(), net.updates(), train.loss,
                             train.accuracy, test.loss, test.accuracy,
                             by_scale_[i].front().accuracy, by_scale_[i].back().accuracy});
      recorder.add(ids[i] + "/train_loss", train.loss);
      recorder.add(ids[i] + "/train_accuracy", train.accuracy);
      recorder.add(ids[i] + "/test_accuracy", test.accuracy);
      if (compared_ != WarmCompared::Scales) continue;
      recorder.add(ids[i] + "/small_accuracy", by_scale_[i].front().accuracy);
      recorder.add(ids[i] + "/large_accuracy", by_scale_[i].back().accuracy);
    }
  }

  /// 1 in the middle; where starts are compared, alone.
  std::vector<double> scalesTested() const {
    if (compared_ != WarmCompared::Scales) return {1};
    return {smallest_, (smallest_ + 1) / 2, 1, (1 + largest_) / 2, largest_};
  }

  TableData figures() const {
    TableData table;
    using Best = TableData::Best;
    table.columns = {{"net"},
                     {"convolutions"},
                     {"updates"},
                     {"train_loss", Best::Smallest},
                     {"train_accuracy", Best::Largest},
                     {"test_accuracy", Best::Largest}};
    const bool scales = compared_ == WarmCompared::Scales;
    if (scales) {
      table.columns.push_back({"small_accuracy", Best::Largest});
      table.columns.push_back({"large_accuracy", Best::Largest});
    }
    for (const auto& net : state_.nets) {
      TableData::Row row{net.id,
                         {Word{"vgg-warm-start.curve." + net.id},
                          static_cast<double>(net.convolutions), static_cast<double>(net.updates),
                          net.train_loss, net.train_accuracy, net.test_accuracy}};
      if (scales) {
        row.cells.emplace_back(net.small_accuracy);
        row.cells.emplace_back(net.large_accuracy);
      }
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  /// The standard deviation over test images of each layer's outputs: what is left of the
  /// difference between one image and another.
  BarsData signal() const {
    BarsData bars;
    bars.logarithmic = true;
    const auto ids = warmNets(compared_);
    std::size_t layers = 0;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      std::vector<double> spreads;
      for (const auto& output : nets_[i].outputs(test_.first(kWarmProbedImages).inputs))
        spreads.push_back(output.std(0, /*unbiased=*/false).mean().item<double>());
      layers = std::max(layers, spreads.size());
      bars.groups.push_back({ids[i], {}, std::move(spreads)});
    }
    for (std::size_t i = 0; i < layers; ++i) bars.categories.emplace_back(std::to_string(i + 1));
    for (auto& group : bars.groups) group.values.resize(layers, std::nan(""));
    return bars;
  }

  SeriesData byScale() const {
    SeriesData data;
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      Curve curve{warmNets(compared_)[i], {}, scalesTested(), {}, false};
      for (const ConvnetStanding& standing : by_scale_[i]) curve.y.push_back(standing.accuracy);
      data.curves.push_back(std::move(curve));
    }
    return data;
  }

  /// Images of the last batch as they are and, below, at the scales that the other net saw.
  ImagesData seenImages() const {
    std::vector<std::pair<torch::Tensor, Word>> rows{
        {seen_, Word{"vgg-warm-start.caption.as_it_is"}}};
    if (compared_ == WarmCompared::Scales)
      rows.emplace_back(resized_, Word{"vgg-warm-start.caption.resized"});
    ImagesData shown = rowsOfImages(rows, kWarmShownImages);
    shown.minimum = static_cast<float>(blank_);
    shown.maximum = static_cast<float>(ink_);
    return shown;
  }

  std::string preset_;
  WarmCompared compared_;
  std::int64_t pretraining_;  ///< 0: there is none
  double smallest_, largest_, rate_;
  double blank_ = 0, ink_ = 1;  ///< what a pixel without ink and one of full ink are to the nets
  std::int64_t evaluate_every_, step_ = 0;
  Dataset training_, test_;
  std::optional<Batches> batches_;
  at::Generator scales_;
  torch::Tensor deep_start_;                            ///< [1, parameters]
  std::vector<SmallConvnet> nets_;                      ///< in the order of warmNets
  torch::Tensor seen_, resized_;                        ///< the last batch
  std::vector<std::vector<ConvnetStanding>> by_scale_;  ///< of each net, at scalesTested()
  WarmState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeVggWarmStart(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<VggWarmStart>(parameters, context);
}

}  // namespace viva
