// SPDX-License-Identifier: GPL-3.0-or-later
// A plane of layers from the frame, the paths of the records over it, and handles to drag.
#pragma once

#include <QImage>
#include <map>

#include "widgets/views/colour_scale.h"
#include "widgets/views/plot_view.h"
#include "widgets/views/stroke.h"

namespace viva {

class PlaneView : public PlotView {
  Q_OBJECT

 public:
  PlaneView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
            QWidget* parent);

  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::vector<LegendEntry> legend() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;
  void extendMenu(QMenu& menu) override;

  std::optional<QPointF> handlePosition() const override;
  /// The handle that the keyboard moves; empty for none.
  std::string activeHandle() const;
  /// Where a box that is dragged here is now, in the widget; empty for none of this name.
  QRectF boxRect(const std::string& parameter) const;
  /// Points of the paths that are kept for drawing.
  std::size_t keptPoints() const;

 protected:
  AxisRange naturalRange(Axis axis) const override;
  double rightMargin(const QRectF& area) const override;
  bool hasGrid() const override;
  bool equalScale() const override { return spec().equal_scale; }
  double markRoom() const override;
  void drawContent(QPainter& painter, const Plot& plot) const override;
  void paintContent(QPainter& painter, const Plot& plot) override;
  void drawOver(QPainter& painter, const Plot& plot) const override;
  void drawPointer(QPainter& painter, const Plot& plot) const override;
  void drawAround(QPainter& painter, const Plot& plot) const override;
  void moveReadout(int right, int up, bool far) override;
  bool dragBegins(QPointF position) override;
  void dragTo(QPointF position) override;
  void dragDone() override;
  void changed(Change change) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  bool event(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  /// A path drawn from two records.
  struct Path {
    std::string id;
    std::size_t x, y;
  };
  /// The rows of a path that are far enough apart to be seen, for one transformation.
  struct Trail {
    struct Kept {
      std::int64_t row;
      QPointF at;  ///< pixels; not finite: the line breaks
    };
    std::vector<Kept> kept;
    std::int64_t next_row = 0;
    std::vector<std::uint8_t> visits;  ///< of 4 x 4 pixel cells of the plot
  };
  struct Handle {
    const ParameterSpec* spec;
    Point at;
  };

  void takeRecords();
  std::int64_t shownRow() const;
  void extendTrail(Trail& trail, const Path& path, const Plot& plot) const;
  std::size_t shownCount(const Trail& trail) const;
  void drawTrailEnd(QPainter& painter, const Path& path, const Trail& trail, std::size_t shown,
                    const Plot& plot, Stroke stroke) const;
  void drawPositions(QPainter& painter, const Plot& plot) const;
  void drawHandles(QPainter& painter, const Plot& plot) const;
  Stroke strokeFor(const Path& path, const Plot& plot, bool vectors) const;
  std::optional<Point> positionOf(const Path& path, std::int64_t row) const;

  std::size_t leadingFields() const;
  void drawLayers(QPainter& painter, const Plot& plot, std::size_t from, std::size_t to) const;
  void drawField(QPainter& painter, const Plot& plot, const FieldLayer& field) const;
  void drawPoints(QPainter& painter, const Plot& plot, const PointsLayer& points) const;
  void drawArrows(QPainter& painter, const Plot& plot, const ArrowsLayer& arrows) const;
  void drawPath(QPainter& painter, const Plot& plot, const PathLayer& path) const;
  void drawMesh(QPainter& painter, const Plot& plot, const MeshLayer& mesh) const;
  void drawBoxes(QPainter& painter, const Plot& plot, const BoxesLayer& boxes) const;

  const FieldLayer* firstField() const;
  struct FieldPicture {
    FieldLayer field;
    bool dark = false;
    ColourScale scale;
    QImage image;
    QVector<QLineF> lines;  ///< contours in grid coordinates
  };
  const FieldPicture& pictureOf(const FieldLayer& field) const;

  std::vector<Handle> handles() const;
  /// `active_handle_` if such a handle exists.
  std::optional<Handle> active() const;
  void drag(Point to, bool finished);
  /// The names of all handles, boxes too, in the order of Tab.
  std::vector<std::string> handleNames() const;

  // Boxes that are dragged and resized (plane_boxes.cpp).
  struct BoxHandle {
    const ParameterSpec* spec;
    Box box;
  };
  /// What of a box the pointer has: sides, two at a corner, or the inside.
  enum Grip { kLeft = 1, kRight = 2, kLow = 4, kHigh = 8, kInside = 16, kPoint = 32 };
  std::vector<BoxHandle> boxes() const;
  /// The active handle, if it is a box.
  std::optional<BoxHandle> activeBox() const;
  QRectF rectOf(const Box& box, const Plot& plot) const;
  int gripAt(QPointF position, const QRectF& rect) const;
  bool boxDragBegins(QPointF position);
  void dragBoxTo(QPointF position);
  void moveBox(int right, int up, bool resizes);
  /// Sides moved by so much, within the range and rounded to about a pixel.
  Box changedBox(const BoxHandle& handle, int grip, double right, double up) const;
  void giveBox(const BoxHandle& handle, const Box& box, bool finished);
  void drawBoxHandles(QPainter& painter, const Plot& plot) const;

  // Points drawn by hand (plane_points.cpp).
  /// The Points parameter that is drawn here now; null for none.
  const ParameterSpec* drawnSpec() const;
  /// Whether drawn points are of a class: not where those of the default are all of one.
  bool areDrawnClassed() const;
  int drawnClass() const { return areDrawnClassed() ? drawn_class_ : 0; }
  Points drawn() const;
  /// False where the parameter's range ends, or too close to the last one.
  bool addPoint(QPointF position);
  void beginStroke();
  bool eraseNear(QPointF position, double reach);
  void give(const Points& points, bool finished);
  void remember();  ///< the present points, for undo()
  void undo();
  void clear();
  QPointF pencil() const;
  void drawDrawn(QPainter& painter, const Plot& plot) const;
  /// The layer that shows the drawn points as they are; null where none does.
  const PointsLayer* layerOfDrawn() const;
  void drawHint(QPainter& painter, const Plot& plot) const;

  std::optional<Points> stroke_;  ///< while it is drawn
  std::optional<Points> given_;   ///< what was last announced
  std::vector<Points> undo_;
  int drawn_class_ = 0;
  QPointF last_drawn_;

  std::vector<Path> paths_;
  const void* run_ = nullptr;
  std::int64_t rows_ = 0;
  mutable std::map<std::string, FieldPicture> fields_;

  struct Cache {
    Plot plot;
    double ratio = 0;
    std::vector<Trail> trails;
    std::vector<Stroke> strokes;
    std::vector<std::size_t> drawn;
    std::vector<QImage> layers;
  };
  std::optional<Cache> cache_;
  /// The fields at the bottom, which seldom change.
  struct LayersCache {
    Plot plot;
    double ratio = 0;
    std::vector<FieldLayer> fields;
    QPixmap picture;
  };
  std::optional<LayersCache> layers_cache_;

  std::string active_handle_;
  bool keyboard_drag_ = false;
  std::optional<Point> dragged_;    ///< where the active handle is while it is dragged
  std::optional<Box> dragged_box_;  ///< the same where it is a box
  Box grabbed_box_;                 ///< as it was when it was taken
  int held_ = 0;                    ///< the Grip that the pointer holds, 0: none
  QPointF grip_;
};

}  // namespace viva
