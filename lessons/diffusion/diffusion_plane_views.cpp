// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/diffusion_plane_views.h"

#include <torch/types.h>

#include <algorithm>
#include <string>
#include <utility>

#include "lessons/core/level_curve.h"
#include "lessons/diffusion/denoising.h"
#include "lessons/nn/plane_map.h"

namespace viva {
namespace {

constexpr double kShownEdge = 1.5, kLongestNoise = 2.2;
constexpr std::int64_t kFieldCells = 48, kArrowCells = 11;

PointsLayer cloud(const std::string& name, const torch::Tensor& points, double scale, double size) {
  PointsLayer layer;
  layer.name = layer.id = name;
  layer.label = Word{"diffusion-plane.layer." + name};
  layer.points = finitePoints(points.narrow(1, 0, 2) / scale);
  layer.size = size;
  return layer;
}

/// What `noise` [n, 2] at `places` [n, 2] would take away, as arrows.
ArrowsLayer arrowsFor(const std::string& name, const torch::Tensor& places,
                      const torch::Tensor& noise) {
  const auto length = noise.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);
  const auto drawn = noise / length * length.clamp_max(kLongestNoise) * kNoiseArrow;
  ArrowsLayer arrows;
  arrows.name = arrows.id = name;
  arrows.label = Word{"diffusion-plane.layer." + name};
  if (!drawn.isfinite().all().item<bool>()) return arrows;
  arrows.from = finitePoints(places);
  arrows.to = finitePoints(places - drawn);
  return arrows;
}

/// One value an evaluation, where it was measured.
template <typename Value>
void addHistory(SeriesData& series, const std::string& id, const DiffusionHistory& history,
                Value&& value) {
  Curve curve;
  curve.id = id;
  for (const DiffusionEvaluation& at : history.evaluations) {
    const std::optional<double> found = value(at);
    if (!found) return;
    curve.x.push_back(static_cast<double>(at.step));
    curve.y.push_back(*found);
  }
  series.curves.push_back(std::move(curve));
}

/// The second net's, named by its own schedule.
template <typename Value>
void addOther(SeriesData& series, const DiffusionHistory& history, Value&& value) {
  addHistory(series, "other", history, value);
  if (!series.curves.empty())
    series.curves.back().label = Word{history.is_linear ? "diffusion-plane.curve.other_cosine"
                                                        : "diffusion-plane.curve.other_linear"};
}

}  // namespace

PlaneData diffusionPicture(const DiffusionPicture& picture) {
  const double scale = picture.target.scale();
  const std::int64_t time = std::max<std::int64_t>(1, picture.time);
  const NoiseLevel& level = picture.path.at(time);
  const auto mixture = picture.target.mixture();
  const auto learned = [&](const torch::Tensor& places) {
    const auto x = scale * places;
    return denoisedFrom(picture.objective, picture.net.answer(x, time), x, level).noise;
  };
  const auto grid = [&](std::int64_t cells) {
    return PlaneGrid{-kShownEdge, kShownEdge, -kShownEdge, kShownEdge, cells, cells};
  };
  const auto options = picture.real.options();

  PlaneData plane;
  plane.x0 = plane.y0 = -kShownEdge;
  plane.x1 = plane.y1 = kShownEdge;
  const auto fine = grid(kFieldCells), coarse = grid(kArrowCells);
  const auto places = fine.centres(options), feet = coarse.centres(options);
  auto heights = learned(places);
  if (mixture) heights = heights - exactParts(*mixture, level, scale * places).noise;
  FieldLayer field = fine.field(mixture ? "error" : "noise", heights.norm(2, 1));
  field.minimum = 0;
  field.maximum = mixture ? 1 : 3;
  plane.layers.emplace_back(std::move(field));
  plane.layers.emplace_back(cloud("real", picture.real, scale, 10));
  if (mixture)
    plane.layers.emplace_back(
        arrowsFor("exact", feet, exactParts(*mixture, level, scale * feet).noise));
  plane.layers.emplace_back(arrowsFor("learned", feet, learned(feet)));
  plane.layers.emplace_back(cloud("generated", picture.generated, scale, 5));
  plane.layers.emplace_back(cloud("particles", picture.particles, scale, 5));
  return plane;
}

BarsData lossByTime(const DiffusionEvaluation& evaluation) {
  BarsData bars;
  BarsData::Group group;
  group.id = "loss";
  group.label = Word{"record.loss"};
  Curve least;
  least.id = "least";
  least.reference = true;
  for (const TimeBin& bin : evaluation.bins) {
    bars.categories.emplace_back(bin.from == bin.to
                                     ? std::to_string(bin.from)
                                     : std::to_string(bin.from) + "–" + std::to_string(bin.to));
    group.values.push_back(bin.loss);
    if (!bin.least) continue;
    least.x.push_back(static_cast<double>(least.x.size()));
    least.y.push_back(*bin.least);
  }
  bars.groups.push_back(std::move(group));
  if (!least.x.empty()) bars.overlays.push_back(std::move(least));
  return bars;
}

