// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/matrix_view.h"

#include <QKeyEvent>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/picks.h"
#include "widgets/views/stroke.h"

namespace viva {

namespace {

QString cellText(double value) {
  return std::isfinite(value) ? QString::number(value, 'g', 3).replace(u'-', u'−')
                              : readoutNumber(value);
}

}  // namespace

// Row r lies at y = -r, so that the first row is on top.

MatrixView::MatrixView(const ViewSpec& spec, const std::string& experiment,
                       const Appearance& appearance, QWidget* parent)
    : PlotView(spec, experiment, appearance, parent) {}

bool MatrixView::isEmpty() const {
  const auto* matrix = data<MatrixData>();
  return !matrix || matrix->is_pending || matrix->rows <= 0 || matrix->columns <= 0 ||
         !matrix->values ||
         matrix->values->size() < static_cast<std::size_t>(matrix->rows) * matrix->columns;
}

void MatrixView::changed(Change change) {
  PlotView::changed(change);
  if (change != Change::Frame && change != Change::Appearance) return;
  scale_.reset();
  image_ = QImage();
  const auto* matrix = data<MatrixData>();
  if (!matrix || read_row_ >= matrix->rows || read_column_ >= matrix->columns)
    read_row_ = read_column_ = -1;
  zeros_ = count(Kind::Zero);
  nothings_ = count(Kind::Nothing);
  // A run goes on under a pointer that rests.
  if (change == Change::Frame && readout()) setReadout(readoutAt(readout()->position));
}

MatrixView::Kind MatrixView::kindOf(double value) const {
  if (std::isnan(value)) return Kind::Nothing;
  const auto* matrix = data<MatrixData>();
  return value == 0 && matrix->logarithmic && !matrix->diverging ? Kind::Zero : Kind::Value;
}

std::int64_t MatrixView::count(Kind kind) const {
  if (isEmpty()) return 0;
  const auto& values = *data<MatrixData>()->values;
  return std::count_if(values.begin(), values.end(),
                       [&](float value) { return kindOf(value) == kind; });
}

QColor MatrixView::colourOf(double value) const {
  const bool dark = appearance().dark;
  switch (kindOf(value)) {
    case Kind::Nothing:
      return theme(dark).background;
    case Kind::Zero:
      return dark ? QColor(0x62, 0x62, 0x62) : QColor(0x8c, 0x8c, 0x8c);
    case Kind::Value:
      break;
  }
  return QColor::fromRgb(mapped(map(), scale().place(value), dark));
}

// A cross for what is not a number, a stroke for an exact zero.
void MatrixView::drawSign(QPainter& painter, const QRectF& cell, Kind kind) const {
  const Theme& colours = theme(appearance().dark);
  const double inset = std::min(cell.width(), cell.height()) * 0.22;
  const QRectF box = cell.adjusted(inset, inset, -inset, -inset);
  painter.setPen(QPen(kind == Kind::Zero ? colours.background : colours.axis, 1.3));
  painter.drawLine(box.bottomLeft(), box.topRight());
  if (kind == Kind::Nothing) painter.drawLine(box.topLeft(), box.bottomRight());
}

ColourMap MatrixView::map() const {
  return data<MatrixData>()->diverging ? ColourMap::Diverging : ColourMap::Sequential;
}

ColourScale MatrixView::scale() const {
  if (scale_) return *scale_;
  const auto& matrix = *data<MatrixData>();
  const auto form = matrix.diverging     ? ColourScale::Form::Diverging
                    : matrix.logarithmic ? ColourScale::Form::Logarithmic
                                         : ColourScale::Form::Linear;
  scale_ = ColourScale::of(*matrix.values, form, matrix.minimum, matrix.maximum);
  return *scale_;
}

AxisRange MatrixView::naturalRange(Axis axis) const {
  const auto* matrix = data<MatrixData>();
  if (!matrix) return {};
  if (axis == Axis::X) return {-0.5, std::max(0.5, matrix->columns - 0.5), false};
  return {-std::max(0.5, matrix->rows - 0.5), 0.5, false};
}

QString MatrixView::rowLabel(int row) const {
  const auto& labels = data<MatrixData>()->row_labels;
  return static_cast<std::size_t>(row) < labels.size() ? QString::fromStdString(labels[row])
                                                       : QString::number(row);
}

QString MatrixView::columnLabel(int column) const {
  const auto& labels = data<MatrixData>()->column_labels;
  return static_cast<std::size_t>(column) < labels.size() ? QString::fromStdString(labels[column])
                                                          : QString::number(column);
}

std::vector<Tick> MatrixView::ticks(Axis axis, const AxisRange& range, double pixels) const {
  const auto* matrix = data<MatrixData>();
  std::vector<Tick> result;
  if (!matrix) return result;
  const bool across = axis == Axis::X;
  const int count = across ? matrix->columns : matrix->rows;
  const QFontMetricsF metrics(baseFont(0.92));
  double needed = metrics.height() * 1.8;  // or Qt Charts cuts the labels
  if (across) {
    needed = 1;
    for (int i = 0; i < count; ++i)
      needed = std::max(needed, metrics.horizontalAdvance(columnLabel(i)) + 5);
    needed = std::min(needed, 100.0);
  }
  const double slot = pixels / std::max(1e-9, range.high - range.low);
  int stride = 1;
  for (int round : {1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000}) {
    stride = round;
    if (slot * stride >= needed) break;
  }
  const double width = across ? slot * stride - 4 : pixels * 0.5;
  for (int i = 0; i < count; i += stride) {
    const double place = range.place(across ? i : -i);
    if (place < 0 || place > 1) continue;
    const QString label = across ? columnLabel(i) : rowLabel(i);
    result.push_back({place, metrics.elidedText(label, Qt::ElideRight, std::max(20.0, width))});
  }
  if (!across) std::reverse(result.begin(), result.end());
  return result;
}

double MatrixView::rightMargin(const QRectF& area) const {
  return area.width() < 240 ? PlotView::rightMargin(area) : colourBarWidth(baseFont(0.92));
}

void MatrixView::drawContent(QPainter& painter, const Plot& plot) const {
  const auto& matrix = *data<MatrixData>();
  const ColourScale colours = scale();
  const bool dark = appearance().dark;
  if (image_.isNull()) {
    image_ = imageOf(*matrix.values, matrix.rows, matrix.columns, colours, map(), dark, false);
    for (int row = 0; row < matrix.rows && zeros_ > 0; ++row)
      for (int column = 0; column < matrix.columns; ++column)
        if (kindOf((*matrix.values)[static_cast<std::size_t>(row) * matrix.columns + column]) ==
            Kind::Zero)
          image_.setPixelColor(column, row, colourOf(0));
  }
  const QRectF target(plot.at(-0.5, 0.5), plot.at(matrix.columns - 0.5, -(matrix.rows - 0.5)));
  const QRectF visible = target.intersected(plot.inner);
  if (visible.isEmpty()) return;
  const double cell_width = target.width() / matrix.columns;
  const double cell_height = target.height() / matrix.rows;
  const int first_column =
      std::max(0, static_cast<int>((visible.left() - target.left()) / cell_width));
  const int first_row = std::max(0, static_cast<int>((visible.top() - target.top()) / cell_height));
  const int last_column = std::min<int>(
      matrix.columns - 1, static_cast<int>((visible.right() - target.left()) / cell_width));
  const int last_row = std::min<int>(
      matrix.rows - 1, static_cast<int>((visible.bottom() - target.top()) / cell_height));
  const auto cell = [&](int row, int column) {
    return QRectF(target.left() + column * cell_width, target.top() + row * cell_height, cell_width,
                  cell_height)
        .intersected(plot.inner);
  };
  const auto value = [&](int row, int column) {
    return (*matrix.values)[static_cast<std::size_t>(row) * matrix.columns + column];
  };
  const QRectF source((visible.left() - target.left()) / cell_width,
                      (visible.top() - target.top()) / cell_height, visible.width() / cell_width,
                      visible.height() / cell_height);
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  if (!drawsVectors(painter)) {
    painter.drawImage(visible, image_, source);
  } else if ((last_row - first_row + 1) * (last_column - first_column + 1) <= 4096) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    for (int row = first_row; row <= last_row; ++row)
      for (int column = first_column; column <= last_column; ++column) {
        if (kindOf(value(row, column)) == Kind::Nothing) continue;
        painter.setBrush(colourOf(value(row, column)));
        painter.drawRect(cell(row, column));
      }
  } else {
    QImage large((visible.size() * 2).toSize(), QImage::Format_ARGB32_Premultiplied);
    large.fill(Qt::transparent);
    QPainter large_painter(&large);
    large_painter.drawImage(QRectF(large.rect()), image_, source);
    large_painter.end();
    painter.drawImage(visible, large);
  }
  painter.restore();
  const QFont font = baseFont(0.85);
  const QFontMetricsF metrics(font);
  const auto hasRoom = [&] {
    if (cell_width < metrics.horizontalAdvance(QStringLiteral("−0.000")) + 4 ||
        cell_height < metrics.height() + 2)
      return false;
    for (int row = first_row; row <= last_row; ++row)
      for (int column = first_column; column <= last_column; ++column)
        if (metrics.horizontalAdvance(cellText(value(row, column))) > cell_width - 2) return false;
    return true;
  };
  if (!hasRoom()) {
    if (zeros_ + nothings_ == 0 || std::min(cell_width, cell_height) < 5) return;
    for (int row = first_row; row <= last_row; ++row)
      for (int column = first_column; column <= last_column; ++column)
        if (const Kind kind = kindOf(value(row, column)); kind != Kind::Value)
          drawSign(painter, cell(row, column), kind);
    return;
  }
  painter.setFont(font);
  const Theme& names = theme(dark);
  for (int row = first_row; row <= last_row; ++row)
    for (int column = first_column; column <= last_column; ++column) {
      const double number = value(row, column);
      const QColor ground = colourOf(number);
      painter.setPen(contrast(names.text, ground) >= contrast(names.background, ground)
                         ? names.text
                         : names.background);
      painter.drawText(cell(row, column), Qt::AlignCenter, cellText(number));
    }
}

