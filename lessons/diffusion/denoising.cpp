// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/denoising.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/experiment.h"

namespace viva {

torch::Tensor objectiveTarget(DenoisingObjective objective, const torch::Tensor& clean,
                              const torch::Tensor& noise, const torch::Tensor& da,
                              const torch::Tensor& ds) {
  switch (objective) {
    case DenoisingObjective::Epsilon:
      return noise;
    case DenoisingObjective::X0:
      return clean;
    case DenoisingObjective::Velocity:
    case DenoisingObjective::Flow:
      break;
  }
  return da * clean + ds * noise;
}

Denoised denoisedFrom(DenoisingObjective objective, const torch::Tensor& answer,
                      const torch::Tensor& x, const NoiseLevel& level, double bound) {
  Denoised parts;
  switch (objective) {
    case DenoisingObjective::Epsilon:
      parts = {(x - level.s * answer) / level.a, answer};
      break;
    case DenoisingObjective::X0:
      parts.clean = answer;
      parts.noise = level.s > 0 ? (x - level.a * answer) / level.s : torch::zeros_like(x);
      break;
    case DenoisingObjective::Velocity:
    case DenoisingObjective::Flow:  // two equations for two unknowns; a ds - s da = 1 on both paths
      parts = {level.ds * x - level.s * answer, level.a * answer - level.da * x};
      break;
  }
  if (bound > 0) {
    parts.clean = parts.clean.clamp(-bound, bound);
    if (level.s > 0) parts.noise = (x - level.a * parts.clean) / level.s;
  }
  return parts;
}

std::int64_t stridesOf(const SamplingPlan& plan) {
  return static_cast<std::int64_t>(plan.times.size()) - 1;
}

std::int64_t evaluationsOf(const SamplingPlan& plan) {
  const std::int64_t strides = stridesOf(plan);
  return plan.sampler == DiffusionSampler::Heun ? 2 * strides - 1 : strides;
}

std::int64_t stridesFor(DiffusionSampler sampler, std::int64_t evaluations) {
  return sampler == DiffusionSampler::Heun ? (evaluations + 1) / 2 : evaluations;
}

bool isStochastic(const SamplingPlan& plan) {
  return plan.sampler == DiffusionSampler::Ddpm ||
         (plan.sampler == DiffusionSampler::Ddim && plan.eta > 0);
}

std::vector<torch::Tensor> sampled(const NoisePath& path, const SamplingPlan& plan,
                                   const Denoise& denoise, const torch::Tensor& start,
                                   const torch::Tensor& noises, const std::stop_token& stop) {
  const std::int64_t strides = stridesOf(plan);
  const double eta = plan.sampler == DiffusionSampler::Ddpm ? 1 : plan.eta;
  const auto direction = [](const Denoised& parts, const NoiseLevel& level) {
    return level.da * parts.clean + level.ds * parts.noise;
  };
  std::vector<torch::Tensor> states{start};
  for (std::int64_t i = 0; i < strides; ++i) {
    stopIfAsked(stop);
    const auto& x = states.back();
    const NoiseLevel &from = path.at(plan.times[i]), &to = path.at(plan.times[i + 1]);
    const Denoised parts = denoise(x, plan.times[i]);
    if (plan.sampler == DiffusionSampler::Ddpm || plan.sampler == DiffusionSampler::Ddim) {
      const double added = addedNoise(from, to, eta);
      const double kept = std::sqrt(std::max(0.0, to.s * to.s - added * added));
      auto next = to.a * parts.clean + kept * parts.noise;
      if (added > 0) next = next + added * noises[i];
      states.push_back(std::move(next));
      continue;
    }
    const double stride = to.clock - from.clock;
    const auto slope = direction(parts, from);
    auto next = x + stride * slope;
    if (plan.sampler == DiffusionSampler::Heun && i + 1 < strides) {
      const auto there = direction(denoise(next, plan.times[i + 1]), to);
      next = x + stride / 2 * (slope + there);
    }
    states.push_back(std::move(next));
  }
  return states;
}

torch::Tensor guided(const torch::Tensor& with_class, const torch::Tensor& without, double weight) {
  return without + weight * (with_class - without);
}

}  // namespace viva
