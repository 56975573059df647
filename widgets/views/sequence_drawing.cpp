// SPDX-License-Identifier: GPL-3.0-or-later
// Where a SequenceView puts its lifelines and messages, and how it draws them.
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/graph_text.h"
#include "widgets/views/payload_text.h"
#include "widgets/views/picks.h"
#include "widgets/views/sequence_view.h"
#include "widgets/views/text.h"

namespace viva {
namespace {

using Kind = SequenceData::Kind;

constexpr double kMargin = 8, kInset = 6;
// On the screen a short exchange is shown whole; where that took smaller type, it scrolls.
constexpr std::array kScreenFonts{1.6, 1.35, 1.15, 1.0, 0.9, 0.8};
constexpr double kScrollingFont = 1.0, kLowFont = 0.85;
constexpr double kLow = 230;  // where the names of the lifelines would take half of the height
constexpr int kMostShownWhole = 40;
constexpr std::array kPictureFonts{1.6, 1.35, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5};

QColor colourOf(PayloadSpan::Kind kind, bool dark) {
  const CodeColours& code = codeColours(dark);
  switch (kind) {
    case PayloadSpan::Kind::Key:
      return code.keyword;
    case PayloadSpan::Kind::String:
      return code.string;
    case PayloadSpan::Kind::Number:
      return code.number;
    case PayloadSpan::Kind::Literal:
      return code.call;
    case PayloadSpan::Kind::Fold:
      return code.comment;
    case PayloadSpan::Kind::Plain:
      break;
  }
  return theme(dark).text;
}

}  // namespace

QStringList SequenceView::labelLines(const SequenceData::Arrow& arrow, const QFont& font,
                                     double width, int most) const {
  QString label = labelOf(arrow.label);
  // Not by colour alone.
  if (arrow.kind == Kind::Error) label.prepend(QStringLiteral("✕ "));
  if (label.isEmpty()) return {};
  const QString key =
      QStringLiteral("%1/%2/%3/").arg(font.pixelSize()).arg(width).arg(most) + label;
  const auto known = wrapped_.constFind(key);
  if (known != wrapped_.constEnd()) return *known;
  QStringList lines = wrapped(label, font, std::max(20.0, width));
  if (lines.size() > most) {
    QString rest = lines[most - 1];
    for (qsizetype i = most; i < lines.size(); ++i) rest += u' ' + lines[i];
    lines = lines.mid(0, most);
    lines.back() = QFontMetricsF(font).elidedText(rest, Qt::ElideRight, width);
  }
  wrapped_.insert(key, lines);
  return lines;
}

void SequenceView::layHead(Layout& layout, const QRectF& area) const {
  const SequenceData& now = *sequence();
  const QFontMetricsF small(baseFont(layout.font * 0.85));
  double time = 0;
  for (const SequenceData::Arrow& arrow : now.arrows)
    if (arrow.time && std::isfinite(*arrow.time))
      time = std::max(time, small.horizontalAdvance(timeText(*arrow.time)));
  // In a narrow view the read-out still tells the times.
  layout.time_width = time > 0 && time < area.width() * 0.11 ? time + 10 : 0;
  layout.left = area.left() + kMargin + layout.time_width;
  layout.right = area.right() - kMargin - Scroll::kWidth;
  const auto lines = static_cast<double>(now.lifelines.size());
  layout.spacing = std::max(4.0, (layout.right - layout.left) / lines);
  QFont bold = baseFont(layout.font);
  bold.setBold(true);
  const QFontMetricsF metrics(bold);
  qsizetype most = 1;
  for (std::size_t i = 0; i < now.lifelines.size(); ++i) {
    layout.lifelines.push_back(layout.left + (static_cast<double>(i) + 0.5) * layout.spacing);
    const QString label = labelOf(now.lifelines[i].label);
    const QString name = label.isEmpty() ? QString::fromStdString(now.lifelines[i].id) : label;
    const double width = std::max(8.0, layout.spacing - 18);
    QStringList names = wrapped(name, bold, width);
    if (names.size() > 2)
      names = {names[0], metrics.elidedText(names.mid(1).join(u' '), Qt::ElideRight, width)};
    most = std::max(most, names.size());
    layout.names.push_back(names);
  }
  layout.head = std::ceil(metrics.height() * static_cast<double>(most) + 14);
}

void SequenceView::layPayload(Item& item, int message, const Layout& layout) const {
  const Opened how = opened(message);
  if (how == Opened::No) return;
  const bool dark = appearance().dark;
  const PayloadText text = payloadText(sequence()->arrows[message].payload,
                                       how == Opened::Whole ? PayloadFold::none() : PayloadFold{});
  const QFont font = codeFont(appearance().font_scale * layout.font * 0.92);
  const double letter = QFontMetricsF(font).averageCharWidth();
  const double left = layout.left + kInset, width = layout.right - layout.left - 2 * kInset;
  double y = item.bottom + kInset;
  for (const PayloadLine& line : text.lines) {
    auto shown = std::make_shared<QTextLayout>(line.text(), font);
    QList<QTextLayout::FormatRange> formats;
    int at = 0;
    for (const PayloadSpan& span : line.spans) {
      QTextLayout::FormatRange range;
      range.start = at;
      range.length = static_cast<int>(span.text.size());
      range.format.setForeground(colourOf(span.kind, dark));
      if (span.kind == PayloadSpan::Kind::Key) range.format.setFontWeight(QFont::DemiBold);
      if (span.kind == PayloadSpan::Kind::Fold) range.format.setFontItalic(true);
      formats.push_back(range);
      at += range.length;
    }
    shown->setFormats(formats);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    shown->setTextOption(option);
    const double indent = std::min(line.indent * 2 * letter, width * 0.5);
    shown->beginLayout();
    double height = 0;
    for (QTextLine each = shown->createLine(); each.isValid(); each = shown->createLine()) {
      // What goes on is set in a little.
      const double further = height > 0 ? 2 * letter : 0;
      each.setLineWidth(std::max(40.0, width - indent - further));
      each.setPosition({further, height});
      height += each.height();
    }
    shown->endLayout();
    shown->setPosition({left + indent, y});
    y += height;
    item.texts.push_back(std::move(shown));
  }
  if (text.hidden_lines > 0)
    item.more = word(Message{"views.more_lines", {{"count", std::int64_t{text.hidden_lines}}}});
  else if (text.is_folded && how == Opened::Folded)
    item.more = word("views.more_folded");
  if (!item.more.isEmpty()) y += std::ceil(QFontMetricsF(font).height());
  item.payload = QRectF(left - kInset, item.bottom, width + 2 * kInset, y + kInset - item.bottom);
  item.bottom = item.payload.bottom() + kInset;
}

SequenceView::Item SequenceView::laidItem(int message, const Layout& layout, double top) const {
  const SequenceData::Arrow& arrow = sequence()->arrows[message];
  const QFont font = baseFont(layout.font);
  const QFontMetricsF metrics(font);
  const double line = std::ceil(metrics.height());
  const int from = lifeline(arrow.from), to = lifeline(arrow.to);
  Item item;
  item.top = top;
  const double mark = arrow.payload.empty() ? 0 : metrics.horizontalAdvance(QStringLiteral(" ▸"));
  const auto widest = [&] {
    double width = 0;
    for (const QString& each : item.lines) width = std::max(width, metrics.horizontalAdvance(each));
    return width;
  };
  if (arrow.kind == Kind::Note) {
    const double span = (std::abs(to - from) + 0.92) * layout.spacing;
    item.lines = labelLines(arrow, font, span - 4 * kInset - mark, 6);
    const double width =
        std::min(span, std::max(widest() + mark + 4 * kInset, layout.spacing * 0.4));
    const double centre = (layout.lifelines[from] + layout.lifelines[to]) / 2;
    item.label = QRectF(centre - width / 2, top + 4, width,
                        line * std::max<double>(1, item.lines.size()) + 8);
    item.arrow = item.label.center().y();
    item.bottom = item.label.bottom() + 4;
  } else if (from == to) {
    // A loop at the right of its lifeline, at the left of the last one.
    const bool leftwards = from > 0 && from + 1 == static_cast<int>(layout.lifelines.size());
    const double loop = std::min(28.0, layout.spacing * 0.3);
    item.lines =
        labelLines(arrow, font,
                   (leftwards || layout.lifelines.size() == 1 ? 0.5 : 0.95) * layout.spacing -
                       loop - 10 - mark,
                   4);
    const double width = widest() + mark;
    const double x = layout.lifelines[from];
    item.label = QRectF(leftwards ? x - loop - 6 - width : x + loop + 6, top + 4, width,
                        line * std::max<double>(1, item.lines.size()));
    item.arrow = top + 6;
    item.bottom = item.label.bottom() + 8;
  } else {
    const double span = std::abs(layout.lifelines[to] - layout.lifelines[from]);
    item.lines = labelLines(arrow, font, span - 2 * kInset - mark, 3);
    const double width = widest() + mark;
    const double centre = (layout.lifelines[from] + layout.lifelines[to]) / 2;
    item.label = QRectF(
        centre - width / 2, top + 4, width,
        line * static_cast<double>(std::max<qsizetype>(mark > 0 ? 1 : 0, item.lines.size())));
    item.arrow = item.label.bottom() + 5;
    item.bottom = item.arrow + 8;
  }
  layPayload(item, message, layout);
  return item;
}

SequenceView::Layout SequenceView::laidOut(const QRectF& area, double font) const {
  Layout layout;
  layout.font = font;
  layHead(layout, area);
  double y = 2;
  layout.items.reserve(static_cast<std::size_t>(count()));
  for (int i = 0; i < count(); ++i) {
    layout.items.push_back(laidItem(i, layout, y));
    y = layout.items.back().bottom;
  }
  layout.height = y + kMargin;
  return layout;
}

SequenceView::Layout SequenceView::layoutFor(const QRectF& area, Fit fit) const {
  Layout found;
  const auto fits = [&](double font) {
    found = laidOut(area, font);
    return found.head + found.height <= area.height();
  };
  if (fit == Fit::Picture) {
    std::ranges::any_of(kPictureFonts, fits);
    return found;
  }
  if (count() <= kMostShownWhole && std::ranges::any_of(kScreenFonts, fits)) return found;
  return laidOut(area, area.height() < kLow ? kLowFont : kScrollingFont);
}

const SequenceView::Layout& SequenceView::layout() const {
  if (!layout_ || layout_size_ != size()) {
    layout_ = layoutFor(rect(), Fit::Screen);
    layout_size_ = size();
  }
  return *layout_;
}

void SequenceView::rememberScroll() {
  scroll_.setRange(layout().height, std::max(0.0, height() - layout().head));
}

QRectF SequenceView::scrollStrip() const {
  const double top = layout().head;
  return {width() - Scroll::kWidth - 2.0, top, Scroll::kWidth, std::max(0.0, height() - top - 4.0)};
}

void SequenceView::drawHead(QPainter& painter, const QRectF& area, const Layout& layout,
                            double bottom) const {
  const Theme& colours = theme(appearance().dark);
  QFont bold = baseFont(layout.font);
  bold.setBold(true);
  const QFontMetricsF metrics(bold);
  painter.setFont(bold);
  for (std::size_t i = 0; i < layout.lifelines.size(); ++i) {
    const double x = layout.lifelines[i];
    QPen pen(colours.axis, 1);
    pen.setDashPattern({4, 4});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, area.top() + layout.head - 4), QPointF(x, bottom));
    double widest = 0;
    for (const QString& line : layout.names[i])
      widest = std::max(widest, metrics.horizontalAdvance(line));
    const double width = std::min(widest + 16, layout.spacing - 2);
    const QRectF box(x - width / 2, area.top() + 4, width, layout.head - 8);
    painter.setPen(QPen(colours.axis, 1.2));
    painter.setBrush(colours.row);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(colours.text);
    double y =
        box.center().y() - metrics.height() * static_cast<double>(layout.names[i].size()) / 2;
    for (const QString& line : layout.names[i]) {
      const QString shown = metrics.elidedText(line, Qt::ElideRight, width - 2);
      painter.drawText(QPointF(x - metrics.horizontalAdvance(shown) / 2, y + metrics.ascent()),
                       shown);
      y += metrics.height();
    }
  }
}

