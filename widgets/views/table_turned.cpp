// SPDX-License-Identifier: GPL-3.0-or-later
// A TableView of few rows and many columns where it is narrow.
#include <QPainter>
#include <cmath>
#include <numeric>

#include "lessons/core/best_cell.h"
#include "widgets/views/colours.h"
#include "widgets/views/picks.h"
#include "widgets/views/table_view.h"

namespace viva {

std::optional<TableView::Grid> TableView::turnedGrid(const QRectF& area) const {
  const auto* table = data<TableData>();
  if (table->rows.size() * 2 > table->columns.size()) return std::nullopt;
  for (const double scale : {1.2, 1.0, 0.9, 0.8, 0.75, 0.68, 0.6, 0.5}) {
    if (scale < 0.75 && 13 * appearance().font_scale * scale < 8.8) break;
    QFont bold = baseFont(scale);
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    Grid grid;
    grid.is_turned = true;
    grid.text_scale = scale;
    grid.padding = 5;
    grid.row_height = std::ceil(metrics.height() * (scale < 0.7 ? 0.98 : scale < 1 ? 1.05 : 1.25));
    grid.visible_rows = static_cast<int>(table->columns.size());
    double width = 0;
    for (std::size_t c = 0; c < table->columns.size(); ++c)
      width = std::max(width, metrics.horizontalAdvance(heading(c) + QStringLiteral(" ▲")));
    grid.widths.push_back(width + 2 * grid.padding);
    for (std::size_t r = 0; r < table->rows.size(); ++r) {
      double widest = 0;
      for (std::size_t c = 0; c < table->rows[r].cells.size(); ++c)
        widest = std::max(widest, metrics.horizontalAdvance(textOf(c, table->rows[r].cells[c])) +
                                      (c == 0 || isBest(*table, r, c) ? grid.row_height * 0.8 : 0));
      grid.widths.push_back(widest + 2 * grid.padding);
    }
    const double total = std::accumulate(grid.widths.begin(), grid.widths.end(), 0.0);
    if (total > area.width() || grid.row_height * grid.visible_rows > area.height()) continue;
    const double stretch = std::min(area.width() / total, 1.3);
    double left = area.left();
    for (double& each : grid.widths) {
      each *= stretch;
      grid.lefts.push_back(left);
      left += each;
    }
    return grid;
  }
  return std::nullopt;
}

void TableView::drawTurned(QPainter& painter, const QRectF& area, const Grid& grid) const {
  const auto& table = *data<TableData>();
  const Theme& colours = theme(appearance().dark);
  QFont font = baseFont(grid.text_scale), bold = font;
  bold.setBold(true);
  const double right_edge = grid.lefts.back() + grid.widths.back();
  const std::vector<std::size_t> rows = order();
  const Picked picked(parameters(), spec().picks);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const double y = area.top() + static_cast<double>(c) * grid.row_height;
    if (c % 2 == 1)
      painter.fillRect(QRectF(area.left(), y, right_edge - area.left(), grid.row_height),
                       colours.row);
    const auto inside = [&](std::size_t place) {
      return QRectF(grid.lefts[place], y, grid.widths[place], grid.row_height)
          .adjusted(grid.padding, 0, -grid.padding, 0);
    };
    QString name = heading(c);
    if (static_cast<int>(c) == sort_column_)
      name += descending_ ? QStringLiteral(" ▼") : QStringLiteral(" ▲");
    painter.setFont(bold);
    painter.setPen(colours.muted_text);
    painter.drawText(inside(0), Qt::AlignVCenter | Qt::AlignLeft, name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const TableData::Row& row = table.rows[rows[i]];
      if (c >= row.cells.size()) continue;
      QRectF box = inside(i + 1);
      if (const auto curve = c == 0 ? curveOf(row) : std::nullopt) {
        drawMarker(painter, curve->marker,
                   QPointF(box.left() + grid.row_height * 0.3, box.center().y()),
                   grid.row_height * 0.45, curve->colour, colours.background);
        box.setLeft(box.left() + grid.row_height * 0.75);
      }
      const bool best = isBest(table, rows[i], c);
      painter.setFont(best || c == 0 ? bold : font);
      painter.setPen(best ? colours.good : colours.text);
      const QString text = textOf(c, row.cells[c]);
      painter.drawText(box, Qt::AlignVCenter | Qt::AlignLeft,
                       best ? QStringLiteral("★ ") + text : text);
    }
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(colours.accent, 1.6));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (picked.has(static_cast<std::int64_t>(rows[i])))
      painter.drawRect(QRectF(grid.lefts[i + 1] + 1, area.top() + 1, grid.widths[i + 1] - 2,
                              grid.row_height * grid.visible_rows - 2));
}

}  // namespace viva
