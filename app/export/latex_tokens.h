// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces of a view as lines of coloured boxes in LaTeX, without the arcs.
#pragma once

#include <optional>
#include <string>

#include "app/export/run_results.h"
#include "lessons/core/view.h"
#include "lessons/core/words.h"

namespace viva {

/// Nothing where the view is of another kind or has nothing to show.
std::optional<std::string> latexTokens(const RunResults& results, const ViewSpec& view,
                                       const Words& words);

}  // namespace viva