// A request's head is filled, a reply's is open and its line dashed, an error's line carries a
// cross.
void SequenceView::drawArrow(QPainter& painter, const SequenceData::Arrow& arrow, const Item& item,
                             const Layout& layout) const {
  const Theme& colours = theme(appearance().dark);
  const bool is_error = arrow.kind == Kind::Error, is_reply = arrow.kind == Kind::Reply;
  const QColor colour = is_error ? colours.bad : is_reply ? colours.muted_text : colours.accent;
  const int from = lifeline(arrow.from), to = lifeline(arrow.to);
  const double head = 9 * std::max(0.7, layout.font);
  QPen pen(colour, is_error ? 2.2 : 1.8);
  if (is_reply) pen.setDashPattern({3.5, 2.5});
  pen.setCapStyle(Qt::FlatCap);
  QPointF begin(layout.lifelines[from], item.arrow), end(layout.lifelines[to], item.arrow);
  QPolygonF way;
  double direction = end.x() >= begin.x() ? 1 : -1;
  if (from == to) {
    const bool leftwards = from > 0 && from + 1 == static_cast<int>(layout.lifelines.size());
    const double loop = std::min(28.0, layout.spacing * 0.3) * (leftwards ? -1 : 1);
    end.setY(std::max(item.label.bottom() - 2, begin.y() + 10));
    way = {begin, begin + QPointF(loop, 0), end + QPointF(loop, 0), end};
    direction = leftwards ? 1 : -1;
  } else {
    way = {begin, end};
  }
  const QPointF tip = end - QPointF(direction * 1.5, 0);
  way.back() = is_reply ? tip : tip - QPointF(direction * head * 0.6, 0);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(pen);
  painter.drawPolyline(way);
  const QPointF up = tip - QPointF(direction * head, head * 0.45),
                down = tip - QPointF(direction * head, -head * 0.45);
  painter.setPen(QPen(colour, 1.8));
  if (is_reply) {
    painter.drawPolyline(QPolygonF{up, tip, down});
  } else {
    painter.setBrush(colour);
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(QPolygonF{tip, up, down});
  }
  if (!is_error) return;
  const QPointF centre =
      from == to ? (way[1] + way[2]) / 2 : QPointF(begin.x() + direction * head * 1.6, item.arrow);
  const double arm = head * 0.45;
  for (const auto& pass : {QPen(colours.background, 5), QPen(colour, 2.4)}) {
    painter.setPen(pass);
    painter.drawLine(centre - QPointF(arm, arm), centre + QPointF(arm, arm));
    painter.drawLine(centre - QPointF(arm, -arm), centre + QPointF(arm, -arm));
  }
}

