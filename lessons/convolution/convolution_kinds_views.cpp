// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/convolution_kinds_views.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace viva {
namespace {

const std::string kWord = "convolution-kinds";

double pixelAt(const std::vector<double>& pixels, const MapSize& size, const Tap& tap) {
  return tap.is_padding ? 0 : pixels[size.at(tap.channel, tap.row, tap.column)];
}

/// `x` what is read, `h` what lies between two layers, `y` the output, `z` the one beside.
std::string mapName(char letter, std::int64_t channel) { return letter + std::to_string(channel); }

/// Maps below one another, up to four in a column.
class Stack {
 public:
  Stack(const MapSize& size, double left, double gap)
      : size_(size), left_(left), gap_(gap), in_column_(std::min<std::int64_t>(size.channels, 4)) {}

  double width() const {
    const auto columns = static_cast<double>((size_.channels + in_column_ - 1) / in_column_);
    return columns * (static_cast<double>(size_.columns) + gap_) - gap_;
  }
  double height() const {
    return static_cast<double>(in_column_) * (static_cast<double>(size_.rows) + gap_) - gap_;
  }
  /// The upper left corner of a pixel; the middle of the stack is at y = 0.
  Point at(std::int64_t channel, double row, double column) const {
    return {
        left_ +
            static_cast<double>(channel / in_column_) *
                (static_cast<double>(size_.columns) + gap_) +
            column,
        height() / 2 -
            static_cast<double>(channel % in_column_) * (static_cast<double>(size_.rows) + gap_) -
            row};
  }
  BoxesLayer::Box box(std::int64_t channel, double top, double left, double bottom, double right,
                      const std::string& id, Label label) const {
    const Point high = at(channel, top, left), low = at(channel, bottom, right);
    return {high.x, low.y, low.x, high.y, id, std::move(label)};
  }
  const MapSize& size() const { return size_; }

 private:
  MapSize size_;
  double left_, gap_;
  std::int64_t in_column_;
};

/// Fields are drawn smooth; small maps are given in blocks, so that their pixels have edges.
FieldLayer fieldOf(const Stack& stack, const std::vector<double>& values, std::int64_t channel,
                   const std::string& name, double largest) {
  const MapSize& size = stack.size();
  const std::int64_t block = std::max<std::int64_t>(1, 64 / std::max(size.rows, size.columns));
  FieldLayer field;
  field.name = name;
  const Point high = stack.at(channel, 0, 0),
              low = stack.at(channel, static_cast<double>(size.rows),
                             static_cast<double>(size.columns));
  field.x0 = high.x, field.x1 = low.x, field.y0 = low.y, field.y1 = high.y;
  field.rows = static_cast<int>(size.rows * block);
  field.columns = static_cast<int>(size.columns * block);
  std::vector<float> cells;
  for (std::int64_t row = field.rows - 1; row >= 0; --row)
    for (std::int64_t column = 0; column < field.columns; ++column)
      cells.push_back(static_cast<float>(values[size.at(channel, row / block, column / block)]));
  field.values = shareFloats(std::move(cells));
  field.diverging = true;
  field.minimum = -largest;
  field.maximum = largest;
  return field;
}

void addMaps(PlaneData& plane, BoxesLayer& frames, const Stack& stack,
             const std::vector<double>& values, char letter, double largest) {
  const MapSize& size = stack.size();
  for (std::int64_t c = 0; c < size.channels; ++c) {
    plane.layers.emplace_back(fieldOf(stack, values, c, mapName(letter, c), largest));
    frames.boxes.push_back(stack.box(c, 0, 0, static_cast<double>(size.rows),
                                     static_cast<double>(size.columns), frames.name,
                                     mapName(letter, c)));
  }
}

/// Where a number reads and what reads it: a box around the taps in each channel, and an arrow.
struct Reading {
  BoxesLayer windows{"window", {}};
  PointsLayer taps{"taps", Word{kWord + ".curve.taps"}, {}, {}, "taps", 5};
  ArrowsLayer arrows{"arrows", Word{kWord + ".curve.arrows"}, "window", {}, {}};

