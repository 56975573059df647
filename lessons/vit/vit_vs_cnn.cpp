// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/vit_vs_cnn.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/data/image_changes.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"
#include "lessons/vit/contest_images.h"
#include "lessons/vit/contest_net.h"
#include "lessons/vit/contest_streams.h"
#include "lessons/vit/vit_vs_cnn_views.h"
#include "lessons/vit/written_vit.h"

namespace viva {
namespace {

constexpr std::int64_t kJudgedTraining = 300;
/// What the rates have come down to, as a share of the highest.
constexpr double kLastShare = 0.05;

/// Up in a straight line over the first `warmup` updates, then down along half a cosine until
/// `length`.
double rateShare(std::int64_t update, std::int64_t warmup, std::int64_t length) {
  if (update < warmup) return warmUpShare(update, warmup);
  const double way = static_cast<double>(update - warmup) /
                     static_cast<double>(std::max<std::int64_t>(1, length - warmup));
  return kLastShare + (1 - kLastShare) * (1 + std::cos(std::numbers::pi * std::min(1.0, way))) / 2;
}

class VitVsCnn : public Experiment {
 public:
  VitVsCnn(const Parameters& p, const RunContext& context)
      : preset_(context.preset), stop_(context.stop), evaluate_every_(p[kEvaluateEvery]) {
    keepFreedMemory();
    const Split images = contestImages(p, context);
    reading_ = contestReading(p, images);
    training_ = images.training.to(context.device);
    tests_ = contestTests(images.validation.to(context.device), p[kPatch],
                          generatorFor(context.seed, kContestShuffleStream));
    moves_ = generatorFor(context.seed, kContestMoveStream);
    state_.shift = p[kShift];
    state_.data = p[kDataset];
    state_.contest = p[kContest];
    state_.chance = 1 / static_cast<double>(training_.classes);
    for (VitContestant about : vitContestantsIn(p)) {
      // A file may have fewer than were asked for.
      about.images = std::max(training_.classes, about.images * training_.samples() / p[kImages]);
      // Nets of one kind begin with the same numbers, and see the same batches.
      racers_.emplace_back(about, p[kHead], training_, training_.classes,
                           generatorFor(context.seed, kContestWeightStream), context.device);
      state_.nets.push_back(standingOf(racers_.back()));
      if (!streamOf(about.images))
        streams_.push_back(
            {about.images,
             {training_.first(about.images), std::min<std::int64_t>(p[kBatchSize], about.images),
              generatorFor(context.seed, kContestBatchStream)}});
    }
    if (isPretrained(p)) prepareGlyphs(p, context);
    apply(p);
  }

  void apply(const Parameters& p) override {
    vit_rate_ = p[kVitRate];
    cnn_rate_ = p[kCnnRate];
    warmup_ = p[kWarmup];
    anneal_ = p[kAnneal];
    is_augmented_ = p[kAugmented];
  }

  void initial(Recorder& recorder) override {
    evaluate(recorder);
    if (!teachers_.empty()) recordGlyphs(recorder);
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    if (state_.step <= state_.pretraining) return learnGlyphs(recorder);
    state_.learned += 1;
    for (Stream& stream : streams_) {
      const auto [images, labels] = stream.batches.next();
      const bool is_any_moved = is_augmented_ || state_.contest == Contest::Augmentation;
      const auto moved = is_any_moved ? shifted(images, kAugmentedReach, moves_) : images;
      for (std::size_t i = 0; i < racers_.size(); ++i) {
        ContestNet& racer = racers_[i];
        if (racer.about().images != stream.images) continue;
        stopIfAsked(stop_);
        const bool sees_moved = is_augmented_ || racer.about().is_augmented;
        const double rate = rateOf(racer.about(), rateShare(state_.learned, warmup_, anneal_));
        const double loss = racer.learn(sees_moved ? moved : images, labels, rate);
        state_.nets[i].loss = loss;
        if (hasLoss(racer.about(), state_.pretraining > 0))
          recorder.add(racer.about().id + "/loss", loss);
      }
    }
    if (state_.learned % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    showContest(frame, {racers_, tests_, training_.class_names, state_});
    frame.at<VerdictData>("verdict") = contestVerdict(preset_, state_);
  }

  std::optional<Message> filesRead() const override { return reading_; }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto images = tests_.plain.inputs.narrow(0, 0, 1);
    sink.add(namedArray("probe.image", images[0]));
    for (const ContestNet& racer : racers_) {
      racer.save(sink, racer.about().id + ".");
      sink.add(namedArray("probe." + racer.about().id + ".logits", racer.logits(images)[0]));
    }
  }

  void check(CheckSink& sink) const override {
    const auto images = tests_.plain.inputs.narrow(0, 0, 4);
    double apart = 0, convolved = 0, modules = 0;
    for (const ContestNet& racer : racers_) {
      if (const VisionTransformer* net = racer.vit()) {
        apart = std::max(apart, differenceFromWritten(*net, images));
        convolved = std::max(convolved, differenceFromConvolution(*net, images));
      } else {
        const torch::NoGradGuard no_grad;
        const auto own = racer.cnn()->logits(images, false);
        const auto off = (own - racer.cnn()->logitsByModules(images)).abs().max();
        modules = std::max(modules, (off / own.abs().max().clamp_min(1)).item<double>());
      }
    }
    sink.compare("written-out", apart, 1e-4);
    sink.compare("convolution", convolved, 1e-5);
    sink.compare("modules", modules, 1e-4);
  }

