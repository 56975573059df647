// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/table_view.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/core/best_cell.h"
#include "widgets/views/axis.h"
#include "widgets/views/colours.h"
#include "widgets/views/picks.h"
#include "widgets/views/text.h"

namespace viva {

TableView::TableView(const ViewSpec& spec, const std::string& experiment,
                     const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

bool TableView::isEmpty() const {
  const auto* table = data<TableData>();
  return !table || table->columns.empty() || table->rows.empty();
}

void TableView::changed(Change change) {
  if (change != Change::Frame) return;
  const auto* table = data<TableData>();
  if (!table) return;
  if (sort_column_ >= static_cast<int>(table->columns.size())) sort_column_ = -1;
  const int rows = static_cast<int>(table->rows.size());
  first_row_ = std::clamp(first_row_, 0, std::max(0, rows - 1));
  if (active_row_ >= rows) active_row_ = rows - 1;
}

void TableView::copyStateFrom(const View& other) {
  View::copyStateFrom(other);
  if (const auto* table = qobject_cast<const TableView*>(&other)) {
    sort_column_ = table->sort_column_;
    descending_ = table->descending_;
  }
}

bool TableView::isCount(std::size_t column) const {
  bool any = false;
  for (const TableData::Row& row : data<TableData>()->rows) {
    if (column >= row.cells.size()) continue;
    const auto* number = std::get_if<double>(&row.cells[column]);
    if (!number) continue;
    if (*number != std::trunc(*number) || std::abs(*number) >= 1e12) return false;
    any |= std::abs(*number) >= 1e4;
  }
  return any;
}

QString TableView::textOf(std::size_t column, const TableData::Cell& cell, bool is_short) const {
  if (const auto* number = std::get_if<double>(&cell)) {
    // What is written without decimals has groups, as counts have; the rest is powers of ten.
    const double size = std::abs(*number);
    const bool is_large =
        std::round(size) >= 1e4 && size < (*number == std::trunc(*number) ? 1e12 : 1e6);
    if (is_large || isCount(column))
      return QLocale(QLocale::English).toString(qRound64(*number)).replace(u'-', u'−');
    return readoutNumber(*number, is_short ? 3 : 4);
  }
  if (const auto* text = std::get_if<std::string>(&cell)) return QString::fromStdString(*text);
  if (const auto* key = std::get_if<Word>(&cell)) return word(key->key.c_str());
  return QStringLiteral("–");
}

QString TableView::heading(std::size_t column) const {
  const auto* table = data<TableData>();
  return QString::fromStdString(words().of(experiment(), "column", table->columns[column].id));
}

std::vector<std::size_t> TableView::order() const {
  const auto* table = data<TableData>();
  std::vector<std::size_t> rows(table->rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (sort_column_ < 0) return rows;
  const auto cell = [&](std::size_t row) -> const TableData::Cell& {
    static const TableData::Cell kNone;
    const auto& cells = table->rows[row].cells;
    return static_cast<std::size_t>(sort_column_) < cells.size() ? cells[sort_column_] : kNone;
  };
  // Cells without a value, and NaN, come last in either order.
  const auto rank = [](const TableData::Cell& c) {
    if (std::holds_alternative<std::monostate>(c)) return 3;
    const auto* number = std::get_if<double>(&c);
    if (!number) return 1;
    return std::isnan(*number) ? 2 : 0;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t one, std::size_t other) {
    const auto &a = cell(one), &b = cell(other);
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (rank(a) == 0) {
      const double x = std::get<double>(a), y = std::get<double>(b);
      return descending_ ? y < x : x < y;
    }
    if (rank(a) > 1) return false;
    const int compared = QString::localeAwareCompare(textOf(0, a), textOf(0, b));
    return descending_ ? compared > 0 : compared < 0;
  });
  return rows;
}

namespace {
constexpr double kNote = 16;  // pixels
constexpr int kHeadingFlags = Qt::AlignVCenter | Qt::TextWordWrap;

/// Chinese breaks between any two characters.
bool isOnePiece(const QString& word) { return !word.isEmpty() && word.front().unicode() < 0x2e80; }

double longestWord(const QString& text, const QFontMetricsF& metrics) {
  double longest = 0;
  for (const QString& word : text.split(QLatin1Char(' ')))
    if (isOnePiece(word)) longest = std::max(longest, metrics.horizontalAdvance(word));
  return longest;
}

/// A heading may take two lines: a long one must not make the numbers of its column small.
double headingWidth(const QString& text, const QFontMetricsF& metrics) {
  return std::max(metrics.horizontalAdvance(text) * 0.58, longestWord(text, metrics));
}

/// A word that is wider than its column ends in dots.
QString wordsFitted(const QString& text, const QFontMetricsF& metrics, double width) {
  QStringList words = text.split(QLatin1Char(' '));
  for (QString& word : words)
    if (isOnePiece(word) && metrics.horizontalAdvance(word) > width + 1)
      word = metrics.elidedText(word, Qt::ElideRight, width);
  return words.join(QLatin1Char(' '));
}
}  // namespace

bool TableView::isNumeric(std::size_t column) const {
  const auto& rows = data<TableData>()->rows;
  return std::any_of(rows.begin(), rows.end(), [&](const TableData::Row& row) {
    return column < row.cells.size() && std::holds_alternative<double>(row.cells[column]);
  });
}

namespace {
/// Source text, whose columns and indents mean something: every letter has one width.
bool isCode(const TableData& table, std::size_t column) {
  return table.columns[column].id == "code";
}
/// The row that a program is at: the line that runs, the variable that was written.
bool isRunning(const TableData::Row& row) { return row.id == "running"; }
}  // namespace

std::optional<CurveStyle> TableView::curveOf(const TableData::Row& row) const {
  if (row.id.empty() || isRunning(row)) return std::nullopt;
  return styleOf(row.id);
}

double TableView::widestCell(std::size_t column, const Grid& grid,
                             const QFontMetricsF& bold_metrics) const {
  const auto* table = data<TableData>();
  const QFontMetricsF metrics =
      isCode(*table, column) ? QFontMetricsF(codeFont(appearance().font_scale * grid.text_scale))
                             : bold_metrics;
  double width = 0;
  for (std::size_t r = 0; r < table->rows.size(); ++r) {
    const auto& cells = table->rows[r].cells;
    if (column >= cells.size()) continue;
    const double star =
        isBest(*table, r, column) ? bold_metrics.horizontalAdvance(QStringLiteral("★ ")) : 0;
    width = std::max(width, star + metrics.horizontalAdvance(
                                       textOf(column, cells[column], grid.has_short_numbers)));
  }
  return width + 2 * grid.padding + (column == 0 ? grid.row_height * 0.8 : 0);
}

TableView::Grid TableView::gridFor(const QRectF& area, Fit fit) const {
  const auto* table = data<TableData>();
  Grid grid;
  const std::size_t columns = table->columns.size();
  struct Size {
    double scale;
    bool has_short_numbers;
    bool is_dense = false;  ///< lines as near to each other as letters allow
  };
  std::vector<double> cells(columns);   // what must not be cut off: names and numbers
  std::vector<double> needed(columns);  // and whole words in the heading
  double total = 0, total_needed = 0, total_cells = 0;
  const auto measure = [&](const Size& size) {
    QFont font = baseFont(size.scale), bold = font;
    bold.setBold(true);
    const QFontMetricsF metrics(font), bold_metrics(bold);
    grid.text_scale = size.scale;
    grid.has_short_numbers = size.has_short_numbers;
    grid.padding = size.has_short_numbers ? 4 : 7;
    grid.row_height = std::ceil(metrics.height() * (size.is_dense ? 1.05 : 1.35));
    grid.header_height = size.is_dense ? grid.row_height : std::ceil(metrics.height() * 2.2);
    grid.widths.assign(columns, 0);
    for (std::size_t c = 0; c < columns; ++c) {
      const double widest = widestCell(c, grid, bold_metrics);
      const bool is_whole = c == 0 || isNumeric(c) || isCode(*table, c);
      cells[c] = is_whole ? widest : std::min(widest, 5.5 * metrics.height());
      needed[c] = std::max(cells[c], longestWord(heading(c), bold_metrics) + 2 * grid.padding);
      grid.widths[c] = std::max(
          widest, headingWidth(heading(c) + QStringLiteral(" ▲"), bold_metrics) + 2 * grid.padding);
    }
    total = std::accumulate(grid.widths.begin(), grid.widths.end(), 0.0);
    total_needed = std::accumulate(needed.begin(), needed.end(), 0.0);
    total_cells = std::accumulate(cells.begin(), cells.end(), 0.0);
  };
  // As large as fits; smaller letters and fewer digits before columns or rows are cut off.
  std::vector<Size> sizes{{2.0, false}, {1.7, false},      {1.4, false},      {1.2, false},
                          {1.0, false}, {0.9, false},      {0.9, true},       {0.8, true},
                          {0.75, true}, {0.8, true, true}, {0.75, true, true}};
  if (fit == Fit::Picture) sizes.insert(sizes.end(), {{0.65, true}, {0.55, true}});
  // Letters that were made larger can be made smaller again.
  for (const double scale : {0.68, 0.6, 0.5})
    if (fit == Fit::Screen && 13 * appearance().font_scale * scale > 8.8)
      sizes.push_back({scale, true, true});
  const auto layHeadings = [&] {
    QFont bold = baseFont(grid.text_scale);
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    for (std::size_t c = 0; c < grid.widths.size(); ++c) {
      const QRectF text = metrics.boundingRect(
          QRectF(0, 0, grid.widths[c] - 2 * grid.padding, 1000), kHeadingFlags, heading(c));
      grid.header_height =
          std::min(std::max(grid.header_height, text.height() + 6), metrics.height() * 4.3);
    }
  };
  const Size* widest = nullptr;  // the largest not above the usual one whose columns fit
  bool fits = false;
  for (const Size& size : sizes) {
    measure(size);
    if (total > area.width()) continue;
    if (!widest && size.scale <= 1) widest = &size;
    layHeadings();
    const double height = grid.header_height + grid.row_height * table->rows.size();
    fits = height <= area.height();
    if (fits) break;
  }
  // Numbers are not cut where another way shows them whole.
  if (!fits && !widest)
    if (const auto turned = turnedGrid(area)) return *turned;
  if (!fits) measure(widest ? *widest : sizes.back());
  // Half a number or word is none: the last columns wait for more room.
  std::size_t shown = columns;
  while (shown > 2 && total_needed > area.width()) {
    --shown;
    total -= grid.widths[shown], total_needed -= needed[shown], total_cells -= cells[shown];
  }
  grid.widths.resize(shown);
  const bool has_words = total_needed < area.width();
  const auto& least = has_words ? needed : cells;
  const double total_least = has_words ? total_needed : total_cells;
  if (total > area.width() && total_least < area.width()) {
    const double share = (area.width() - total_least) / (total - total_least);
    for (std::size_t c = 0; c < shown; ++c)
      grid.widths[c] = least[c] + (grid.widths[c] - least[c]) * share;
  } else {
    const double stretch = std::min(area.width() / std::max(1.0, total), 1.6);
    for (double& width : grid.widths) width *= stretch;
  }
  double left = area.left();
  for (const double width : grid.widths) {
    grid.lefts.push_back(left);
    left += width;
  }
  layHeadings();
  // In a low table the rows come first: headings on one line, cut.
  grid.has_short_headings = area.height() < grid.header_height + 2 * grid.row_height;
  if (grid.has_short_headings) grid.header_height = grid.row_height;
  const double rows = (area.height() - grid.header_height) / std::max(1.0, grid.row_height);
  grid.visible_rows = std::max(0, static_cast<int>(rows));
  // How many are hidden is said below those that are seen.
  const bool hides = grid.visible_rows < static_cast<int>(table->rows.size());
  if (hides && grid.visible_rows > 1 &&
      (rows - grid.visible_rows) * grid.row_height < kNote * appearance().font_scale)
    --grid.visible_rows;
  return grid;
}

void TableView::paintView(QPainter& painter) { draw(painter, rect(), Fit::Screen); }

void TableView::render(QPainter& painter, const QRectF& area) const {
  draw(painter, area, Fit::Picture);
}

void TableView::draw(QPainter& painter, const QRectF& area, Fit fit) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty()) {
    drawEmpty(painter, area);
    painter.restore();
    return;
  }
  const auto& table = *data<TableData>();
  const Theme& colours = theme(appearance().dark);
  const Grid grid = gridFor(area, fit);
  if (grid.is_turned) {
    drawTurned(painter, area, grid);
    painter.restore();
    return;
  }
  QFont font = baseFont(grid.text_scale), bold = font;
  bold.setBold(true);
  const QFont code = codeFont(appearance().font_scale * grid.text_scale);
  const QFontMetricsF bold_metrics(bold);
  const auto drawCell = [&](const QRectF& box, const QString& text, bool right,
                            const QFont& letters) {
    painter.setFont(letters);
    const QRectF inside = box.adjusted(grid.padding, 0, -grid.padding, 0);
    const QString fitted =
        QFontMetricsF(letters).elidedText(text, Qt::ElideRight, inside.width() + 1);
    painter.drawText(inside, Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft), fitted);
  };
  const double right_edge = grid.lefts.back() + grid.widths.back();
  for (std::size_t c = 0; c < grid.lefts.size(); ++c) {
    QString text = heading(c);
    if (static_cast<int>(c) == sort_column_)
      text += descending_ ? QStringLiteral(" ▼") : QStringLiteral(" ▲");
    const QRectF box(grid.lefts[c], area.top(), grid.widths[c], grid.header_height);
    if (fit == Fit::Screen && hasFocus() && static_cast<int>(c) == active_column_ &&
        active_row_ < 0) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(colours.row);
      painter.drawRect(box);
    }
    painter.setPen(colours.muted_text);
    if (grid.has_short_headings) {
      drawCell(box, text, isNumeric(c), bold);
      continue;
    }
    painter.setFont(bold);
    const QRectF inside = box.adjusted(grid.padding, 0, -grid.padding, 0);
    painter.drawText(inside, kHeadingFlags | (isNumeric(c) ? Qt::AlignRight : Qt::AlignLeft),
                     wordsFitted(text, bold_metrics, inside.width()));
  }
  double y = area.top() + grid.header_height;
  painter.setPen(QPen(colours.axis, 1));
  painter.drawLine(QPointF(area.left(), y), QPointF(right_edge, y));
  const std::vector<std::size_t> rows = order();
  const int most = grid.visible_rows;
  const Picked picked(parameters(), spec().picks);
  const int first = fit == Fit::Screen ? first_row_ : 0;
  const int shown = std::min<int>(static_cast<int>(rows.size()) - first, most);
  for (int i = 0; i < shown; ++i, y += grid.row_height) {
    const std::size_t r = rows[first + i];
    const TableData::Row& row = table.rows[r];
    const bool is_active = fit == Fit::Screen && hasFocus() && first + i == active_row_;
    if (i % 2 == 1 || is_active) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(is_active ? colours.grid : colours.row);
      painter.drawRect(QRectF(area.left(), y, right_edge - area.left(), grid.row_height));
    }
    if (isRunning(row)) {
      QColor tint = colours.accent;
      tint.setAlphaF(0.22F);
      painter.fillRect(QRectF(area.left(), y, right_edge - area.left(), grid.row_height), tint);
      painter.fillRect(QRectF(area.left(), y, 3, grid.row_height), colours.accent);
    }
    const auto curve = curveOf(row);
    for (std::size_t c = 0; c < std::min(row.cells.size(), grid.lefts.size()); ++c) {
      QRectF box(grid.lefts[c], y, grid.widths[c], grid.row_height);
      if (c == 0 && curve) {
        drawMarker(painter, curve->marker,
                   QPointF(box.left() + grid.row_height * 0.55, box.center().y()),
                   grid.row_height * 0.45, curve->colour, colours.background);
        box.setLeft(box.left() + grid.row_height * 0.75);
      }
      const bool best = isBest(table, r, c);
      painter.setPen(best ? colours.good : colours.text);
      const QString text = textOf(c, row.cells[c], grid.has_short_numbers);
      const QFont& letters = isCode(table, c) ? code : best ? bold : font;
      drawCell(box, best ? QStringLiteral("★ ") + text : text, isNumeric(c), letters);
    }
    if (!picked.has(static_cast<std::int64_t>(r))) continue;
    const QRectF frame(area.left() + 1, y + 1, right_edge - area.left() - 2, grid.row_height - 2);
    painter.setPen(QPen(colours.accent, 1.6));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(frame);
    painter.fillRect(QRectF(frame.left(), frame.top(), 4, frame.height()), colours.accent);
  }
  QStringList notes;
  if (const std::size_t hidden = table.columns.size() - grid.lefts.size(); hidden > 0)
    notes << word(Message{"views.more_columns", {{"count", static_cast<std::int64_t>(hidden)}}});
  if (const int hidden = static_cast<int>(rows.size()) - shown; hidden > 0 && shown > 0)
    notes << word(Message{fit == Fit::Screen ? "views.more_rows" : "views.more_rows_there",
                          {{"count", std::int64_t{hidden}}}});
  if (!notes.isEmpty()) {
    const QString more = notes.join(QStringLiteral("; "));
    painter.setFont(baseFont(0.85));
    const QFontMetricsF small(painter.font());
    const QRectF box(area.right() - small.horizontalAdvance(more) - 12,
                     area.bottom() - small.height() - 2, small.horizontalAdvance(more) + 8,
                     small.height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.shade);
    painter.drawRect(box);
    painter.setPen(colours.muted_text);
    painter.drawText(box, Qt::AlignCenter, more);
  }
  painter.restore();
}

