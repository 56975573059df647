// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/matplotlib.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/export/plot_style.h"

namespace viva {
namespace {

/// A string of JSON is one of Python.
std::string pythonText(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
/// A label: Matplotlib takes what stands between two dollars for a formula.
std::string pythonLabel(const std::string& text) {
  std::string plain;
  for (const char c : text) plain += c == '$' ? std::string("\\$") : std::string(1, c);
  return pythonText(plain);
}
std::string list(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names) text += (text.size() > 1 ? ", " : "") + pythonLabel(name);
  return text + "]";
}
std::string number(double value) { return formatNumber(value); }

constexpr const char* kDashes[] = {"\"-\"",
                                   "\"--\"",
                                   "\":\"",
                                   "\"-.\"",
                                   "(0, (10, 3))",
                                   "(0, (3, 1, 1, 1, 1, 1))",
                                   "(0, (6, 2, 1, 2))"};
constexpr const char* kReferenceDashes[] = {"\"--\"", "\":\"", "\"-.\""};
constexpr const char* kMarkers[] = {"o", "s", "^", "D", "v", "*", "P", "X"};
constexpr const char* kHatches[] = {"", "//", "..", "\\\\\\\\", "xx", "--", "++", "oo"};

template <std::size_t count>
const char* pick(const char* const (&from)[count], int style) {
  return from[static_cast<std::size_t>(style) % count];
}

class CsvRows {
 public:
  explicit CsvRows(FileWriter& file) : file_(file) { file_.write("mark,x,y,value\n"); }
  void row(const std::string& name, double x, double y, std::optional<double> value = {}) {
    file_.write(cell(name) + "," + number(x) + "," + number(y) + "," +
                (value ? number(*value) : std::string()) + "\n");
  }

  void operator()(const PlotGrid& grid) {
    const double width = (grid.x1 - grid.x0) / grid.columns;
    const double height = (grid.y1 - grid.y0) / grid.rows;
    for (std::size_t i = 0; i < grid.values.size(); ++i) {
      const auto columns = static_cast<std::size_t>(grid.columns);
      row(grid.name, grid.x0 + (static_cast<double>(i % columns) + 0.5) * width,
          grid.y0 + (static_cast<double>(i / columns) + 0.5) * height, grid.values[i]);
    }
  }
  void operator()(const PlotLine& line) {
    for (std::size_t i = 0; i < line.x.size(); ++i) row(line.name, line.x[i], line.y[i]);
  }
  void operator()(const PlotPoints& layer) {
    for (std::size_t i = 0; i < layer.points.size(); ++i)
      row(layer.name, layer.points[i].x, layer.points[i].y,
          i < layer.classes.size() ? std::optional<double>(layer.classes[i]) : std::nullopt);
  }
  void operator()(const PlotArrows& arrows) {
    for (std::size_t i = 0; i < arrows.from.size(); ++i) {
      row(arrows.name, arrows.from[i].x, arrows.from[i].y);
      row(arrows.name, arrows.to[i].x, arrows.to[i].y);
    }
  }
  void operator()(const PlotBars& bars) {
    for (std::size_t i = 0; i < bars.values.size(); ++i)
      row(bars.name, static_cast<double>(i), bars.values[i]);
  }

 private:
  static std::string cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string whole = "\"";
    for (const char c : text) whole += c == '"' ? std::string("\"\"") : std::string(1, c);
    return whole + "\"";
  }
  FileWriter& file_;
};

/// The statements that draw the marks.
class Statements {
 public:
  explicit Statements(const Plot& plot) : plot_(plot) {
    for (const PlotMark& mark : plot.marks) groups_ += std::holds_alternative<PlotBars>(mark);
  }

  std::string text() && { return std::move(text_); }

