// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/diffusion_plane.h"

#include <torch/utils.h>

#include <cmath>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/data/pool.h"
#include "lessons/diffusion/denoising.h"
#include "lessons/diffusion/denoising_rate.h"
#include "lessons/diffusion/diffusion_plane_views.h"
#include "lessons/diffusion/diffusion_streams.h"
#include "lessons/diffusion/labelled_target.h"
#include "lessons/diffusion/plane_denoiser.h"
#include "lessons/diffusion/plane_probe.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kPlaneJudged = 2500, kPlaneShown = 400, kRedrawn = 500, kPlaneSaved = 256;

NoiseSchedule otherThan(NoiseSchedule schedule) {
  return schedule == NoiseSchedule::Linear ? NoiseSchedule::Cosine : NoiseSchedule::Linear;
}

std::vector<NoisePath> pathsOf(const Parameters& p) {
  std::vector<NoisePath> paths{NoisePath::of(p[kObjective], p[kNoiseSchedule], p[kTimesteps])};
  if (p[kBeside] == DiffusionBeside::OtherSchedule)
    paths.push_back(NoisePath::of(p[kObjective], otherThan(p[kNoiseSchedule]), p[kTimesteps]));
  return paths;
}

class DiffusionPlane : public Experiment {
 public:
  DiffusionPlane(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        seed_(context.seed),
        stop_(context.stop),
        objective_(p[kObjective]),
        beside_(p[kBeside]),
        paths_(pathsOf(p)),
        levels_(levelTable(paths_).to(device_)),
        target_(p, generatorFor(seed_, kTrainingSetStream)),
        net_({p[kDiffusionHidden], p[kTimesteps], target_.classes(),
              static_cast<std::int64_t>(paths_.size())},
             generatorFor(seed_, kDenoiserStream), device_),
        clean_(p[kDiffusionBatch], generatorFor(seed_, kCleanStream), device_),
        noise_(p[kDiffusionBatch], generatorFor(seed_, kAddedNoiseStream), device_),
        times_(p[kDiffusionBatch], generatorFor(seed_, kTimeStream), device_),
        kept_labels_(p[kDiffusionBatch], generatorFor(seed_, kLabelDropStream), device_),
        evaluate_every_(p[kDiffusionEvaluateEvery]) {
    clean_.drawWith([this](std::int64_t count, at::Generator random) {
      return target_.training(count, random);
    });
    noise_.drawWith([](std::int64_t count, at::Generator random) {
      return torch::randn({count, 2}, random);
    });
    times_.drawWith([steps = p[kTimesteps]](std::int64_t count, at::Generator random) {
      return torch::randint(1, steps + 1, {count}, random, torch::TensorOptions(torch::kLong));
    });
    kept_labels_.drawWith([drop = p[kLabelDrop]](std::int64_t count, at::Generator random) {
      return (torch::rand({count, 1}, random) >= drop).to(torch::kFloat);
    });
    drawForEvaluations();
    history_.is_linear = p[kNoiseSchedule] == NoiseSchedule::Linear;
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kDiffusionRate];
    rate_steps_ = p[kDiffusionRateSteps];
    plan_ = {p[kDiffusionSampler], samplingTimes(paths_[0].steps(), p[kSamplingSteps]), p[kEta]};
    bound_ = p[kBound] ? kPlaneBound * target_.scale() : 0;
    guidance_ = p[kGuidance];
    slider_ = p[kSliderTime];
    if (!noises_.defined() || noises_.size(0) != stridesOf(plan_))
      noises_ = addedNoises(kSamplerStream, stridesOf(plan_), kPlaneJudged);
  }

  /// Noise is mixed into data, and the net is asked for what was mixed in.
  bool step(Recorder& recorder) override {
    const auto drawn = clean_.next();  // [batch, 2 + classes]
    const auto clean = drawn.narrow(1, 0, 2);
    const auto noise = noise_.next();
    const auto times = times_.next();
    const auto level = levels_.index_select(1, times);  // [copies, batch, 4]
    const auto a = level.narrow(2, 0, 1), s = level.narrow(2, 1, 1);
    const auto noisy = a * clean + s * noise;  // [copies, batch, 2]
    const auto wanted =
        objectiveTarget(objective_, clean, noise, level.narrow(2, 2, 1), level.narrow(2, 3, 1));

    auto classes = labelsOf(drawn);
    if (classes.defined()) classes = classes * kept_labels_.next();  // it learns to do without, too
    const auto answers = net_.forward(noisy, times, classes);
    const auto losses = (answers - wanted).square().mean({1, 2});  // [copies]
    net_.weights().differentiate(losses);
    net_.weights().update(Adam{denoisingRate(rate_, history_.step, rate_steps_)});

    ++history_.step;
    recorder.add("loss", losses[0].item<double>());
    if (history_.step % evaluate_every_ == 0) evaluate(recorder);
    return true;
  }

