// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/views_json.h"

#include <cmath>

#include "app/export/json_writer.h"
#include "app/export/labels.h"
#include "app/export/view_records.h"
#include "lessons/core/claim.h"

namespace viva {
namespace {

class ViewsJson {
 public:
  ViewsJson(FileWriter& file, const ExperimentSpec& spec, const Records& records,
            const Frame& frame, const Words& words)
      : json_(file), spec_(spec), records_(records), frame_(frame), words_(words) {}

  void write() {
    json_.beginObject();
    json_.entry("version", kViewsVersion);
    json_.entry("experiment", spec_.id);
    json_.key("step");
    json_.integer(frame_.step);
    json_.key("views");
    json_.beginObject();
    for (const ViewSpec& view : spec_.views) {
      json_.key(view.id);
      json_.beginObject();
      writeView(view);
      json_.endObject();
    }
    json_.endObject();
    json_.endObject();
  }

 private:
  template <typename Data>
  const Data* dataOf(const ViewSpec& view) const {
    const auto place = frame_.views.find(view.id);
    return place == frame_.views.end() ? nullptr : std::get_if<Data>(&place->second);
  }

  void writeView(const ViewSpec& view) {
    json_.entry("kind", nameOf(view.kind));
    json_.entry("title", words_.of(spec_.id, "view", view.id));
    if (hasAxes(view.kind)) writeAxes(view);
    switch (view.kind) {
      case ViewKind::Series:
        return writeSeries(view);
      case ViewKind::Plane:
        return writePlane(view);
      case ViewKind::Table:
        if (const auto* data = dataOf<TableData>(view)) writeTable(*data);
        return;
      case ViewKind::Bars:
        if (const auto* data = dataOf<BarsData>(view)) writeBars(*data);
        return;
      case ViewKind::Matrix:
        if (const auto* data = dataOf<MatrixData>(view)) writeMatrix(*data);
        return;
      case ViewKind::Histogram:
        if (const auto* data = dataOf<HistogramData>(view)) writeHistogram(*data);
        return;
      case ViewKind::Images:
        if (const auto* data = dataOf<ImagesData>(view)) writeImages(*data);
        return;
      case ViewKind::Graph:
        if (const auto* data = dataOf<GraphData>(view)) writeGraph(*data);
        return;
      case ViewKind::Tokens:
        if (const auto* data = dataOf<TokensData>(view)) writeTokens(*data);
        return;
      case ViewKind::Sequence:
        if (const auto* data = dataOf<SequenceData>(view)) writeSequence(*data);
        return;
      case ViewKind::Verdict:
        if (const auto* data = dataOf<VerdictData>(view)) writeVerdict(*data);
        return;
    }
  }

  void writeAxes(const ViewSpec& view) {
    json_.key("axes");
    json_.beginObject();
    for (const auto& [name, axis] : {std::pair{"x", &view.x}, std::pair{"y", &view.y}}) {
      json_.key(name);
      json_.beginObject();
      json_.entry("label", words_(axis->label));
      json_.entry("unit", words_(axis->unit));
      json_.entry("logarithmic", axis->logarithmic);
      json_.endObject();
    }
    json_.endObject();
  }

  // --- Small pieces ------------------------------------------------------------------------

