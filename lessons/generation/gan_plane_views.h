// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures and numbers of `gan-plane`, and its weights on the way out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/plane_targets.h"
#include "lessons/generation/gan_losses.h"
#include "lessons/generation/gan_net.h"
#include "lessons/generation/gan_plane.h"

namespace viva {

struct GanPicture {
  const GanNet& generator;
  const GanNet& discriminator;
  GanLoss loss;
  const PlaneTarget& target;
  const torch::Tensor& real;         ///< [n, 2]
  const torch::Tensor& noise;        ///< [n, noise_dim]
  std::optional<TurnPart> part;      ///< in slow motion: what has just happened
  const std::vector<Point>& before;  ///< the mesh before the generator's last update
};

/// Field, mesh, real and generated points, and the way each generated point is pushed: the
/// direction in which its loss falls, `kArrowScale` long for a gradient of length 1, at most
/// `kLongestArrow`.
PlaneData ganPlanePicture(const GanPicture& picture);
inline constexpr double kArrowScale = 0.2, kLongestArrow = 0.35;

/// Where a net of lines over the noise lands: lines at equal quantiles of the first two noise
/// coordinates, all others zero. One row for one-dimensional noise.
std::vector<Point> generatedMesh(const GanNet& generator);

/// Everything of an evaluation that needs the discriminator. `clip`: the bound of the weights.
GanEvaluation evaluateGan(const GanNet& generator, const GanNet& discriminator, GanLoss loss,
                          const torch::Tensor& real, const torch::Tensor& noise, double clip);
/// d loss_i / d x_i of the generator's loss of each sample: [n, 2] for samples [n, 2].
torch::Tensor sampleGradients(const GanNet& discriminator, GanLoss loss,
                              const torch::Tensor& samples);

/// For points [n, 2] before and after an update, and the gradients [n, 2] they had before.
GanMove moveOf(const torch::Tensor& before, const torch::Tensor& after,
               const torch::Tensor& gradients);

SeriesData equilibriumCurves(GanLoss loss, std::int64_t steps);
SeriesData perfectQualityCurve(const GanHistory& history, std::int64_t steps);
SeriesData allModesCurve(const PlaneTarget& target, std::int64_t steps);
SeriesData wassersteinFloorCurve(const GanHistory& history, std::int64_t steps);
BarsData modeBars(const GanEvaluation& evaluation);
HistogramData weightHistogram(const torch::Tensor& weights, GanLoss loss, double clip);
TableData ganNumbers(const GanHistory& history, GanLoss loss, const PlaneTarget& target);
void saveGanNet(const std::string& prefix, const GanNet& net, WeightSink& sink);

}  // namespace viva
