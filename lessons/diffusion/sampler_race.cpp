// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/sampler_race.h"

#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/data/mode_coverage.h"
#include "lessons/data/plane_targets.h"
#include "lessons/data/pool.h"
#include "lessons/diffusion/denoising.h"
#include "lessons/diffusion/denoising_rate.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/diffusion_streams.h"
#include "lessons/diffusion/plane_denoiser.h"
#include "lessons/diffusion/plane_probe.h"
#include "lessons/diffusion/sampler_race_views.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kRaceTimes = 200, kRaceSamples = 1500, kFollowed = 24, kSegments = 10;
constexpr std::int64_t kRaceSaved = 64;
constexpr double kRaceScale = 2;  // as in diffusion-plane: the modes stay wider than the last noise

constexpr std::array<const char*, 3> kFamilies{"diffusion", "velocity", "flow"};

/// In the order of the racers: which sampler, and from which of the nets.
struct Entry {
  DiffusionSampler sampler;
  std::int64_t net;
};
constexpr std::array<Entry, kRacers.size()> kEntries{{{DiffusionSampler::Ddpm, 0},
                                                      {DiffusionSampler::Ddim, 0},
                                                      {DiffusionSampler::Ddim, 1},
                                                      {DiffusionSampler::Euler, 2},
                                                      {DiffusionSampler::Heun, 2}}};

/// A net's way from data to noise, and what it is asked for.
struct Family {
  DenoisingObjective objective;
  NoisePath path;
};

class SamplerRace : public Experiment {
 public:
  SamplerRace(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        seed_(context.seed),
        stop_(context.stop),
        families_{
            {p[kRaceObjective], NoisePath::diffusion(p[kRaceSchedule], kRaceTimes)},
            {DenoisingObjective::Velocity, NoisePath::diffusion(NoiseSchedule::Cosine, kRaceTimes)},
            {DenoisingObjective::Flow, NoisePath::flow(kRaceTimes)}},
        levels_(levelTable({families_[0].path, families_[1].path, families_[2].path}).to(device_)),
        target_(p[kRaceTarget], p[kRaceSigma]),
        nets_({p[kRaceHidden], kRaceTimes, 0, 3}, generatorFor(seed_, kDenoiserStream), device_),
        clean_(p[kRaceBatch], generatorFor(seed_, kCleanStream), device_),
        noise_(p[kRaceBatch], generatorFor(seed_, kAddedNoiseStream), device_),
        times_(p[kRaceBatch], generatorFor(seed_, kTimeStream), device_),
        updates_(p[kRaceUpdates]) {
    clean_.drawWith([this](std::int64_t count, at::Generator random) {
      return kRaceScale * target_.sample(count, random);
    });
    noise_.drawWith([](std::int64_t count, at::Generator random) {
      return torch::randn({count, 2}, random);
    });
    times_.drawWith([](std::int64_t count, at::Generator random) {
      return torch::randint(1, kRaceTimes + 1, {count}, random, torch::TensorOptions(torch::kLong));
    });
    const auto random = generatorFor(seed_, kStartStream);
    const auto real = target_.sample(kRaceSamples, random);
    real_ = real.to(device_);
    start_ = torch::randn({kRaceSamples, 2}, random).to(device_);
    real_projections_ = sortedProjections(real_);
    for (int pair = 0; pair < 5; ++pair)
      state_.floor = std::max(
          state_.floor,
          slicedWasserstein(real_projections_,
                            sortedProjections(target_.sample(kRaceSamples, random).to(device_))));
    state_.has_modes = target_.modes().size(0) > 0;
    state_.is_published = p[kRaceObjective] == DenoisingObjective::Epsilon &&
                          p[kRaceSchedule] == NoiseSchedule::Linear;
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kRaceRate];
    shown_ = p[kShownRacer];
  }

  void keep(WeightSink& sink) const override {
    sink.add(namedArray("race.weights", nets_.weights().flat()));
  }
  void resume(const std::vector<NamedArray>& kept) override {
    const torch::NoGradGuard no_grad;
    auto weights = torch::empty_like(nets_.weights().flat(), torch::kCPU);
    copyInto(weights, kept, "race.weights");
    auto flat = nets_.weights().flat();
    flat.copy_(weights);
    done_ = updates_;
  }

  /// The nets learn first; then a step is the next number of evaluations, for all from one noise.
  bool step(Recorder& recorder) override {
    if (done_ < updates_) {
      learn(recorder);
      return true;
    }
    state_.rows.push_back(raced(kEvaluations[state_.rows.size()], recorder));
    return state_.rows.size() < kEvaluations.size();
  }

  /// One evaluation each, before anything is learned.
  void initial(Recorder& recorder) override {
    raced(1, recorder);
    ends_.fill({}), ways_.fill({});  // no picture of nets that know nothing
  }

