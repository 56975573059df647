// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `gan-images` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/core/file_or_folder.h"

namespace viva {

enum class GanImagesData { Digits, Shapes, File };

const auto kImagesData = choice<GanImagesData>("data", {{GanImagesData::Digits, "digits"},
                                                        {GanImagesData::Shapes, "shapes"},
                                                        {GanImagesData::File, "file"}})
                             .grouped("data");
const auto kImageFile =
    fileOrFolder("image_file").grouped("data").onlyWhen(kImagesData, {GanImagesData::File});
const auto kLabelFile =
    file("label_file").grouped("data").onlyWhen(kImagesData, {GanImagesData::File});
const auto kImageSamples =
    integer("samples", 4000)
        .range(500, 20000)
        .logarithmic()
        .grouped("data")
        .onlyWhen(kImagesData, {GanImagesData::Digits, GanImagesData::Shapes});
const auto kConditional = toggle("conditional", true).grouped("nets");
const auto kImageNoise = integer("noise_dim", 16).range(2, 64).logarithmic().grouped("nets");
const auto kImageWidth = integer("width", 16).range(4, 32).logarithmic().grouped("nets");
const auto kImageBatch = integer("batch_size", 64).range(8, 128).logarithmic().grouped("updates");
const auto kImageDRate =
    real("d.lr", 1e-3).range(1e-6, 0.1).logarithmic().live().grouped("updates");
const auto kImageGRate =
    real("g.lr", 2e-3).range(1e-6, 0.1).logarithmic().live().grouped("updates");
const auto kImageEvaluateEvery =
    integer("evaluate_every", 25).range(1, 500).logarithmic().grouped("display");
/// Off by default: it adds records to runs that had none of it.
const auto kMeasureFid = toggle("fid", false).grouped("display");
const auto kWalk = point("walk", {0, 0}).range(-3, 3).live().grouped("display").draggedOn("latent");
const auto kShownClass =
    integer("shown_class", 3).range(0, 9).live().grouped("display").onlyWhen(kConditional);

/// Whether the images have classes: a conditional GAN asks for them, wherever they are written.
inline bool ganImagesAreLabelled(const Parameters& p) {
  return p[kImagesData] != GanImagesData::File || p[kConditional] || !p[kLabelFile].path.empty();
}

/// What the claims look at, as of the newest evaluation.
struct GanImagesProgress {
  std::int64_t step = 0, classes = 1, classes_made = 0;
  bool conditional = false;
  double distance = 0, start_distance = 0;  ///< between the mean images, in units of the ink
  double kl = 0;                            ///< KL(classes made || uniform), nats
  double agreement = 0;  ///< share of images that the judge reads as the class asked for
  double judge_accuracy = 0;
  double fid = 0, start_fid = 0, fid_floor = 0;  ///< 0 where it is not measured
  /// How much an image changes over a quarter in latent space, relative to another image.
  double roughness = 1;
};
/// Judges the claim of `preset`, or says what the generator makes.
VerdictData ganImagesVerdict(const std::string& preset, const GanImagesProgress& progress);

std::unique_ptr<Experiment> makeGanImages(const Parameters& parameters, const RunContext& context);

}  // namespace viva
