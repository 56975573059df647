// SPDX-License-Identifier: GPL-3.0-or-later
// What the scripts of plots share about their looks.
#pragma once

#include <string>

#include "app/export/plot.h"

namespace viva {

/// Axes with more names than this have numbers.
inline constexpr std::size_t kMostNames = 24;
inline constexpr int kPlotColours = 7;

/// `#0072B2`; those of Okabe and Ito (2008) that stand out of white paper.
std::string plotColour(int style);

/// Whether a word of the plot has a character that Latin fonts do not have.
bool needsChineseFont(const Plot& plot);
/// Every word that stands in the plot.
std::string wordsOf(const Plot& plot);

}  // namespace viva
