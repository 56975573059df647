// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/alexnet_tricks.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/backbones/drawn_images.h"
#include "lessons/backbones/small_convnet.h"
#include "lessons/data/digits.h"
#include "lessons/data/image_changes.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kTrainingStream = 0, kTestStream = 1, kTrickWeightStream = 2,
                        kBatchStream = 3, kShiftStream = 4, kMaskStream = 5, kLabelStream = 6;
constexpr std::int64_t kTestImages = 1000, kJudgedImages = 500, kProbedImages = 100,
                       kShownImages = 8, kBins = 40;
constexpr double kLargestDivisor = 1e9;  // of outputs that have grown beyond all bounds

/// What the nets learn from: a share of the labels is drawn at random.
Dataset trainingImages(const Parameters& p, std::uint64_t seed) {
  Dataset data =
      drawnImages(p[kDrawnImages], p[kTrickImageCount], generatorFor(seed, kTrainingStream));
  const auto labels = generatorFor(seed, kLabelStream);
  const auto is_random = torch::rand({data.samples()}, labels) < p[kTrickRandomLabels];
  const auto any = torch::randint(data.classes, {data.samples()}, labels, torch::kLong);
  data.labels = torch::where(is_random, any, data.labels);
  return data;
}

/// Two convolutions with overlapping pools, two dense layers and one to the classes.
ConvnetPlan planOf(const Parameters& p, std::int64_t classes) {
  const std::int64_t width = p[kTrickWidth];
  return {kDigitSize, classes, {{{width, 5}}, {{2 * width, 3}}}, 3, p[kTrickHidden]};
}

/// A net, and whether its images are augmented.
struct Racer {
  std::string id;
  SmallConvnet net;
  bool is_augmented;
};

