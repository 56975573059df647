// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes and arrows with live values, and equations below.
#pragma once

#include <QPolygonF>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

class GraphView : public View {
  Q_OBJECT

 public:
  GraphView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
            QWidget* parent);

  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;

  /// Where everything is, for the drawing and for those who check that nothing overlaps.
  struct Layout {
    struct EdgeText {
      int edge = 0;
      QRectF box;
      QString text;
    };
    struct Line {
      QRectF box;
      QString text;  ///< already broken into lines
    };
    double font = 1;  ///< of the nodes
    double line_font = 1;
    bool values_shown = true;
    QRectF square;  ///< of the nodes' centres, from (0, 0) to (1, 1)
    std::vector<QRectF> nodes;
    std::vector<QPolygonF> edges;  ///< from border to border
    std::vector<EdgeText> edge_texts;
    std::vector<Line> lines;
  };
  Layout layoutFor(const QRectF& area) const;

 protected:
  void changed(Change change) override;
  void paintView(QPainter& painter) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  int indexOf(const std::string& node) const;
  bool diverges() const;
  double placeOf(double value) const;  ///< 0 to 1 on the colours
  QSizeF sizeOf(const GraphData::Node& node, double font, bool value) const;
  QString edgeText(const GraphData::Edge& edge) const;
  double widthOf(const GraphData::Edge& edge) const;
  void layLines(Layout& layout, QRectF& rest) const;
  void layNodes(Layout& layout, const QRectF& area) const;
  void layEdges(Layout& layout) const;
  void layEdgeTexts(Layout& layout, const QRectF& area) const;
  void drawEdge(QPainter& painter, const GraphData::Edge& edge, const QPolygonF& line) const;
  void drawNode(QPainter& painter, const GraphData::Node& node, const QRectF& box,
                const Layout& layout) const;
  void outline(QPainter& painter, int node, const Layout& layout, double away) const;
  std::optional<Readout> readoutOfNode(int node, QPointF position) const;
  std::optional<Readout> readoutOfEdge(int edge, QPointF position) const;
  void addWrapped(Readout& readout, const QString& text) const;

  int read_node_ = -1, read_edge_ = -1;
};

}  // namespace viva
