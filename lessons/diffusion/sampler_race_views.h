// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures, numbers and checks of `sampler-race`.
#pragma once

#include <torch/types.h>

#include "lessons/core/experiment.h"
#include "lessons/diffusion/noise_path.h"
#include "lessons/diffusion/sampler_race.h"

namespace viva {

/// The distance to the target over the number of evaluations, a curve a racer.
SeriesData raceCurves(const SamplerRaceState& state);
/// How long the ways are over the number of evaluations; DDPM's, which is a random walk, is left
/// out.
SeriesData lengthCurves(const SamplerRaceState& state);
TableData raceStandings(const SamplerRaceState& state);
/// Real points [n, 2], and of one racer the ends [n, 2] and a few ways [moments, particles, 2];
/// the last two are undefined before the first step.
PlaneData racePicture(const torch::Tensor& real, const torch::Tensor& ends,
                      const torch::Tensor& ways);

/// `ddpm-published`: a stride to the neighbour against the formula of arXiv 2006.11239.
void checkPublishedStride(const NoisePath& path, const torch::Tensor& x, CheckSink& sink);
/// `ddim-on-flow`: on the straight path a stride of DDIM is a stride of Euler.
void checkStraightStride(const torch::Tensor& x, CheckSink& sink);

}  // namespace viva