  void add(const Stack& from, const std::vector<Tap>& read, Point to) {
    for (std::size_t first = 0; first < read.size();) {
      const std::int64_t channel = read[first].channel;
      std::int64_t top = read[first].row, left = read[first].column, bottom = top, right = left;
      for (; first < read.size() && read[first].channel == channel; ++first) {
        const Tap& tap = read[first];
        top = std::min(top, tap.row), bottom = std::max(bottom, tap.row);
        left = std::min(left, tap.column), right = std::max(right, tap.column);
        taps.points.push_back(from.at(channel, static_cast<double>(tap.row) + 0.5,
                                      static_cast<double>(tap.column) + 0.5));
      }
      const auto box =
          from.box(channel, static_cast<double>(top), static_cast<double>(left),
                   static_cast<double>(bottom + 1), static_cast<double>(right + 1), "window", "");
      arrows.from.push_back({box.x1, (box.y0 + box.y1) / 2});
      arrows.to.push_back(to);
      windows.boxes.push_back(box);
    }
  }
};

void addReading(PlaneData& plane, const std::vector<Stack>& stacks, const KindsScene& scene) {
  const auto& layers = scene.own.layers();
  const auto row = static_cast<double>(scene.row), column = static_cast<double>(scene.column);
  Reading reading;
  const auto read =
      tapsOf(scene.own.last().shape, scene.own.last().input, scene.filter, scene.row, scene.column);
  const Stack& last = stacks[layers.size()];
  reading.add(stacks[layers.size() - 1], read, last.at(scene.filter, row + 0.5, column));
  if (layers.size() == 2)
    for (const Tap& tap : read)
      reading.add(stacks[0],
                  tapsOf(layers[0].shape, layers[0].input, tap.channel, tap.row, tap.column),
                  stacks[1].at(tap.channel, static_cast<double>(tap.row) + 0.5,
                               static_cast<double>(tap.column)));
  BoxesLayer cell{"cell", {last.box(scene.filter, row, column, row + 1, column + 1, "cell", "")}};
  plane.layers.emplace_back(std::move(reading.windows));
  plane.layers.emplace_back(std::move(reading.taps));
  plane.layers.emplace_back(std::move(reading.arrows));
  plane.layers.emplace_back(std::move(cell));
}

/// Where along the input a number of the output lies: the middle of what it reads.
double placeOf(const ConvolutionShape& s, std::int64_t index) {
  const auto o = static_cast<double>(index), p = static_cast<double>(s.padding);
  const double half = static_cast<double>(s.reach() - 1) / 2;
  return s.is_transposed ? (o + p - half) / static_cast<double>(s.stride)
                         : o * static_cast<double>(s.stride) - p + half;
}

Curve rowOf(const std::string& id, const std::vector<double>& values, const MapSize& size,
            std::int64_t channel, std::int64_t row, const ConvolutionShape& shape) {
  Curve curve{id, Word{kWord + ".curve." + id}, {}, {}};
  for (std::int64_t column = 0; column < size.columns; ++column) {
    const double value = values[size.at(channel, row, column)];
    if (std::isnan(value)) continue;
    curve.x.push_back(placeOf(shape, column));
    curve.y.push_back(value);
  }
  return curve;
}

struct Cost {
  std::int64_t parameters = 0, products = 0, reach = 1;
  MapSize output;
};

std::optional<Cost> costOf(ConvolutionKind kind, const Parameters& p) {
  MapSize size = pictureSize(p);
  size.channels = p[kChannels];
  Cost cost;
  for (const ConvolutionShape& shape : shapesOf(kind, p)) {
    if (shape.in % shape.groups != 0 || shape.out % shape.groups != 0) return {};
    cost.parameters += shape.parameters();
    cost.products += shape.products(size);
    // Along one side a transposed one meets every stride-th weight only.
    cost.reach =
        std::max(cost.reach, shape.is_transposed ? (shape.reach() + shape.stride - 1) / shape.stride
                                                 : shape.reach());
    size = shape.outputOf(size);
    if (size.rows < 1 || size.columns < 1) return {};
  }
  cost.output = size;
  return cost;
}

double percentOf(const Cost& cost, const std::optional<Cost>& standard) {
  if (!standard || standard->products == 0) return std::numeric_limits<double>::quiet_NaN();
  return 100 * static_cast<double>(cost.products) / static_cast<double>(standard->products);
}

}  // namespace

