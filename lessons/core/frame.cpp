// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/frame.h"

#include <set>

namespace viva {
namespace {

using Owners = std::set<const std::vector<float>*>;

/// Counts what a value holds; shared floats once, and not when `known` holds them already.
struct Bytes {
  Owners& seen;

  std::size_t floats(const SharedFloats& values) const {
    if (!values || !seen.insert(values.get()).second) return 0;
    return values->size() * sizeof(float);
  }
  std::size_t operator()(const Curve& curve) const {
    return sizeof curve + (curve.x.size() + curve.y.size()) * sizeof(double);
  }
  std::size_t operator()(const SeriesData& data) const {
    std::size_t sum = 0;
    for (const Curve& curve : data.curves) sum += (*this)(curve);
    return sum;
  }
  std::size_t operator()(const FieldLayer& layer) const {
    return sizeof layer + floats(layer.values);
  }
  std::size_t operator()(const PointsLayer& layer) const {
    return sizeof layer + layer.points.size() * sizeof(Point) + layer.classes.size() * sizeof(int);
  }
  std::size_t operator()(const ArrowsLayer& layer) const {
    return sizeof layer + (layer.from.size() + layer.to.size()) * sizeof(Point);
  }
  std::size_t operator()(const PathLayer& layer) const {
    return sizeof layer + layer.points.size() * sizeof(Point);
  }
  std::size_t operator()(const MeshLayer& layer) const {
    return sizeof layer + layer.nodes.size() * sizeof(Point);
  }
  std::size_t operator()(const BoxesLayer& layer) const {
    return sizeof layer + layer.boxes.size() * sizeof(BoxesLayer::Box);
  }
  std::size_t operator()(const PlaneData& data) const {
    std::size_t sum = sizeof data;
    for (const PlaneLayer& layer : data.layers) sum += std::visit(*this, layer);
    return sum;
  }
  std::size_t operator()(const MatrixData& data) const {
    std::size_t sum = sizeof data + floats(data.values);
    for (const std::string& label : data.row_labels) sum += sizeof label + label.capacity();
    for (const std::string& label : data.column_labels) sum += sizeof label + label.capacity();
    return sum;
  }
  std::size_t operator()(const BarsData& data) const {
    std::size_t sum = sizeof data + data.categories.size() * sizeof(Label);
    for (const BarsData::Group& group : data.groups)
      sum += sizeof group + group.values.size() * sizeof(double);
    for (const Curve& curve : data.overlays) sum += (*this)(curve);
    return sum;
  }
  std::size_t operator()(const TableData& data) const {
    std::size_t sum = sizeof data + data.columns.size() * sizeof(TableData::Column);
    for (const TableData::Row& row : data.rows)
      sum += sizeof row + row.cells.size() * sizeof(TableData::Cell);
    return sum;
  }
  std::size_t operator()(const HistogramData& data) const {
    std::size_t sum = sizeof data + data.edges.size() * sizeof(double) +
                      data.marks.size() * sizeof(HistogramData::Mark);
    for (const HistogramData::Group& group : data.groups)
      sum += sizeof group + group.counts.size() * sizeof(double);
    for (const HistogramData::Moment& moment : data.moments)
      sum += sizeof moment + moment.counts.size() * sizeof(double);
    return sum;
  }
  std::size_t operator()(const ImagesData& data) const {
    std::size_t sum = sizeof data + floats(data.values);
    for (const ImagesData::Image& image : data.images)
      sum += sizeof image + image.boxes.size() * sizeof(BoxesLayer::Box);
    return sum;
  }
  std::size_t operator()(const GraphData& data) const {
    std::size_t sum = sizeof data + data.nodes.size() * sizeof(GraphData::Node);
    for (const GraphData::Node& node : data.nodes) sum += node.detail.arguments.size() * 64;
    for (const GraphData::Edge& edge : data.edges)
      sum += sizeof edge + edge.through.size() * sizeof(Point);
    for (const Message& line : data.lines) sum += sizeof line + line.arguments.size() * 64;
    return sum;
  }
  std::size_t operator()(const TokensData& data) const {
    std::size_t sum = sizeof data + data.arcs.size() * sizeof(TokensData::Arc);
    for (const TokensData::Row& row : data.rows)
      for (const TokensData::Piece& piece : row.pieces)
        sum += sizeof piece + piece.text.capacity() + piece.detail.arguments.size() * 64;
    return sum;
  }
  std::size_t operator()(const SequenceData& data) const {
    std::size_t sum = sizeof data + data.lifelines.size() * sizeof(SequenceData::Lifeline);
    for (const SequenceData::Arrow& arrow : data.arrows)
      sum += sizeof arrow + arrow.payload.capacity();
    return sum;
  }
  std::size_t operator()(const VerdictData& data) const {
    return sizeof data + data.sentence.arguments.size() * 64;
  }
};

struct LabelById {
  const std::string& experiment;

  template <typename Named>
  void name(std::vector<Named>& all) const {
    for (Named& one : all)
      if (const auto* text = std::get_if<std::string>(&one.label); text && text->empty())
        if (!one.id.empty()) one.label = Word{experiment + ".curve." + one.id};
  }
  void operator()(SeriesData& data) const { name(data.curves); }
  void operator()(BarsData& data) const {
    name(data.groups);
    name(data.overlays);
  }
  void operator()(HistogramData& data) const { name(data.groups); }
  template <typename Other>
  void operator()(Other&) const {}
};

}  // namespace

std::string_view nameOf(SequenceData::Kind kind) {
  constexpr std::string_view kNames[] = {"request", "reply", "error", "note"};
  return kNames[static_cast<std::size_t>(kind)];
}

void labelById(Frame& frame, const std::string& experiment) {
  for (auto& [id, data] : frame.views) std::visit(LabelById{experiment}, data);
}

std::size_t bytesOf(const Frame& frame, const Frame* previous) {
  Owners seen;
  const Bytes bytes{seen};
  if (previous)
    for (const auto& [id, data] : previous->views) std::visit(bytes, data);
  std::size_t sum = sizeof frame;
  for (const auto& [id, data] : frame.views) sum += id.size() + 64 + std::visit(bytes, data);
  return sum;
}

}  // namespace viva