  void snapshot(Frame& frame) const override {
    const auto shown = static_cast<std::size_t>(shown_);
    frame.at<SeriesData>("race") = raceCurves(state_);
    frame.at<SeriesData>("lengths") = lengthCurves(state_);
    frame.at<PlaneData>("plane") = racePicture(real_, ends_[shown], ways_[shown]);
    frame.at<TableData>("standings") = raceStandings(state_);
    frame.at<VerdictData>("verdict") = samplerRaceVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < kFamilies.size(); ++i)
      nets_.weights().save(sink, std::string(kFamilies[i]) + ".", static_cast<std::int64_t>(i));
    const std::int64_t evaluations = state_.rows.empty() ? 1 : state_.rows.back().evaluations;
    sink.add(namedArray("sample.start", start_.narrow(0, 0, kRaceSaved)));
    sink.add(namedArray("sample.noises", noises(evaluations).narrow(1, 0, kRaceSaved)));
    for (std::size_t i = 0; i < kRacers.size(); ++i)
      sink.add(namedArray(std::string("sample.") + kRacers[i],
                          samplesOf(static_cast<SamplerRacer>(i), evaluations, kRaceSaved).back()));
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    checkDenoiser(nets_, start_.narrow(0, 0, 64), sink);
    checkPublishedStride(families_[0].path, start_.narrow(0, 0, 64), sink);
    checkStraightStride(start_.narrow(0, 0, 64), sink);
  }

 private:
  /// All three from the same points, noise and times.
  void learn(Recorder& recorder) {
    const auto clean = clean_.next(), noise = noise_.next(), times = times_.next();
    const auto level = levels_.index_select(1, times);  // [nets, batch, 4]
    const auto part = [&](std::int64_t which) { return level.narrow(2, which, 1); };
    std::vector<torch::Tensor> wanted;
    for (std::size_t i = 0; i < families_.size(); ++i)
      wanted.push_back(
          objectiveTarget(families_[i].objective, clean, noise, part(2)[i], part(3)[i]));
    const auto answers = nets_.forward(part(0) * clean + part(1) * noise, times);
    const auto losses = (answers - torch::stack(wanted)).square().mean({1, 2});  // [nets]
    nets_.weights().differentiate(losses);
    nets_.weights().update(Adam{denoisingRate(rate_, done_, updates_)});
    ++done_;
    const auto numbers = numbersOf(losses);
    for (std::size_t i = 0; i < kFamilies.size(); ++i)
      recorder.add(std::string(kFamilies[i]) + "/loss", numbers[i]);
  }

  RaceRow raced(std::int64_t evaluations, Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    RaceRow now;
    now.evaluations = evaluations;
    recorder.add("evaluations", static_cast<double>(evaluations));
    for (std::size_t i = 0; i < kRacers.size(); ++i) {
      const auto states = samplesOf(static_cast<SamplerRacer>(i), now.evaluations, kRaceSamples);
      now.racers[i] = measured(states);
      ends_[i] = states.back() / kRaceScale;
      ways_[i] = followed(states);
      recorder.add(std::string(kRacers[i]) + "/wasserstein", now.racers[i].wasserstein);
      if (state_.has_modes)
        recorder.add(std::string(kRacers[i]) + "/high_quality", now.racers[i].high_quality);
      recorder.add(std::string(kRacers[i]) + "/length", now.racers[i].length);
    }
    return now;
  }

  torch::Tensor noises(std::int64_t strides) const {
    return torch::randn({strides, kRaceSamples, 2}, generatorFor(seed_, kSamplerStream))
        .to(device_);
  }

  /// All states of the first `count` particles.
  std::vector<torch::Tensor> samplesOf(SamplerRacer racer, std::int64_t evaluations,
                                       std::int64_t count) const {
    const Entry& entry = kEntries[static_cast<std::size_t>(racer)];
    const Family& family = families_[static_cast<std::size_t>(entry.net)];
    const SamplingPlan plan{entry.sampler,
                            samplingTimes(kRaceTimes, stridesFor(entry.sampler, evaluations)), 0};
    const auto denoise = [&](const torch::Tensor& x, std::int64_t t) {
      return denoisedFrom(family.objective, nets_.answer(x, t, {}, entry.net), x, family.path.at(t),
                          kPlaneBound * kRaceScale);
    };
    const auto added =
        isStochastic(plan) ? noises(stridesOf(plan)).narrow(1, 0, count) : torch::Tensor();
    return sampled(family.path, plan, denoise, start_.narrow(0, 0, count), added, stop_);
  }

  RacerResult measured(const std::vector<torch::Tensor>& states) const {
    RacerResult result;
    const auto end = states.back() / kRaceScale;
    result.wasserstein = slicedWasserstein(sortedProjections(end), real_projections_);
    if (const auto coverage = coverageOf(end, target_.modes(), target_.sigma()))
      result.high_quality = coverage->high_quality;
    auto way = torch::zeros({kRaceSamples}, end.options());
    for (std::size_t i = 1; i < states.size(); ++i)
      way = way + (states[i] - states[i - 1]).norm(2, 1);
    result.length =
        (way.mean() / (states.back() - states.front()).norm(2, 1).mean()).item<double>();
    return result;
  }

  /// A few particles on their way: [moments, particles, 2] in the plane.
  static torch::Tensor followed(const std::vector<torch::Tensor>& states) {
    const std::size_t last = states.size() - 1;
    const std::size_t segments = std::min<std::size_t>(last, kSegments);
    std::vector<torch::Tensor> moments;
    for (std::size_t i = 0; i <= segments; ++i)
      moments.push_back(states[i * last / segments].narrow(0, 0, kFollowed) / kRaceScale);
    return torch::stack(moments);
  }

  std::string preset_;
  torch::Device device_;
  std::uint64_t seed_;
  std::stop_token stop_;
  std::vector<Family> families_;
  torch::Tensor levels_;  ///< [nets, T + 1, 4]
  PlaneTarget target_;
  PlaneDenoiser nets_;
  Pool clean_, noise_, times_;
  torch::Tensor real_, start_;  ///< [1500, 2]; real points in the plane, starts scaled
  torch::Tensor real_projections_;
  double rate_ = 0;
  std::int64_t updates_, done_ = 0;
  std::array<torch::Tensor, kRacers.size()> ends_, ways_;
  SamplerRacer shown_ = SamplerRacer::Euler;
  SamplerRaceState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeSamplerRace(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<SamplerRace>(parameters, context);
}

}  // namespace viva
