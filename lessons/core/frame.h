// SPDX-License-Identifier: GPL-3.0-or-later
// What the heavy views show at one step: plain data, never a tensor.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lessons/core/message.h"
#include "lessons/core/parameter.h"

namespace viva {

/// Values that many frames may share (the field of a surface that does not move).
using SharedFloats = std::shared_ptr<const std::vector<float>>;
inline SharedFloats shareFloats(std::vector<float> values) {
  return std::make_shared<const std::vector<float>>(std::move(values));
}

/// A name on a plot: either the field's own term, shown as it is (`Adam`), or a word key.
using Label = std::variant<std::string, Word>;

/// A series kind view is mostly drawn from records; these are its further curves.
struct Curve {
  std::string id;  ///< equal ids have equal colours in every view of a panel
  Label label;
  std::vector<double> x, y;
  bool reference = false;  ///< a theory drawn over the measurement: thin, dashed, grey
};
struct SeriesData {
  std::vector<Curve> curves;
};

/// The layers of a Plane, drawn in order. Coordinates are the plane's own, y upwards.
struct FieldLayer {
  std::string name;
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;  ///< the outer edges of the grid of cells
  int rows = 0, columns = 0;              ///< values row by row, the first row at y0
  SharedFloats values;
  bool logarithmic =
      false;  ///< colours by log10 of (value - minimum), for surfaces with deep valleys
  bool diverging = false;                      ///< colours symmetric about zero
  int contours = 0;                            ///< contour lines drawn over the field; 0 for none
  std::optional<double> minimum{}, maximum{};  ///< of the colours; unset: of the values

  bool operator==(const FieldLayer&) const = default;  ///< the same values, not equal ones
};
struct PointsLayer {
  std::string name;
  Label label;
  std::vector<Point> points;
  std::vector<int> classes;  ///< one a point, or empty
  std::string id;            ///< colour of the curve with this id, when classes is empty
  double size = 6;           ///< diameter in device-independent pixels at 1x
};
struct ArrowsLayer {
  std::string name;
  Label label;
  std::string id;
  std::vector<Point> from, to;
};
struct PathLayer {
  std::string name;
  Label label;
  std::string id;
  std::vector<Point> points;
};
struct MeshLayer {
  std::string name;
  int rows = 0, columns = 0;
  std::vector<Point> nodes;  ///< row by row
};
struct BoxesLayer {
  std::string name;
  struct Box {
    double x0, y0, x1, y1;
    std::string id;
    Label label;
  };
  std::vector<Box> boxes;
};
using PlaneLayer =
    std::variant<FieldLayer, PointsLayer, ArrowsLayer, PathLayer, MeshLayer, BoxesLayer>;
struct PlaneData {
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;  ///< what is shown at first
  std::vector<PlaneLayer> layers;
};

/// A heat map. Values row by row, the first row on top.
struct MatrixData {
  int rows = 0, columns = 0;
  SharedFloats values;
  std::vector<std::string> row_labels, column_labels;  ///< empty: the indices
  std::optional<double> minimum, maximum;              ///< of the colour bar; unset: of the values
  bool logarithmic = false;
  bool diverging = false;
  bool is_pending = false;  ///< nothing is computed yet: the values stand for none
};

struct BarsData {
  std::vector<Label> categories;
  struct Group {
    std::string id;
    Label label;
    std::vector<double> values;  ///< one a category; NaN for none
  };
  std::vector<Group> groups;
  std::vector<Curve> overlays;  ///< y over the category's index: the theory over the bars
  bool stacked = false;
  bool logarithmic = false;
};

struct TableData {
  /// What the best cell of a column is, marked in the view.
  enum class Best { None, Smallest, Largest };
  struct Column {
    std::string id;  ///< its heading is the word `column.<id>` of the experiment
    Best best = Best::None;
  };
  using Cell = std::variant<std::monostate, double, std::string, Word>;
  struct Row {
    std::string id;  ///< a row about the curve with this id carries its colour and marker
    std::vector<Cell> cells;
  };
  std::vector<Column> columns;
  std::vector<Row> rows;
};

/// How many values lie in each bin, at this step or also at earlier ones.
struct HistogramData {
  std::vector<double> edges;  ///< ascending, one more than bins; all positive on a logarithmic axis
  struct Group {
    std::string id;
    Label label;
    std::vector<double> counts;  ///< one a bin
    double below = 0,
           above = 0;  ///< values beyond the first and the last edge (underflow, overflow)
  };
  std::vector<Group> groups;  ///< drawn over one another

  /// Over time: the same bins of the first group at earlier steps, oldest first.
  struct Moment {
    std::int64_t step = 0;
    std::vector<double> counts;
  };
  std::vector<Moment> moments;

