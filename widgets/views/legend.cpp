// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/legend.h"

#include <QKeyEvent>
#include <QPainter>
#include <QResizeEvent>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/text.h"

namespace viva {
namespace {

double sampleWidth(const LegendEntry& entry, const QFont& font) {
  const double marks = static_cast<double>(std::max<std::size_t>(1, entry.classes.size()));
  return font.pixelSize() * (entry.line ? 3.0 : entry.bar ? 1.3 : 1.1 * marks);
}

bool sameStyle(const CurveStyle& one, const CurveStyle& other) {
  return one.colour == other.colour && one.dashes == other.dashes && one.marker == other.marker;
}

/// Of the same entity, pale or not.
bool sameMark(const CurveStyle& one, const CurveStyle& other) {
  return one.dashes == other.dashes && one.marker == other.marker &&
         (one.colour == other.colour || one.pale != other.pale);
}

bool sameEntries(const std::vector<LegendEntry>& one, const std::vector<LegendEntry>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const LegendEntry& a, const LegendEntry& b) {
                      return a.id == b.id && a.label == b.label && a.shown == b.shown &&
                             a.line == b.line && a.marker == b.marker && a.arrow == b.arrow &&
                             a.filled == b.filled && a.bar == b.bar && a.ring == b.ring &&
                             sameStyle(a.style, b.style) &&
                             std::equal(a.classes.begin(), a.classes.end(), b.classes.begin(),
                                        b.classes.end(), sameStyle);
                    });
}

}  // namespace

std::vector<QRectF> layoutLegend(const std::vector<LegendEntry>& entries, const QFont& font,
                                 double width) {
  const QFontMetricsF metrics(font);
  const double height = std::ceil(metrics.height() * 1.35);
  std::vector<QRectF> boxes;
  double x = 0, y = 0;
  for (const LegendEntry& entry : entries) {
    const double needed = std::min(
        width, std::ceil(metrics.horizontalAdvance(entry.label) + sampleWidth(entry, font) + 16));
    if (x > 0 && x + needed > width) {
      x = 0;
      y += height;
    }
    boxes.emplace_back(x, y, needed, height);
    x += needed + 2;
  }
  return boxes;
}

QFont legendFont(const std::vector<LegendEntry>& entries, double font_scale, double width) {
  QFont font;
  for (const double factor : {0.92, 0.84, 0.76}) {
    font = viewFont(font_scale * factor);
    const auto boxes = layoutLegend(entries, font, width);
    if (boxes.empty() || boxes.back().top() <= boxes.front().height() + 1) break;
  }
  return font;
}

void drawLegendEntry(QPainter& painter, const QRectF& box, const LegendEntry& entry,
                     const QFont& font, bool dark) {
  const Theme& colours = theme(dark);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor colour = entry.shown ? entry.style.colour : colours.muted_text;
  const double left = box.left() + 4, width = sampleWidth(entry, font), y = box.center().y();
  if (entry.filled && entry.shown) {
    QColor fill = colour;
    fill.setAlphaF(0.3f);
    painter.fillRect(QRectF(left, y, width, font.pixelSize() * 0.45), fill);
  }
  if (entry.line && entry.shown) {
    QPen pen(colour, widthOf(entry.style, 2.4));
    pen.setCapStyle(Qt::FlatCap);
    if (!entry.style.dashes.isEmpty()) {
      QVector<qreal> pattern = entry.style.dashes;
      for (qreal& length : pattern) length /= pen.widthF();
      pen.setDashPattern(pattern);
    }
    painter.setPen(pen);
    const double head = entry.arrow ? font.pixelSize() * 0.8 : 0;
    painter.drawLine(QPointF(left, y), QPointF(left + width - head, y));
    if (entry.arrow) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour);
      painter.drawPolygon(QPolygonF{QPointF(left + width, y),
                                    QPointF(left + width - head, y - head * 0.45),
                                    QPointF(left + width - head, y + head * 0.45)});
    }
  }
  const double size = font.pixelSize() * 0.72;
  if (entry.bar && entry.shown) {
    painter.fillRect(QRectF(left, y - size * 0.8, width, size * 1.6), colour);
    if (entry.marker)
      drawMarker(painter, entry.style.marker, {left + width / 2, y}, size, colours.background,
                 colour);
  } else if (entry.ring && entry.shown) {
    painter.setPen(QPen(colour, 1.8));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(left + width / 2, y), size / 2, size / 2);
  } else if (!entry.classes.empty() && entry.shown) {
    const double each = width / static_cast<double>(entry.classes.size());
    for (std::size_t i = 0; i < entry.classes.size(); ++i)
      drawMarker(painter, entry.classes[i].marker,
                 {left + each * (static_cast<double>(i) + 0.5), y}, size, entry.classes[i].colour,
                 colours.background);
  } else if (entry.marker || !entry.shown) {
    drawMarker(painter, entry.style.marker, {left + width / 2, y}, size,
               entry.shown ? colour : colours.background,
               entry.shown ? colours.background : colour);
  }
  QFont text_font = font;
  text_font.setStrikeOut(!entry.shown);
  painter.setFont(text_font);
  painter.setPen(entry.shown && !entry.style.pale ? colours.text : colours.muted_text);
  const QRectF text(left + width + 5, box.top(), box.right() - left - width - 5, box.height());
  painter.drawText(
      text, Qt::AlignVCenter | Qt::AlignLeft,
      QFontMetricsF(text_font).elidedText(entry.label, Qt::ElideRight, text.width() + 1));
  painter.restore();
}

