// SPDX-License-Identifier: GPL-3.0-or-later
// A view as the marks of a plot: what pgfplots and matplotlib can draw.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// Every mark has a `name` of its own in its plot (the name of its data) and a `style`, a number
/// that equal ids have in every plot of a run; the theories of a plot are counted by themselves.
/// Marks without a label are not in the legend.
struct PlotLine {
  std::string name, label;
  int style = 0;
  bool reference = false;    ///< a theory drawn over the measurement
  std::vector<double> x, y;  ///< a value that is not finite is a gap
  bool steps = false;        ///< y[i] holds from x[i] to x[i + 1]: a histogram
};
struct PlotPoints {
  std::string name, label;
  int style = 0;
  std::vector<Point> points;
  std::vector<int> classes;  ///< one a point, or empty
};
struct PlotArrows {
  std::string name, label;
  int style = 0;
  std::vector<Point> from, to;
};
struct PlotBars {
  std::string name, label;
  int style = 0;
  std::vector<double> values;  ///< one a category; NaN for none
};
struct PlotGrid {
  enum class Colours {
    Linear,
    Logarithmic,
    Depth,     ///< the values are logarithms of the height above the lowest one, four decades deep
    Diverging  ///< symmetric about zero
  };
  std::string name;
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;  ///< the outer edges of the cells
  int rows = 0, columns = 0;
  std::vector<double> values;  ///< row by row, the first row at y0
  Colours colours = Colours::Linear;
  int contours = 0;
  double minimum = 0, maximum = 1;  ///< of the colours; positive when these are logarithmic
};
using PlotMark = std::variant<PlotGrid, PlotLine, PlotPoints, PlotArrows, PlotBars>;

struct Plot {
  std::string id, title, x_label, y_label;
  bool x_logarithmic = false, y_logarithmic = false;
  bool equal_scale = false;
  bool stacked = false;                       ///< of the bars
  bool downwards = false;                     ///< y grows downwards: the rows of a matrix
  std::optional<Point> x_range, y_range;      ///< low, high
  std::vector<std::string> x_names, y_names;  ///< of 0, 1, 2, ...; empty: numbers
  std::vector<PlotMark> marks;                ///< in the order in which they are drawn
};

/// The views of a run that are plots and have something to show: series, planes, bars, matrices and
/// histograms.
std::vector<Plot> plotsOf(const RunResults& results, const Words& words);
bool isPlot(ViewKind kind);

/// What a script says about where what it draws, `title`, comes from: lines without a line break.
std::vector<std::string> originOf(const RunResults& results, const std::string& title,
                                  const Words& words);

}  // namespace viva
