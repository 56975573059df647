// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "app/export/command_text.h"
#include "app/export/labels.h"
#include "app/export/view_records.h"
#include "app/export/without_paths.h"

namespace viva {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

class Plots {
 public:
  Plots(const RunResults& results, const Words& words)
      : spec_(*results.spec), records_(results.records), frame_(*results.frame), words_(words) {}

  std::optional<Plot> of(const ViewSpec& view) {
    if (!isPlot(view.kind)) return {};
    plot_ = {};
    references_.clear();
    plot_.id = view.id;
    plot_.title = words_.of(spec_.id, "view", view.id);
    plot_.x_label = axisTitle(view.x);
    plot_.y_label = axisTitle(view.y);
    plot_.x_logarithmic = view.x.logarithmic;
    plot_.y_logarithmic = view.y.logarithmic;
    plot_.equal_scale = view.equal_scale;
    if (view.kind == ViewKind::Series) addRecords(view);
    const auto data = frame_.views.find(view.id);
    if (data != frame_.views.end())
      std::visit([this](const auto& kind) { add(kind); }, data->second);
    if (view.path) addRecordPaths(*view.path);
    if (plot_.marks.empty()) return {};
    nameOnce();
    return std::move(plot_);
  }

 private:
  /// A path and the point at its end are one entry of the legend.
  void nameOnce() {
    std::set<std::pair<std::string, int>> named;
    for (PlotMark& mark : plot_.marks)
      std::visit(
          [&](auto& kind) {
            if constexpr (requires { kind.label; })
              if (!named.emplace(kind.label, kind.style).second) kind.label.clear();
          },
          mark);
  }
  std::string axisTitle(const AxisSpec& axis) const {
    std::string title = words_(axis.label);
    const std::string unit = words_(axis.unit);
    if (!unit.empty()) title += (title.empty() ? "(" : " (") + unit + ")";
    return title;
  }
  int styleOf(const std::string& id) {
    return styles_.try_emplace(id, static_cast<int>(styles_.size())).first->second;
  }
  /// `wanted`, or with a number behind it where the plot has a mark of that name.
  std::string freeName(std::string wanted) const {
    if (wanted.empty()) wanted = "mark";
    const auto taken = [&](const std::string& name) {
      return std::any_of(plot_.marks.begin(), plot_.marks.end(), [&](const PlotMark& mark) {
        return std::visit([&](const auto& kind) { return kind.name == name; }, mark);
      });
    };
    if (!taken(wanted)) return wanted;
    int number = 2;
    while (taken(wanted + " " + std::to_string(number))) ++number;
    return wanted + " " + std::to_string(number);
  }
  PlotLine line(const std::string& id, const std::string& label) {
    PlotLine line;
    line.name = freeName(id);
    line.label = label;
    line.style = styleOf(id);
    return line;
  }

  // --- From records ------------------------------------------------------------------------

  void addRecords(const ViewSpec& view) {
    for (const auto& [column, id, label] : recordsOf(view, spec_.id, records_, words_)) {
      PlotLine curve = line(id, label);
      for (std::int64_t row = 0; row < records_.rows(); ++row)
        if (const double value = records_.at(row, column); !isAbsent(value)) {
          curve.x.push_back(static_cast<double>(row));
          curve.y.push_back(value);
        }
      if (!curve.x.empty()) plot_.marks.push_back(std::move(curve));
    }
  }

  void addRecordPaths(const ViewSpec::Path& path) {
    for (const auto& [x, y, id, label] : pathsOf(path, spec_.id, records_, words_)) {
      PlotLine drawn = line(id, label);
      for (std::int64_t row = 0; row < records_.rows(); ++row) {
        const double px = records_.at(row, x), py = records_.at(row, y);
        if (isAbsent(px) || isAbsent(py)) continue;
        drawn.x.push_back(px);
        drawn.y.push_back(py);
      }
      if (!drawn.x.empty()) plot_.marks.push_back(std::move(drawn));
    }
  }

  // --- From the frame ----------------------------------------------------------------------