void SequenceView::drawNote(QPainter& painter, const Item& item, const Layout& layout) const {
  const Theme& colours = theme(appearance().dark);
  const QRectF& box = item.label;
  const double fold = 8 * layout.font;
  painter.setPen(QPen(colours.axis, 1.2));
  painter.setBrush(colours.row);
  painter.drawPolygon(QPolygonF{box.topLeft(), box.topRight() - QPointF(fold, 0),
                                box.topRight() + QPointF(0, fold), box.bottomRight(),
                                box.bottomLeft()});
  painter.drawPolyline(QPolygonF{box.topRight() - QPointF(fold, 0),
                                 box.topRight() + QPointF(-fold, fold),
                                 box.topRight() + QPointF(0, fold)});
}

void SequenceView::drawPayload(QPainter& painter, const Item& item, const Layout& layout) const {
  if (item.payload.isEmpty()) return;
  const Theme& colours = theme(appearance().dark);
  painter.setPen(QPen(colours.grid, 1));
  painter.setBrush(colours.row);
  painter.drawRoundedRect(item.payload, 4, 4);
  painter.setPen(colours.text);
  for (const auto& text : item.texts) text->draw(&painter, QPointF(0, 0));
  if (item.more.isEmpty()) return;
  QFont font = baseFont(layout.font * 0.9);
  font.setItalic(true);
  const QFontMetricsF metrics(font);
  painter.setFont(font);
  painter.setPen(colours.muted_text);
  painter.drawText(
      QPointF(item.payload.left() + kInset, item.payload.bottom() - kInset - metrics.descent()),
      metrics.elidedText(item.more, Qt::ElideRight, item.payload.width() - 2 * kInset));
}