void MatrixView::drawPointer(QPainter& painter, const Plot& plot) const {
  if (!readout()) return;
  const double column = std::round(plot.xOf(readout()->position.x()));
  const double row = std::round(plot.yOf(readout()->position.y()));
  const QRectF cell(plot.at(column - 0.5, row + 0.5), plot.at(column + 0.5, row - 0.5));
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme(appearance().dark).background, 4));
  painter.drawRect(cell);
  painter.setPen(QPen(theme(appearance().dark).text, 2));
  painter.drawRect(cell);
}

void MatrixView::drawAround(QPainter& painter, const Plot& plot) const {
  const QFont font = baseFont(0.92);
  const double width = colourBarWidth(font);
  if (plot.area.right() - plot.inner.right() < width * 0.9) return;
  const QFontMetricsF metrics(font);
  const double line = metrics.height() * 1.25;
  QRectF bar(plot.inner.right(), plot.inner.top(), width, plot.inner.height());
  bar.setBottom(bar.bottom() - line * ((zeros_ > 0) + (nothings_ > 0)));
  drawColourBar(painter, bar, scale(), map(), appearance().dark, font);
  double y = bar.bottom() + line * 0.15;
  const Theme& colours = theme(appearance().dark);
  for (const Kind kind : {Kind::Zero, Kind::Nothing}) {
    if ((kind == Kind::Zero ? zeros_ : nothings_) == 0) continue;
    // Below the bar as in the cells.
    const QRectF sample(bar.left() + font.pixelSize() * 0.9, y + line * 0.1, font.pixelSize() * 0.9,
                        line * 0.8);
    painter.setPen(QPen(colours.axis, 1));
    painter.setBrush(colourOf(kind == Kind::Zero ? 0 : std::nan("")));
    painter.drawRect(sample);
    drawSign(painter, sample, kind);
    painter.setFont(font);
    painter.setPen(colours.muted_text);
    painter.drawText(QPointF(sample.right() + 6,
                             sample.center().y() + metrics.ascent() / 2 - metrics.descent() / 2),
                     kind == Kind::Zero ? QStringLiteral("0") : QStringLiteral("NaN"));
    y += line;
  }
}

