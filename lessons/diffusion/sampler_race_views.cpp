// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/sampler_race_views.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lessons/diffusion/denoising.h"

namespace viva {
namespace {

constexpr std::array<std::int64_t, 4> kShownEvaluations{2, 5, 20, 200};

std::vector<Point> pointsIn(const torch::Tensor& places) {
  const auto host = places.to(torch::kCPU, torch::kDouble).contiguous().view({-1, 2});
  std::vector<Point> points;
  for (std::int64_t i = 0; i < host.size(0); ++i)
    points.push_back({host.data_ptr<double>()[2 * i], host.data_ptr<double>()[2 * i + 1]});
  return points;
}

PointsLayer racePoints(const std::string& name, const torch::Tensor& places, double size) {
  PointsLayer layer;
  layer.name = layer.id = name;
  layer.label = Word{"sampler-race.layer." + name};
  if (places.defined()) layer.points = pointsIn(places.slice(0, 0, 500));
  layer.size = size;
  return layer;
}

template <typename Value>
Curve racerCurve(const SamplerRaceState& state, std::size_t racer, Value&& value) {
  Curve curve;
  curve.id = kRacers[racer];
  for (const RaceRow& row : state.rows) {
    curve.x.push_back(static_cast<double>(row.evaluations));
    curve.y.push_back(value(row.racers[racer]));
  }
  return curve;
}

Curve acrossEvaluations(const std::string& id, double level) {
  Curve curve;
  curve.id = id;
  curve.x = {1, static_cast<double>(kEvaluations.back())};
  curve.y = {level, level};
  curve.reference = true;
  return curve;
}

}  // namespace

SeriesData raceCurves(const SamplerRaceState& state) {
  SeriesData series;
  for (std::size_t racer = 0; racer < kRacers.size(); ++racer)
    series.curves.push_back(
        racerCurve(state, racer, [](const RacerResult& result) { return result.wasserstein; }));
  series.curves.push_back(acrossEvaluations("floor", state.floor));
  return series;
}

SeriesData lengthCurves(const SamplerRaceState& state) {
  SeriesData series;
  for (std::size_t racer = 1; racer < kRacers.size(); ++racer)
    series.curves.push_back(
        racerCurve(state, racer, [](const RacerResult& result) { return result.length; }));
  series.curves.push_back(acrossEvaluations("straight", 1));
  return series;
}

TableData raceStandings(const SamplerRaceState& state) {
  TableData table;
  table.columns = {{"sampler"}};
  for (const std::int64_t evaluations : kShownEvaluations)
    table.columns.push_back({"after_" + std::to_string(evaluations), TableData::Best::Smallest});
  for (std::size_t racer = 0; racer < kRacers.size(); ++racer) {
    TableData::Row row{kRacers[racer], {Word{std::string("sampler-race.curve.") + kRacers[racer]}}};
    for (const std::int64_t evaluations : kShownEvaluations) {
      const RaceRow* found = state.at(evaluations);
      row.cells.push_back(found ? TableData::Cell(found->racers[racer].wasserstein)
                                : TableData::Cell(std::monostate{}));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

PlaneData racePicture(const torch::Tensor& real, const torch::Tensor& ends,
                      const torch::Tensor& ways) {
  PlaneData plane;
  plane.x0 = plane.y0 = -1.5;
  plane.x1 = plane.y1 = 1.5;
  plane.layers.emplace_back(racePoints("real", real, 10));
  ArrowsLayer strides;
  strides.name = strides.id = "strides";
  strides.label = Word{"sampler-race.layer.strides"};
  if (ways.defined()) {
    const std::int64_t moments = ways.size(0);
    strides.from = pointsIn(ways.narrow(0, 0, moments - 1));
    strides.to = pointsIn(ways.narrow(0, 1, moments - 1));
  }
  plane.layers.emplace_back(std::move(strides));
  plane.layers.emplace_back(racePoints("generated", ends, 5));
  return plane;
}

void checkPublishedStride(const NoisePath& path, const torch::Tensor& x, CheckSink& sink) {
  const auto points = x.to(torch::kDouble), noise = points.flip({0, 1}).tanh();
  const auto drawn = points.roll(1, 0).unsqueeze(0);
  const auto known = [&](const torch::Tensor& at, std::int64_t t) {
    return denoisedFrom(DenoisingObjective::Epsilon, noise, at, path.at(t));
  };
  for (const std::int64_t t : {std::int64_t{2}, path.steps() / 2, path.steps() - 1}) {
    const NoiseLevel &from = path.at(t), &to = path.at(t - 1);
    const double alpha = from.a * from.a / (to.a * to.a), beta = 1 - alpha;
    const double deviation = std::sqrt(beta) * to.s / from.s;
    const auto published =
        (points - beta / from.s * noise) / std::sqrt(alpha) + deviation * drawn[0];
    const SamplingPlan plan{DiffusionSampler::Ddpm, {t, t - 1}, 0};
    const auto ours = sampled(path, plan, known, points, drawn).back();
    sink.compare("ddpm-published", (ours - published).abs().max().item<double>(), 1e-8);
  }
}

void checkStraightStride(const torch::Tensor& x, CheckSink& sink) {
  const NoisePath path = NoisePath::flow(10);
  const auto points = x.to(torch::kDouble);
  const auto known = [&](const torch::Tensor& at, std::int64_t t) {
    return denoisedFrom(DenoisingObjective::Flow, at.tanh(), at, path.at(t));
  };
  const auto end = [&](DiffusionSampler sampler) {
    return sampled(path, {sampler, samplingTimes(10, 5), 0}, known, points, {}).back();
  };
  sink.compare(
      "ddim-on-flow",
      (end(DiffusionSampler::Ddim) - end(DiffusionSampler::Euler)).abs().max().item<double>(),
      1e-12);
}

}  // namespace viva