void SequenceView::drawItem(QPainter& painter, int message, const Layout& layout) const {
  const SequenceData::Arrow& arrow = sequence()->arrows[message];
  const Item& item = layout.items[message];
  const Theme& colours = theme(appearance().dark);
  const bool is_note = arrow.kind == Kind::Note;
  const QFont font = baseFont(layout.font);
  const QFontMetricsF metrics(font);
  if (is_note) drawNote(painter, item, layout);
  if (!is_note) {
    // The text crosses lifelines.
    if (!item.label.isEmpty())
      painter.fillRect(item.label.adjusted(-2, 0, 2, 0), colours.background);
    drawArrow(painter, arrow, item, layout);
  }
  painter.setFont(font);
  painter.setPen(arrow.kind == Kind::Error ? colours.bad : colours.text);
  QStringList lines = item.lines;
  if (!arrow.payload.empty()) {
    if (lines.isEmpty()) lines << QString();
    lines.back() += opened(message) == Opened::No ? QStringLiteral(" ▸") : QStringLiteral(" ▾");
  }
  const bool centred = is_note || lifeline(arrow.from) != lifeline(arrow.to);
  double y = item.label.top() + (is_note ? 4 : 0);
  for (const QString& line : lines) {
    const double width = metrics.horizontalAdvance(line);
    painter.drawText(QPointF(centred ? item.label.center().x() - width / 2 : item.label.left(),
                             y + metrics.ascent()),
                     line);
    y += std::ceil(metrics.height());
  }
  if (layout.time_width > 0 && arrow.time && std::isfinite(*arrow.time)) {
    painter.setFont(baseFont(layout.font * 0.85));
    painter.setPen(colours.muted_text);
    const QFontMetricsF small(painter.font());
    const QString time = timeText(*arrow.time);
    // That of a loop or a note stands at the middle of it, or two would touch.
    const bool is_arrow = !is_note && lifeline(arrow.from) != lifeline(arrow.to);
    const double middle = is_arrow ? item.arrow : item.label.center().y();
    painter.drawText(QPointF(layout.left - 10 - small.horizontalAdvance(time),
                             std::max(item.top + small.ascent(),
                                      middle + small.ascent() / 2 - small.descent() / 2)),
                     time);
  }
  drawPayload(painter, item, layout);
}

