// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/lessons.h"

namespace viva {
namespace {

const std::string kPlaneId = "diffusion-plane";
const std::string kPlaneProgram = "resources/lessons/diffusion/diffusion_plane.py";

using Mood = VerdictData::Mood;

std::int64_t coveredModes(const DiffusionHistory& h) {
  return h.last().coverage ? h.last().coverage->modes_covered : 0;
}
std::int64_t allModes(const DiffusionHistory& h) {
  return h.last().coverage ? static_cast<std::int64_t>(h.last().coverage->shares.size()) : 0;
}
double qualityOf(const std::optional<Coverage>& coverage) {
  return coverage ? coverage->high_quality : 0;
}

/// How much of its loss the net could still lose.
double excessOf(const DiffusionHistory& h) {
  const auto& now = h.last();
  return now.least && *now.least > 0 ? now.loss / *now.least - 1 : 0;
}

/// The net's own schedule may be either of the two.
double withCosine(const DiffusionHistory& h) {
  return qualityOf(h.is_linear ? h.last().other_coverage : h.last().coverage);
}
double withLinear(const DiffusionHistory& h) {
  return qualityOf(h.is_linear ? h.last().coverage : h.last().other_coverage);
}

GuidedClasses guidedAt(const DiffusionHistory& h, double weight) {
  const auto place = std::find(kGuidanceWeights.begin(), kGuidanceWeights.end(), weight);
  const auto index = static_cast<std::size_t>(place - kGuidanceWeights.begin());
  return index < h.last().guided.size() ? h.last().guided[index] : GuidedClasses{};
}

bool guidanceTrades(const DiffusionHistory& h) {
  const GuidedClasses one = guidedAt(h, 1), three = guidedAt(h, 3);
  return three.accuracy > one.accuracy && three.spread < 0.75 * one.spread &&
         three.reach > 1.5 * one.reach;
}

const Claims<DiffusionHistory> kClaims{
    {"forward-and-back", 4000,
     [](const DiffusionHistory& h) {
       return allModes(h) > 0 && coveredModes(h) == allModes(h) &&
              qualityOf(h.last().coverage) >= 0.8;
     },
     When::Until,
     [](const DiffusionHistory& h, Mood) {
       return std::string(h.last().coverage ? "" : ".distance");
     }},
    {"learned-against-exact-score", 4000,
     [](const DiffusionHistory& h) {
       return h.last().least && excessOf(h) <= 0.1 && *h.last().score_error <= 0.2;
     },
     When::Until, nullptr, [](const DiffusionHistory& h) { return h.last().least.has_value(); }},
    {"linear-against-cosine", 4000,
     [](const DiffusionHistory& h) { return withCosine(h) - withLinear(h) >= 0.03; }, When::From,
     nullptr, [](const DiffusionHistory& h) { return h.last().other_coverage.has_value(); }},
    {"ddim-is-deterministic", 2000,
     [](const DiffusionHistory& h) {
       return *h.last().ddim_redraw == 0 && *h.last().ddpm_redraw > 0.3;
     },
     When::From, nullptr,
     [](const DiffusionHistory& h) { return h.last().ddim_redraw.has_value(); }},
    {"guidance-trades-spread", 2500, guidanceTrades, When::From, nullptr,
     [](const DiffusionHistory& h) { return !h.last().guided.empty(); }},
    {"memorises-few-points", 4000,
     [](const DiffusionHistory& h) {
       return *h.last().memorised >= 0.4 && *h.last().memorised >= *h.last().memorised_fresh + 0.2;
     },
     When::From, nullptr, [](const DiffusionHistory& h) { return h.last().memorised.has_value(); }},
};

bool hasModes(const Parameters& p) {
  switch (p[kDiffusionTarget]) {
    case PlaneTargetKind::Ring:
    case PlaneTargetKind::Grid:
    case PlaneTargetKind::Drawn:
      return true;
    default:
      return false;
  }
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{{"loss", ""}, {"wasserstein", ""}};
  const auto add = [&](const std::string& name) { records.push_back({name, ""}); };
  if (hasModes(p)) add("modes_covered"), add("high_quality");
  add("probe_loss");
  if (hasModes(p) || p[kTrainingPoints] > 0) add("least_loss"), add("score_error");
  if (p[kTrainingPoints] > 0) add("memorised"), add("fresh/memorised");
  switch (p[kBeside]) {
    case DiffusionBeside::None:
      break;
    case DiffusionBeside::OtherSchedule:
      add("other/wasserstein");
      if (hasModes(p)) add("other/modes_covered"), add("other/high_quality");
      break;
    case DiffusionBeside::SameStart:
      add("ddim/redraw"), add("ddpm/redraw");
      break;
    case DiffusionBeside::Guidance:
      for (const double weight : kGuidanceWeights)
        for (const char* what : {"accuracy", "spread", "reach"})
          add(guidanceName(weight) + "/" + what);
      break;
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kSamplingSteps] > p[kTimesteps])
    return Message{"error.diffusion.too_many_strides",
                   {{"strides", p[kSamplingSteps]}, {"steps", p[kTimesteps]}}};
  if (p[kTrainingPoints] == 1) return Message{"error.diffusion.one_point", {}};
  if (p[kDiffusionTarget] == PlaneTargetKind::Drawn && p[kDiffusionDrawn].points.empty())
    return Message{"error.diffusion.nothing_drawn", {}};
  if (p[kDiffusionClasses] && !hasModes(p)) return Message{"error.diffusion.no_classes", {}};
  if (p[kBeside] == DiffusionBeside::Guidance && !p[kDiffusionClasses])
    return Message{"error.diffusion.guidance_without_classes", {}};
  if (p[kBeside] == DiffusionBeside::OtherSchedule && p[kObjective] == DenoisingObjective::Flow)
    return Message{"error.diffusion.flow_has_no_schedule", {}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      plane("plane")
          .xAxis("axis.plane_x")
          .yAxis("axis.plane_y")
          .large()
          .equalScale()
          .dragging({"drawn"}),
      bars("loss_by_time").xAxis("axis.timesteps").yAxis("axis.denoising_loss"),
      series("schedule", {}).xAxis("axis.timestep").yAxis("axis.variance"),
      series("losses", {"loss", "probe_loss"}).yAxis("axis.denoising_loss").small(),
      series("quality", {"high_quality"}).yAxis("axis.high_quality"),
      series("distance", {"wasserstein"}).yAxis("axis.sliced_wasserstein").logarithmicY(),
      series("score", {"score_error"}).yAxis("axis.score_error").small(),
      series("same_start", {}).xAxis("axis.step").yAxis("axis.redraw").small(),
      series("guided", {}).xAxis("axis.guidance").yAxis("axis.against_data").small(),
      series("copies", {}).xAxis("axis.step").yAxis("axis.memorised").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("forward-and-back")
          .lasting(4000)
          .heavy()
          .showing("plane", {"quality", "loss_by_time", "verdict"}),
      // Wider modes, so that the score is no cliff at their edge.
      preset("learned-against-exact-score")
          .with({{"sigma", "0.1"}, {"time", "1.85"}})
          .lasting(4000)
          .heavy()
          .showing("plane", {"loss_by_time", "score", "verdict"}),
      preset("linear-against-cosine")
          .with({{"beside", "other-schedule"}, {"time", "0.5"}})
          .lasting(4000)
          .heavy()
          .showing("quality", {"schedule", "plane", "verdict"}),
      preset("ddim-is-deterministic")
          .with({{"beside", "same-start"}, {"lr_steps", "2500"}})
          .lasting(2500)
          .heavy()
          .showing("same_start", {"plane", "quality", "verdict"}),
      preset("guidance-trades-spread")
          .with({{"target", "drawn"},
                 {"sigma", "0.35"},
                 {"classes", "true"},
                 {"beside", "guidance"},
                 {"objective", "velocity"},
                 {"guidance", "3"},
                 {"time", "2"},
                 {"lr_steps", "2500"}})
          .lasting(2500)
          .heavy()
          .showing("guided", {"plane", "losses", "verdict"}),
      preset("memorises-few-points")
          .with({{"target", "moons"},
                 {"training_points", "8"},
                 {"hidden", "128"},
                 {"time", "2"},
                 {"lr_steps", "5000"}})
          .lasting(5000)
          .heavy()
          .showing("plane", {"copies", "distance", "verdict"}),
  };
}

}  // namespace

