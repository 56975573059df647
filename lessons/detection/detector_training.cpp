// SPDX-License-Identifier: GPL-3.0-or-later
// A one-stage detector learns to find shapes, alone or beside one that differs in one thing.
#include "lessons/detection/detector_training.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/data/dataset.h"
#include "lessons/detection/box_loss_tensors.h"
#include "lessons/detection/detector_evaluation.h"
#include "lessons/detection/detector_losses.h"
#include "lessons/detection/detector_net.h"
#include "lessons/detection/detector_places.h"
#include "lessons/detection/detector_streams.h"
#include "lessons/detection/detector_views.h"
#include "lessons/detection/scenes.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kTestScenes = 200, kOriginScenes = 64, kSlice = 50;

std::vector<DetectorNet> netsOf(const DetectorPlan& plan, const Parameters& p,
                                const DetectorPlaces& places, const RunContext& context) {
  std::vector<DetectorNet> nets;  // that begin alike
  for (const DetectorSetting& setting : plan.nets)
    nets.emplace_back(cellsAcross(p[kGrid]), places.aCell(), setting.prior,
                      generatorFor(context.seed, kDetectorWeights), context.device);
  return nets;
}

/// Its labels are the numbers of the scenes.
Dataset numbered(const Scenes& scenes, const std::string& device) {
  Dataset data;
  data.inputs = scenes.images.to(device);
  data.labels = torch::arange(scenes.count(), torch::kLong);
  return data;
}

void addBox(std::vector<float>& row, const Box& b) {
  for (const double x : {b.x0, b.y0, b.x1, b.y1}) row.push_back(static_cast<float>(x));
}

/// [detections, 7]: scene, shape, score, box.
torch::Tensor rowsOf(const DetectionsOfShapes& found) {
  std::vector<float> rows;
  for (std::size_t shape = 0; shape < found.size(); ++shape)
    for (const Detection& detection : found[shape]) {
      rows.push_back(static_cast<float>(detection.image));
      rows.push_back(static_cast<float>(shape));
      rows.push_back(static_cast<float>(detection.score));
      addBox(rows, detection.box);
    }
  return torch::tensor(rows).view({static_cast<std::int64_t>(rows.size()) / 7, 7});
}

/// [truths, 6]: scene, shape, box.
torch::Tensor rowsOf(const TruthsOfShapes& truths) {
  std::vector<float> rows;
  for (std::size_t shape = 0; shape < truths.size(); ++shape)
    for (const PlacedBox& truth : truths[shape]) {
      rows.push_back(static_cast<float>(truth.image));
      rows.push_back(static_cast<float>(shape));
      addBox(rows, truth.box);
    }
  return torch::tensor(rows).view({static_cast<std::int64_t>(rows.size()) / 6, 6});
}