void showMaps(PlaneData& plane, const KindsScene& scene) {
  const auto& layers = scene.own.layers();
  std::int64_t border = 1;
  for (const ConvolutionLayer& layer : layers)
    if (!layer.shape.is_transposed) border = std::max(border, layer.shape.padding);
  const double gap = 2 * static_cast<double>(border) + 1;
  const double between = std::max(gap, 0.4 * static_cast<double>(scene.own.input().columns)) + gap;

  std::vector<Stack> stacks{Stack(scene.own.input(), 0, gap)};
  double right = stacks[0].width();
  for (const ConvolutionLayer& layer : layers) {
    stacks.emplace_back(layer.output, right + between, gap);
    right += between + stacks.back().width();
  }
  if (scene.beside) {
    stacks.emplace_back(scene.beside->last().output, right + between, gap);
    right += between + stacks.back().width();
  }

  BoxesLayer input{"input", {}}, middle{"middle", {}}, output{"output", {}}, beside{"beside", {}};
  addMaps(plane, input, stacks[0], scene.own.pixels(), 'x', scene.largest);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool is_last = i + 1 == layers.size();
    addMaps(plane, is_last ? output : middle, stacks[i + 1], layers[i].values, is_last ? 'y' : 'h',
            scene.largest);
  }
  if (scene.beside)
    addMaps(plane, beside, stacks.back(), scene.beside->last().values, 'z', scene.largest);
  for (BoxesLayer& frames : {std::ref(input), std::ref(middle), std::ref(output), std::ref(beside)})
    if (!frames.boxes.empty()) plane.layers.emplace_back(std::move(frames));
  addReading(plane, stacks, scene);

  double height = 0;
  for (const Stack& stack : stacks) height = std::max(height, stack.height());
  plane.x0 = -gap;
  plane.x1 = right + gap;
  plane.y0 = -height / 2 - gap;
  plane.y1 = height / 2 + gap;
}

MatrixData outputMatrix(const KindsScene& scene) {
  const ConvolutionLayer& last = scene.own.last();
  const MapSize& size = last.output;
  MatrixData matrix;
  const std::int64_t begun = (scene.own.computed() + size.columns - 1) / size.columns;
  matrix.rows = static_cast<int>(std::max<std::int64_t>(1, begun));
  matrix.columns = static_cast<int>(size.columns);
  std::vector<float> cells;
  for (std::int64_t i = 0; i < matrix.rows * size.columns; ++i)
    cells.push_back(static_cast<float>(last.values[size.at(scene.filter, 0, 0) + i]));
  matrix.values = shareFloats(std::move(cells));
  matrix.diverging = true;
  matrix.minimum = -scene.largest;
  matrix.maximum = scene.largest;
  return matrix;
}

MatrixData productsMatrix(const KindsScene& scene) {
  MatrixData matrix;
  const ConvolutionLayer& last = scene.own.last();
  const auto& pixels = scene.own.readBy(scene.own.layers().size() - 1);
  const char letter = scene.own.layers().size() == 2 ? 'h' : 'x';
  std::vector<float> products;
  std::set<std::int64_t> columns;
  std::pair<std::int64_t, std::int64_t> row{-1, -1};
  std::int64_t under = 0;  // of the kernel's rows
  auto taps = tapsOf(last.shape, last.input, scene.filter, scene.row, scene.column);
  // As they lie in the picture, whichever way the kernel meets it.
  std::ranges::sort(taps, {},
                    [](const Tap& tap) { return std::tuple(tap.channel, tap.row, tap.column); });
  for (const Tap& tap : taps) {
    products.push_back(
        static_cast<float>(last.weights[tap.weight] * pixelAt(pixels, last.input, tap)));
    columns.insert(tap.column);
    if (std::pair{tap.channel, tap.row} == row) continue;
    under = tap.channel == row.first ? under + 1 : 0;
    row = {tap.channel, tap.row};
    matrix.row_labels.push_back(mapName(letter, tap.channel) + ", " + std::to_string(under));
  }
  matrix.rows = static_cast<int>(matrix.row_labels.size());
  matrix.columns = static_cast<int>(columns.size());
  matrix.values = shareFloats(std::move(products));
  matrix.diverging = true;
  return matrix;
}