  void point(double x, double y) {
    json_.beginLine();
    json_.number(x);
    json_.number(y);
    json_.endLine();
  }
  void points(std::string_view name, const std::vector<Point>& list) {
    json_.key(name);
    json_.beginList();
    for (const Point& p : list) point(p.x, p.y);
    json_.endList();
  }
  void range(std::string_view name, double low, double high) {
    json_.key(name);
    point(low, high);
  }
  void floats(std::string_view name, const SharedFloats& values) {
    json_.key(name);
    json_.beginLine();
    if (values)
      for (const float value : *values) json_.number(value);
    json_.endLine();
  }
  void labelled(const std::string& id, const Label& label) {
    json_.entry("id", id);
    json_.entry("label", words_.label(label));
  }
  void numbers(std::string_view name, const std::vector<double>& values) {
    json_.key(name);
    json_.beginLine();
    for (const double value : values) json_.number(value);
    json_.endLine();
  }
  void numberOrNull(std::string_view name, const std::optional<double>& value) {
    json_.key(name);
    if (value)
      json_.number(*value);
    else
      json_.null();
  }
  void boxes(const std::vector<BoxesLayer::Box>& list) {
    json_.key("boxes");
    json_.beginList();
    for (const BoxesLayer::Box& box : list) {
      json_.beginObject();
      labelled(box.id, box.label);
      range("x_range", box.x0, box.x1);
      range("y_range", box.y0, box.y1);
      json_.endObject();
    }
    json_.endList();
  }
  void curve(const Curve& curve) {
    json_.beginObject();
    labelled(curve.id, curve.label);
    json_.entry("reference", curve.reference);
    json_.key("points");
    json_.beginList();
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
      point(curve.x[i], curve.y[i]);
    json_.endList();
    json_.endObject();
  }

  // --- The kinds ---------------------------------------------------------------------------

  void writeSeries(const ViewSpec& view) {
    json_.key("curves");
    json_.beginList();
    for (const auto& [column, id, label] : recordsOf(view, spec_.id, records_, words_)) {
      json_.beginObject();
      json_.entry("id", id);
      json_.entry("label", label);
      json_.entry("record", records_.names()[column]);
      json_.entry("reference", false);
      json_.key("points");
      json_.beginList();
      for (std::int64_t row = 0; row < records_.rows(); ++row)
        if (const double value = records_.at(row, column); !isAbsent(value))
          point(static_cast<double>(row), value);
      json_.endList();
      json_.endObject();
    }
    if (const auto* data = dataOf<SeriesData>(view))
      for (const Curve& more : data->curves) curve(more);
    json_.endList();
  }

  void writePlane(const ViewSpec& view) {
    const auto* data = dataOf<PlaneData>(view);
    if (data) {
      range("x_range", data->x0, data->x1);
      range("y_range", data->y0, data->y1);
    }
    json_.key("layers");
    json_.beginList();
    if (data)
      for (const PlaneLayer& layer : data->layers)
        std::visit([this](const auto& kind) { writeLayer(kind); }, layer);
    if (view.path) writeRecordPaths(*view.path);
    json_.endList();
  }

  void beginLayer(const std::string& name, const char* kind) {
    json_.beginObject();
    json_.entry("name", name);
    json_.entry("kind", kind);
  }
  void writeLayer(const FieldLayer& field) {
    beginLayer(field.name, "field");
    range("x_range", field.x0, field.x1);
    range("y_range", field.y0, field.y1);
    json_.entry("rows", field.rows);
    json_.entry("columns", field.columns);
    json_.entry("logarithmic", field.logarithmic);
    floats("values", field.values);
    json_.endObject();
  }
  void writeLayer(const PointsLayer& layer) {
    beginLayer(layer.name, "points");
    labelled(layer.id, layer.label);
    points("points", layer.points);
    if (!layer.classes.empty()) {
      json_.key("classes");
      json_.beginLine();
      for (const int number : layer.classes) json_.integer(number);
      json_.endLine();
    }
    json_.endObject();
  }
  void writeLayer(const ArrowsLayer& layer) {
    beginLayer(layer.name, "arrows");
    labelled(layer.id, layer.label);
    points("from", layer.from);
    points("to", layer.to);
    json_.endObject();
  }
  void writeLayer(const PathLayer& layer) {
    beginLayer(layer.name, "path");
    labelled(layer.id, layer.label);
    points("points", layer.points);
    json_.endObject();
  }
  void writeLayer(const MeshLayer& layer) {
    beginLayer(layer.name, "mesh");
    json_.entry("rows", layer.rows);
    json_.entry("columns", layer.columns);
    points("points", layer.nodes);
    json_.endObject();
  }
  void writeLayer(const BoxesLayer& layer) {
    beginLayer(layer.name, "boxes");
    boxes(layer.boxes);
    json_.endObject();
  }
  /// A path for every pair of records that the pattern names, as the Plane draws it.
  void writeRecordPaths(const ViewSpec::Path& path) {
    for (const auto& [x, y, id, label] : pathsOf(path, spec_.id, records_, words_)) {
      beginLayer(id, "path");
      json_.entry("id", id);
      json_.entry("label", label);
      json_.key("records");
      json_.beginLine();
      json_.text(records_.names()[x]);
      json_.text(records_.names()[y]);
      json_.endLine();
      json_.key("points");
      json_.beginList();
      for (std::int64_t row = 0; row < records_.rows(); ++row) {
        const double px = records_.at(row, x), py = records_.at(row, y);
        if (!isAbsent(px) && !isAbsent(py)) point(px, py);
      }
      json_.endList();
      json_.endObject();
    }
  }