void TableView::sortBy(int column) {
  const auto* table = data<TableData>();
  if (!table || column < 0 || column >= static_cast<int>(table->columns.size())) return;
  if (column != sort_column_) {
    sort_column_ = column;
    descending_ = false;
  } else if (!descending_) {
    descending_ = true;
  } else {
    sort_column_ = -1;
    descending_ = false;
  }
  first_row_ = 0;
  Q_EMIT stateChanged();
  update();
}

int TableView::columnAt(const Grid& grid, QPointF at) const {
  if (grid.is_turned) {
    const int column = static_cast<int>(std::floor(at.y() / grid.row_height));
    return column >= 0 && column < grid.visible_rows ? column : -1;
  }
  const double x = at.x();
  for (std::size_t c = 0; c < grid.lefts.size(); ++c)
    if (x >= grid.lefts[c] && x < grid.lefts[c] + grid.widths[c]) return static_cast<int>(c);
  return -1;
}

int TableView::rowAt(const Grid& grid, QPointF at) const {
  if (grid.is_turned) {
    for (std::size_t i = 1; i < grid.lefts.size(); ++i)
      if (at.x() >= grid.lefts[i] && at.x() < grid.lefts[i] + grid.widths[i])
        return static_cast<int>(i) - 1;
    return -1;
  }
  const double y = at.y();
  if (y < grid.header_height) return -1;
  const int row = static_cast<int>(std::floor((y - grid.header_height) / grid.row_height));
  const int all = static_cast<int>(data<TableData>()->rows.size());
  return row < grid.visible_rows && first_row_ + row < all ? first_row_ + row : -1;
}

