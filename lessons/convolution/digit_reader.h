// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `digit-reader` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/core/file_or_folder.h"

namespace viva {

enum class DigitData { Digits, File };
/// Which layers of LeNet get fresh weights when a heat map is put to the test.
enum class Randomised { Classifier, Last, All };

/// The maps that can be chosen: image 0 of the view is the drawing, 1 to 6 are convolution 1, 8 to
/// 23 convolution 2.
inline constexpr std::int64_t kFirstOfSecond = 8, kLastMap = 23;

/// The streams of randomness of this experiment's runs, for generatorFor().
inline constexpr std::uint64_t kReaderDataStream = 40, kReaderSplitStream = 41,
                               kReaderBatchStream = 42, kReaderWeightStream = 43,
                               kReaderRandomStream = 46;

/// A three in one stroke, for whoever has not drawn yet.
inline Drawing drawnThree() {
  return {{{{0.34, 0.27},
            {0.42, 0.2},
            {0.53, 0.19},
            {0.62, 0.25},
            {0.63, 0.34},
            {0.57, 0.42},
            {0.47, 0.46},
            {0.58, 0.5},
            {0.66, 0.59},
            {0.65, 0.71},
            {0.56, 0.8},
            {0.44, 0.81},
            {0.34, 0.75}}}};
}

inline const auto kDigitDrawing = [] {
  auto made = drawing("drawing").live().seenAs(28).grouped("drawing");
  made.default_value = drawnThree();
  return made;
}();
inline const auto kMeantDigit = integer("digit", 3).range(0, 9).live().grouped("drawing");
inline const auto kDigitData =
    choice<DigitData>("dataset", {{DigitData::Digits, "digits"}, {DigitData::File, "file"}})
        .grouped("data");
inline const auto kDigitImages =
    fileOrFolder("image_file").grouped("data").onlyWhen(kDigitData, {DigitData::File});
inline const auto kDigitLabels =
    file("label_file").grouped("data").onlyWhen(kDigitData, {DigitData::File});
inline const auto kDigitSamples =
    integer("samples", 2000).range(500, 20000).logarithmic().grouped("data");
inline const auto kGlobalPooling = toggle("global_pooling", false).grouped("nets");
inline const auto kReaderRate =
    real("lr", 0.002).range(1e-5, 0.1).logarithmic().live().grouped("training");
inline const auto kReaderBatch =
    integer("batch_size", 32).range(1, 128).logarithmic().grouped("training");
inline const auto kDigitShift = integer("shift", 4).range(0, 10).live().grouped("shift");
inline const auto kChosenMap = integer("map", 8).range(1, kLastMap).live().grouped("unit");
inline const auto kUnitRow = integer("row", 4).range(0, 27).live().grouped("unit");
inline const auto kUnitColumn = integer("column", 4).range(0, 27).live().grouped("unit");
inline const auto kHeatMapsJudged = toggle("heat_maps", true).grouped("heat");
inline const auto kRandomised =
    choice<Randomised>("randomised", {{Randomised::Classifier, "classifier"},
                                      {Randomised::Last, "last"},
                                      {Randomised::All, "all"}})
        .live()
        .grouped("heat");

/// Of one net on images that it has not seen, as they are and moved by `shift` pixels to the left
/// or to the right; and on the batches since the evaluation before.
struct NetAccuracy {
  double test = 0, shifted = 0, training = 0;
};

/// Rank correlations, the means over a few test images: of Grad-CAM with occlusion, and of each map
/// with the same map of the net whose weights were randomised.
struct HeatFigures {
  double with_occlusion = 0;
  double kept_occlusion = 0, kept_grad_cam = 0, kept_guided = 0;
};

/// What the claims look at, as of the newest evaluation.
struct DigitState {
  std::int64_t step = 0;
  bool is_drawn = true, has_pooled = false, has_heat_maps = false;
  std::int64_t meant = 0, shift = 0;
  std::int64_t read = 0;   ///< the digit that LeNet reads in the drawing
  double probability = 0;  ///< that it gives to the one that is meant
  NetAccuracy lenet, mlp, pooled;
  HeatFigures heat;
  double half_share = 1, untrained_half_share = 1;  ///< of the pixels in the unit's box
};
VerdictData digitVerdict(const std::string& preset, const DigitState& state);

std::unique_ptr<Experiment> makeDigitReader(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva
