// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/plane_probe.h"

#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "lessons/diffusion/denoising.h"

namespace viva {
namespace {

constexpr std::int64_t kProbed = 4000;

/// The noise in `x` that an answer speaks of; like denoisedFrom, for levels that differ.
torch::Tensor noiseIn(DenoisingObjective objective, const torch::Tensor& answer,
                      const torch::Tensor& x, const torch::Tensor& level) {
  const auto a = level.narrow(1, 0, 1), s = level.narrow(1, 1, 1), da = level.narrow(1, 2, 1);
  switch (objective) {
    case DenoisingObjective::Epsilon:
      return answer;
    case DenoisingObjective::X0:
      return (x - a * answer) / s;
    case DenoisingObjective::Velocity:
    case DenoisingObjective::Flow:
      break;
  }
  return a * answer - da * x;
}

double meanOf(const torch::Tensor& values) { return values.mean().item<double>(); }

}  // namespace

torch::Tensor levelTable(const std::vector<NoisePath>& paths) {
  const std::int64_t steps = paths[0].steps();
  auto table = torch::empty({static_cast<std::int64_t>(paths.size()), steps + 1, 4});
  float* value = table.data_ptr<float>();
  for (const NoisePath& path : paths)
    for (std::int64_t t = 0; t <= steps; ++t)
      for (const double part : {path.at(t).a, path.at(t).s, path.at(t).da, path.at(t).ds})
        *value++ = static_cast<float>(part);
  return table;
}

PlaneProbe drawProbe(const LabelledTarget& target, const NoisePath& path,
                     DenoisingObjective objective, at::Generator random, torch::Device device) {
  const auto each = torch::arange(kProbed, torch::TensorOptions(torch::kLong));
  const auto clean = target.training(kProbed, random).narrow(1, 0, 2).to(device);
  const auto noise = torch::randn({kProbed, 2}, random).to(device);
  PlaneProbe probe;
  probe.times = ((each * path.steps()).div(kProbed, "floor") + 1).to(device);
  probe.levels = levelTable({path})[0].to(device).index_select(0, probe.times);
  const auto part = [&](std::int64_t which) { return probe.levels.narrow(1, which, 1); };
  probe.points = part(0) * clean + part(1) * noise;
  probe.wanted = objectiveTarget(objective, clean, noise, part(2), part(3));
  if (const auto mixture = target.mixture()) {
    const Denoised exact = exactParts(*mixture, part(0), part(1), probe.points);
    const auto answers = objectiveTarget(objective, exact.clean, exact.noise, part(2), part(3));
    probe.exact_noise = exact.noise;
    probe.least = (answers - probe.wanted).square().mean(1);
  }
  return probe;
}

void probeNet(const PlaneDenoiser& net, DenoisingObjective objective, const PlaneProbe& probe,
              DiffusionEvaluation& found) {
  const torch::NoGradGuard no_grad;
  const auto& x = probe.points;
  const auto for_others = torch::zeros({net.shape().copies - 1, x.size(0), 2}, x.options());
  const auto answers = net.forward(torch::cat({x.unsqueeze(0), for_others}), probe.times)[0];
  const auto losses = (answers - probe.wanted).square().mean(1);  // [n]
  found.loss = meanOf(losses);
  if (probe.least.defined()) {
    found.least = meanOf(probe.least);
    const auto apart = noiseIn(objective, answers, x, probe.levels) - probe.exact_noise;
    found.score_error = std::sqrt(meanOf(apart.square()) / meanOf(probe.exact_noise.square()));
  }
  const std::int64_t steps = net.shape().steps, bins = std::min(kTimeBins, steps);
  for (std::int64_t bin = 0; bin < bins; ++bin) {
    const std::int64_t from = kProbed * bin / bins, to = kProbed * (bin + 1) / bins;
    TimeBin made{steps * bin / bins + 1, steps * (bin + 1) / bins,
                 meanOf(losses.slice(0, from, to)), std::nullopt};
    if (probe.least.defined()) made.least = meanOf(probe.least.slice(0, from, to));
    found.bins.push_back(made);
  }
}

void checkScore(const LabelledTarget& target, const NoisePath& path, const torch::Tensor& points,
                CheckSink& sink) {
  const torch::AutoGradMode recording(true);
  // A target whose density is not known lends its shape: a mixture around some of its points.
  const auto mixture = target.mixture().value_or(PlaneMixture{points.narrow(0, 0, 16), 0.1});
  for (const std::int64_t t : {path.steps() / 4 + 1, path.steps() / 2 + 1, path.steps()}) {
    const NoiseLevel& level = path.at(t);
    const auto x = points.detach().to(torch::kDouble).requires_grad_();
    const double variance = level.a * level.a * mixture.sigma * mixture.sigma + level.s * level.s;
    const auto away = x.unsqueeze(1) - level.a * mixture.centres.to(x.options());
    const auto density =
        (away.square().sum(2) / (-2 * variance)).logsumexp(1) -
        std::log(2 * std::numbers::pi * variance * static_cast<double>(mixture.centres.size(0)));
    const auto slope = torch::autograd::grad({density.sum()}, {x})[0];
    const auto apart = (exactScore(mixture, level, points) - slope).abs().max().item<double>();
    sink.compare("score", apart / std::max(1.0, slope.abs().max().item<double>()), 1e-9);
  }
}

void checkDenoiser(const PlaneDenoiser& net, const torch::Tensor& points, CheckSink& sink) {
  namespace nn = torch::nn;
  const torch::NoGradGuard no_grad;
  nn::Sequential modules;
  const auto weights = net.weights().leaves();
  for (std::size_t i = 0; i < weights.size(); i += 2) {
    if (i > 0) modules->push_back(nn::SiLU());
    nn::Linear layer(weights[i].size(2), weights[i].size(1));
    layer->to(points.device());
    layer->weight.copy_(weights[i][0]);
    layer->bias.copy_(weights[i + 1][0]);
    modules->push_back(layer);
  }
  const std::int64_t time = (net.shape().steps + 1) / 2;
  auto known = timeFeatures(net.shape().steps)[time].to(points.device());
  known = torch::cat({known, torch::zeros({net.shape().classes}, known.options())});
  const auto theirs = modules->forward(torch::cat({points, known.expand({points.size(0), -1})}, 1));
  const auto apart = (net.answer(points, time) - theirs).abs().max().item<double>();
  sink.compare("modules", apart / std::max(1.0, theirs.abs().max().item<double>()), 1e-5);
}

void checkParts(DenoisingObjective objective, const NoisePath& path, const torch::Tensor& points,
                CheckSink& sink) {
  const auto clean = points.to(torch::kDouble), noise = clean.flip({0, 1});
  for (const std::int64_t t : {std::int64_t{1}, (path.steps() + 1) / 2, path.steps() - 1}) {
    const NoiseLevel& level = path.at(t);
    const auto of = [&](double value) { return torch::full({1}, value, clean.options()); };
    const auto answer = objectiveTarget(objective, clean, noise, of(level.da), of(level.ds));
    const auto parts = denoisedFrom(objective, answer, level.a * clean + level.s * noise, level);
    sink.compare("parts",
                 std::max((parts.clean - clean).abs().max().item<double>(),
                          (parts.noise - noise).abs().max().item<double>()),
                 1e-9);
  }
}

}  // namespace viva
