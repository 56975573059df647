// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on top of pictures of a panel and of animations: the experiment and its preset, the
// seed and the step. Who wants it otherwise changes it here.
#pragma once

#include <cstdint>

#include "lessons/core/experiment.h"
#include "lessons/core/words.h"
#include "widgets/views/picture.h"

namespace viva {

/// `parameters`: of the run at that step; where they are not the preset's, it says so.
Caption captionOf(const ExperimentSpec& spec, const std::string& preset,
                  const Parameters& parameters, std::uint64_t seed, std::int64_t step,
                  Language language);

}  // namespace viva