// The row and the column that the parameters pick.
void MatrixView::drawOver(QPainter& painter, const Plot& plot) const {
  if (!spec().picks) return;
  const auto& matrix = *data<MatrixData>();
  const Theme& colours = theme(appearance().dark);
  painter.setBrush(Qt::NoBrush);
  const auto mark = [&](const QRectF& place) {
    for (const auto& [colour, width] :
         {std::pair{colours.background, 4.5}, {colours.accent, 2.2}}) {
      painter.setPen(QPen(colour, width));
      painter.drawRect(place.intersected(plot.inner));
    }
  };
  for (const std::int64_t row : pickedIndices(parameters(), spec().picks->row))
    if (row >= 0 && row < matrix.rows)
      mark(QRectF(plot.at(-0.5, -row + 0.5), plot.at(matrix.columns - 0.5, -row - 0.5)));
  for (const std::int64_t column : pickedIndices(parameters(), spec().picks->column))
    if (column >= 0 && column < matrix.columns)
      mark(QRectF(plot.at(column - 0.5, 0.5), plot.at(column + 0.5, -(matrix.rows - 0.5))));
}

void MatrixView::clicked(QPointF position) {
  const Plot now = plot();
  if (!spec().picks || isEmpty() || !now.shows(position)) return;
  const auto column = std::lround(now.xOf(position.x()));
  const auto row = std::lround(-now.yOf(position.y()));
  if (row < 0 || column < 0 || row >= data<MatrixData>()->rows ||
      column >= data<MatrixData>()->columns)
    return;
  pickAt(row, column);
}