  /// A value to compare with, drawn as a line across the bins (the largest float16).
  struct Mark {
    double value = 0;
    Label label;
  };
  std::vector<Mark> marks;
  bool logarithmic = false;  ///< the counts
};

/// A grid of images of one size, row by row, each with a caption and boxes on top.
struct ImagesData {
  int height = 0, width = 0, channels = 1;  ///< 1 is grey, 3 is red, green, blue
  int columns = 0;                          ///< of the grid; 0: as many as look best
  SharedFloats values;                      ///< [images, channels, height, width]
  float minimum = 0, maximum = 1;           ///< shown as black and as white
  struct Image {
    Label caption;
    std::vector<BoxesLayer::Box> boxes;  ///< in pixels from the image's upper left corner
  };
  std::vector<Image> images;
};

/// Nodes and edges that carry live values: a cell diagram, an architecture.
struct GraphData {
  enum class Shape { Box, Circle, Text };
  struct Node {
    std::string id;
    Label label;
    Point at;  ///< the centre, from (0, 0), upper left, to (1, 1), lower right
    Shape shape = Shape::Box;
    std::optional<double> value;  ///< printed in the node and, with `coloured`, its fill
    bool coloured = true;
    Message
        detail{};  ///< what the read-out adds: the equation with its numbers; empty key: nothing
  };
  struct Edge {
    std::string from, to;  ///< ids of nodes
    Label label{};
    std::optional<double> value{};  ///< printed on the edge; its size is the width of the line
    std::vector<Point> through{};   ///< corners on the way
    bool dashed = false;            ///< through time, or cut
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  double minimum = -1, maximum = 1;  ///< of the colours; symmetric ones diverge from zero
  std::vector<Message> lines;  ///< sentences and equations with their numbers, below the graph
};

/// Text in pieces, in one or several rows (input, target, prediction), with arcs between pieces.
struct TokensData {
  struct Piece {
    std::string text;             ///< UTF-8, as it is: spaces and line ends are made visible
    std::optional<double> value;  ///< its colour and, on hover, its number
    Message detail{};             ///< what the read-out adds; empty key: nothing
  };
  struct Row {
    std::string id;
    Label label;
    std::vector<Piece> pieces;
  };
  /// From a piece to a piece: attention, a merge, an alignment.
  struct Arc {
    int from_row = 0, from = 0, to_row = 0, to = 0;
    double weight = 1;  ///< width and strength of the line, relative to the heaviest
    std::string id{};   ///< colour of the curve with this id; empty: the accent colour
  };
  std::vector<Row> rows;
  std::vector<Arc> arcs;
  std::optional<double> minimum{}, maximum{};  ///< of the colours; unset: of the values
  bool diverging = false;                      ///< colours symmetric about zero
};

/// Messages between lifelines, time running down.
struct SequenceData {
  struct Lifeline {
    std::string id;
    Label label;
  };
  enum class Kind { Request, Reply, Error, Note };
  struct Arrow {
    Kind kind = Kind::Request;
    int from = 0, to = 0;  ///< lifelines; a Note stands over `from`
    Label label;
    std::string payload{};         ///< what went over the wire, JSON where it is; opened by a click
    std::optional<double> time{};  ///< seconds since the first one
  };
  std::vector<Lifeline> lifelines;
  std::vector<Arrow> arrows;  ///< in order of time
};
std::string_view nameOf(SequenceData::Kind kind);  ///< `request`

/// One line of plain words with the number that supports it.
struct VerdictData {
  enum class Mood { Open, Holds, Fails };  ///< too early to say; the claim shows; it does not
  Mood mood = Mood::Open;
  Message sentence;
};

/// In the order of ViewKind.
using ViewData = std::variant<SeriesData, PlaneData, TableData, BarsData, MatrixData, HistogramData,
                              ImagesData, GraphData, TokensData, SequenceData, VerdictData>;

/// The newest state of every heavy view at one step.
struct Frame {
  std::int64_t step = 0;
  std::map<std::string, ViewData, std::less<>> views;

  /// The data of a view, made when first asked for: `frame.at<PlaneData>("plane")`.
  template <typename Data>
  Data& at(const std::string& view) {
    auto [place, made] = views.try_emplace(view, Data{});
    return std::get<Data>(place->second);
  }
};

/// A curve, bar or histogram group that has an id and no label gets the word
/// `<experiment>.curve.<id>`.
void labelById(Frame& frame, const std::string& experiment);

/// The memory of a frame in bytes, without what it shares with `previous`.
std::size_t bytesOf(const Frame& frame, const Frame* previous);

}  // namespace viva