  void operator()(const PlotGrid& grid) {
    const bool diverging = grid.colours == PlotGrid::Colours::Diverging;
    add("values = marks[" + pythonText(grid.name) + "][2].reshape(" + std::to_string(grid.rows) +
        ", " + std::to_string(grid.columns) + ")");
    std::string norm = ", vmin=" + number(grid.minimum) + ", vmax=" + number(grid.maximum);
    if (grid.colours == PlotGrid::Colours::Logarithmic) {
      norm += ", norm=\"log\"";
      add("values = np.where(values > 0, values, np.nan)");
    }
    add("image = axes.imshow(values, origin=\"lower\", aspect=\"auto\", "
        "interpolation=\"nearest\",");
    add("                    extent=(" + number(grid.x0) + ", " + number(grid.x1) + ", " +
        number(grid.y0) + ", " + number(grid.y1) + "),");
    add("                    cmap=" + std::string(diverging ? "\"RdBu_r\"" : "\"viridis\"") + norm +
        ")");
    const bool depth = grid.colours == PlotGrid::Colours::Depth;
    add("figure.colorbar(image, ax=axes" +
        std::string(depth ? ", label=\"log10(f - min f)\"" : "") + ")");
    if (grid.contours > 0) {
      add("centres = marks[" + pythonText(grid.name) + "][:2].reshape(2, *values.shape)");
      add("axes.contour(*centres, values, levels=" + std::to_string(grid.contours) +
          ", colors=\"black\", linewidths=0.4, alpha=0.5)");
    }
  }
  void operator()(const PlotLine& line) {
    add("x, y, _ = marks[" + pythonText(line.name) + "]");
    const std::string style = line.reference
                                  ? std::string("color=\"grey\", linestyle=") +
                                        pick(kReferenceDashes, line.style) + ", linewidth=1"
                                  : "color=" + pythonText(plotColour(line.style)) +
                                        ", linestyle=" + pick(kDashes, line.style);
    if (line.steps)
      add("axes.step(x, y, where=\"post\", " + style + legend(line.label) + ")");
    else
      add("axes.plot(x, y, " + style + legend(line.label) + ")");
  }
  void operator()(const PlotPoints& layer) {
    add("x, y, value = marks[" + pythonText(layer.name) + "]");
    if (layer.classes.empty()) {
      add("axes.scatter(x, y, s=12, color=" + pythonText(plotColour(layer.style)) +
          ", marker=" + pythonText(pick(kMarkers, layer.style)) + legend(layer.label) + ")");
      return;
    }
    add("for number in np.unique(value):");
    add("    of = value == number");
    add("    axes.scatter(x[of], y[of], s=12, marker=\"os^Dv*PX\"[int(number) % 8],");
    add("                 color=colours[int(number) % len(colours)], edgecolors=\"white\",");
    add("                 linewidths=0.4, label=" +
        (layer.label.empty() ? std::string("f\"{number:g}\"")
                             : pythonLabel(layer.label + " ") + " + f\"{number:g}\"") +
        ")");
  }
  void operator()(const PlotArrows& arrows) {
    add("x, y, _ = marks[" + pythonText(arrows.name) + "]");
    add("axes.quiver(x[::2], y[::2], x[1::2] - x[::2], y[1::2] - y[::2], angles=\"xy\",");
    add("            scale_units=\"xy\", scale=1, width=0.003, color=" +
        pythonText(plotColour(arrows.style)) + legend(arrows.label) + ")");
  }
  void operator()(const PlotBars& bars) {
    add("x, y, _ = marks[" + pythonText(bars.name) + "]");
    const std::string style = ", color=" + pythonText(plotColour(bars.style)) + ", hatch=\"" +
                              pick(kHatches, bars.style) + "\", edgecolor=\"white\"" +
                              legend(bars.label);
    if (plot_.stacked) {
      if (group_ == 0) add("below = np.zeros_like(y)");
      add("axes.bar(x, y, bottom=below" + style + ")");
      add("below = below + np.nan_to_num(y)");
    } else {
      const double width = 0.8 / groups_;
      add("axes.bar(x + " + number((group_ - (groups_ - 1) / 2.0) * width) +
          ", y, width=" + number(width) + style + ")");
    }
    ++group_;
  }

 private:
  void add(const std::string& line) { text_ += line + "\n"; }
  static std::string legend(const std::string& text) {
    return text.empty() ? std::string() : ", label=" + pythonLabel(text);
  }