void TableView::pickRow(int shown) {
  const std::vector<std::size_t> rows = order();
  if (shown >= 0 && shown < static_cast<int>(rows.size()))
    pickAt(static_cast<std::int64_t>(rows[shown]));
}

std::optional<Readout> TableView::readoutAt(QPointF position) const {
  if (isEmpty()) return std::nullopt;
  const auto& table = *data<TableData>();
  const Grid grid = gridFor(rect());
  const int column = columnAt(grid, position);
  const int row = rowAt(grid, position);
  if (column < 0 || row < 0) return std::nullopt;
  const std::size_t data_index = order()[row];
  const TableData::Row& data_row = table.rows[data_index];
  if (static_cast<std::size_t>(column) >= data_row.cells.size()) return std::nullopt;
  Readout readout;
  readout.position = position;
  readout.lines.push_back({curveOf(data_row), textOf(0, data_row.cells.front()), true});
  const auto read = [&](std::size_t c) {
    readout.lines.push_back(
        {{}, heading(c) + QStringLiteral("  ") + textOf(c, data_row.cells[c]), false});
  };
  if (column > 0) read(static_cast<std::size_t>(column));
  // What has no column is read here.
  for (std::size_t c = grid.lefts.size(); !grid.is_turned && c < data_row.cells.size(); ++c)
    read(c);
  if (Picked(parameters(), spec().picks).has(static_cast<std::int64_t>(data_index)))
    readout.lines.push_back({{}, word("views.picked"), false});
  return readout;
}