TableData termsTable(const KindsScene& scene) {
  TableData table;
  table.columns = {{"map"}, {"row"}, {"column"}, {"pixel"}, {"weight"}, {"product"}};
  const auto add = [&](std::size_t layer, std::int64_t channel, std::int64_t row,
                       std::int64_t column, const std::string& name) {
    const ConvolutionLayer& at = scene.own.layers()[layer];
    const auto& pixels = scene.own.readBy(layer);
    double sum = 0;
    for (const Tap& tap : tapsOf(at.shape, at.input, channel, row, column)) {
      const double pixel = pixelAt(pixels, at.input, tap), weight = at.weights[tap.weight];
      sum += weight * pixel;
      table.rows.push_back(
          {tap.is_padding ? "padding" : "window",
           {mapName(layer == 0 ? 'x' : 'h', tap.channel), static_cast<double>(tap.row),
            static_cast<double>(tap.column), pixel, weight, weight * pixel}});
    }
    table.rows.push_back({"cell",
                          {name,
                           static_cast<double>(row),
                           static_cast<double>(column),
                           {},
                           Word{kWord + ".curve.sum"},
                           sum}});
  };
  const std::size_t last = scene.own.layers().size() - 1;
  if (last == 1)
    for (std::int64_t c = 0; c < scene.own.last().input.channels; ++c)
      add(0, c, scene.row, scene.column, mapName('h', c));
  add(last, scene.filter, scene.row, scene.column, mapName('y', scene.filter));
  return table;
}

MatrixData coverageMatrix(const ConvolutionLayer& layer) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(layer.output.rows);
  matrix.columns = static_cast<int>(layer.output.columns);
  std::vector<float> counts;
  const std::int64_t each = layer.shape.in / layer.shape.groups;
  for (std::int64_t i = 0; i < layer.output.positions(); ++i) {
    const auto taps =
        tapsOf(layer.shape, layer.input, 0, i / layer.output.columns, i % layer.output.columns);
    const auto inside = std::ranges::count_if(taps, [](const Tap& tap) { return !tap.is_padding; });
    counts.push_back(static_cast<float>(inside / each));
  }
  matrix.values = shareFloats(std::move(counts));
  matrix.minimum = 0;
  return matrix;
}

void showProfile(SeriesData& series, const KindsScene& scene) {
  const ConvolutionLayer& last = scene.own.last();
  const ConvolutionShape& shape = scene.own.layers().front().shape;
  const MapSize& input = scene.own.input();
  const auto row =
      std::clamp<std::int64_t>(std::llround(placeOf(shape, scene.row)), 0, input.rows - 1);
  const auto taps = tapsOf(last.shape, last.input, scene.filter, scene.row, scene.column);
  const std::int64_t channel = taps.empty() ? 0 : taps.front().channel;
  series.curves.push_back(
      rowOf("input", scene.own.pixels(), input, channel, row, ConvolutionShape{}));
  series.curves.push_back(
      rowOf("output", last.values, last.output, scene.filter, scene.row, shape));
  if (!scene.beside) return;
  const ConvolutionLayer& beside = scene.beside->last();
  if (scene.row < beside.output.rows)
    series.curves.push_back(
        rowOf("beside", beside.values, beside.output, scene.filter, scene.row, beside.shape));
}

TableData costsTable(const Parameters& p) {
  TableData table;
  table.columns = {{"kind"}, {"parameters"}, {"macs"}, {"share"}, {"reach"}, {"size"}};
  const auto standard = costOf(ConvolutionKind::Standard, p);
  for (const ConvolutionKind kind : kKind.meanings) {
    TableData::Row row{kind == p[kKind] ? "output" : "other",
                       {Word{kWord + ".choice.kind." + kKind.nameOf(kind)}, {}, {}, {}, {}, {}}};
    if (const auto cost = costOf(kind, p)) {
      row.cells[1] = static_cast<double>(cost->parameters);
      row.cells[2] = static_cast<double>(cost->products);
      if (standard) row.cells[3] = percentOf(*cost, standard);
      row.cells[4] = static_cast<double>(cost->reach);
      row.cells[5] = std::to_string(cost->output.channels) + "×" +
                     std::to_string(cost->output.rows) + "×" + std::to_string(cost->output.columns);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

BarsData sharesBars(const Parameters& p) {
  BarsData bars;
  BarsData::Group shown{"output", Word{kWord + ".curve.this_kind"}, {}};
  BarsData::Group others{"other", Word{kWord + ".curve.other"}, {}};
  const auto standard = costOf(ConvolutionKind::Standard, p);
  for (const ConvolutionKind kind : kKind.meanings) {
    bars.categories.emplace_back(Word{kWord + ".choice.kind." + kKind.nameOf(kind)});
    const auto cost = costOf(kind, p);
    const double share = cost ? percentOf(*cost, standard) : std::nan("");
    (kind == p[kKind] ? shown : others).values.push_back(share);
    (kind == p[kKind] ? others : shown).values.push_back(std::nan(""));
  }
  bars.groups = {shown, others};
  bars.stacked = true;
  return bars;
}

}  // namespace viva