Points threeClouds() { return {{{0, 0.6, 0}, {-0.52, -0.3, 1}, {0.52, -0.3, 2}}}; }

std::string guidanceName(double weight) {
  return "w" + std::to_string(static_cast<int>(std::lround(weight)));
}

VerdictData diffusionPlaneVerdict(const std::string& preset, const DiffusionHistory& h) {
  const DiffusionEvaluation& now = h.last();
  const GuidedClasses one = guidedAt(h, 1), three = guidedAt(h, 3);
  Arguments numbers{{"covered", coveredModes(h)},
                    {"modes", allModes(h)},
                    {"quality", percent(qualityOf(now.coverage))},
                    {"perfect", percent(perfectQuality())},
                    {"distance", readable(now.wasserstein)},
                    {"floor", readable(h.wasserstein_floor)},
                    {"loss", readable(now.loss)},
                    {"least", readable(now.least)},
                    {"excess", percent(excessOf(h))},
                    {"error", readable(now.score_error)},
                    {"cosine", percent(withCosine(h))},
                    {"linear", percent(withLinear(h))},
                    {"ddim", readable(now.ddim_redraw)},
                    {"ddpm", readable(now.ddpm_redraw)},
                    {"accuracy1", percent(one.accuracy)},
                    {"accuracy3", percent(three.accuracy)},
                    {"spread1", readable(one.spread)},
                    {"spread3", readable(three.spread)},
                    {"reach1", readable(one.reach)},
                    {"reach3", readable(three.reach)},
                    {"copies", percent(now.memorised.value_or(0))},
                    {"fresh", percent(now.memorised_fresh.value_or(0))}};
  VerdictData verdict = judged(kPlaneId, kClaims, preset, h.step, h, std::move(numbers));
  if (!now.coverage && verdict.sentence.key == kPlaneId + ".verdict.standing")
    verdict.sentence.key = kPlaneId + ".verdict.distance";
  return verdict;
}

const ExperimentSpec& diffusionPlane() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kPlaneId;
    made.parameters = {kDiffusionTarget,
                       kDiffusionDrawn,
                       kDiffusionSigma,
                       kTrainingPoints,
                       kDataScale,
                       kDiffusionClasses,
                       kObjective,
                       kNoiseSchedule,
                       kTimesteps,
                       kBeside,
                       kDiffusionSampler,
                       kSamplingSteps,
                       kEta,
                       kGuidance,
                       kBound,
                       kSliderTime,
                       kDiffusionHidden,
                       kDiffusionRate,
                       kDiffusionRateSteps,
                       kDiffusionBatch,
                       kLabelDrop,
                       kDiffusionEvaluateEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"score", "modules", "parts"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 4000;
    made.stops_on_divergence = true;
    made.sources = {"lessons/diffusion/diffusion_plane.cpp", "lessons/diffusion/denoising.cpp",
                    "lessons/diffusion/noise_path.cpp", "lessons/diffusion/exact_noise.cpp",
                    "lessons/diffusion/plane_denoiser.cpp"};
    made.equivalent = kPlaneProgram;
    made.make = makeDiffusionPlane;
    return made;
  }();
  return spec;
}

}  // namespace viva
