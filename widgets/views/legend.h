// SPDX-License-Identifier: GPL-3.0-or-later
// The legend as a widget whose entries can be switched, and as part of a picture.
#pragma once

#include <QAbstractButton>
#include <QWidget>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

/// Where the entries go when they are set in lines of `width`; the height is that of the last box's
/// bottom.
std::vector<QRectF> layoutLegend(const std::vector<LegendEntry>& entries, const QFont& font,
                                 double width);
/// The largest font of a legend with which it takes at most two lines, or the smallest.
QFont legendFont(const std::vector<LegendEntry>& entries, double font_scale, double width);
/// The mark as it is drawn in the plot (line, arrow, marker, bar), then the label.
void drawLegendEntry(QPainter& painter, const QRectF& box, const LegendEntry& entry,
                     const QFont& font, bool dark);

class LegendButton : public QAbstractButton {
  Q_OBJECT

 public:
  LegendButton(const LegendEntry& entry, const QFont& font, bool dark, QWidget* parent);
  const LegendEntry& entry() const { return entry_; }
  /// With the mark and the label of before: whether it is shown, and pale.
  void setEntry(const LegendEntry& entry);
  void setEntryFont(const QFont& font) {
    font_ = font;
    update();
  }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  LegendEntry entry_;
  QFont font_;
  bool dark_;
};

/// One button an entry: a pale one comes to strength, another is hidden or shown. Invisible without
/// entries.
class Legend : public QWidget {
  Q_OBJECT

 public:
  explicit Legend(QWidget* parent);
  void setEntries(const std::vector<LegendEntry>& entries, const Appearance& appearance);
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {60, heightForWidth(100000)}; }

 Q_SIGNALS:
  void toggled(const QString& id, bool shown);
  /// A pale entry was clicked.
  void strengthened(const QString& id);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void place();
  void switchEntry(LegendButton& button, bool shown);
  void hintAtPaleOnes();
  std::vector<LegendEntry> entries_;
  std::vector<LegendButton*> buttons_;
  Appearance appearance_;
  QFont font_;
};

}  // namespace viva
