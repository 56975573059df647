// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `gan-images` and its checks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/generation/dcgan.h"
#include "lessons/generation/gan_images.h"

namespace viva {

/// Noise that stays the same during a run, so that its images change through the net alone.
struct FixedLatents {
  torch::Tensor shown, shown_labels;    ///< the grid of samples: [rows * 8, noise_dim], [rows * 8]
  torch::Tensor time, time_labels;      ///< through time: [8, noise_dim], [8]
  torch::Tensor judged, judged_labels;  ///< at an evaluation
  torch::Tensor base;                   ///< [noise_dim], what is common to the plane of the walk
  torch::Tensor directions;             ///< [2, noise_dim], orthonormal, orthogonal to the base
};
/// `classes`: 1 without labels.
FixedLatents fixedLatents(std::int64_t noise_dim, std::int64_t classes, at::Generator generator,
                          std::int64_t judged, torch::Device device);

/// Images of the same noise at an earlier step.
struct ImageMoment {
  std::int64_t step = 0;
  torch::Tensor images;  ///< [8, 1, 12, 12]
};
/// Keeps a moment whenever the step has doubled, so that their number grows with its logarithm.
void rememberMoment(std::vector<ImageMoment>& moments, std::int64_t step, torch::Tensor images);

struct GanImagesPicture {
  const ImageGenerator& generator;
  const ImageDiscriminator& discriminator;
  const Dataset& data;
  const FixedLatents& latents;
  const std::vector<ImageMoment>& moments;
  std::int64_t classes, shown_class;
  Point walk;
};

/// What is learnt of the user's files, for people.
Message imagesReadingOf(const Dataset& data);

ImagesData sampleImages(const GanImagesPicture& picture);
ImagesData timeImages(const GanImagesPicture& picture);
ImagesData realImages(const GanImagesPicture& picture);
/// The probability of being real that the discriminator gives to images of a plane of noise.
PlaneData latentPlane(const GanImagesPicture& picture);
ImagesData latentGrid(const GanImagesPicture& picture);
ImagesData walkImage(const GanImagesPicture& picture);
SeriesData imageEquilibrium(std::int64_t steps);
SeriesData judgeAccuracy(double accuracy, std::int64_t steps);
/// FID by step, and the floor; no curve where none was measured.
SeriesData fidCurves(const std::vector<std::pair<std::int64_t, double>>& fids, double floor);

/// `adjoint`: a transposed convolution is the adjoint of the convolution with the same weights,
/// <conv(x), y> = <x, conv'(y)>; relative.
/// `loss-forms`: both losses against the library's binary cross-entropy.
void checkGanImages(const ImageGenerator& generator, const ImageDiscriminator& discriminator,
                    const FixedLatents& latents, CheckSink& sink);

}  // namespace viva