void TableView::mousePressEvent(QMouseEvent* event) {
  if (isEmpty()) return View::mousePressEvent(event);
  const Grid grid = gridFor(rect());
  const int column = columnAt(grid, event->position());
  const bool on_heading = grid.is_turned ? event->position().x() < grid.widths.front()
                                         : event->position().y() < grid.header_height;
  if (on_heading && column >= 0) sortBy(column);
  pressed_row_ = rowAt(grid, event->position());
}

void TableView::mouseReleaseEvent(QMouseEvent* event) {
  if (isEmpty() || event->button() != Qt::LeftButton) return View::mouseReleaseEvent(event);
  const int row = rowAt(gridFor(rect()), event->position());
  if (std::exchange(pressed_row_, -1) == row && row >= 0) pickRow(row);
}

void TableView::mouseMoveEvent(QMouseEvent* event) { setReadout(readoutAt(event->position())); }

void TableView::scrollTo(int row) {
  const auto* table = data<TableData>();
  const int visible = std::max(1, gridFor(rect()).visible_rows);
  const int last = std::max(0, static_cast<int>(table->rows.size()) - visible);
  first_row_ = std::clamp(row, 0, last);
  update();
}

void TableView::wheelEvent(QWheelEvent* event) {
  if (isEmpty() || gridFor(rect()).visible_rows >= static_cast<int>(data<TableData>()->rows.size()))
    return event->ignore();
  scrollTo(first_row_ - event->angleDelta().y() / 120);
  event->accept();
}

