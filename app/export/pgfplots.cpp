// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/pgfplots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "app/export/latex_text.h"
#include "app/export/plot_cut.h"
#include "app/export/plot_style.h"
#include "app/export/plot_thinning.h"

namespace viva {
namespace {

constexpr std::size_t kMostPoints = 2000;
constexpr int kMostCells = 64;  // along a side

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += "{" + latexText(name) + "},";
  return text;
}
std::string number(double value) { return formatNumber(value); }

constexpr const char* kDashes[] = {"solid",          "dashed",       "dotted",        "dash dot",
                                   "loosely dashed", "dash dot dot", "densely dashed"};
constexpr const char* kReferenceDashes[] = {"dashed", "dotted", "dash dot"};
constexpr const char* kMarkers[] = {"*",         "square*", "triangle*", "diamond*",
                                    "pentagon*", "star",    "x",         "+"};
constexpr const char* kPatterns[] = {"",           "north east lines", "dots", "north west lines",
                                     "crosshatch", "horizontal lines", "grid"};

template <std::size_t count>
const char* pick(const char* const (&from)[count], int style) {
  return from[static_cast<std::size_t>(style) % count];
}
std::string colour(int style) { return "viva" + std::to_string(style % kPlotColours); }

/// Whether the values along `axis` (x or y) are so close to one another that a logarithmic axis
/// would look like a linear one; below a factor of 1.05 pgfplots even fails ("Dimension too
/// large").
bool isNarrow(const Plot& plot, char axis) {
  constexpr double kNarrow = 1.5;
  double low = std::numeric_limits<double>::infinity(), high = 0;
  const auto take = [&](double value) {
    if (!std::isfinite(value) || value <= 0) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  const bool is_x = axis == 'x';
  const auto takePoints = [&](const std::vector<Point>& points) {
    for (const Point& point : points) take(is_x ? point.x : point.y);
  };
  for (const PlotMark& mark : plot.marks) {
    if (const auto* line = std::get_if<PlotLine>(&mark)) {
      for (const double value : is_x ? line->x : line->y) take(value);
    } else if (const auto* points = std::get_if<PlotPoints>(&mark)) {
      takePoints(points->points);
    } else if (const auto* arrows = std::get_if<PlotArrows>(&mark)) {
      takePoints(arrows->from);
      takePoints(arrows->to);
    } else if (const auto* bars = std::get_if<PlotBars>(&mark)) {
      if (!is_x)
        for (const double value : bars->values) take(value);
    } else if (const auto* grid = std::get_if<PlotGrid>(&mark)) {
      take(is_x ? grid->x0 : grid->y0);
      take(is_x ? grid->x1 : grid->y1);
    }
  }
  return high > 0 && high < kNarrow * low;
}

class Addplots {
 public:
  explicit Addplots(const Plot& plot) : plot_(plot) {}
  std::string text() && { return std::move(text_); }
  const std::string& axisOptions() const { return options_; }

  void operator()(const PlotGrid& whole) {
    const PlotGrid grid = thinned(whole, kMostCells);
    const int rows = grid.rows, columns = grid.columns;
    if (grid.values.size() < whole.values.size())
      note(static_cast<int>(grid.values.size()), whole.values.size());
    const bool logarithmic = grid.colours == PlotGrid::Colours::Logarithmic;
    // Of one row or column pgfplots makes no cells: it is drawn twice, half as wide.
    const int drawn_rows = std::max(rows, 2), drawn_columns = std::max(columns, 2);
    std::string cells;
    for (int r = 0; r < drawn_rows; ++r)
      for (int c = 0; c < drawn_columns; ++c) {
        const int row = r * rows / drawn_rows, column = c * columns / drawn_columns;
        double value = grid.values[static_cast<std::size_t>(row * grid.columns + column)];
        if (logarithmic) value = value > 0 ? std::log10(value) : NAN;
        cells += number(grid.x0 + (c + 0.5) * (grid.x1 - grid.x0) / drawn_columns) + " " +
                 number(grid.y0 + (r + 0.5) * (grid.y1 - grid.y0) / drawn_rows) + " " +
                 number(value) + "\n";
      }
    options_ += grid.colours == PlotGrid::Colours::Diverging
                    ? "  colormap={diverging}{rgb255=(33,102,172) rgb255=(247,247,247) "
                      "rgb255=(178,24,43)},\n"
                    : "  colormap/viridis,\n";
    const auto meta = [&](double end) { return number(logarithmic ? std::log10(end) : end); };
    options_ +=
        "  point meta min=" + meta(grid.minimum) + ", point meta max=" + meta(grid.maximum) + ",\n";
    options_ += "  colorbar,\n";
    if (logarithmic || grid.colours == PlotGrid::Colours::Depth)
      options_ += "  colorbar style={ylabel={$\\log_{10}$}},\n";
    begin(
        "matrix plot*, mesh/cols=" + std::to_string(columns) + ", point meta=explicit, forget plot",
        "meta=v");
    text_ += "x y v\n" + cells + "};\n";
  }

  void operator()(const PlotLine& line) {
    const std::vector<std::size_t> kept = thinned(line, plot_, kMostPoints);
    if (kept.size() < line.y.size()) note(static_cast<int>(kept.size()), line.y.size());
    std::string style = line.reference
                            ? std::string("gray, ") + pick(kReferenceDashes, line.style) + ", thin"
                            : colour(line.style) + ", " + pick(kDashes, line.style) + ", thick";
    if (line.steps) style += ", const plot";
    if (line.label.empty()) style += ", forget plot";
    begin("no markers, " + style);
    text_ += "x y\n";
    for (const std::size_t i : kept) text_ += number(line.x[i]) + " " + number(line.y[i]) + "\n";
    end(line.label);
  }

  void operator()(const PlotPoints& layer) {
    std::set<int> classes(layer.classes.begin(), layer.classes.end());
    const bool classed = !layer.classes.empty();
    if (!classed) classes = {layer.style};
    for (const int one : classes) {
      const std::string name =
          !classed ? layer.label
                   : (layer.label.empty() ? "" : layer.label + " ") + std::to_string(one);
      const int style = std::max(one, 0);
      begin("only marks, mark=" + std::string(pick(kMarkers, style)) + ", mark size=1.2pt, " +
            colour(style) + (name.empty() ? ", forget plot" : ""));
      text_ += "x y\n";
      for (std::size_t i = 0; i < layer.points.size(); ++i)
        if (!classed || (i < layer.classes.size() && layer.classes[i] == one))
          text_ += number(layer.points[i].x) + " " + number(layer.points[i].y) + "\n";
      end(name);
    }
  }

  void operator()(const PlotArrows& arrows) {
    begin("quiver={u=\\thisrow{u}, v=\\thisrow{v}}, -stealth, " + colour(arrows.style) +
          (arrows.label.empty() ? ", forget plot" : ""));
    text_ += "x y u v\n";
    for (std::size_t i = 0; i < arrows.from.size(); ++i)
      text_ += number(arrows.from[i].x) + " " + number(arrows.from[i].y) + " " +
               number(arrows.to[i].x - arrows.from[i].x) + " " +
               number(arrows.to[i].y - arrows.from[i].y) + "\n";
    end(arrows.label);
  }

  void operator()(const PlotBars& bars) {
    const std::string pattern = pick(kPatterns, bars.style);
    std::string style = plot_.stacked ? "ybar stacked" : "ybar";
    style += ", fill=" + colour(bars.style) + ", draw=white";
    if (!pattern.empty()) style += ", postaction={pattern=" + pattern + ", pattern color=white}";
    if (bars.label.empty()) style += ", forget plot";
    begin(style);
    text_ += "x y\n";
    for (std::size_t i = 0; i < bars.values.size(); ++i)
      // Parts of a stack must all be there.
      text_ += std::to_string(i) + " " +
               number(plot_.stacked && std::isnan(bars.values[i]) ? 0 : bars.values[i]) + "\n";
    end(bars.label);
  }

 private:
  void note(int kept, std::size_t of) {
    text_ += "% " + std::to_string(kept) + " of " + std::to_string(of) + " computed values\n";
  }
  void begin(const std::string& style, const std::string& columns = {}) {
    text_ +=
        "\\addplot[" + style + "] table" + (columns.empty() ? "" : "[" + columns + "]") + " {\n";
  }
  void end(const std::string& label) {
    text_ += "};\n";
    if (!label.empty()) text_ += "\\addlegendentry{" + latexText(label) + "}\n";
  }

  const Plot& plot_;
  std::string text_, options_;
};

}  // namespace

std::string pgfplotsDocument(const Plot& whole, const std::vector<std::string>& origin) {
  const Plot plot = withoutFarPlaces(whole);
  Addplots marks(plot);
  for (const PlotMark& mark : plot.marks) std::visit(marks, mark);
  const std::string axis_options = marks.axisOptions();
  const std::string body = std::move(marks).text();
  const bool bars = std::any_of(plot.marks.begin(), plot.marks.end(), [](const PlotMark& mark) {
    return std::holds_alternative<PlotBars>(mark);
  });

  std::string axis = "\\begin{axis}[\n  width=11cm, height=7cm, scale only axis=false,\n";
  axis += "  title={" + latexText(plot.title) + "},\n";
  axis += "  xlabel={" + latexText(plot.x_label) + "}, ylabel={" + latexText(plot.y_label) + "},\n";
  const bool is_x_logarithmic = plot.x_logarithmic && !isNarrow(plot, 'x');
  const bool is_y_logarithmic = plot.y_logarithmic && !isNarrow(plot, 'y');
  if (is_x_logarithmic) axis += "  xmode=log,\n";
  if (is_y_logarithmic) axis += "  ymode=log,\n";
  if (bars) {
    axis += plot.stacked ? "  ybar stacked,\n" : "  ybar,\n";
    if (is_y_logarithmic) axis += "  log origin=infty,\n";
  }
  if (plot.equal_scale) axis += "  axis equal image,\n";
  if (plot.downwards) axis += "  y dir=reverse, enlargelimits=false,\n";
  if (plot.x_range)
    axis += "  xmin=" + number(plot.x_range->x) + ", xmax=" + number(plot.x_range->y) + ",\n";
  if (plot.y_range)
    axis += "  ymin=" + number(plot.y_range->x) + ", ymax=" + number(plot.y_range->y) + ",\n";
  for (const auto& [name, names] : {std::pair{"x", &plot.x_names}, std::pair{"y", &plot.y_names}}) {
    if (names->empty() || names->size() > kMostNames) continue;
    axis += "  " + std::string(name) + "tick={0,...," + std::to_string(names->size() - 1) + "}, " +
            name + "ticklabels={" + list(*names) + "},\n";
    if (*name == 'x') axis += "  x tick label style={rotate=45, anchor=east},\n";
  }
  axis += axis_options;
  axis +=
      "  unbounded coords=jump, legend cell align=left,\n"
      "  legend style={at={(0.5,-0.22)}, anchor=north, legend columns=4, font=\\footnotesize},\n"
      "]\n";

  std::string text = latexHead(origin, axis + body);
  text +=
      "\\usepackage{pgfplots}\n"
      "\\usetikzlibrary{patterns}\n"
      "\\pgfplotsset{compat=1.16}\n";
  for (int style = 0; style < kPlotColours; ++style)
    text += "\\definecolor{" + colour(style) + "}{HTML}{" + plotColour(style).substr(1) + "}\n";
  return text + "\\begin{document}\n\\begin{tikzpicture}\n" + axis + body +
         "\\end{axis}\n\\end{tikzpicture}\n\\end{document}\n";
}

}  // namespace viva
