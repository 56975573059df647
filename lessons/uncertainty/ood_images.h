// SPDX-License-Identifier: GPL-3.0-or-later
// What `ood-images` is told, and what its claims look at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/uncertainty/ood_report.h"

namespace viva {

enum class OtherImages { Letters, Noise, Inverted };

inline const auto kOtherImages = choice<OtherImages>("ood", {{OtherImages::Letters, "letters"},
                                                             {OtherImages::Noise, "noise"},
                                                             {OtherImages::Inverted, "inverted"}})
                                     .live()
                                     .grouped("data");

struct ImagesState {
  AllScores scores;
  double accuracy = 0;
  std::vector<int> guesses;  ///< the class that each of the other images is taken for
};

std::unique_ptr<Experiment> makeOodImages(const Parameters& parameters, const RunContext& context);
VerdictData imagesVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const ImagesState& state);

}  // namespace viva