  /// The phase is the learning of glyphs; what learns from images begins with its weights.
  void keep(WeightSink& sink) const override {
    for (const ContestNet& teacher : teachers_)
      sink.add(namedArray(teacher.about().id, teacher.kept()));
  }
  void resume(const std::vector<NamedArray>& kept) override {
    for (ContestNet& teacher : teachers_) {
      auto row = teacher.kept().clone();
      copyInto(row, kept, teacher.about().id);
      teacher.resume(row);
    }
    state_.step = state_.pretraining;
    judgeGlyphs();
    transfer();
    judge();
  }

 private:
  /// Training images of one number, and their batches.
  struct Stream {
    std::int64_t images;
    Batches batches;
  };

  Stream* streamOf(std::int64_t images) {
    const auto found = std::find_if(streams_.begin(), streams_.end(),
                                    [&](const Stream& some) { return some.images == images; });
    return found == streams_.end() ? nullptr : &*found;
  }

  static VitStanding standingOf(const ContestNet& racer) {
    VitStanding standing;
    standing.net = racer.about();
    standing.parameters = racer.parameters();
    if (const VisionTransformer* net = racer.vit()) {
      standing.tokens = net->plan().tokens();
      standing.macs = net->macs();
      standing.attention_macs = net->attentionMacs();
    } else {
      standing.macs = racer.cnn()->macs();
    }
    return standing;
  }

  double rateOf(const VitContestant& about, double share) const {
    return share * (about.is_vit || !about.is_tuned ? vit_rate_ : cnn_rate_);
  }

  void prepareGlyphs(const Parameters& p, const RunContext& context) {
    state_.pretraining = p[kPretraining];
    const Split glyphs =
        glyphImages(kGlyphImages, p[kNoise], generatorFor(context.seed, kContestGlyphStream));
    glyph_tests_ = glyphs.validation.to(context.device);
    glyph_batches_.emplace(glyphs.training.to(context.device), p[kBatchSize],
                           generatorFor(context.seed, kContestBatchStream));
    for (const ContestNet& racer : racers_)
      if (racer.about().is_pretrained)
        teachers_.emplace_back(racer.about(), p[kHead], glyphs.training, kGlyphClasses,
                               generatorFor(context.seed, kContestWeightStream), context.device);
  }

  bool learnGlyphs(Recorder& recorder) {
    const auto [images, labels] = glyph_batches_->next();
    const double share = rateShare(state_.step, warmup_, state_.pretraining);
    for (ContestNet& teacher : teachers_) {
      stopIfAsked(stop_);
      const double loss = teacher.learn(images, labels, rateOf(teacher.about(), share));
      recorder.add(teacher.about().id + "/loss", loss);
    }
    if (state_.step % evaluate_every_ == 0) recordGlyphs(recorder);
    if (state_.step == state_.pretraining) {
      transfer();
      evaluate(recorder);
    }
    return true;
  }

  void judgeGlyphs() {
    std::vector<double> accuracies;
    for (const ContestNet& teacher : teachers_)
      accuracies.push_back(teacher.accuracy(glyph_tests_, stop_));
    state_.glyphs = std::move(accuracies);
  }

  void recordGlyphs(Recorder& recorder) {
    judgeGlyphs();
    for (std::size_t i = 0; i < teachers_.size(); ++i)
      recorder.add(teachers_[i].about().id + "/glyph_accuracy", state_.glyphs[i]);
  }

  /// Each pre-trained net is given what its teacher has learned; its head is new.
  void transfer() {
    for (ContestNet& racer : racers_)
      for (const ContestNet& teacher : teachers_)
        if (teacher.about().id == racer.about().id) racer.takeBodyFrom(teacher);
    state_.so_far.clear();
  }

  void judge() {
    std::vector<double> accuracies;
    for (std::size_t i = 0; i < racers_.size(); ++i) {
      const std::int64_t seen = std::min(kJudgedTraining, racers_[i].about().images);
      racers_[i].judge(training_.first(seen), tests_, state_.nets[i], stop_);
      if (state_.learned == 0) state_.nets[i].grid_at_start = state_.nets[i].grid.value_or(0);
      accuracies.push_back(state_.nets[i].accuracy);
    }
    state_.so_far.emplace_back(state_.learned, std::move(accuracies));
  }

  void evaluate(Recorder& recorder) {
    judge();
    for (const VitStanding& net : state_.nets) {
      const std::string& id = net.net.id;
      recorder.add(id + "/train_accuracy", net.train_accuracy);
      recorder.add(id + "/accuracy", net.accuracy);
      recorder.add(id + "/shifted_accuracy", net.shifted[state_.shift]);
      recorder.add(id + "/shuffled_accuracy", net.shuffled);
      if (net.grid) recorder.add(id + "/grid", *net.grid);
    }
  }

  std::string preset_;
  std::stop_token stop_;
  std::int64_t evaluate_every_;
  std::optional<Message> reading_;
  Dataset training_;
  ContestTests tests_;
  at::Generator moves_;
  std::vector<ContestNet> racers_;
  std::vector<Stream> streams_;
  std::vector<ContestNet> teachers_;  ///< those that learn glyphs
  std::optional<Batches> glyph_batches_;
  Dataset glyph_tests_;
  double vit_rate_ = 0, cnn_rate_ = 0;
  std::int64_t warmup_ = 0, anneal_ = 1;
  bool is_augmented_ = false;
  ContestState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeVitVsCnn(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<VitVsCnn>(parameters, context);
}

}  // namespace viva
