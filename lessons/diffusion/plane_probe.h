// SPDX-License-Identifier: GPL-3.0-or-later
// Questions whose best answer is known: how far a net is from it, and where.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/labelled_target.h"
#include "lessons/diffusion/noise_path.h"
#include "lessons/diffusion/plane_denoiser.h"

namespace viva {

/// Noisy points and what a net should answer there, the same at every evaluation; every time as
/// often as any other (+-1).
struct PlaneProbe {
  torch::Tensor times;           ///< [n], int64, ascending
  torch::Tensor levels;          ///< [n, 4], as in levelTable
  torch::Tensor points, wanted;  ///< [n, 2]
  /// [n, 2] and [n]: the noise that the exact answer finds, and its loss, where that is known.
  torch::Tensor exact_noise, least;
};
PlaneProbe drawProbe(const LabelledTarget& target, const NoisePath& path,
                     DenoisingObjective objective, at::Generator random, torch::Device device);

/// a, s, da and ds of every level of every path: [paths, T + 1, 4], float32.
torch::Tensor levelTable(const std::vector<NoisePath>& paths);

/// The loss of `net`, its first copy asked without classes, and of the exact answer where that is
/// known: all of DiffusionEvaluation that the probe can tell.
void probeNet(const PlaneDenoiser& net, DenoisingObjective objective, const PlaneProbe& probe,
              DiffusionEvaluation& found);

/// `score`: the exact score against autograd of the mixture's log density, float64.
void checkScore(const LabelledTarget& target, const NoisePath& path, const torch::Tensor& points,
                CheckSink& sink);
/// `modules`: the net against the library's own modules with its weights.
void checkDenoiser(const PlaneDenoiser& net, const torch::Tensor& points, CheckSink& sink);
/// `parts`: data and noise are found again in what they were mixed into, from the right answer.
void checkParts(DenoisingObjective objective, const NoisePath& path, const torch::Tensor& points,
                CheckSink& sink);

}  // namespace viva