// A picture is cut by hand: the SVG writer knows no clip rectangle.
void SequenceView::draw(QPainter& painter, const QRectF& area, const Layout& layout,
                        Fit fit) const {
  const Theme& colours = theme(appearance().dark);
  const bool screen = fit == Fit::Screen;
  const double offset = screen ? scroll_.offset() : 0;
  const double room = area.height() - layout.head;
  std::size_t first = 0, end = layout.items.size();
  if (screen) {
    while (first < end && layout.items[first].bottom < offset) ++first;
    end = first;
    while (end < layout.items.size() && layout.items[end].top < offset + room) ++end;
  } else {
    while (end > 0 && layout.items[end - 1].bottom > room) --end;
  }
  const double bottom =
      screen
          ? area.bottom()
          : std::min(area.bottom(), area.top() + layout.head +
                                        (end > 0 ? layout.items[end - 1].bottom : 0.0) + kMargin);
  drawHead(painter, area, layout, bottom);
  painter.save();
  if (screen) painter.setClipRect(area.adjusted(0, layout.head, 0, 0), Qt::IntersectClip);
  painter.translate(0, area.top() + layout.head - offset);
  const Picked picked(parameters(), spec().picks);
  const bool reads = screen && read_ >= 0 && readout();
  for (std::size_t i = first; i < end; ++i) {
    const Item& item = layout.items[i];
    const QRectF row(area.left() + 2, item.top, layout.right - area.left() - 2,
                     item.bottom - item.top);
    const bool is_picked = picked.has(static_cast<std::int64_t>(i));
    if (is_picked) painter.fillRect(QRectF(row.left(), row.top(), 4, row.height()), colours.accent);
    drawItem(painter, static_cast<int>(i), layout);
    painter.setBrush(Qt::NoBrush);
    if (is_picked) {
      painter.setPen(QPen(colours.accent, 1.2));
      painter.drawRect(row);
    }
    if (reads && static_cast<int>(i) == read_) {
      painter.setPen(QPen(colours.text, 1.5));
      painter.drawRoundedRect(row.adjusted(1, 0, -1, 0), 4, 4);
    }
  }
  painter.restore();
  if (screen || end == layout.items.size()) return;
  const QString more = word(Message{
      "views.more_messages", {{"count", static_cast<std::int64_t>(layout.items.size() - end)}}});
  painter.setFont(baseFont(0.85));
  const QFontMetricsF metrics(painter.font());
  const double width = metrics.horizontalAdvance(more) + 8;
  const QRectF box(layout.right - width, area.bottom() - metrics.height() - 2, width,
                   metrics.height());
  painter.fillRect(box, colours.shade);
  painter.setPen(colours.muted_text);
  painter.drawText(box, Qt::AlignCenter, more);
}

void SequenceView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty())
    drawEmpty(painter, area);
  else
    draw(painter, area, layoutFor(area, Fit::Picture), Fit::Picture);
  painter.restore();
}

void SequenceView::paintView(QPainter& painter) {
  if (isEmpty()) return render(painter, rect());
  draw(painter, rect(), layout(), Fit::Screen);
  scroll_.draw(painter, scrollStrip(), appearance().dark);
}

}  // namespace viva