class AlexnetTricks : public Experiment {
 public:
  AlexnetTricks(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        trick_(p[kTrick]),
        shift_(p[kTrickShift]),
        rate_(p[kConvnetRate]),
        evaluate_every_(p[kConvnetEvaluateEvery]),
        training_(trainingImages(p, context.seed).to(context.device)),
        test_(drawnImages(p[kDrawnImages], kTestImages, generatorFor(context.seed, kTestStream))
                  .to(context.device)),
        batches_(training_, std::min(p[kConvnetBatch], training_.samples()),
                 generatorFor(context.seed, kBatchStream)),
        shifts_(generatorFor(context.seed, kShiftStream)) {
    keepFreedMemory();
    for (const std::string& id : trickNets(trick_)) addRacer(p, id, context);
    state_.nets.resize(racers_.size());
    seen_ = training_.first(kShownImages).inputs;
    augmented_ = seen_;
  }

  void apply(const Parameters& p) override { rate_ = p[kConvnetRate]; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    const auto [images, labels] = batches_.next();
    const auto moved = is_any_augmented_ ? shifted(images, shift_, shifts_) : images;
    for (Racer& racer : racers_)
      recorder.add(racer.id + "/batch_loss",
                   racer.net.learn(racer.is_augmented ? moved : images, labels, rate_));
    seen_ = images;
    augmented_ = moved;
    step_ += 1;
    if (step_ % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<TableData>("figures") = figures();
    frame.at<ImagesData>("seen") = seenImages();
    frame.at<BarsData>("slopes") = slopes();
    frame.at<HistogramData>("divisors") = divisorHistogram();
    frame.at<VerdictData>("verdict") = trickVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    for (const Racer& racer : racers_) racer.net.weights().save(sink, racer.id + ".");
  }

  void check(CheckSink& sink) const override {
    double apart = 0;
    for (const Racer& racer : racers_)
      apart = std::max(apart, differenceFromModules(racer.net, test_.first(kShownImages).inputs));
    sink.compare("modules", apart, 1e-4);
  }

 private:
  void addRacer(const Parameters& p, const std::string& id, const RunContext& context) {
    const bool has_it = id == "with", others = p[kTrickOthers];
    const auto has = [&](Trick trick) { return trick == trick_ ? has_it : others; };
    ConvnetManner manner;
    if (id == "tanh") manner.activation = ConvnetActivation::Tanh;
    if (id == "sigmoid") manner.activation = ConvnetActivation::Sigmoid;
    if (has(Trick::ResponseNorm)) manner.norm = ResponseNorm::Local;
    if (id == "constant") manner.norm = ResponseNorm::Constant;
    manner.alpha = p[kTrickAlpha];
    manner.dropout = has(Trick::Dropout) ? p[kTrickDropout] : 0;
    // The same draws for all, with the spread that keeps the signal's size: ReLU halves squares.
    const double gain = manner.activation == ConvnetActivation::Relu ? 2 : 1;
    const ConvnetPlan plan = planOf(p, training_.classes);
    const auto initial =
        normalWeights(plan, std::nullopt, gain, generatorFor(context.seed, kTrickWeightStream));
    racers_.push_back(
        {id,
         {plan, manner, initial.to(context.device), generatorFor(context.seed, kMaskStream)},
         has(Trick::Augmentation)});
    is_any_augmented_ |= racers_.back().is_augmented;
  }

  void evaluate(Recorder& recorder) {
    state_.step = step_;
    for (std::size_t i = 0; i < racers_.size(); ++i) {
      const Racer& racer = racers_[i];
      const ConvnetStanding train = racer.net.standing(training_.first(kJudgedImages));
      const ConvnetStanding test = racer.net.standing(test_);
      state_.nets[i] = {racer.id, train.loss, train.accuracy, test.loss, test.accuracy};
      recorder.add(racer.id + "/train_loss", train.loss);
      recorder.add(racer.id + "/train_accuracy", train.accuracy);
      recorder.add(racer.id + "/test_loss", test.loss);
      recorder.add(racer.id + "/test_accuracy", test.accuracy);
    }
    const auto found = divisors();
    state_.least_divisor = found.min().item<double>();
    state_.largest_divisor = found.max().item<double>();
  }

  /// What response normalisation divides by, or would, in both layers of the first net on test
  /// images: [divisors].
  torch::Tensor divisors() const {
    const SmallConvnet& net = racers_.front().net;
    const auto outputs = net.outputs(test_.first(kProbedImages).inputs);
    std::vector<torch::Tensor> found;
    for (std::int64_t layer = 0; layer < net.plan().convolutions(); ++layer)
      found.push_back(
          responseDivisor(outputs[static_cast<std::size_t>(layer)], net.manner().alpha).flatten());
    return torch::cat(found).nan_to_num(0, kLargestDivisor).clamp_max(kLargestDivisor);
  }

  TableData figures() const {
    TableData table;
    using Best = TableData::Best;
    table.columns = {{"net"},
                     {"train_loss", Best::Smallest},
                     {"test_loss", Best::Smallest},
                     {"train_accuracy", Best::Largest},
                     {"test_accuracy", Best::Largest}};
    for (const auto& net : state_.nets)
      table.rows.push_back({net.id,
                            {Word{"alexnet-tricks.curve." + net.id}, net.train_loss, net.test_loss,
                             net.train_accuracy, net.test_accuracy}});
    return table;
  }

  /// Images of the last batch as they are and, below, as the augmented net sees them.
  ImagesData seenImages() const {
    std::vector<std::pair<torch::Tensor, Word>> rows{
        {seen_, Word{"alexnet-tricks.caption.as_it_is"}}};
    if (is_any_augmented_) rows.emplace_back(augmented_, Word{"alexnet-tricks.caption.shifted"});
    return rowsOfImages(rows, kShownImages);
  }

  /// The mean slope of each layer's activation on test images: what a gradient is multiplied by on
  /// its way back.
  BarsData slopes() const {
    BarsData bars;
    for (const Racer& racer : racers_) {
      std::vector<double> means;
      for (const auto& a : racer.net.outputs(test_.first(kProbedImages).inputs)) {
        const ConvnetActivation kind = racer.net.manner().activation;
        const auto slope = kind == ConvnetActivation::Relu   ? (a > 0).to(torch::kFloat)
                           : kind == ConvnetActivation::Tanh ? 1 - a.square()
                                                             : a * (1 - a);
        means.push_back(slope.mean().item<double>());
      }
      bars.categories.clear();
      for (std::size_t i = 0; i < means.size(); ++i)
        bars.categories.emplace_back(std::to_string(i + 1));
      bars.groups.push_back({racer.id, {}, std::move(means)});
    }
    return bars;
  }

  HistogramData divisorHistogram() const {
    HistogramData data;
    const double constant = std::pow(2.0, 0.75), highest = std::max(2.5, state_.largest_divisor);
    for (std::int64_t i = 0; i <= kBins; ++i)
      data.edges.push_back(1.5 + (highest * 1.01 - 1.5) * static_cast<double>(i) / kBins);
    const auto counts = torch::histc(divisors().cpu(), kBins, 1.5, highest * 1.01);
    data.groups.push_back({"with", {}, numbersOf(counts)});
    data.marks.push_back({constant, Word{"alexnet-tricks.mark.constant"}});
    data.logarithmic = true;
    return data;
  }

  std::string preset_;
  Trick trick_;
  std::int64_t shift_;
  double rate_;
  std::int64_t evaluate_every_, step_ = 0;
  Dataset training_, test_;
  Batches batches_;
  at::Generator shifts_;
  std::vector<Racer> racers_;
  bool is_any_augmented_ = false;
  torch::Tensor seen_, augmented_;  ///< the last batch
  TrickState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeAlexnetTricks(const Parameters& parameters,
                                              const RunContext& context) {
  return std::make_unique<AlexnetTricks>(parameters, context);
}

}  // namespace viva