  void initial(Recorder& recorder) override { evaluate(recorder); }

  void snapshot(Frame& frame) const override {
    const torch::NoGradGuard no_grad;
    const auto shown = [](const torch::Tensor& all) { return all.narrow(0, 0, kPlaneShown); };
    // The particles end where they began as data: their own noise is the sampler's start.
    const auto& path = paths_[0];
    const auto data = shown(real_).narrow(1, 0, 2), noise = shown(starts_).narrow(1, 0, 2);
    const auto noisy = [&](std::int64_t t) { return path.at(t).a * data + path.at(t).s * noise; };
    const auto back = sampled(path, plan_, denoiser(0, labelsOf(shown(real_)), guidance_),
                              noisy(path.steps()), noises_.narrow(1, 0, kPlaneShown), stop_);
    DiffusionPicture picture{net_, path, objective_, target_, shown(real_), back.back(), data};
    if (slider_ <= 1) {
      picture.time = std::llround(slider_ * static_cast<double>(path.steps()));
      picture.particles = noisy(picture.time);
    } else {
      const auto stride = std::llround((slider_ - 1) * static_cast<double>(stridesOf(plan_)));
      picture.time = plan_.times[static_cast<std::size_t>(stride)];
      picture.particles = back[static_cast<std::size_t>(stride)];
    }
    frame.at<PlaneData>("plane") = diffusionPicture(picture);
    frame.at<BarsData>("loss_by_time") = lossByTime(history_.last());
    frame.at<SeriesData>("schedule") =
        scheduleCurves(path, paths_.size() > 1 ? &paths_[1] : nullptr);
    frame.at<SeriesData>("losses") = leastLoss(history_);
    frame.at<SeriesData>("distance") = distanceCurves(history_);
    frame.at<SeriesData>("quality") = qualityCurves(history_);
    frame.at<SeriesData>("same_start") = redrawCurves(history_);
    frame.at<SeriesData>("copies") = copyCurves(history_);
    frame.at<SeriesData>("guided") = guidedCurves(history_.last());
    frame.at<VerdictData>("verdict") = diffusionPlaneVerdict(preset_, history_);
  }

