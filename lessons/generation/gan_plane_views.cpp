// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_plane_views.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/level_curve.h"
#include "lessons/nn/plane_map.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kEdge = 1.5;  // of what is shown
constexpr std::int64_t kScoreCells = 60, kPoints = 500, kArrows = 50;
constexpr int kMeshLines = 15;

FieldLayer fieldOf(const GanPicture& picture) {
  const PlaneGrid grid{-kEdge, kEdge, -kEdge, kEdge, kScoreCells, kScoreCells};
  const auto scores = picture.discriminator.forward(grid.centres(picture.real.options()));
  const double middle = isWasserstein(picture.loss) ? scores.median().item<double>() : 0;
  FieldLayer field = grid.field("discriminator", opinionOf(picture.loss, scores, middle));
  field.diverging = true;
  if (!isWasserstein(picture.loss)) field.minimum = -1, field.maximum = 1;
  field.contours = 1;
  return field;
}

PointsLayer layerOf(const std::string& name, const torch::Tensor& places, double size) {
  PointsLayer layer;
  layer.name = layer.id = name;
  layer.label = Word{"gan-plane.layer." + name};
  layer.points = finitePoints(places);
  layer.size = size;
  return layer;
}

ArrowsLayer arrowsOf(const GanPicture& picture, const torch::Tensor& generated) {
  const auto samples = generated.narrow(0, 0, std::min(kArrows, generated.size(0)));
  const auto gradients = sampleGradients(picture.discriminator, picture.loss, samples);
  const auto lengths = gradients.norm(2, 1, /*keepdim=*/true).clamp_min(1e-30);
  const auto drawn = (lengths * kArrowScale).clamp_max(kLongestArrow);
  ArrowsLayer arrows;
  arrows.name = arrows.id = "push";
  arrows.label = Word{"gan-plane.layer.push"};
  const auto ends = samples - gradients / lengths * drawn;
  if (ends.isfinite().all().item<bool>()) {
    arrows.from = finitePoints(samples);
    arrows.to = finitePoints(ends);
  }
  return arrows;
}

MeshLayer meshLayer(const std::string& name, std::vector<Point> nodes) {
  MeshLayer mesh;
  mesh.name = name;
  mesh.columns = kMeshLines;
  mesh.rows = static_cast<int>(nodes.size()) / kMeshLines;
  mesh.nodes = std::move(nodes);
  return mesh;
}

}  // namespace

torch::Tensor sampleGradients(const GanNet& discriminator, GanLoss loss,
                              const torch::Tensor& samples) {
  const torch::AutoGradMode recording(true);
  const auto x = samples.detach().requires_grad_();
  // The loss is a mean over the samples; times their number, it is the sum of each one's own.
  const auto sum = generatorLoss(loss, discriminator.forward(x)) * samples.size(0);
  return torch::autograd::grad({sum}, {x})[0];
}

GanEvaluation evaluateGan(const GanNet& generator, const GanNet& discriminator, GanLoss loss,
                          const torch::Tensor& real, const torch::Tensor& noise, double clip) {
  constexpr std::int64_t kSamples = 500;
  const torch::NoGradGuard no_grad;
  const auto generated = generator.forward(noise.narrow(0, 0, kSamples));
  const auto outputs = [&](const torch::Tensor& samples) {
    const auto scores = discriminator.forward(samples);
    const bool probability = loss == GanLoss::Minimax || loss == GanLoss::NonSaturating;
    return (probability ? scores.sigmoid() : scores).mean().item<double>();
  };
  const auto gradient = [&](GanLoss of) {
    return sampleGradients(discriminator, of, generated).norm(2, 1).mean().item<double>();
  };
  const auto slopes = [&] {
    const torch::AutoGradMode recording(true);
    const auto x = torch::cat({real.narrow(0, 0, kSamples), generated}).requires_grad_();
    return torch::autograd::grad({discriminator.forward(x).sum()}, {x})[0].norm(2, 1);
  }();
  GanEvaluation evaluation;
  evaluation.slope = slopes.mean().item<double>();
  evaluation.steepest = slopes.max().item<double>();
  evaluation.d_real = outputs(real.narrow(0, 0, kSamples));
  evaluation.d_fake = outputs(generated);
  evaluation.sample_gradient = gradient(loss);
  if (loss == GanLoss::Minimax)
    evaluation.non_saturating_gradient = gradient(GanLoss::NonSaturating);
  if (loss == GanLoss::WassersteinClip)
    evaluation.clipped =
        (discriminator.weights().abs() >= 0.999 * clip).to(torch::kFloat).mean().item<double>();
  return evaluation;
}

