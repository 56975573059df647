// SPDX-License-Identifier: GPL-3.0-or-later
// Text in pieces: each coloured by its value, with arcs from piece to piece.
#pragma once

#include <QHash>
#include <QPainterPath>
#include <QPixmap>
#include <vector>

#include "widgets/views/colour_scale.h"
#include "widgets/views/scroll.h"
#include "widgets/views/view.h"

namespace viva {

class TokensView : public View {
  Q_OBJECT

 public:
  TokensView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
             QWidget* parent);

  /// The whole text, in smaller type where it needs that; what does not fit even then is counted.
  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  /// The kinds of arcs that have a name.
  std::vector<LegendEntry> legend() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;

  /// Where a piece is in the widget now; empty for one that there is not.
  QRectF pieceRect(int row, int piece) const;
  /// How far the text is scrolled down, in device-independent pixels.
  double scrolled() const { return scroll_.offset(); }

  /// As it is shown: spaces, line ends and what has no letter are made visible.
  static QString visible(const std::string& text);

 protected:
  void changed(Change change) override;
  void paintView(QPainter& painter) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Place {
    int row = -1, piece = -1;
    bool operator==(const Place&) const = default;
  };
  /// Where everything is, from the upper left corner of the text.
  struct Layout {
    struct Line {
      int row = 0, first = 0, end = 0;  ///< pieces
      double top = 0;
    };
    double font = 1, line_height = 0, arc_room = 0;
    double label_width = 0;
    QRectF text;  ///< of the area; the rest is for the labels, the colours and the bar
    double height = 0;
    std::vector<Line> lines;
    std::vector<std::vector<QRectF>> pieces;
  };
  enum class Fit { Screen, Picture };  ///< scrolled, or smaller

  const TokensData* tokens() const { return data<TokensData>(); }
  bool has(Place place) const;
  bool hasValues() const { return scale_.has_value(); }
  void measure();
  double widthOf(const std::string& text) const;
  Layout layoutFor(const QRectF& area, Fit fit) const;
  Layout laidOut(const QRectF& area, double font, double arc_room) const;
  void centre(Layout& layout, const QRectF& area) const;
  const Layout& layout() const;
  QRectF scrollStrip() const;
  void rememberScroll();

  /// In the window what is outside is clipped; a picture has no half lines.
  void draw(QPainter& painter, const QRectF& area, const Layout& layout, Fit fit) const;
  void drawPieces(QPainter& painter, const Layout& layout, const Layout::Line& line,
                  QPointF origin) const;
  void drawMore(QPainter& painter, const Layout& layout, double bottom, std::int64_t count) const;
  void drawPiece(QPainter& painter, const TokensData::Piece& piece, const QRectF& box,
                 const Layout& layout) const;
  void drawLabels(QPainter& painter, const Layout& layout, QPointF origin, double top,
                  double bottom) const;
  struct DrawnArc {
    const TokensData::Arc* arc;
    double strength;  ///< of the heaviest
    bool strong;      ///< of the piece that is read or picked
  };
  std::vector<DrawnArc> arcsIn(const QRectF& part, const Layout& layout, Fit fit) const;
  void drawArcs(QPainter& painter, const std::vector<DrawnArc>& arcs, const Layout& layout,
                bool pales) const;
  std::optional<QPainterPath> pathOf(const TokensData::Arc& arc, const Layout& layout) const;
  QColor colourOf(const TokensData::Piece& piece) const;

  std::optional<Place> placeAt(QPointF position) const;
  Readout readoutOf(Place place, QPointF position) const;
  void read(std::optional<Place> place, std::optional<QPointF> position = {});
  void pick(Place place);
  Place moved(Place from, int right, int down) const;
  Place ordered(Place from, int way) const;

  Scroll scroll_;
  std::optional<Place> read_;     ///< whose arcs are at strength
  std::optional<Place> pressed_;  ///< where the button went down
  Place last_read_;               ///< where the keyboard goes on
  std::optional<ColourScale> scale_;
  double heaviest_ = 0;
  bool arcs_in_rows_ = false, arcs_between_rows_ = false;
  std::int64_t pieces_ = 0;
  mutable QHash<QString, double> widths_;  ///< at the size of baseFont()
  struct Cache {
    Layout layout;
    QSize size;
    QPixmap picture;
    double offset = -1, ratio = 0;
    std::optional<Place> read;
  };
  mutable std::optional<Cache> cache_;
  std::shared_ptr<const Frame> laid_frame_;
};

}  // namespace viva
