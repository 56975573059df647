// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a LaTeX document with its data in it (pgfplots).
#pragma once

#include <string>
#include <vector>

#include "app/export/plot.h"

namespace viva {

/// pdflatex compiles it; where words are Chinese, xelatex or lualatex. TeX has little memory: of a
/// curve of more than 2,000 points it gets the extremes of every stretch, of a grid of more than
/// 64 x 64 cells as many, peaks and pits among them; a comment says so. `origin` becomes comments.
std::string pgfplotsDocument(const Plot& plot, const std::vector<std::string>& origin);

}  // namespace viva