GanMove moveOf(const torch::Tensor& before, const torch::Tensor& after,
               const torch::Tensor& gradients) {
  const auto moves = after - before;
  const auto cosines = torch::cosine_similarity(moves, -gradients, 1, 1e-20);
  return {moves.norm(2, 1).mean().item<double>(), cosines.mean().item<double>()};
}

std::vector<Point> generatedMesh(const GanNet& generator) {
  const torch::NoGradGuard no_grad;
  const std::int64_t noise_dim = generator.shapes()[0].shape[1];
  const int rows = noise_dim > 1 ? kMeshLines : 1;
  // Between neighbouring lines lies the same share of the noise, all but the outermost 4 %.
  const auto quantiles = torch::linspace(0.02, 0.98, kMeshLines);
  const auto lines = std::sqrt(2.0) * torch::erfinv(2 * quantiles - 1);
  auto noise = torch::zeros({rows * kMeshLines, noise_dim});
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < kMeshLines; ++column) {
      noise[row * kMeshLines + column][0] = lines[column];
      if (noise_dim > 1) noise[row * kMeshLines + column][1] = lines[row];
    }
  const auto nodes =
      generator.forward(noise.to(generator.weights().options())).to(torch::kCPU).contiguous();
  std::vector<Point> mesh;
  for (std::int64_t i = 0; i < nodes.size(0); ++i)
    mesh.push_back({nodes.data_ptr<float>()[2 * i], nodes.data_ptr<float>()[2 * i + 1]});
  return mesh;
}

PlaneData ganPlanePicture(const GanPicture& picture) {
  const torch::NoGradGuard no_grad;
  PlaneData plane;
  plane.x0 = plane.y0 = -kEdge;
  plane.x1 = plane.y1 = kEdge;
  const auto generated = picture.generator.forward(picture.noise.narrow(0, 0, kPoints));
  const bool moved = picture.part == TurnPart::Generator;
  plane.layers.emplace_back(fieldOf(picture));
  if (!picture.part || moved)
    plane.layers.emplace_back(meshLayer("mesh", generatedMesh(picture.generator)));
  if (picture.part && !picture.before.empty() && moved) {
    ArrowsLayer moves;
    moves.name = moves.id = "moves";
    moves.label = Word{"gan-plane.layer.moves"};
    moves.from = picture.before;
    moves.to = generatedMesh(picture.generator);
    plane.layers.emplace_back(std::move(moves));
  }
  plane.layers.emplace_back(layerOf("real", picture.real.narrow(0, 0, kPoints), 11));
  plane.layers.emplace_back(layerOf("generated", generated, 5));
  if (!picture.part || picture.part == TurnPart::Arrows)
    plane.layers.emplace_back(arrowsOf(picture, generated));
  return plane;
}

SeriesData equilibriumCurves(GanLoss loss, std::int64_t steps) {
  const auto equilibrium = equilibriumOf(loss);
  if (!equilibrium) return {};
  return {{levelCurve("d_equilibrium", equilibrium->discriminator, steps),
           levelCurve("g_equilibrium", equilibrium->generator, steps)}};
}

SeriesData perfectQualityCurve(const GanHistory& history, std::int64_t steps) {
  if (!history.last().coverage) return {};
  return {{levelCurve("perfect_quality", perfectQuality(), steps)}};
}

SeriesData allModesCurve(const PlaneTarget& target, std::int64_t steps) {
  if (target.modes().size(0) == 0) return {};
  return {{levelCurve("all_modes", static_cast<double>(target.modes().size(0)), steps)}};
}

SeriesData wassersteinFloorCurve(const GanHistory& history, std::int64_t steps) {
  return {{levelCurve("wasserstein_floor", history.wasserstein_floor, steps)}};
}

