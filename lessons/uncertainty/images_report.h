// SPDX-License-Identifier: GPL-3.0-or-later
// What `ood-images` can be told, and how it is shown and judged.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/uncertainty/ood_report.h"

namespace viva {

enum class OtherImages { Letters, Noise, Inverted };
inline constexpr ParameterName<OtherImages> kOtherImages{"ood"};

std::vector<ParameterSpec> imagesParameters();
std::vector<RecordSpec> imagesRecords(const Parameters& parameters);
std::vector<ViewSpec> imagesViews();
std::vector<Preset> imagesPresets();

struct ImagesState {
  AllScores scores;
  double accuracy = 0;
  std::vector<int> guesses;  ///< the class that each of the other images is taken for
};

/// The images [n, 144] that the chosen score finds most like digits, with class and score.
ImagesData fooled(const torch::Tensor& others, const Parameters& parameters,
                  const ImagesState& state);
/// The first ones of either kind: `held_out` and `others` [n, 144].
ImagesData examples(const torch::Tensor& held_out, const torch::Tensor& others);
VerdictData imagesVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const ImagesState& state);

}  // namespace viva