class DetectorTraining : public Experiment {
 public:
  DetectorTraining(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        stop_(context.stop),
        plan_(planOf(p)),
        places_(p[kAssignment], cellsAcross(p[kGrid])),
        training_(drawScenes(p[kTrainingScenes], p[kObjectsAScene],
                             generatorFor(context.seed, kTrainingStream))),
        test_(drawScenes(kTestScenes, p[kObjectsAScene], generatorFor(context.seed, kTestStream))),
        roles_(places_.assigned(training_)),
        batches_(numbered(training_, device_), p[kSceneBatch],
                 generatorFor(context.seed, kBatchStream)),
        nets_(netsOf(plan_, p, places_, context)),
        evaluate_every_(p[kJudgeEvery]) {
    keepFreedMemory();
    for (const DetectorReading& reading : plan_.readings)
      state_.standings.emplace_back().reading = reading;
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kDetectorRate];
    decay_steps_ = p[kDecaySteps];
    cut_.score = p[kScoreThreshold];
    cut_.nms = p[kNmsThreshold];
    seen_overlap_ = p[kSeenOverlap];
    shown_from_ = p[kShownFrom];
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    const auto batch = batches_.next();  // images [batch, 3, 48, 48], the numbers of their scenes
    const DetectorTargets targets = targetsAt(batch.labels);
    for (std::size_t i = 0; i < nets_.size(); ++i) {
      const auto raw = nets_[i].learning(batch.inputs);  // [batch, places, 3 + 4]
      const DetectorLoss loss = detectorLoss(plan_.nets[i], places_, raw, targets);
      nets_[i].weights().differentiate(loss.total().view({1}));
      nets_[i].weights().update(Adam{rateNow()});
      note(i, loss);
    }
    recordLosses(recorder);
    if (state_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    const Scenes eight = test_.first(kPictures);
    std::vector<DetectionsOfShapes> found;
    for (const DetectorReading& reading : plan_.readings) found.push_back(findIn(eight, reading));
    showPictures(frame, state_, eight, found, {seen_overlap_, shown_from_});
    showPrecision(frame, state_, test_.truths(), found_, seen_overlap_);
    showOrigin(frame, state_);
    showStandings(frame, state_);
    frame.at<VerdictData>("verdict") = detectorVerdict(preset_, state_);
  }

  /// The weights; what the first net answers on the eight pictures; and what was found in the test
  /// scenes, [detections, 7] and [truths, 6]: scene, shape, the score of a detection, x0, y0, x1,
  /// y1.
  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < nets_.size(); ++i)
      nets_[i].save(sink, nets_.size() == 1 ? "" : plan_.readings[i].id + ".");
    const torch::NoGradGuard no_grad;
    const Scenes eight = test_.first(kPictures);
    sink.add(namedArray("pictures.images", eight.images));
    sink.add(namedArray("pictures.answers", nets_.front().answers(eight.images.to(device_))));
    sink.add(namedArray("test.detections", rowsOf(found_.front())));
    sink.add(namedArray("test.truths", rowsOf(test_.truths())));
  }

  /// The slopes of the boxes on the eight pictures, by autograd and in closed form.
  void check(CheckSink& sink) const override {
    const Scenes eight = test_.first(kPictures);
    const DetectorTargets targets = targetsOf(eight, places_.assigned(eight));
    const auto boxes = boxesOf(nets_.front(), eight.images)
                           .index({targets.scene, targets.place})
                           .to(torch::kDouble)
                           .requires_grad_();
    const auto wanted = targets.boxes.to(torch::kDouble);
    const BoxLoss kind = plan_.nets.front().box_loss;
    const auto slopes = torch::autograd::grad({boxLosses(kind, boxes, wanted).sum()}, {boxes})[0];
    const auto boxAt = [](const torch::Tensor& all, std::int64_t i) {
      const double* b = all[i].data_ptr<double>();
      return Box{b[0], b[1], b[2], b[3]};
    };
    double largest = 0;
    for (std::int64_t i = 0; i < boxes.size(0); ++i) {
      const BoxSlope slope = boxLoss(kind, boxAt(boxes, i), boxAt(wanted, i)).slope;
      for (int k = 0; k < 4; ++k)
        largest = std::max(largest, std::abs(slope[k] - slopes[i][k].item<double>()));
    }
    sink.compare("box-slopes", largest, 1e-9);
  }

 private:
  double rateNow() const {
    const double done = std::min(1.0, static_cast<double>(state_.step) / decay_steps_);
    return rate_ * (0.01 + 0.99 * 0.5 * (1 + std::cos(std::numbers::pi * done)));
  }

  DetectorTargets targetsAt(const torch::Tensor& numbers) const {
    const Scenes chosen{torch::Tensor(), training_.shapes.index_select(0, numbers),
                        training_.boxes.index_select(0, numbers)};
    return targetsOf(chosen, roles_.index_select(0, numbers)).to(device_);
  }

  void note(std::size_t net, const DetectorLoss& loss) {
    const double classification = loss.classification.item<double>(), box = loss.box.item<double>();
    for (DetectorStanding& standing : state_.standings) {
      if (standing.reading.net != net) continue;
      standing.classification_loss = classification;
      standing.box_loss = box;
      standing.loss = classification + box;
    }
  }

  void recordLosses(Recorder& recorder) const {
    for (const std::string& name : namesOf(state_)) {
      if (!name.empty() && nets_.size() == 1) continue;  // one net, read in two ways
      const DetectorStanding& s = standingOf(state_, name);
      recorder.add(name + "loss", s.loss);
      recorder.add(name + "classification_loss", s.classification_loss);
      recorder.add(name + "box_loss", s.box_loss);
    }
  }

  /// [images, places, 4] on the CPU.
  torch::Tensor boxesOf(const DetectorNet& net, const torch::Tensor& images) const {
    const torch::NoGradGuard no_grad;
    const auto raw = net.answers(images.to(device_)).cpu();
    return places_.decoded(raw.narrow(-1, kSceneShapes, 4), places_.boxes());
  }

  DetectionsOfShapes findIn(const Scenes& scenes, const DetectorReading& reading) const {
    const torch::NoGradGuard no_grad;
    const auto raw = nets_[reading.net].answers(scenes.images.to(device_)).cpu();
    DetectorCut cut = cut_;
    cut.is_suppressed = reading.is_suppressed;
    return detectionsIn(raw.narrow(-1, 0, kSceneShapes).sigmoid(),
                        places_.decoded(raw.narrow(-1, kSceneShapes, 4), places_.boxes()), cut);
  }

  DetectionsOfShapes findAll(const Scenes& scenes, const DetectorReading& reading) const {
    DetectionsOfShapes all(kSceneShapes);
    for (std::int64_t start = 0; start < scenes.count(); start += kSlice) {
      stopIfAsked(stop_);
      const std::int64_t count = std::min(kSlice, scenes.count() - start);
      DetectionsOfShapes found = findIn(scenes.from(start, count), reading);
      for (std::size_t shape = 0; shape < all.size(); ++shape)
        for (Detection& detection : found[shape]) {
          detection.image += start;
          all[shape].push_back(detection);
        }
    }
    return all;
  }

  void evaluate(Recorder& recorder) {
    const Scenes seen = training_.first(std::min(kTestScenes, training_.count()));
    const Scenes origin = training_.first(std::min(kOriginScenes, training_.count()));
    const DetectorTargets targets = targetsOf(origin, roles_.narrow(0, 0, origin.count()));
    found_.clear();
    for (DetectorStanding& standing : state_.standings) {
      found_.push_back(findAll(test_, standing.reading));
      standing.test = marksOf(test_.truths(), found_.back());
      standing.train_map50 = meanAverage(seen.truths(), findAll(seen, standing.reading), 0.5);
      const torch::NoGradGuard no_grad;
      standing.origin =
          lossOrigin(plan_.nets[standing.reading.net].classification,
                     nets_[standing.reading.net].answers(origin.images.to(device_)).cpu(), targets);
    }
    for (const std::string& name : namesOf(state_)) {
      const DetectorStanding& s = standingOf(state_, name);
      recorder.add(name + "map50", s.test.map50);
      recorder.add(name + "map75", s.test.map75);
      recorder.add(name + "map", s.test.map);
      recorder.add(name + "train_map50", s.train_map50);
      recorder.add(name + "easy_share", s.origin.easy.of_loss);
    }
  }

  std::string preset_, device_;
  std::stop_token stop_;
  DetectorPlan plan_;
  DetectorPlaces places_;
  Scenes training_, test_;
  torch::Tensor roles_;  ///< of the training scenes
  Batches batches_;
  std::vector<DetectorNet> nets_;
  std::int64_t evaluate_every_;
  DetectorState state_;
  std::vector<DetectionsOfShapes> found_;  ///< in the test scenes, a list a reading
  DetectorCut cut_;
  double rate_ = 0, seen_overlap_ = 0.5, shown_from_ = 0;
  std::int64_t decay_steps_ = 1;
};

}  // namespace

std::unique_ptr<Experiment> makeDetectorTraining(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<DetectorTraining>(parameters, context);
}

}  // namespace viva