BarsData modeBars(const GanEvaluation& evaluation) {
  BarsData bars;
  BarsData::Group group;
  group.id = "generated";
  group.label = Word{"gan-plane.layer.generated"};
  Curve even;
  even.id = "even_share";
  even.reference = true;
  if (!evaluation.coverage) {  // a target without modes
    bars.categories.emplace_back(Word{"word.no_modes"});
    group.values.push_back(std::numeric_limits<double>::quiet_NaN());
  } else {
    const auto& shares = evaluation.coverage->shares;
    for (std::size_t mode = 0; mode < shares.size(); ++mode) {
      bars.categories.emplace_back(std::to_string(mode + 1));
      even.x.push_back(static_cast<double>(mode));
      even.y.push_back(1.0 / static_cast<double>(shares.size()));
    }
    group.values = shares;
  }
  bars.groups.push_back(std::move(group));
  bars.overlays.push_back(std::move(even));
  return bars;
}

HistogramData weightHistogram(const torch::Tensor& weights, GanLoss loss, double clip) {
  constexpr int kBins = 41;
  HistogramData histogram;
  const auto values = floatsOf(weights);
  double edge = 0;
  for (const float value : values)
    if (std::isfinite(value)) edge = std::max(edge, std::abs(static_cast<double>(value)));
  if (loss == GanLoss::WassersteinClip) edge = clip;
  edge = std::max(edge, 1e-6) * 1.05;
  for (int i = 0; i <= kBins; ++i) histogram.edges.push_back(edge * (2.0 * i / kBins - 1));
  HistogramData::Group group;
  group.id = "d_loss";
  group.label = Word{"gan-plane.layer.critic_weights"};
  group.counts.assign(kBins, 0);
  for (const float value : values) {
    const int bin = static_cast<int>(std::floor((value / edge + 1) / 2 * kBins));
    if (bin >= 0 && bin < kBins) ++group.counts[bin];
  }
  histogram.groups.push_back(std::move(group));
  if (loss == GanLoss::WassersteinClip)
    histogram.marks = {{-clip, Word{"word.clip_low"}}, {clip, Word{"word.clip_high"}}};
  return histogram;
}

TableData ganNumbers(const GanHistory& history, GanLoss loss, const PlaneTarget& target) {
  const GanEvaluation& now = history.last();
  const auto equilibrium = equilibriumOf(loss);
  using Cell = TableData::Cell;
  const auto cell = [](const std::optional<double>& value) {
    return value ? Cell(*value) : Cell(std::monostate{});
  };
  TableData table;
  table.columns = {{"quantity"}, {"now"}, {"perfect"}};
  const auto row = [&](const std::string& id, const std::optional<double>& value,
                       const std::optional<double>& perfect) {
    table.rows.push_back({id, {Word{"gan-plane.record." + id}, cell(value), cell(perfect)}});
  };
  if (now.coverage) {
    row("modes_covered", static_cast<double>(now.coverage->modes_covered),
        static_cast<double>(target.modes().size(0)));
    row("high_quality", now.coverage->high_quality, perfectQuality());
    row("kl_to_uniform", now.coverage->kl_to_uniform, 0.0);
  }
  row("wasserstein", now.wasserstein, history.wasserstein_floor);
  row("d_loss", history.d_loss,
      equilibrium ? std::optional(equilibrium->discriminator) : std::nullopt);
  row("g_loss", history.g_loss, equilibrium ? std::optional(equilibrium->generator) : std::nullopt);
  const std::optional<double> half = equilibrium ? std::optional(0.5) : std::nullopt;
  row("d_real", now.d_real, half);
  row("d_fake", now.d_fake, half);
  row("sample_gradient", now.sample_gradient, std::nullopt);
  row("d_slope", now.slope, std::nullopt);
  return table;
}

void saveGanNet(const std::string& prefix, const GanNet& net, WeightSink& sink) {
  for (std::size_t i = 0; i < net.shapes().size(); ++i) {
    sink.add(namedArray(prefix + net.shapes()[i].name, net.leaves()[i]));
  }
}

}  // namespace viva
