// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_plane.h"

#include <torch/utils.h>

#include <string>

#include "lessons/data/dataset.h"
#include "lessons/data/plane_targets.h"
#include "lessons/data/pool.h"
#include "lessons/generation/gan_checks.h"
#include "lessons/generation/gan_net.h"
#include "lessons/generation/gan_plane_views.h"
#include "lessons/generation/gan_streams.h"

namespace viva {
namespace {

constexpr std::int64_t kEvaluated = 2500;  // samples, as VEEGAN and PacGAN do
constexpr std::int64_t kMeasured = 500;    // of them, in slow motion
constexpr double kLeak = 0.2;              // of the discriminator

class GanPlane : public Experiment {
 public:
  GanPlane(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        target_(targetOf(parameters)),
        generator_(parameters[kNoiseDim], parameters[kGeneratorHidden], 2, /*leak=*/0,
                   generatorFor(context.seed, kGeneratorStream), device_),
        discriminator_(2, parameters[kGeneratorHidden], 1, kLeak,
                       generatorFor(context.seed, kDiscriminatorStream), device_),
        real_(parameters[kGanBatchSize], generatorFor(context.seed, kRealStream), device_),
        noise_(parameters[kGanBatchSize], generatorFor(context.seed, kNoiseStream), device_),
        share_(parameters[kGanBatchSize], generatorFor(context.seed, kShareStream), device_),
        evaluation_generator_(generatorFor(context.seed, kEvaluationStream)),
        evaluation_noise_(
            torch::randn({kEvaluated, parameters[kNoiseDim]}, evaluation_generator_).to(device_)),
        evaluate_every_(parameters[kGanEvaluateEvery]) {
    history_.warmup = parameters[kWarmup];
    const std::int64_t noise_dim = parameters[kNoiseDim];
    noise_.drawWith([noise_dim](std::int64_t count, at::Generator generator) {
      return torch::randn({count, noise_dim}, generator);
    });
    share_.drawWith([](std::int64_t count, at::Generator generator) {
      return torch::rand({count, 1}, generator);
    });
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    settings_ = ganSettingsOf(parameters);
    train_ = parameters[kTrain];
    slow_motion_ = parameters[kSlowMotion];
    if (settings_.optimizer != optimizer_) {
      generator_.forgetMoments();
      discriminator_.forgetMoments();
    }
    optimizer_ = settings_.optimizer;
    loss_ = parameters[kLoss];
    discriminator_.normaliseSpectrally(loss_ == GanLoss::HingeSn);
    if (!known_target_ || !(*known_target_ == targetChoice(parameters))) {
      known_target_ = targetChoice(parameters);
      aimAt(targetOf(parameters));
    }
  }

  /// One turn of all updates; in slow motion, one part of it.
  bool step(Recorder& recorder) override {
    do {
      if (part_ == TurnPart::Discriminator && train_ != Trained::GeneratorOnly)
        for (std::int64_t i = 0; i < settings_.d_steps; ++i) updateDiscriminator();
      if (part_ == TurnPart::Generator && train_ != Trained::DiscriminatorOnly && !isWarmingUp())
        for (std::int64_t i = 0; i < settings_.g_steps; ++i) updateGenerator();
      if (part_ == TurnPart::Generator && isWarmingUp()) watchGenerator();
      finishPart(recorder);
    } while (!slow_motion_ && part_ != TurnPart::Discriminator);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    const GanPicture picture{generator_,
                             discriminator_,
                             loss_,
                             target_,
                             evaluation_real_,
                             evaluation_noise_,
                             slow_motion_ ? std::optional(shown_part_) : std::nullopt,
                             before_};
    frame.at<PlaneData>("plane") = ganPlanePicture(picture);
    frame.at<SeriesData>("losses") = equilibriumCurves(loss_, steps_);
    frame.at<SeriesData>("quality") = perfectQualityCurve(history_, steps_);
    frame.at<SeriesData>("coverage") = allModesCurve(target_, steps_);
    frame.at<SeriesData>("distance") = wassersteinFloorCurve(history_, steps_);
    frame.at<BarsData>("modes") = modeBars(history_.last());
    frame.at<HistogramData>("critic_weights") =
        weightHistogram(discriminator_.weights(), loss_, settings_.clip);
    frame.at<TableData>("numbers") = ganNumbers(history_, loss_, target_);
    frame.at<VerdictData>("part") = partVerdict(slow_motion_, shown_part_, steps_);
    frame.at<VerdictData>("alarm") = collapseAlarm(history_);
    frame.at<VerdictData>("verdict") = ganPlaneVerdict(preset_, history_);
  }

  void save(WeightSink& sink) const override {
    saveGanNet("generator.", generator_, sink);
    saveGanNet("discriminator.", discriminator_, sink);
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    checkGan(loss_, generator_, discriminator_, evaluation_real_.narrow(0, 0, 128),
             evaluation_noise_.narrow(0, 0, 128), sink);
  }

 private:
  void updateDiscriminator() {
    const auto real = real_.next();
    const auto fake = [&] {
      const torch::NoGradGuard no_grad;  // the generator is not to learn now
      return generator_.forward(noise_.next());
    }();
    discriminator_.iteratePower();
    const auto scores = discriminator_.forward(torch::cat({real, fake})).chunk(2);
    auto loss = discriminatorLoss(loss_, scores[0], scores[1]);
    d_loss_ = loss.item<double>();
    if (loss_ == GanLoss::WassersteinGp) {
      const auto critic = [this](const torch::Tensor& x) { return discriminator_.forward(x); };
      const auto penalty = gradientPenalty(critic, real, fake, share_.next());
      loss = loss + settings_.penalty * penalty;
    }
    discriminator_.backward(loss);
    discriminator_.update(ruleFor(settings_.d_rate));
    if (loss_ == GanLoss::WassersteinClip) discriminator_.clip(settings_.clip);
  }

  void updateGenerator() {
    const auto fake = generator_.forward(noise_.next());
    const auto loss = generatorLoss(loss_, discriminator_.forward(fake));
    g_loss_ = loss.item<double>();
    generator_.backward(loss);
    generator_.update(ruleFor(settings_.g_rate));
  }

  /// Its loss while it may not learn yet.
  void watchGenerator() {
    const torch::NoGradGuard no_grad;
    const auto fake = generator_.forward(noise_.next());
    g_loss_ = generatorLoss(loss_, discriminator_.forward(fake)).item<double>();
  }

  UpdateRule ruleFor(double rate) const {
    rate *= settings_.rateShare(history_.turn);
    switch (settings_.optimizer) {
      case GanOptimizer::Adam: {
        Adam rule;
        rule.learning_rate = rate;
        rule.beta1 = settings_.beta1;
        rule.beta2 = settings_.beta2;
        return rule;
      }
      case GanOptimizer::RmsProp: {
        RmsProp rule;
        rule.learning_rate = rate;
        return rule;
      }
      case GanOptimizer::Sgd:
        break;
    }
    Sgd rule;
    rule.learning_rate = rate;
    return rule;
  }

  bool isWarmingUp() const { return history_.turn < history_.warmup; }

  /// Records what this part brought, and goes on to the next one.
  void finishPart(Recorder& recorder) {
    shown_part_ = part_;
    switch (part_) {
      case TurnPart::Discriminator:
        record(recorder, "d_loss", d_loss_, history_.d_loss);
        part_ = TurnPart::Arrows;
        break;
      case TurnPart::Arrows:
        if (slow_motion_) rememberPush();
        part_ = TurnPart::Generator;
        break;
      case TurnPart::Generator:
        record(recorder, "g_loss", g_loss_, history_.g_loss);
        ++history_.turn;
        if (slow_motion_) measureMove();
        if (history_.turn % evaluate_every_ == 0) evaluate(recorder);
        part_ = TurnPart::Discriminator;
        ++steps_;
        return;
    }
    if (slow_motion_) ++steps_;
  }

  /// Where the points are before the generator's update, and which way they are pushed.
  void rememberPush() {
    const torch::NoGradGuard no_grad;
    before_ = generatedMesh(generator_);
    points_before_ = generator_.forward(evaluation_noise_.narrow(0, 0, kMeasured));
    gradients_before_ = sampleGradients(discriminator_, loss_, points_before_);
  }
  void measureMove() {
    if (!points_before_.defined()) return;
    const torch::NoGradGuard no_grad;
    history_.move =
        moveOf(points_before_, generator_.forward(evaluation_noise_.narrow(0, 0, kMeasured)),
               gradients_before_);
  }

  static void record(Recorder& recorder, const char* name, std::optional<double>& value,
                     std::optional<double>& average) {
    if (!value) return;
    recorder.add(name, *value);
    average = average ? *average + 0.01 * (*value - *average) : *value;
    value.reset();
  }

  struct TargetChoice {
    PlaneTargetKind kind;
    double sigma;
    Points drawn;
    bool operator==(const TargetChoice&) const = default;
  };
  static TargetChoice targetChoice(const Parameters& p) {
    return {p[kTarget], p[kSigma], p[kDrawn]};
  }

  void aimAt(PlaneTarget target) {
    target_ = std::move(target);
    real_.drawWith([this](std::int64_t count, at::Generator generator) {
      return target_.sample(count, generator);
    });
    evaluation_real_ = target_.sample(kEvaluated, evaluation_generator_).to(device_);
    real_projections_ = sortedProjections(evaluation_real_);
    history_.wasserstein_floor = slicedWasserstein(
        real_projections_,
        sortedProjections(target_.sample(kEvaluated, evaluation_generator_).to(device_)));
  }

  void evaluate(Recorder& recorder) {
    GanEvaluation now = evaluateGan(generator_, discriminator_, loss_, evaluation_real_,
                                    evaluation_noise_, settings_.clip);
    now.turn = history_.turn;
    {
      const torch::NoGradGuard no_grad;
      const auto generated = generator_.forward(evaluation_noise_);
      now.coverage = coverageOf(generated, target_.modes().to(device_), target_.sigma());
      now.wasserstein = slicedWasserstein(sortedProjections(generated), real_projections_);
      if (!generated_at_start_.defined()) generated_at_start_ = generated;
      now.moved = (generated - generated_at_start_).norm(2, 1).mean().item<double>();
    }
    history_.evaluations.push_back(now);
    if (now.coverage) {
      recorder.add("modes_covered", static_cast<double>(now.coverage->modes_covered));
      recorder.add("high_quality", now.coverage->high_quality);
      recorder.add("kl_to_uniform", now.coverage->kl_to_uniform);
      recorder.add("top3_share", now.coverage->top3_share);
    }
    recorder.add("wasserstein", now.wasserstein);
    recorder.add("d_real", now.d_real);
    recorder.add("d_fake", now.d_fake);
    recorder.add("sample_gradient", now.sample_gradient);
    recorder.add("d_slope", now.slope);
  }

  std::string preset_;
  torch::Device device_;
  PlaneTarget target_;
  GanNet generator_, discriminator_;
  Pool real_, noise_, share_;
  at::Generator evaluation_generator_;
  torch::Tensor evaluation_noise_;  ///< [2500, noise_dim], the same at every evaluation
  torch::Tensor evaluation_real_;   ///< [2500, 2]
  torch::Tensor real_projections_;
  torch::Tensor generated_at_start_;                ///< [2500, 2]
  torch::Tensor points_before_, gradients_before_;  ///< [500, 2], in slow motion
  std::int64_t evaluate_every_, steps_ = 0;
  GanSettings settings_;
  GanLoss loss_ = GanLoss::NonSaturating;
  GanOptimizer optimizer_ = GanOptimizer::Adam;
  bool slow_motion_ = false;
  Trained train_ = Trained::Both;
  std::optional<TargetChoice> known_target_;
  TurnPart part_ = TurnPart::Discriminator, shown_part_ = TurnPart::Generator;
  std::optional<double> d_loss_, g_loss_;
  std::vector<Point> before_;  ///< the mesh before the generator's last update, in slow motion
  GanHistory history_;
};

}  // namespace

PlaneTarget targetOf(const Parameters& p) {
  std::vector<PlanePoint> drawn;
  for (const auto& point : p[kDrawn].points) drawn.push_back({point.x, point.y});
  return {p[kTarget], p[kSigma], drawn};
}

std::unique_ptr<Experiment> makeGanPlane(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<GanPlane>(parameters, context);
}

}  // namespace viva