void TableView::keyPressEvent(QKeyEvent* event) {
  if (isEmpty()) return View::keyPressEvent(event);
  const auto& table = *data<TableData>();
  const int columns = static_cast<int>(table.columns.size());
  const int rows = static_cast<int>(table.rows.size());
  switch (event->key()) {
    case Qt::Key_Left:
      active_column_ = std::max(0, active_column_ - 1);
      break;
    case Qt::Key_Right:
      active_column_ = std::min(columns - 1, active_column_ + 1);
      break;
    case Qt::Key_Up:
      active_row_ = std::max(-1, active_row_ - 1);
      break;
    case Qt::Key_Down:
      active_row_ = std::min(rows - 1, active_row_ + 1);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (active_row_ >= 0 && spec().picks) {
        pickRow(active_row_);
        readActive();
        return;
      }
      sortBy(std::max(0, active_column_));
      return;
    default:
      return View::keyPressEvent(event);
  }
  const Grid grid = gridFor(rect());
  const int last_column = grid.is_turned ? columns - 1 : static_cast<int>(grid.lefts.size()) - 1;
  active_column_ = std::clamp(active_column_, 0, last_column);
  if (active_row_ >= 0 && active_row_ < first_row_) scrollTo(active_row_);
  if (active_row_ >= first_row_ + grid.visible_rows) scrollTo(active_row_ - grid.visible_rows + 1);
  readActive();
  update();
}