void MatrixView::keyPressEvent(QKeyEvent* event) {
  const bool enters = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                      event->key() == Qt::Key_Space;
  if (!enters || !spec().picks || !readout()) return PlotView::keyPressEvent(event);
  clicked(readout()->position);
}

std::optional<Readout> MatrixView::readoutOf(int row, int column, QPointF position) const {
  const auto& matrix = *data<MatrixData>();
  Readout readout;
  readout.position = position;
  const float value = (*matrix.values)[static_cast<std::size_t>(row) * matrix.columns + column];
  readout.lines.push_back({{},
                           word(Message{"views.cell",
                                        {{"row", rowLabel(row).toStdString()},
                                         {"column", columnLabel(column).toStdString()}}}),
                           false});
  readout.lines.push_back(
      {{}, word(Message{"views.value", {{"value", readoutNumber(value).toStdString()}}}), true});
  return readout;
}

std::optional<Readout> MatrixView::readoutAt(QPointF position) const {
  const Plot now = plot();
  if (isEmpty() || !now.shows(position)) return std::nullopt;
  const auto& matrix = *data<MatrixData>();
  const int column = static_cast<int>(std::lround(now.xOf(position.x())));
  const int row = static_cast<int>(std::lround(-now.yOf(position.y())));
  if (row < 0 || column < 0 || row >= matrix.rows || column >= matrix.columns) return std::nullopt;
  return readoutOf(row, column, position);
}

void MatrixView::moveReadout(int right, int up, bool far) {
  const auto& matrix = *data<MatrixData>();
  const int stride = far ? 10 : 1;
  read_row_ = read_row_ < 0 ? 0 : std::clamp(read_row_ - up * stride, 0, matrix.rows - 1);
  read_column_ =
      read_column_ < 0 ? 0 : std::clamp(read_column_ + right * stride, 0, matrix.columns - 1);
  setReadout(readoutOf(read_row_, read_column_, plot().at(read_column_, -read_row_)));
}

QString MatrixView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto& matrix = *data<MatrixData>();
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (float value : *matrix.values) {
    if (!std::isfinite(value)) continue;
    low = std::min<double>(low, value);
    high = std::max<double>(high, value);
  }
  QStringList parts;
  parts << word(Message{"views.summary_matrix",
                        {{"rows", std::int64_t{matrix.rows}},
                         {"columns", std::int64_t{matrix.columns}},
                         {"minimum", readoutNumber(low).toStdString()},
                         {"maximum", readoutNumber(high).toStdString()}}});
  if (zeros_ > 0) parts << word(Message{"views.summary_zeros", {{"count", zeros_}}});
  if (nothings_ > 0) parts << word(Message{"views.summary_nan", {{"count", nothings_}}});
  return parts.join(QStringLiteral(" "));
}

DataTable MatrixView::dataTable() const {
  DataTable table;
  if (isEmpty()) return table;
  const auto& matrix = *data<MatrixData>();
  table.headings.push_back("");
  for (int c = 0; c < matrix.columns; ++c) table.headings.push_back(columnLabel(c).toStdString());
  for (int r = 0; r < matrix.rows; ++r) {
    auto& row = table.rows.emplace_back();
    row.emplace_back(rowLabel(r).toStdString());
    for (int c = 0; c < matrix.columns; ++c)
      row.emplace_back(
          static_cast<double>((*matrix.values)[static_cast<std::size_t>(r) * matrix.columns + c]));
  }
  return table;
}

}  // namespace viva
