// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a Matplotlib script that people will edit, and the CSV that it reads.
#pragma once

#include <string>
#include <vector>

#include "app/export/file_writer.h"
#include "app/export/plot.h"

namespace viva {

/// `mark,x,y,value`, one line a point. An arrow is two lines, from and to; a bar has the number of
/// its category as x; a cell of a grid has its centre and a value; so has a point with a class.
/// Numbers read back to the same double.
void writePlotCsv(FileWriter& file, const Plot& plot);

/// `origin` becomes comments.
std::string matplotlibScript(const Plot& plot, const std::vector<std::string>& origin);

}  // namespace viva
