// SPDX-License-Identifier: GPL-3.0-or-later
// Where a TokensView puts its pieces and arcs, and how it draws them.
#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/picks.h"
#include "widgets/views/tokens_view.h"

namespace viva {
namespace {

constexpr double kPadding = 3, kGap = 2, kMargin = 6;
constexpr double kNarrow = 300;  // where labels stand above their text
constexpr std::array kScreenFonts{1.5, 1.3, 1.15, 1.0};
constexpr std::array kPictureFonts{1.5, 1.3, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5};
// A sentence is read as one line, and its arcs go from piece to piece of it: as large as lets every
// row be one, and smaller letters rather than a row that is broken.
constexpr std::array kUnbrokenFonts{2.6, 2.2, 1.8, 1.5, 1.3, 1.15, 1.0, 0.9};
constexpr std::int64_t kMostOfASentence = 60;  // pieces
constexpr std::size_t kMostArcs = 4000;        // drawn at once: the heaviest

bool endsLine(const TokensData::Piece& piece) {
  return !piece.text.empty() && piece.text.back() == '\n';
}

}  // namespace

QString TokensView::visible(const std::string& text) {
  if (text.empty()) return QStringLiteral("∅");
  QString shown = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
  for (QChar& letter : shown) {
    if (letter == u' ')
      letter = QChar(0x00b7);
    else if (letter == u'\n')
      letter = QChar(0x21b5);
    else if (letter == u'\t')
      letter = QChar(0x2192);
    else if (letter == QChar(0x3000))
      letter = QChar(0x25a1);  // the wide space of Chinese text
    else if (letter.unicode() < 0x20 || letter.unicode() == 0x7f ||
             letter.category() == QChar::Other_Format)
      letter = QChar(0xfffd);
    else if (letter.isSpace())
      letter = QChar(0x00b7);
  }
  return shown;
}

double TokensView::widthOf(const std::string& text) const {
  const QString shown = visible(text);
  const auto known = widths_.constFind(shown);
  if (known != widths_.constEnd()) return *known;
  const double width = QFontMetricsF(baseFont()).horizontalAdvance(shown);
  widths_.insert(shown, width);
  return width;
}

TokensView::Layout TokensView::laidOut(const QRectF& area, double font, double arc_room) const {
  const TokensData& now = *tokens();
  Layout layout;
  layout.font = font;
  const QFont type = baseFont(font);
  const double stretch = static_cast<double>(type.pixelSize()) / baseFont().pixelSize();
  const double line = std::ceil(QFontMetricsF(type).height()) + 4;
  layout.line_height = line;
  layout.arc_room = arc_room;
  QFont bold = baseFont(font * 0.95);
  bold.setBold(true);
  const QFontMetricsF bold_metrics(bold);
  double widest = 0;
  for (const TokensData::Row& row : now.rows)
    widest = std::max(widest, bold_metrics.horizontalAdvance(labelOf(row.label)));
  // Where the labels would be cut they stand above, too.
  const bool beside = area.width() >= kNarrow && widest > 0 && widest + 10 <= area.width() * 0.28;
  layout.label_width = beside ? widest + 10 : 0;
  // Pieces that arcs lead to stand apart.
  const double gap = arcs_in_rows_ || arcs_between_rows_ ? std::max(kGap, line * 0.2) : kGap;
  const double bar =
      hasValues() && area.width() >= 240 ? colourBarWidth(baseFont(0.92)) : Scroll::kWidth;
  layout.text = QRectF(QPointF(area.left() + kMargin + layout.label_width, area.top() + kMargin),
                       QPointF(area.right() - bar - Scroll::kWidth - 2, area.bottom() - kMargin));
  const double right = std::max(layout.text.right(), layout.text.left() + 20);
  double y = kMargin;
  for (int r = 0; r < static_cast<int>(now.rows.size()); ++r) {
    const TokensData::Row& row = now.rows[r];
    auto& boxes = layout.pieces.emplace_back();
    boxes.reserve(row.pieces.size());
    if (r > 0) y += arcs_between_rows_ ? std::max(arc_room, line) : line * 0.5;
    if (!beside && widest > 0 && !labelOf(row.label).isEmpty()) y += bold_metrics.height();
    const double above = arcs_in_rows_ ? arc_room : 0;
    double x = layout.text.left();
    const auto begin = [&](int piece) {
      y += above;
      layout.lines.push_back({r, piece, piece, y});
      x = layout.text.left();
    };
    const auto finish = [&] { y += line * (above > 0 ? 1.1 : 1.3); };
    for (int p = 0; p < static_cast<int>(row.pieces.size()); ++p) {
      const double width =
          std::min(std::max(widthOf(row.pieces[p].text) * stretch + 2 * kPadding, line * 0.45),
                   right - layout.text.left());
      if (p == 0) {
        begin(p);
      } else if (endsLine(row.pieces[p - 1]) || x + width > right + 0.01) {
        finish();
        begin(p);
      }
      boxes.emplace_back(x, y, width, line);
      layout.lines.back().end = p + 1;
      x += width + gap;
    }
    if (!row.pieces.empty()) finish();
  }
  layout.height = y + kMargin;
  return layout;
}

TokensView::Layout TokensView::layoutFor(const QRectF& area, Fit fit) const {
  const auto room = [&](double font) {
    return (arcs_in_rows_ || arcs_between_rows_ ? 1.5 : 0) * baseFont(font).pixelSize();
  };
  const auto fitting = [&](const auto& fonts) {
    // A long text is not laid out in every size to find that it fits in none.
    const bool is_long = pieces_ > 300 && fit == Fit::Screen;
    Layout found;
    for (const double font : fonts) {
      if (is_long && font != fonts.back()) continue;
      found = laidOut(area, font, room(font));
      if (found.height <= area.height()) break;
    }
    return found;
  };
  const auto isUnbroken = [&](const Layout& layout) {
    return layout.lines.size() <= tokens()->rows.size() && layout.height <= area.height();
  };
  Layout found;
  if (pieces_ <= kMostOfASentence)
    for (const double font : kUnbrokenFonts) {
      found = laidOut(area, font, room(font));
      if (isUnbroken(found)) break;
    }
  if (found.lines.empty() || !isUnbroken(found))
    found = fit == Fit::Screen ? fitting(kScreenFonts) : fitting(kPictureFonts);
  // Arcs take what is left over.
  int gaps = 0;
  for (std::size_t i = 0; i < found.lines.size(); ++i)
    gaps += (arcs_in_rows_ ? 1 : 0) +
            (arcs_between_rows_ && i > 0 && found.lines[i].row != found.lines[i - 1].row ? 1 : 0);
  const double left = area.height() - found.height;
  if (gaps > 0 && left > 8)
    found = laidOut(area, found.font,
                    found.arc_room + std::min(left / gaps, 9.0 * baseFont(found.font).pixelSize()));
  if (isUnbroken(found)) centre(found, area);
  return found;
}

/// A sentence stands in the middle of its view, its labels beside it.
void TokensView::centre(Layout& layout, const QRectF& area) const {
  double right = layout.text.left();
  for (const auto& row : layout.pieces)
    for (const QRectF& box : row) right = std::max(right, box.right());
  const QPointF way(std::max(0.0, (layout.text.right() - right) / 2),
                    std::max(0.0, (area.height() - layout.height) / 2));
  for (auto& row : layout.pieces)
    for (QRectF& box : row) box.translate(way);
  for (Layout::Line& line : layout.lines) line.top += way.y();
  layout.text.setLeft(layout.text.left() + way.x());
}

const TokensView::Layout& TokensView::layout() const {
  if (!cache_ || cache_->size != size()) {
    cache_.emplace();
    cache_->size = size();
    cache_->layout = layoutFor(rect(), Fit::Screen);
  }
  return cache_->layout;
}

void TokensView::rememberScroll() { scroll_.setRange(layout().height, height()); }

QRectF TokensView::scrollStrip() const {
  const double right = layout().text.right() + 2 + Scroll::kWidth;
  return {right - Scroll::kWidth, 4, Scroll::kWidth, std::max(0.0, height() - 8.0)};
}

QColor TokensView::colourOf(const TokensData::Piece& piece) const {
  const bool dark = appearance().dark;
  if (!piece.value || !hasValues() || std::isnan(*piece.value)) return theme(dark).row;
  const ColourMap map = tokens()->diverging ? ColourMap::Diverging : ColourMap::Sequential;
  return QColor::fromRgb(mapped(map, scale_->place(*piece.value), dark));
}

void TokensView::drawPiece(QPainter& painter, const TokensData::Piece& piece, const QRectF& box,
                           const Layout& layout) const {
  const Theme& colours = theme(appearance().dark);
  const QColor ground = colourOf(piece);
  const bool dark_text = contrast(colours.text, ground) >= contrast(colours.background, ground);
  const QColor ink = dark_text ? colours.text : colours.background;
  painter.fillRect(box, ground);
  QString text = visible(piece.text);
  const double room = box.width() - 2 * kPadding + 1;
  const QFontMetricsF metrics(painter.font());
  if (widthOf(piece.text) * painter.font().pixelSize() / baseFont().pixelSize() > room)
    text = metrics.elidedText(text, Qt::ElideRight, room);
  painter.setPen(ink);
  const double centred = std::max(kPadding, (box.width() - metrics.horizontalAdvance(text)) / 2);
  painter.drawText(QPointF(box.left() + centred, box.top() + 1 + metrics.ascent()), text);
  if (!piece.value || !hasValues() || layout.line_height < 13) return;
  // The value as a length too, for those who do not tell the colours apart.
  const QRectF track(box.left() + 1.5, box.bottom() - 3, box.width() - 3, 2);
  if (std::isnan(*piece.value)) {
    painter.setPen(QPen(ink, 1, Qt::DotLine));
    painter.drawLine(track.topLeft(), track.topRight());
    return;
  }
  const double place = scale_->place(*piece.value);
  const double from = tokens()->diverging ? 0.5 : 0;
  painter.fillRect(QRectF(track.left() + std::min(place, from) * track.width(), track.top(),
                          std::abs(place - from) * track.width(), track.height()),
                   ink);
}

void TokensView::drawPieces(QPainter& painter, const Layout& layout, const Layout::Line& line,
                            QPointF origin) const {
  const Theme& colours = theme(appearance().dark);
  const TokensData::Row& row = tokens()->rows[line.row];
  const Picked picked(parameters(), spec().picks);
  for (int p = line.first; p < line.end; ++p) {
    const QRectF box = layout.pieces[line.row][p].translated(origin);
    drawPiece(painter, row.pieces[p], box, layout);
    if (!picked.has(line.row, p)) continue;
    painter.setBrush(Qt::NoBrush);
    for (const auto& [colour, width] :
         {std::pair{colours.background, 4.5}, {colours.accent, 2.2}}) {
      painter.setPen(QPen(colour, width));
      painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
  }
}

// The label of a row stays in sight while its text is scrolled.
void TokensView::drawLabels(QPainter& painter, const Layout& layout, QPointF origin, double top,
                            double bottom) const {
  const TokensData& now = *tokens();
  QFont bold = baseFont(layout.font * 0.95);
  bold.setBold(true);
  painter.setFont(bold);
  painter.setPen(theme(appearance().dark).text);
  const QFontMetricsF metrics(bold);
  for (std::size_t i = 0; i < layout.lines.size(); ++i) {
    const Layout::Line& first = layout.lines[i];
    std::size_t last = i;
    while (last + 1 < layout.lines.size() && layout.lines[last + 1].row == first.row) ++last;
    const QString label = labelOf(now.rows[first.row].label);
    const double lowest = layout.lines[last].top + origin.y();
    double y = first.top + origin.y();
    i = last;
    if (label.isEmpty()) continue;
    if (layout.label_width <= 0) {
      y -= metrics.height() + (arcs_in_rows_ ? layout.arc_room : 0);
      if (y < top - 1 || y + metrics.height() > bottom + 1) continue;
      const QString shown = metrics.elidedText(label, Qt::ElideRight, layout.text.width());
      const QPointF place(layout.text.left() + origin.x(), y);
      // Arcs go by behind it.
      painter.fillRect(QRectF(place, QSizeF(metrics.horizontalAdvance(shown), metrics.height())),
                       theme(appearance().dark).background);
      painter.drawText(place + QPointF(0, metrics.ascent()), shown);
      continue;
    }
    y = std::min(std::max(y, top + 2), lowest);
    if (y < top - 1 || y + layout.line_height > bottom + 1) continue;
    const double left = layout.text.left() + origin.x() - layout.label_width;
    painter.drawText(QPointF(left, y + 1 + metrics.ascent()),
                     metrics.elidedText(label, Qt::ElideRight, layout.label_width - 8));
  }
}

// From border to border; an arc within a line is a bow above it.
std::optional<QPainterPath> TokensView::pathOf(const TokensData::Arc& arc,
                                               const Layout& layout) const {
  if (!has({arc.from_row, arc.from}) || !has({arc.to_row, arc.to})) return std::nullopt;
  const QRectF &from = layout.pieces[arc.from_row][arc.from],
               &to = layout.pieces[arc.to_row][arc.to];
  QPainterPath path;
  const double room = std::max(8.0, layout.arc_room - 4);
  if (from.top() == to.top()) {
    const double reach = std::abs(to.center().x() - from.center().x());
    const double height = std::min(room, layout.line_height * 0.6 + reach * 0.22) * 4 / 3;
    const double half = from == to ? from.width() * 0.3 : 0;
    const QPointF a(from.center().x() - half, from.top()), b(to.center().x() + half, to.top());
    path.moveTo(a);
    path.cubicTo(a - QPointF(half, height), b - QPointF(-half, height), b);
    return path;
  }
  const bool down = from.top() < to.top();
  const QPointF a(from.center().x(), down ? from.bottom() : from.top());
  const QPointF b(to.center().x(), down ? to.top() : to.bottom());
  const QPointF bend(0, (b.y() - a.y()) * 0.5);
  path.moveTo(a);
  path.cubicTo(a + bend, b - bend, b);
  return path;
}

// Those that are seen in a part of the text, the weak ones first, the strong ones on top.
std::vector<TokensView::DrawnArc> TokensView::arcsIn(const QRectF& part, const Layout& layout,
                                                     Fit fit) const {
  std::vector<DrawnArc> arcs;
  const bool reads = fit == Fit::Screen && read_ && readout();
  const Picked picked(parameters(), spec().picks);
  const auto isStrong = [&](int row, int piece) {
    return reads ? Place{row, piece} == *read_ : picked.has(row, piece);
  };
  for (const TokensData::Arc& arc : tokens()->arcs) {
    if (!std::isfinite(arc.weight) || !has({arc.from_row, arc.from}) ||
        !has({arc.to_row, arc.to}) || !isShown(arc.id))
      continue;
    const QRectF &a = layout.pieces[arc.from_row][arc.from], &b = layout.pieces[arc.to_row][arc.to];
    const double top = std::min(a.top(), b.top()), bottom = std::max(a.bottom(), b.bottom());
    if (fit == Fit::Screen ? bottom < part.top() || top - layout.arc_room > part.bottom()
                           : bottom > part.bottom() + 0.5)
      continue;
    arcs.push_back({&arc, std::abs(arc.weight) / heaviest_,
                    isStrong(arc.from_row, arc.from) || isStrong(arc.to_row, arc.to)});
  }
  std::sort(arcs.begin(), arcs.end(), [](const DrawnArc& one, const DrawnArc& other) {
    return one.strong != other.strong ? other.strong : one.strength < other.strength;
  });
  if (arcs.size() > kMostArcs)
    arcs.erase(arcs.begin(), arcs.end() - static_cast<std::ptrdiff_t>(kMostArcs));
  return arcs;
}

void TokensView::drawArcs(QPainter& painter, const std::vector<DrawnArc>& arcs,
                          const Layout& layout, bool pales) const {
  for (const auto& [arc, strength, strong] : arcs) {
    const auto path = pathOf(*arc, layout);
    if (!path) continue;
    QColor colour = arc->id.empty() ? theme(appearance().dark).accent : styleOf(arc->id).colour;
    const double alpha = strong ? 0.55 + 0.45 * strength : 0.12 + 0.78 * strength;
    colour.setAlphaF(static_cast<float>(pales && !strong ? alpha * 0.22 : alpha));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 0.8 + 3.2 * strength,
                        arc->weight < 0 ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(*path);
    if (!strong && arcs.size() > 60) continue;
    // A head at the end says which way.
    const double head = 4 + 2.5 * strength;
    const QPointF tip = path->pointAtPercent(1), back = path->pointAtPercent(0.93);
    const double length = QLineF(back, tip).length();
    if (length <= 0) continue;
    const QPointF along = (tip - back) / length, aside(-along.y(), along.x());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(QPolygonF{tip, tip - along * head + aside * head * 0.55,
                                  tip - along * head - aside * head * 0.55});
  }
}

void TokensView::drawMore(QPainter& painter, const Layout& layout, double bottom,
                          std::int64_t count) const {
  const Theme& colours = theme(appearance().dark);
  const QString more = word(Message{"views.more_pieces", {{"count", count}}});
  painter.setFont(baseFont(0.85));
  const QFontMetricsF metrics(painter.font());
  const double width = metrics.horizontalAdvance(more) + 8;
  const QRectF box(layout.text.right() - width, bottom - metrics.height() - 2, width,
                   metrics.height());
  painter.fillRect(box, colours.shade);
  painter.setPen(colours.muted_text);
  painter.drawText(box, Qt::AlignCenter, more);
}

// A picture is cut by hand: the SVG writer knows no clip rectangle.
void TokensView::draw(QPainter& painter, const QRectF& area, const Layout& layout, Fit fit) const {
  const double offset = fit == Fit::Screen ? scroll_.offset() : 0;
  const double top = area.top(), bottom = area.bottom();
  const QPointF origin(0, top - offset);
  if (heaviest_ > 0) {
    const auto arcs = arcsIn(QRectF(0, offset, 1, area.height()), layout, fit);
    const bool reads = fit == Fit::Screen && read_ && readout();
    painter.save();
    painter.translate(origin);
    drawArcs(painter, arcs, layout, reads || (!arcs.empty() && arcs.back().strong));
    painter.restore();
  }
  painter.setFont(baseFont(layout.font));
  std::int64_t drawn = 0;
  for (const Layout::Line& line : layout.lines) {
    const double y = line.top + origin.y();
    if (fit == Fit::Screen ? y + layout.line_height < top || y > bottom
                           : y + layout.line_height > bottom)
      continue;
    drawPieces(painter, layout, line, origin);
    drawn += line.end - line.first;
  }
  drawLabels(painter, layout, origin, top, bottom);
  if (hasValues() && area.width() >= 240) {
    const QFont font = baseFont(0.92);
    const double width = colourBarWidth(font);
    const double inset = font.pixelSize() * 0.6 + 4;
    const QRectF bar(area.right() - width, top + inset, width,
                     std::min(area.height() - 2 * inset, 260.0 * appearance().font_scale));
    if (bar.height() > font.pixelSize() * 2)
      drawColourBar(painter, bar, *scale_,
                    tokens()->diverging ? ColourMap::Diverging : ColourMap::Sequential,
                    appearance().dark, font);
  }
  if (fit == Fit::Picture && drawn < pieces_) drawMore(painter, layout, bottom, pieces_ - drawn);
}

void TokensView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (isEmpty())
    drawEmpty(painter, area);
  else
    draw(painter, area, layoutFor(area, Fit::Picture), Fit::Picture);
  painter.restore();
}

void TokensView::paintView(QPainter& painter) {
  if (isEmpty()) return render(painter, rect());
  const Layout& now = layout();
  const double ratio = devicePixelRatioF();
  // Without arcs nothing but a frame changes when the pointer moves.
  const std::optional<Place> read = tokens()->arcs.empty() || !readout() ? std::nullopt : read_;
  Cache& cache = *cache_;
  if (cache.offset != scroll_.offset() || cache.ratio != ratio || cache.read != read) {
    cache.picture = QPixmap((QSizeF(size()) * ratio).toSize());
    cache.picture.setDevicePixelRatio(ratio);
    cache.picture.fill(theme(appearance().dark).background);
    QPainter into(&cache.picture);
    into.setRenderHint(QPainter::Antialiasing);
    into.setClipRect(rect());
    draw(into, rect(), now, Fit::Screen);
    cache.offset = scroll_.offset();
    cache.ratio = ratio;
    cache.read = read;
  }
  painter.drawPixmap(0, 0, cache.picture);
  scroll_.draw(painter, scrollStrip(), appearance().dark);
  if (!read_ || !readout() || !has(*read_)) return;
  painter.setBrush(Qt::NoBrush);
  for (const auto& [colour, width] : {std::pair{theme(appearance().dark).background, 4.0},
                                      {theme(appearance().dark).text, 2.0}}) {
    painter.setPen(QPen(colour, width));
    painter.drawRect(pieceRect(read_->row, read_->piece).adjusted(-1, -1, 1, 1));
  }
}

}  // namespace viva