  const Plot& plot_;
  std::string text_;
  int groups_ = 0, group_ = 0;
};

}  // namespace

void writePlotCsv(FileWriter& file, const Plot& plot) {
  CsvRows rows(file);
  for (const PlotMark& mark : plot.marks) std::visit(rows, mark);
}

std::string matplotlibScript(const Plot& plot, const std::vector<std::string>& origin) {
  std::string text = "#!/usr/bin/env python3\n";
  for (const std::string& line : origin) text += "# " + line + "\n";
  text +=
      "import csv\n"
      "import pathlib\n"
      "import sys\n\n"
      "import matplotlib.pyplot as plt\n"
      "import numpy as np\n\n"
      "here = pathlib.Path(__file__).resolve().parent\n"
      "marks = {}\n"
      "with open(here / " +
      pythonText(plot.id + ".csv") +
      ", newline=\"\", encoding=\"utf-8\") as file:\n"
      "    for row in csv.DictReader(file):\n"
      "        numbers = [float(row[name] or \"nan\") for name in (\"x\", \"y\", \"value\")]\n"
      "        marks.setdefault(row[\"mark\"], []).append(numbers)\n"
      "marks = {name: np.array(rows).T for name, rows in marks.items()}\n\n";
  if (needsChineseFont(plot))
    text +=
        "from matplotlib import font_manager  # of the fonts with Chinese, those that are here\n"
        "chinese = [\"Noto Sans CJK SC\", \"Noto Sans CJK JP\", \"Microsoft YaHei\", \"PingFang "
        "SC\"]\n"
        "installed = set(font_manager.get_font_names())\n"
        "plt.rcParams[\"font.family\"] = [\"DejaVu Sans\", *(name for name in chinese if name in "
        "installed)]"
        "\n\n";
  const bool classed = std::any_of(plot.marks.begin(), plot.marks.end(), [](const PlotMark& mark) {
    const auto* points = std::get_if<PlotPoints>(&mark);
    return points && !points->classes.empty();
  });
  if (classed) {
    text += "colours = [";
    for (int style = 0; style < kPlotColours; ++style)
      text += (style > 0 ? ", " : "") + pythonText(plotColour(style));
    text += "]\n";
  }
  text += "figure, axes = plt.subplots(figsize=(6, 3.75), layout=\"constrained\")\n";
  Statements statements(plot);
  for (const PlotMark& mark : plot.marks) std::visit(statements, mark);
  text += std::move(statements).text();
  text += "axes.set_title(" + pythonLabel(plot.title) + ")\n";
  text += "axes.set_xlabel(" + pythonLabel(plot.x_label) + ")\n";
  text += "axes.set_ylabel(" + pythonLabel(plot.y_label) + ")\n";
  if (plot.x_logarithmic) text += "axes.set_xscale(\"log\")\n";
  if (plot.y_logarithmic) text += "axes.set_yscale(\"log\")\n";
  if (plot.x_range)
    text += "axes.set_xlim(" + number(plot.x_range->x) + ", " + number(plot.x_range->y) + ")\n";
  if (plot.y_range)
    text += "axes.set_ylim(" + number(plot.y_range->x) + ", " + number(plot.y_range->y) + ")\n";
  if (plot.equal_scale) text += "axes.set_aspect(\"equal\")\n";
  if (plot.downwards) text += "axes.invert_yaxis()\n";
  for (const auto& [axis, names] : {std::pair{"x", &plot.x_names}, std::pair{"y", &plot.y_names}})
    if (!names->empty() && names->size() <= kMostNames)
      text += "axes.set_" + std::string(axis) + "ticks(range(" + std::to_string(names->size()) +
              "), " + list(*names) + ")\n";
  text +=
      "if axes.get_legend_handles_labels()[1]:\n"
      "    axes.legend(fontsize=\"small\")\n"
      "figure.savefig(sys.argv[1] if len(sys.argv) > 1 else here / " +
      pythonText(plot.id + ".pdf") + ", dpi=200)\n";
  return text;
}

}  // namespace viva
