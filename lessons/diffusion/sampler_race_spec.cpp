// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/diffusion/lessons.h"
#include "lessons/diffusion/sampler_race.h"

namespace viva {
namespace {

const std::string kRaceId = "sampler-race";
const std::string kRaceProgram = "resources/lessons/diffusion/sampler_race.py";

double distanceAt(const SamplerRaceState& state, std::int64_t evaluations, SamplerRacer racer) {
  const RaceRow* row = state.at(evaluations);
  return row ? row->of(racer).wasserstein : 0;
}

/// How far the best and the last are apart.
double widthAt(const SamplerRaceState& state, std::int64_t evaluations) {
  const RaceRow* row = state.at(evaluations);
  if (!row) return 0;
  const auto [least, most] = std::minmax_element(
      row->racers.begin(), row->racers.end(),
      [](const auto& a, const auto& b) { return a.wasserstein < b.wasserstein; });
  return most->wasserstein - least->wasserstein;
}

std::optional<bool> fewAreEnoughForSome(const SamplerRaceState& state) {
  if (!state.at(200)) return std::nullopt;
  const double euler = distanceAt(state, 5, SamplerRacer::Euler),
               ddim = distanceAt(state, 5, SamplerRacer::Ddim);
  return euler < 0.85 * ddim && ddim < distanceAt(state, 5, SamplerRacer::Ddpm) &&
         widthAt(state, 200) <= 0.05;
}

std::optional<bool> fairRivalIsLevel(const SamplerRaceState& state) {
  const RaceRow* last = state.at(200);
  if (!last) return std::nullopt;
  return distanceAt(state, 5, SamplerRacer::DdimVelocity) <=
             1.25 * distanceAt(state, 5, SamplerRacer::Euler) &&
         last->of(SamplerRacer::DdimVelocity).length < last->of(SamplerRacer::Euler).length;
}

const Claims<SamplerRaceState> kClaims{
    {"few-steps", 8, fewAreEnoughForSome, When::Once, nullptr,
     [](const SamplerRaceState& state) { return state.is_published; }},
    {"is-flow-straighter", 8, fairRivalIsLevel, When::Once},
};

std::vector<RecordSpec> records(const Parameters& p) {
  const bool modes =
      p[kRaceTarget] == PlaneTargetKind::Ring || p[kRaceTarget] == PlaneTargetKind::Grid;
  std::vector<RecordSpec> records{{"evaluations", ""}};
  for (const char* net : {"diffusion/loss", "velocity/loss", "flow/loss"})
    records.push_back({net, ""});
  for (const std::string racer : kRacers) {
    records.push_back({racer + "/wasserstein", ""});
    if (modes) records.push_back({racer + "/high_quality", ""});
    records.push_back({racer + "/length", ""});
  }
  return records;
}

}  // namespace

const RaceRow* SamplerRaceState::at(std::int64_t evaluations) const {
  const auto found = std::find_if(
      rows.begin(), rows.end(), [&](const RaceRow& row) { return row.evaluations == evaluations; });
  return found == rows.end() ? nullptr : &*found;
}

VerdictData samplerRaceVerdict(const std::string& preset, const SamplerRaceState& state) {
  const RaceRow* last = state.at(200);
  Arguments numbers{
      {"euler", readable(distanceAt(state, 5, SamplerRacer::Euler))},
      {"ddim", readable(distanceAt(state, 5, SamplerRacer::Ddim))},
      {"ddpm", readable(distanceAt(state, 5, SamplerRacer::Ddpm))},
      {"velocity", readable(distanceAt(state, 5, SamplerRacer::DdimVelocity))},
      {"width", readable(widthAt(state, 200))},
      {"floor", readable(state.floor)},
      {"questions", state.rows.empty() ? 0 : state.rows.back().evaluations},
      {"flow_length", readable(last ? last->of(SamplerRacer::Euler).length : 1)},
      {"cosine_length", readable(last ? last->of(SamplerRacer::DdimVelocity).length : 1)}};
  return judged(kRaceId, kClaims, preset, static_cast<std::int64_t>(state.rows.size()), state,
                std::move(numbers));
}

const ExperimentSpec& samplerRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kRaceId;
    made.parameters = {kRaceTarget,  kRaceSigma, kRaceObjective, kRaceSchedule, kRaceHidden,
                       kRaceUpdates, kRaceRate,  kRaceBatch,     kShownRacer};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        series("race", {})
            .xAxis("axis.questions")
            .logarithmicX()
            .yAxis("axis.sliced_wasserstein")
            .logarithmicY()
            .large(),
        plane("plane").xAxis("axis.plane_x").yAxis("axis.plane_y").equalScale(),
        table("standings"),
        series("losses", {"*/loss"}).yAxis("axis.denoising_loss").small(),
        series("lengths", {}).xAxis("axis.questions").logarithmicX().yAxis("axis.way").small(),
        verdict("verdict"),
    };
    made.checks = {"modules", "ddpm-published", "ddim-on-flow"};
    made.presets = {
        preset("few-steps")
            .lasting(4008)
            .heavy()
            .showing("race", {"plane", "standings", "verdict"})
            .about({"ddpm", "ddim", "euler"}),
        preset("is-flow-straighter")
            .with({{"shown", "euler"}})
            .lasting(4008)
            .heavy()
            .showing("race", {"lengths", "plane", "verdict"})
            .about({"ddim-velocity", "euler"}),
    };
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters& p) -> std::optional<Phase> {
      return Phase{
          "three-denoisers/1",
          p[kRaceUpdates],
          {"target", "sigma", "objective", "schedule", "hidden", "updates", "lr", "batch_size"}};
    };
    made.default_steps = 4008;
    made.sources = {"lessons/diffusion/sampler_race.cpp", "lessons/diffusion/denoising.cpp",
                    "lessons/diffusion/noise_path.cpp"};
    made.equivalent = kRaceProgram;
    made.make = makeSamplerRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