  void writeTable(const TableData& table) {
    json_.key("columns");
    json_.beginList();
    for (const TableData::Column& column : table.columns) {
      json_.beginObject();
      json_.entry("id", column.id);
      json_.entry("title", words_.of(spec_.id, "column", column.id));
      json_.key("best");
      if (column.best == TableData::Best::None)
        json_.null();
      else
        json_.text(column.best == TableData::Best::Smallest ? "smallest" : "largest");
      json_.endObject();
    }
    json_.endList();
    json_.key("rows");
    json_.beginList();
    for (const TableData::Row& row : table.rows) {
      json_.beginObject();
      json_.entry("id", row.id);
      json_.key("cells");
      json_.beginLine();
      for (const TableData::Cell& cell : row.cells) writeCell(cell);
      json_.endLine();
      json_.endObject();
    }
    json_.endList();
  }
  void writeCell(const TableData::Cell& cell) {
    if (const auto* number = std::get_if<double>(&cell))
      json_.number(*number);
    else if (const auto* text = std::get_if<std::string>(&cell))
      json_.text(*text);
    else if (const auto* word = std::get_if<Word>(&cell))
      json_.text(words_(word->key));
    else
      json_.null();
  }

  void writeBars(const BarsData& bars) {
    json_.entry("stacked", bars.stacked);
    json_.key("categories");
    json_.beginLine();
    for (const Label& category : bars.categories) json_.text(words_.label(category));
    json_.endLine();
    json_.key("groups");
    json_.beginList();
    for (const BarsData::Group& group : bars.groups) {
      json_.beginObject();
      labelled(group.id, group.label);
      json_.key("values");
      json_.beginLine();
      for (const double value : group.values) {
        if (std::isnan(value))
          json_.null();
        else
          json_.number(value);
      }
      json_.endLine();
      json_.endObject();
    }
    json_.endList();
    json_.key("overlays");
    json_.beginList();
    for (const Curve& overlay : bars.overlays) curve(overlay);
    json_.endList();
  }

  void writeMatrix(const MatrixData& matrix) {
    json_.entry("rows", matrix.rows);
    json_.entry("columns", matrix.columns);
    floats("values", matrix.values);
    writeIndexLabels("row_labels", matrix.row_labels, matrix.rows);
    writeIndexLabels("column_labels", matrix.column_labels, matrix.columns);
  }
  void writeIndexLabels(std::string_view name, const std::vector<std::string>& labels, int count) {
    json_.key(name);
    json_.beginLine();
    for (const std::string& label : labels) json_.text(label);
    if (labels.empty())
      for (int i = 0; i < count; ++i) json_.text(std::to_string(i));
    json_.endLine();
  }

  void writeHistogram(const HistogramData& histogram) {
    numbers("edges", histogram.edges);
    json_.key("groups");
    json_.beginList();
    for (const HistogramData::Group& group : histogram.groups) {
      json_.beginObject();
      labelled(group.id, group.label);
      numbers("counts", group.counts);
      json_.key("below");
      json_.number(group.below);
      json_.key("above");
      json_.number(group.above);
      json_.endObject();
    }
    json_.endList();
    json_.key("moments");
    json_.beginList();
    for (const HistogramData::Moment& moment : histogram.moments) {
      json_.beginObject();
      json_.key("step");
      json_.integer(moment.step);
      numbers("counts", moment.counts);
      json_.endObject();
    }
    json_.endList();
    json_.key("marks");
    json_.beginList();
    for (const HistogramData::Mark& mark : histogram.marks) {
      json_.beginObject();
      json_.entry("label", words_.label(mark.label));
      json_.key("value");
      json_.number(mark.value);
      json_.endObject();
    }
    json_.endList();
  }

