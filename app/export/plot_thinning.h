// SPDX-License-Identifier: GPL-3.0-or-later
// TeX has little memory: what is too much for it is thinned, and keeps its extremes in every
// direction that it has.
#pragma once

#include <cstddef>
#include <vector>

#include "app/export/plot.h"

namespace viva {

/// Which points of a line of `plot` are kept, ascending, about `most` of them: the first and the
/// last, and of each stretch between its lowest and its highest, of a path, which goes to and fro,
/// its leftmost and its rightmost too, and where gaps begin. What a logarithmic axis lacks is a
/// gap.
std::vector<std::size_t> thinned(const PlotLine& line, const Plot& plot, std::size_t most);

/// A grid of at most `most` rows and columns: of each block of cells the one in the middle, but
/// where a block holds a peak or a pit of its surroundings, that.
PlotGrid thinned(const PlotGrid& grid, int most);

}  // namespace viva
