// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures and numbers of `diffusion-plane`.
#pragma once

#include <cstdint>

#include "lessons/core/experiment.h"
#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/labelled_target.h"
#include "lessons/diffusion/noise_path.h"
#include "lessons/diffusion/plane_denoiser.h"

namespace viva {

struct DiffusionPicture {
  const PlaneDenoiser& net;
  const NoisePath& path;
  DenoisingObjective objective;
  const LabelledTarget& target;
  torch::Tensor real;       ///< [n, 2 + classes], scaled, as the others are
  torch::Tensor generated;  ///< [n, 2]
  torch::Tensor particles;  ///< [n, 2], at `time`
  std::int64_t time = 0;
};
/// In the plane's units: the field of the net's error at the particles' time (without an exact
/// answer, the length of its own), the noise that both would take away as arrows, kNoiseArrow long
/// for noise of length 1, and the points.
PlaneData diffusionPicture(const DiffusionPicture& picture);
inline constexpr double kNoiseArrow = 0.1;

BarsData lossByTime(const DiffusionEvaluation& evaluation);
/// The variances of data and noise over the times; those of `other` as references.
SeriesData scheduleCurves(const NoisePath& path, const NoisePath* other);
SeriesData leastLoss(const DiffusionHistory& history);
/// What belongs to the records of distance and quality: the other schedule, and what is perfect.
SeriesData distanceCurves(const DiffusionHistory& history);
SeriesData qualityCurves(const DiffusionHistory& history);
SeriesData redrawCurves(const DiffusionHistory& history);
SeriesData copyCurves(const DiffusionHistory& history);
/// Accuracy, spread and reach over the weight of guidance, where it was measured; and 1, the data.
SeriesData guidedCurves(const DiffusionEvaluation& evaluation);

void recordEvaluation(const DiffusionEvaluation& evaluation, Recorder& recorder);

}  // namespace viva