SeriesData scheduleCurves(const NoisePath& path, const NoisePath* other) {
  SeriesData series;
  const auto add = [&](const NoisePath& of, bool reference) {
    Curve signal, noise;
    signal.id = reference ? "other_signal" : "signal";
    noise.id = reference ? "other_noise" : "noise";
    signal.reference = noise.reference = reference;
    for (std::int64_t t = 0; t <= of.steps(); ++t) {
      const NoiseLevel& level = of.at(t);
      for (auto [curve, share] : {std::pair{&signal, level.a}, {&noise, level.s}}) {
        curve->x.push_back(static_cast<double>(t));
        curve->y.push_back(share * share);
      }
    }
    series.curves.push_back(std::move(signal));
    series.curves.push_back(std::move(noise));
  };
  add(path, false);
  if (other) add(*other, true);
  return series;
}

SeriesData leastLoss(const DiffusionHistory& history) {
  if (!history.last().least) return {};
  return {{levelCurve("least", *history.last().least, history.step)}};
}

SeriesData distanceCurves(const DiffusionHistory& history) {
  SeriesData series;
  addOther(series, history, [](const DiffusionEvaluation& at) { return at.other_wasserstein; });
  series.curves.push_back(levelCurve("floor", history.wasserstein_floor, history.step));
  return series;
}

SeriesData qualityCurves(const DiffusionHistory& history) {
  SeriesData series;
  if (!history.last().coverage) return series;
  addOther(series, history, [](const DiffusionEvaluation& at) {
    return at.other_coverage ? std::optional(at.other_coverage->high_quality) : std::nullopt;
  });
  series.curves.push_back(levelCurve("perfect", perfectQuality(), history.step));
  return series;
}

SeriesData redrawCurves(const DiffusionHistory& history) {
  SeriesData series;
  addHistory(series, "ddim", history, [](const DiffusionEvaluation& at) { return at.ddim_redraw; });
  addHistory(series, "ddpm", history, [](const DiffusionEvaluation& at) { return at.ddpm_redraw; });
  series.curves.push_back(levelCurve("independent", history.independent, history.step));
  return series;
}

SeriesData copyCurves(const DiffusionHistory& history) {
  SeriesData series;
  addHistory(series, "memorised", history,
             [](const DiffusionEvaluation& at) { return at.memorised; });
  addHistory(series, "fresh", history,
             [](const DiffusionEvaluation& at) { return at.memorised_fresh; });
  series.curves.push_back(levelCurve("strewn", 1.0 / 9, history.step));
  return series;
}

SeriesData guidedCurves(const DiffusionEvaluation& evaluation) {
  SeriesData series;
  Curve accuracy, spread, reach, data;
  accuracy.id = "accuracy";
  spread.id = "spread";
  reach.id = "reach";
  data.id = "data";
  data.reference = true;
  data.x = {kGuidanceWeights.front(), kGuidanceWeights.back()};
  data.y = {1, 1};
  for (std::size_t i = 0; i < evaluation.guided.size(); ++i) {
    const GuidedClasses& at = evaluation.guided[i];
    for (auto [curve, value] :
         {std::pair{&accuracy, at.accuracy}, {&spread, at.spread}, {&reach, at.reach}}) {
      curve->x.push_back(kGuidanceWeights[i]);
      curve->y.push_back(value);
    }
  }
  if (!evaluation.guided.empty()) series.curves = {accuracy, spread, reach};
  series.curves.push_back(data);
  return series;
}

void recordEvaluation(const DiffusionEvaluation& now, Recorder& recorder) {
  const auto add = [&](const std::string& name, const std::optional<double>& value) {
    if (value) recorder.add(name, *value);
  };
  const auto coverage = [&](const std::string& before, const std::optional<Coverage>& found) {
    if (!found) return;
    recorder.add(before + "modes_covered", static_cast<double>(found->modes_covered));
    recorder.add(before + "high_quality", found->high_quality);
  };
  recorder.add("wasserstein", now.wasserstein);
  coverage("", now.coverage);
  recorder.add("probe_loss", now.loss);
  add("least_loss", now.least);
  add("score_error", now.score_error);
  add("memorised", now.memorised);
  add("fresh/memorised", now.memorised_fresh);
  add("other/wasserstein", now.other_wasserstein);
  coverage("other/", now.other_coverage);
  add("ddim/redraw", now.ddim_redraw);
  add("ddpm/redraw", now.ddpm_redraw);
  for (std::size_t i = 0; i < now.guided.size(); ++i) {
    const std::string weight = guidanceName(kGuidanceWeights[i]);
    recorder.add(weight + "/accuracy", now.guided[i].accuracy);
    recorder.add(weight + "/spread", now.guided[i].spread);
    recorder.add(weight + "/reach", now.guided[i].reach);
  }
}

}  // namespace viva