  /// With what is needed to draw the same samples again: start, added noise, classes, end.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    net_.weights().save(sink, "net.");
    if (net_.shape().copies > 1) net_.weights().save(sink, "other.", 1);
    const auto start = starts_.narrow(0, 0, kPlaneSaved);
    const auto points = start.narrow(1, 0, 2), noises = noises_.narrow(1, 0, kPlaneSaved);
    sink.add(namedArray("T", torch::full({1}, paths_[0].steps(), torch::kFloat)));
    sink.add(namedArray("sample.start", points));
    sink.add(namedArray("sample.noises", noises));
    if (target_.classes() > 0) sink.add(namedArray("sample.classes", labelsOf(start)));
    const auto states =
        sampled(paths_[0], plan_, denoiser(0, labelsOf(start), guidance_), points, noises, stop_);
    sink.add(namedArray("sample.end", states.back()));
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    checkScore(target_, paths_[0], starts_.narrow(0, 0, 64).narrow(1, 0, 2), sink);
    checkDenoiser(net_, starts_.narrow(0, 0, 64).narrow(1, 0, 2), sink);
    checkParts(objective_, paths_[0], starts_.narrow(0, 0, 64).narrow(1, 0, 2), sink);
  }

 private:
  /// One-hot [n, classes]; undefined without classes.
  torch::Tensor labelsOf(const torch::Tensor& drawn) const {
    return target_.classes() == 0 ? torch::Tensor() : drawn.narrow(1, 2, target_.classes());
  }

  Denoise denoiser(std::int64_t copy, torch::Tensor classes, double weight) const {
    return [this, copy, classes, weight](const torch::Tensor& x, std::int64_t t) {
      auto answer = net_.answer(x, t, classes, copy);
      if (classes.defined() && weight != 1)
        answer = guided(answer, net_.answer(x, t, {}, copy), weight);
      return denoisedFrom(objective_, answer, x, paths_[copy].at(t), bound_);
    };
  }

  torch::Tensor addedNoises(std::uint64_t stream, std::int64_t strides, std::int64_t count) const {
    return torch::randn({strides, count, 2}, generatorFor(seed_, stream)).to(device_);
  }

  /// The same starts and the same real points at every evaluation.
  void drawForEvaluations() {
    const auto random = generatorFor(seed_, kStartStream);
    const auto fresh = target_.fresh(kPlaneJudged, random);
    real_ = fresh.to(device_);
    const auto labels = fresh.narrow(1, 2, target_.classes());
    starts_ = torch::cat({torch::randn({kPlaneJudged, 2}, random), labels}, 1).to(device_);
    real_projections_ = sortedProjections(inThePlane(real_));
    history_.wasserstein_floor = slicedWasserstein(
        real_projections_, sortedProjections(inThePlane(target_.fresh(kPlaneJudged, random))));
    const auto in_plane = inThePlane(real_);
    history_.independent = (in_plane - in_plane.roll(1, 0)).norm(2, 1).mean().item<double>();
    if (target_.trainingPoints().size(0) > 0)
      memorised_fresh_ = memorisedShare(in_plane, target_.trainingPoints());
    probe_ = drawProbe(target_, paths_[0], objective_, generatorFor(seed_, kProbeStream), device_);
  }
  torch::Tensor inThePlane(const torch::Tensor& drawn) const {
    return drawn.narrow(1, 0, 2) / target_.scale();
  }

  /// From all starts: [2500, 2] in the plane.
  torch::Tensor samplesOf(std::int64_t copy) const {
    const auto states = sampled(paths_[copy], plan_, denoiser(copy, labelsOf(starts_), guidance_),
                                starts_.narrow(1, 0, 2), noises_, stop_);
    return states.back() / target_.scale();
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    DiffusionEvaluation now;
    now.step = history_.step;
    const auto samples = samplesOf(0);
    const auto coverage = [&](const torch::Tensor& points) {
      return coverageOf(points, target_.modes(), target_.sigma());
    };
    now.coverage = coverage(samples);
    now.wasserstein = slicedWasserstein(sortedProjections(samples), real_projections_);
    probeNet(net_, objective_, probe_, now);
    if (target_.trainingPoints().size(0) > 0) {
      now.memorised = memorisedShare(samples, target_.trainingPoints());
      now.memorised_fresh = memorised_fresh_;
    }
    if (beside_ == DiffusionBeside::OtherSchedule) {
      const auto others = samplesOf(1);
      now.other_coverage = coverage(others);
      now.other_wasserstein = slicedWasserstein(sortedProjections(others), real_projections_);
    }
    if (beside_ == DiffusionBeside::SameStart) {
      now.ddim_redraw = redrawDistance(DiffusionSampler::Ddim);
      now.ddpm_redraw = redrawDistance(DiffusionSampler::Ddpm);
    }
    if (beside_ == DiffusionBeside::Guidance)
      for (const double weight : kGuidanceWeights) now.guided.push_back(guidedBy(weight));
    history_.evaluations.push_back(now);
    recordEvaluation(now, recorder);
  }

  /// How far two draws from the same starts end from each other.
  double redrawDistance(DiffusionSampler sampler) const {
    const SamplingPlan plan{sampler, plan_.times, 0};
    const auto start = starts_.narrow(0, 0, kRedrawn);
    const auto end = [&](std::uint64_t stream) {
      const auto states =
          sampled(paths_[0], plan, denoiser(0, labelsOf(start), guidance_), start.narrow(1, 0, 2),
                  addedNoises(stream, stridesOf(plan), kRedrawn), stop_);
      return states.back() / target_.scale();
    };
    return (end(kSamplerStream) - end(kSecondSamplerStream)).norm(2, 1).mean().item<double>();
  }

  GuidedClasses guidedBy(double weight) const {
    const auto start = starts_.narrow(0, 0, kRedrawn * 2);
    const auto states = sampled(paths_[0], plan_, denoiser(0, labelsOf(start), weight),
                                start.narrow(1, 0, 2), noises_.narrow(1, 0, kRedrawn * 2), stop_);
    return target_.compare(states.back(), labelsOf(start), real_);
  }

  std::string preset_;
  torch::Device device_;
  std::uint64_t seed_;
  std::stop_token stop_;
  DenoisingObjective objective_;
  DiffusionBeside beside_;
  std::vector<NoisePath> paths_;  ///< one a copy of the net
  torch::Tensor levels_;          ///< [copies, T + 1, 4]: a, s, da, ds
  LabelledTarget target_;
  PlaneDenoiser net_;
  Pool clean_, noise_, times_, kept_labels_;
  torch::Tensor real_, starts_;  ///< [2500, 2 + classes]
  torch::Tensor real_projections_;
  torch::Tensor noises_;        ///< [strides, 2500, 2]
  double memorised_fresh_ = 0;  ///< of the real points: what copies are compared with
  PlaneProbe probe_;
  std::int64_t evaluate_every_;
  SamplingPlan plan_;
  double rate_ = 0, bound_ = 0, guidance_ = 1, slider_ = 0;
  std::int64_t rate_steps_ = 1;
  DiffusionHistory history_;
};

}  // namespace

std::unique_ptr<Experiment> makeDiffusionPlane(const Parameters& parameters,
                                               const RunContext& context) {
  return std::make_unique<DiffusionPlane>(parameters, context);
}

}  // namespace viva
