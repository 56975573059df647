// SPDX-License-Identifier: GPL-3.0-or-later
// Messages between lifelines, time running down; what a message carries opens below it.
#pragma once

#include <QHash>
#include <QTextLayout>
#include <map>
#include <memory>
#include <vector>

#include "widgets/views/scroll.h"
#include "widgets/views/view.h"

namespace viva {

class SequenceView : public View {
  Q_OBJECT

 public:
  SequenceView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
               QWidget* parent);

  /// All messages, in smaller type where it needs that; those that do not fit even then are
  /// counted. Opened payloads are open in the picture too.
  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;
  void copyStateFrom(const View& other) override;

  /// How much of a message's payload is shown.
  enum class Opened { No, Folded, Whole };
  Opened opened(int message) const;
  /// The next of: closed, folded, whole (where folding hides something).
  void open(int message);

  /// Where a message is in the widget now, its payload included; empty for one there is not.
  QRectF messageRect(int message) const;
  double scrolled() const { return scroll_.offset(); }

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
  /// A message; heights from the top of the first one.
  struct Item {
    double top = 0, bottom = 0;
    QRectF label;  ///< of a note: its box
    QStringList lines;
    double arrow = 0;  ///< the height of the line
    QRectF payload;    ///< empty: closed
    std::vector<std::shared_ptr<QTextLayout>> texts;
    QString more;  ///< lines that are not shown, or that Enter shows all
  };
  struct Layout {
    double font = 1;
    double head = 0;  ///< height of the names above
    double time_width = 0;
    std::vector<double> lifelines;  ///< horizontal
    std::vector<QStringList> names;
    double spacing = 0, left = 0, right = 0;
    std::vector<Item> items;
    double height = 0;  ///< of all messages
  };
  enum class Fit { Screen, Picture };

  const SequenceData* sequence() const { return data<SequenceData>(); }
  int count() const;
  int lifeline(int number) const;  ///< one that there is
  QString kindName(const SequenceData::Arrow& arrow) const;
  QString wayOf(const SequenceData::Arrow& arrow) const;
  QString timeText(double seconds) const;
  QStringList labelLines(const SequenceData::Arrow& arrow, const QFont& font, double width,
                         int most) const;

  Layout layoutFor(const QRectF& area, Fit fit) const;
  Layout laidOut(const QRectF& area, double font) const;
  void layHead(Layout& layout, const QRectF& area) const;
  Item laidItem(int message, const Layout& layout, double top) const;
  void layPayload(Item& item, int message, const Layout& layout) const;
  const Layout& layout() const;
  QRectF scrollStrip() const;
  void rememberScroll();
  /// So far that it is seen.
  void scrollTo(int message);
  void refresh();

  void draw(QPainter& painter, const QRectF& area, const Layout& layout, Fit fit) const;
  void drawHead(QPainter& painter, const QRectF& area, const Layout& layout, double bottom) const;
  void drawItem(QPainter& painter, int message, const Layout& layout) const;
  void drawArrow(QPainter& painter, const SequenceData::Arrow& arrow, const Item& item,
                 const Layout& layout) const;
  void drawNote(QPainter& painter, const Item& item, const Layout& layout) const;
  void drawPayload(QPainter& painter, const Item& item, const Layout& layout) const;

  int messageAt(QPointF position) const;  ///< -1 for none
  Readout readoutOf(int message, QPointF position) const;
  void read(int message, std::optional<QPointF> position = {});

  struct Open {
    std::string payload;
    Opened how = Opened::No;
  };
  Scroll scroll_;
  std::map<int, Open> open_;
  int read_ = -1, last_read_ = -1, pressed_ = -1;
  mutable QHash<QString, QStringList> wrapped_;  ///< labels, for one font and language
  mutable std::optional<Layout> layout_;
  mutable QSize layout_size_;
};

}  // namespace viva