  void add(const Curve& curve) {
    PlotLine drawn = line(curve.id, words_.label(curve.label));
    drawn.reference = curve.reference;
    if (drawn.reference)
      drawn.style =
          references_.emplace(curve.id, static_cast<int>(references_.size())).first->second;
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    drawn.x.assign(curve.x.begin(), curve.x.begin() + static_cast<std::ptrdiff_t>(count));
    drawn.y.assign(curve.y.begin(), curve.y.begin() + static_cast<std::ptrdiff_t>(count));
    if (count > 0) plot_.marks.push_back(std::move(drawn));
  }
  void add(const SeriesData& series) {
    for (const Curve& curve : series.curves) add(curve);
  }

  void add(const PlaneData& plane) {
    plot_.x_range = Point{plane.x0, plane.x1};
    plot_.y_range = Point{plane.y0, plane.y1};
    for (const PlaneLayer& layer : plane.layers)
      std::visit([this](const auto& kind) { add(kind); }, layer);
  }
  void add(const FieldLayer& field) {
    PlotGrid grid{freeName(field.name), field.x0,      field.x1, field.y0, field.y1,
                  field.rows,           field.columns, {}};
    grid.contours = field.contours;
    if (!field.values || field.values->empty()) return;
    grid.values.assign(field.values->begin(), field.values->end());
    if (field.diverging) {
      grid.colours = PlotGrid::Colours::Diverging;
    } else if (field.logarithmic) {
      grid.colours = PlotGrid::Colours::Depth;
      toDepth(grid.values);
    }
    // The ends of a depth are given as heights, not as its logarithms.
    const bool depth = grid.colours == PlotGrid::Colours::Depth;
    stretchColours(grid, depth ? std::nullopt : field.minimum,
                   depth ? std::nullopt : field.maximum);
    plot_.marks.push_back(std::move(grid));
  }
  /// To the values, or to the ends that are given.
  static void stretchColours(PlotGrid& grid, std::optional<double> minimum,
                             std::optional<double> maximum) {
    const bool logarithmic = grid.colours == PlotGrid::Colours::Logarithmic;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : grid.values)
      if (std::isfinite(value) && (value > 0 || !logarithmic))
        low = std::min(low, value), high = std::max(high, value);
    low = minimum.value_or(low);
    high = maximum.value_or(high);
    if (grid.colours == PlotGrid::Colours::Diverging) {
      high = std::max(std::abs(low), std::abs(high));
      low = -high;
    }
    if (!std::isfinite(low) || !std::isfinite(high) || (logarithmic && !(low > 0))) {
      low = 0.1;
      high = 1;
    }
    if (!(low < high)) {
      low -= logarithmic ? low / 2 : 0.5;
      high += 0.5;
    }
    grid.minimum = low;
    grid.maximum = high;
  }
  /// Logarithms of what lies above the lowest value, no deeper than four decades below the highest.
  static void toDepth(std::vector<double>& values) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : values)
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
    const double least = (high - low) * 1e-4;
    for (double& value : values) value = std::log10(std::max(value - low, least));
  }
  void add(const PointsLayer& layer) {
    if (layer.points.empty()) return;
    plot_.marks.push_back(PlotPoints{freeName(layer.name), words_.label(layer.label),
                                     styleOf(layer.id.empty() ? layer.name : layer.id),
                                     layer.points, layer.classes});
  }
  void add(const ArrowsLayer& layer) {
    if (layer.from.empty() || layer.from.size() != layer.to.size()) return;
    plot_.marks.push_back(PlotArrows{freeName(layer.name), words_.label(layer.label),
                                     styleOf(layer.id), layer.from, layer.to});
  }
  void add(const PathLayer& layer) {
    PlotLine drawn = line(layer.id, words_.label(layer.label));
    for (const Point& p : layer.points) append(drawn, p.x, p.y);
    if (!drawn.x.empty()) plot_.marks.push_back(std::move(drawn));
  }
  void add(const MeshLayer& mesh) {
    PlotLine drawn = line(mesh.name, "");
    const auto node = [&](int row, int column) {
      const Point& p = mesh.nodes[static_cast<std::size_t>(row * mesh.columns + column)];
      append(drawn, p.x, p.y);
    };
    for (int row = 0; row < mesh.rows; ++row, append(drawn, kGap, kGap))
      for (int column = 0; column < mesh.columns; ++column) node(row, column);
    for (int column = 0; column < mesh.columns; ++column, append(drawn, kGap, kGap))
      for (int row = 0; row < mesh.rows; ++row) node(row, column);
    if (!drawn.x.empty()) plot_.marks.push_back(std::move(drawn));
  }
  void add(const BoxesLayer& layer) {
    for (const BoxesLayer::Box& box : layer.boxes) {
      PlotLine drawn = line(box.id, words_.label(box.label));
      append(drawn, box.x0, box.y0);
      append(drawn, box.x1, box.y0);
      append(drawn, box.x1, box.y1);
      append(drawn, box.x0, box.y1);
      append(drawn, box.x0, box.y0);
      plot_.marks.push_back(std::move(drawn));
    }
  }
  static void append(PlotLine& line, double x, double y) {
    line.x.push_back(x);
    line.y.push_back(y);
  }

  void add(const BarsData& bars) {
    plot_.stacked = bars.stacked;
    plot_.y_logarithmic = plot_.y_logarithmic || bars.logarithmic;
    for (const Label& category : bars.categories) plot_.x_names.push_back(words_.label(category));
    for (const BarsData::Group& group : bars.groups)
      plot_.marks.push_back(
          PlotBars{freeName(group.id), words_.label(group.label), styleOf(group.id), group.values});
    for (const Curve& overlay : bars.overlays) add(overlay);
  }

  void add(const MatrixData& matrix) {
    if (matrix.is_pending || !matrix.values || matrix.values->empty()) return;
    plot_.downwards = true;
    plot_.x_names = matrix.column_labels;
    plot_.y_names = matrix.row_labels;
    PlotGrid grid{freeName("matrix"), -0.5,        matrix.columns - 0.5, -0.5,
                  matrix.rows - 0.5,  matrix.rows, matrix.columns,       {}};
    grid.values.assign(matrix.values->begin(), matrix.values->end());
    if (matrix.diverging)
      grid.colours = PlotGrid::Colours::Diverging;
    else if (matrix.logarithmic)
      grid.colours = PlotGrid::Colours::Logarithmic;
    stretchColours(grid, matrix.minimum, matrix.maximum);
    plot_.marks.push_back(std::move(grid));
  }

  void add(const HistogramData& histogram) {
    plot_.y_logarithmic = plot_.y_logarithmic || histogram.logarithmic;
    double highest = 0;
    for (const HistogramData::Group& group : histogram.groups) {
      PlotLine drawn = line(group.id, words_.label(group.label));
      drawn.steps = true;
      for (std::size_t i = 0; i < std::min(group.counts.size(), histogram.edges.size()); ++i) {
        append(drawn, histogram.edges[i], group.counts[i]);
        highest = std::max(highest, group.counts[i]);
      }
      // The last bin ends where it ends.
      if (!drawn.x.empty() && histogram.edges.size() > group.counts.size())
        append(drawn, histogram.edges[group.counts.size()], group.counts.back());
      if (!drawn.x.empty()) plot_.marks.push_back(std::move(drawn));
    }
    for (const HistogramData::Mark& mark : histogram.marks) {
      PlotLine drawn = line("compared", words_.label(mark.label));
      drawn.reference = true;
      append(drawn, mark.value, plot_.y_logarithmic ? 1 : 0);
      append(drawn, mark.value, highest);
      plot_.marks.push_back(std::move(drawn));
    }
  }

  void add(const TableData&) {}
  void add(const ImagesData&) {}
  void add(const GraphData&) {}
  void add(const TokensData&) {}
  void add(const SequenceData&) {}
  void add(const VerdictData&) {}

  const ExperimentSpec& spec_;
  const Records& records_;
  const Frame& frame_;
  const Words& words_;
  std::map<std::string, int> styles_;
  Plot plot_;
  std::map<std::string, int> references_;  ///< the place of each theory, by id
};

std::string onOneLine(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

}  // namespace

bool isPlot(ViewKind kind) { return hasAxes(kind); }

std::vector<Plot> plotsOf(const RunResults& results, const Words& words) {
  std::vector<Plot> plots;
  if (!results.frame) return plots;
  Plots maker(results, words);
  for (const ViewSpec& view : results.spec->views)
    if (auto plot = maker.of(view)) plots.push_back(std::move(*plot));
  return plots;
}

std::vector<std::string> originOf(const RunResults& results, const std::string& title,
                                  const Words& words) {
  return {onOneLine(title + ", " + experimentTitle(words, results.spec->id)),
          onOneLine(words("plot.computed_by") + " " +
                    commandOf(withoutPaths(results.file), *results.spec))};
}

}  // namespace viva
