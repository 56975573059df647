// SPDX-License-Identifier: GPL-3.0-or-later
// Rows and columns from the frame; sortable, the best cell of a column marked.
#pragma once

#include <optional>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

class TableView : public View {
  Q_OBJECT

 public:
  TableView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
            QWidget* parent);

  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  /// In the order shown.
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;
  void copyStateFrom(const View& other) override;

  /// Sorts by a column, ascending; the same again: descending; once more: the order of the lesson.
  void sortBy(int column);
  int sortedColumn() const { return sort_column_; }
  bool isDescending() const { return descending_; }

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changed(Change change) override;
  void paintView(QPainter& painter) override;

 private:
  /// A picture cannot be scrolled: there all rows are made to fit, if letters can be that small.
  enum class Fit { Screen, Picture };
  /// Where columns and rows are in an area.
  struct Grid {
    double row_height = 0, header_height = 0, text_scale = 1, padding = 7;
    bool has_short_numbers = false;   ///< 3 digits, where there is no room for all
    bool has_short_headings = false;  ///< one line each
    std::vector<double> lefts, widths;
    int visible_rows = 0;
    /// Few rows of many columns in a narrow place: headings at the left, a column for each row.
    bool is_turned = false;
  };
  Grid gridFor(const QRectF& area, Fit fit = Fit::Screen) const;
  std::optional<Grid> turnedGrid(const QRectF& area) const;
  void drawTurned(QPainter& painter, const QRectF& area, const Grid& grid) const;
  void draw(QPainter& painter, const QRectF& area, Fit fit) const;
  std::vector<std::size_t> order() const;
  QString textOf(std::size_t column, const TableData::Cell& cell, bool is_short = false) const;
  /// Whether all its numbers are whole and some are large: then all are written out.
  bool isCount(std::size_t column) const;
  bool isNumeric(std::size_t column) const;
  /// Of the curve that the row is about; none where it is about none.
  std::optional<CurveStyle> curveOf(const TableData::Row& row) const;
  double widestCell(std::size_t column, const Grid& grid, const QFontMetricsF& bold_metrics) const;
  QString heading(std::size_t column) const;
  int columnAt(const Grid& grid, QPointF at) const;
  /// In the order shown; -1 for none.
  int rowAt(const Grid& grid, QPointF at) const;
  /// Picks by the place in the data, however the rows are sorted.
  void pickRow(int shown);
  void readActive();
  void scrollTo(int row);

  int sort_column_ = -1;
  bool descending_ = false;
  int first_row_ = 0;       ///< scrolled out above
  int active_column_ = -1;  ///< of the keyboard
  int active_row_ = -1;
  int pressed_row_ = -1;
};

}  // namespace viva