  void writeImages(const ImagesData& images) {
    json_.entry("height", images.height);
    json_.entry("width", images.width);
    json_.entry("channels", images.channels);
    json_.entry("columns", images.columns);
    range("range", images.minimum, images.maximum);
    floats("values", images.values);
    json_.key("images");
    json_.beginList();
    for (const ImagesData::Image& image : images.images) {
      json_.beginObject();
      json_.entry("caption", words_.label(image.caption));
      boxes(image.boxes);
      json_.endObject();
    }
    json_.endList();
  }

  void writeGraph(const GraphData& graph) {
    json_.key("nodes");
    json_.beginList();
    for (const GraphData::Node& node : graph.nodes) {
      json_.beginObject();
      labelled(node.id, node.label);
      range("at", node.at.x, node.at.y);
      numberOrNull("value", node.value);
      json_.entry("detail", node.detail.key.empty() ? std::string() : words_(node.detail));
      json_.endObject();
    }
    json_.endList();
    json_.key("edges");
    json_.beginList();
    for (const GraphData::Edge& edge : graph.edges) {
      json_.beginObject();
      json_.entry("from", edge.from);
      json_.entry("to", edge.to);
      json_.entry("label", words_.label(edge.label));
      numberOrNull("value", edge.value);
      json_.endObject();
    }
    json_.endList();
    json_.key("lines");
    json_.beginList();
    for (const Message& line : graph.lines) json_.text(words_(line));
    json_.endList();
  }

  void writeTokens(const TokensData& tokens) {
    json_.key("rows");
    json_.beginList();
    for (const TokensData::Row& row : tokens.rows) {
      json_.beginObject();
      labelled(row.id, row.label);
      json_.key("pieces");
      json_.beginList();
      for (const TokensData::Piece& piece : row.pieces) {
        json_.beginObject();
        json_.entry("text", piece.text);
        numberOrNull("value", piece.value);
        json_.entry("detail", piece.detail.key.empty() ? std::string() : words_(piece.detail));
        json_.endObject();
      }
      json_.endList();
      json_.endObject();
    }
    json_.endList();
    json_.key("arcs");
    json_.beginList();
    for (const TokensData::Arc& arc : tokens.arcs) {
      json_.beginObject();
      range("from", arc.from_row, arc.from);
      range("to", arc.to_row, arc.to);
      numberOrNull("weight", arc.weight);
      json_.entry("id", arc.id);
      json_.endObject();
    }
    json_.endList();
  }

  void writeSequence(const SequenceData& sequence) {
    json_.key("lifelines");
    json_.beginList();
    for (const SequenceData::Lifeline& lifeline : sequence.lifelines) {
      json_.beginObject();
      labelled(lifeline.id, lifeline.label);
      json_.endObject();
    }
    json_.endList();
    json_.key("messages");
    json_.beginList();
    for (const SequenceData::Arrow& arrow : sequence.arrows) {
      json_.beginObject();
      json_.entry("kind", nameOf(arrow.kind));
      range("between", arrow.from, arrow.to);
      json_.entry("label", words_.label(arrow.label));
      json_.entry("payload", arrow.payload);
      numberOrNull("time", arrow.time);
      json_.endObject();
    }
    json_.endList();
  }

  void writeVerdict(const VerdictData& verdict) {
    json_.entry("mood", endingOf(verdict.mood));
    json_.entry("sentence", words_(verdict.sentence));
  }

  JsonWriter json_;
  const ExperimentSpec& spec_;
  const Records& records_;
  const Frame& frame_;
  const Words& words_;
};

}  // namespace

void writeViewsJson(FileWriter& file, const ExperimentSpec& spec, const Records& records,
                    const Frame& frame, const Words& words) {
  ViewsJson(file, spec, records, frame, words).write();
}

}  // namespace viva
