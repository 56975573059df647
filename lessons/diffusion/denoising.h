// SPDX-License-Identifier: GPL-3.0-or-later
// What a net is asked for, what its answer says, and the four ways from noise to data.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "lessons/diffusion/diffusion_kinds.h"
#include "lessons/diffusion/noise_path.h"

namespace viva {

/// What the net should answer for x_t = a clean + s noise: like both. `da`, `ds`: of the level.
torch::Tensor objectiveTarget(DenoisingObjective objective, const torch::Tensor& clean,
                              const torch::Tensor& noise, const torch::Tensor& da,
                              const torch::Tensor& ds);

/// The two parts that x_t is made of, as far as they are known.
struct Denoised {
  torch::Tensor clean, noise;
};
/// From the net's answer at `x`. `bound` above 0: the clean part is cut to +-bound and the noise is
/// what is left of x. An answer about the noise says nothing about the clean part where there is
/// next to none of it: at t = T of the cosine schedule it is divided by 5e-5.
Denoised denoisedFrom(DenoisingObjective objective, const torch::Tensor& answer,
                      const torch::Tensor& x, const NoiseLevel& level, double bound = 0);

struct SamplingPlan {
  DiffusionSampler sampler = DiffusionSampler::Ddim;
  std::vector<std::int64_t> times;  ///< samplingTimes
  double eta = 0;                   ///< of Ddim only
};
std::int64_t stridesOf(const SamplingPlan& plan);
/// How often the net is asked: once a stride, with Heun twice but for the last one (arXiv
/// 2206.00364), where the second one would be of data without noise.
std::int64_t evaluationsOf(const SamplingPlan& plan);
/// The most strides of `sampler` that ask at most `evaluations` times, at least one.
std::int64_t stridesFor(DiffusionSampler sampler, std::int64_t evaluations);
/// Whether the plan draws noise on the way.
bool isStochastic(const SamplingPlan& plan);

using Denoise = std::function<Denoised(const torch::Tensor& x, std::int64_t t)>;

/// From `start` [n, ...] at the first time to the last one, all states in between: strides + 1.
/// `noises` [strides, n, ...]: what a stochastic plan adds. Asks `stop` before each stride.
std::vector<torch::Tensor> sampled(const NoisePath& path, const SamplingPlan& plan,
                                   const Denoise& denoise, const torch::Tensor& start,
                                   const torch::Tensor& noises, const std::stop_token& stop = {});

/// Classifier-free guidance (arXiv 2207.12598): away from the answer without a class, `weight`
/// times as far as the answer with it. 1 is the class, 0 none.
torch::Tensor guided(const torch::Tensor& with_class, const torch::Tensor& without, double weight);

}  // namespace viva