void TableView::readActive() {
  if (active_row_ < 0) return setReadout(std::nullopt);
  const Grid grid = gridFor(rect());
  if (grid.is_turned) {
    const auto place = static_cast<std::size_t>(active_row_) + 1;
    return setReadout(readoutAt(
        {grid.lefts[place] + grid.widths[place] / 2, (active_column_ + 0.5) * grid.row_height}));
  }
  setReadout(readoutAt({grid.lefts[active_column_] + grid.widths[active_column_] / 2,
                        grid.header_height + (active_row_ - first_row_ + 0.5) * grid.row_height}));
}

QString TableView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto& table = *data<TableData>();
  QStringList parts;
  parts << word(Message{"views.summary_table",
                        {{"rows", static_cast<std::int64_t>(table.rows.size())},
                         {"columns", static_cast<std::int64_t>(table.columns.size())}}});
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      if (isBest(table, r, c))
        parts << word(Message{"views.summary_best",
                              {{"column", heading(c).toStdString()},
                               {"row", textOf(0, table.rows[r].cells.front()).toStdString()},
                               {"value", textOf(c, table.rows[r].cells[c]).toStdString()}}});
  if (spec().picks) parts << word("views.summary_pick_rows");
  return parts.join(QStringLiteral(" "));
}

DataTable TableView::dataTable() const {
  DataTable result;
  const auto* table = data<TableData>();
  if (!table) return result;
  for (std::size_t c = 0; c < table->columns.size(); ++c)
    result.headings.push_back(heading(c).toStdString());
  for (std::size_t row : order()) result.rows.push_back(table->rows[row].cells);
  return result;
}

}  // namespace viva
