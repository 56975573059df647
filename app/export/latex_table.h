// SPDX-License-Identifier: GPL-3.0-or-later
// A table as a LaTeX document.
#pragma once

#include <optional>
#include <string>

#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// Numbers to four digits, as the window shows them; the best of a column is bold. pdflatex
/// compiles it; where words are Chinese, xelatex or lualatex. Nothing where the view is no table or
/// has no rows yet.
std::optional<std::string> latexTable(const RunResults& results, const ViewSpec& view,
                                      const Words& words);

}  // namespace viva