LegendButton::LegendButton(const LegendEntry& entry, const QFont& font, bool dark, QWidget* parent)
    : QAbstractButton(parent), entry_(entry), font_(font), dark_(dark) {
  setCheckable(true);
  setChecked(entry.shown);
  setText(entry.label);
  setAccessibleName(entry.label);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
}

void LegendButton::setEntry(const LegendEntry& entry) {
  const QSignalBlocker blocker(this);
  entry_ = entry;
  setChecked(entry.shown);
  update();
}

void LegendButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& colours = theme(dark_);
  if (underMouse()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.row);
    painter.drawRoundedRect(rect(), 4, 4);
  }
  LegendEntry entry = entry_;
  entry.shown = isChecked();
  drawLegendEntry(painter, rect(), entry, font_, dark_);
  if (hasFocus()) {
    painter.setPen(QPen(colours.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

Legend::Legend(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  hide();
}

void Legend::setEntries(const std::vector<LegendEntry>& entries, const Appearance& appearance) {
  if (appearance == appearance_ && sameEntries(entries, entries_)) return;
  // Rebuilding would take the focus away from the entry that was just switched.
  const bool same_ids = appearance == appearance_ &&
                        std::equal(entries.begin(), entries.end(), entries_.begin(), entries_.end(),
                                   [](const LegendEntry& a, const LegendEntry& b) {
                                     return a.id == b.id && a.label == b.label &&
                                            sameMark(a.style, b.style) && a.bar == b.bar &&
                                            a.ring == b.ring &&
                                            a.classes.size() == b.classes.size();
                                   });
  entries_ = entries;
  appearance_ = appearance;
  font_ = legendFont(entries_, appearance.font_scale, width());
  if (same_ids) {
    for (std::size_t i = 0; i < buttons_.size(); ++i) buttons_[i]->setEntry(entries[i]);
    hintAtPaleOnes();
    return;
  }
  for (LegendButton* button : buttons_) {
    button->hide();
    button->deleteLater();
  }
  buttons_.clear();
  for (const LegendEntry& entry : entries_) {
    auto* button = new LegendButton(entry, font_, appearance.dark, this);
    button->setEnabled(entry.checkable);
    connect(button, &QAbstractButton::toggled, this,
            [this, button](bool shown) { switchEntry(*button, shown); });
    buttons_.push_back(button);
    button->show();
  }
  hintAtPaleOnes();
  setVisible(!entries_.empty());
  updateGeometry();
  place();
}

void Legend::switchEntry(LegendButton& button, bool shown) {
  const LegendEntry entry = button.entry();
  const QString id = QString::fromStdString(entry.id);
  if (!entry.style.pale || shown) {
    Q_EMIT toggled(id, shown);
    return;
  }
  button.setEntry(entry);
  Q_EMIT strengthened(id);
}

void Legend::hintAtPaleOnes() {
  const QString hint = QString::fromStdString(Words::in(appearance_.language)("views.pale"));
  for (LegendButton* button : buttons_) {
    const bool pale = button->entry().style.pale;
    button->setToolTip(pale ? hint : QString());
    button->setAccessibleDescription(pale ? hint : QString());
  }
}

void Legend::place() {
  font_ = legendFont(entries_, appearance_.font_scale, width());
  const auto boxes = layoutLegend(entries_, font_, width());
  for (std::size_t i = 0; i < buttons_.size(); ++i) {
    buttons_[i]->setGeometry(boxes[i].toRect());
    buttons_[i]->setEntryFont(font_);
  }
}

int Legend::heightForWidth(int width) const {
  const auto boxes =
      layoutLegend(entries_, legendFont(entries_, appearance_.font_scale, width), width);
  return boxes.empty() ? 0 : static_cast<int>(std::ceil(boxes.back().bottom()));
}

QSize Legend::sizeHint() const { return {200, heightForWidth(std::max(200, width()))}; }

void Legend::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // A narrower legend has more rows: the layout keeps the height that it was told before.
  if (event->size().width() != event->oldSize().width()) updateGeometry();
  place();
}

void Legend::keyPressEvent(QKeyEvent* event) {
  const int step = event->key() == Qt::Key_Right || event->key() == Qt::Key_Down ? 1
                   : event->key() == Qt::Key_Left || event->key() == Qt::Key_Up  ? -1
                                                                                 : 0;
  for (std::size_t i = 0; step != 0 && i < buttons_.size(); ++i) {
    if (!buttons_[i]->hasFocus()) continue;
    const std::size_t other = (i + step + buttons_.size()) % buttons_.size();
    buttons_[other]->setFocus(Qt::TabFocusReason);
    return;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace viva
