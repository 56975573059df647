// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/tokens_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/views/axis.h"
#include "widgets/views/colours.h"
#include "widgets/views/graph_text.h"
#include "widgets/views/picks.h"

namespace viva {
namespace {

constexpr std::size_t kMostArcsRead = 5;
constexpr int kMostSpoken = 400;  // characters of the text in the summary

}  // namespace

TokensView::TokensView(const ViewSpec& spec, const std::string& experiment,
                       const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

bool TokensView::isEmpty() const { return pieces_ == 0; }

std::vector<LegendEntry> TokensView::legend() const {
  std::vector<LegendEntry> entries;
  const TokensData* now = tokens();
  if (!now) return entries;
  for (const TokensData::Arc& arc : now->arcs) {
    const auto same = [&](const LegendEntry& entry) { return entry.id == arc.id; };
    if (arc.id.empty() || std::any_of(entries.begin(), entries.end(), same)) continue;
    LegendEntry entry{arc.id, labelOfCurve(arc.id), styleOf(arc.id), true, false,
                      true,   isShown(arc.id)};
    entry.arrow = true;
    entry.style.dashes.clear();  // a dashed arc is one of negative weight
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool TokensView::has(Place place) const {
  const TokensData* now = tokens();
  return now && place.row >= 0 && place.row < static_cast<int>(now->rows.size()) &&
         place.piece >= 0 && place.piece < static_cast<int>(now->rows[place.row].pieces.size());
}

void TokensView::measure() {
  const TokensData* now = tokens();
  scale_.reset();
  heaviest_ = 0;
  arcs_in_rows_ = arcs_between_rows_ = false;
  pieces_ = 0;
  if (!now) return;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const TokensData::Row& row : now->rows) {
    pieces_ += static_cast<std::int64_t>(row.pieces.size());
    for (const TokensData::Piece& piece : row.pieces) {
      if (!piece.value || !std::isfinite(*piece.value)) continue;
      low = std::min(low, *piece.value);
      high = std::max(high, *piece.value);
    }
  }
  if (low <= high)
    scale_ = ColourScale(now->diverging ? ColourScale::Form::Diverging : ColourScale::Form::Linear,
                         now->minimum.value_or(low), now->maximum.value_or(high));
  for (const TokensData::Arc& arc : now->arcs) {
    if (!has({arc.from_row, arc.from}) || !has({arc.to_row, arc.to})) continue;
    if (std::isfinite(arc.weight)) heaviest_ = std::max(heaviest_, std::abs(arc.weight));
    (arc.from_row == arc.to_row ? arcs_in_rows_ : arcs_between_rows_) = true;
  }
}

void TokensView::changed(Change change) {
  if (change == Change::Appearance) widths_.clear();
  if (change == Change::Frame || change == Change::Appearance) {
    const bool had_scale = hasValues(), in = arcs_in_rows_, between = arcs_between_rows_;
    measure();
    // A run gives new values to the same text many times a second; only they are drawn anew.
    const auto sameText = [&] {
      if (!cache_ || !laid_frame_ || change != Change::Frame || had_scale != hasValues() ||
          in != arcs_in_rows_ || between != arcs_between_rows_)
        return false;
      const auto place = laid_frame_->views.find(spec().id);
      const TokensData* before =
          place == laid_frame_->views.end() ? nullptr : std::get_if<TokensData>(&place->second);
      const TokensData* now = tokens();
      const auto sameRow = [](const TokensData::Row& a, const TokensData::Row& b) {
        return a.label == b.label &&
               std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                          [](const auto& p, const auto& q) { return p.text == q.text; });
      };
      return before && now &&
             std::equal(before->rows.begin(), before->rows.end(), now->rows.begin(),
                        now->rows.end(), sameRow);
    };
    if (!sameText()) cache_.reset();
    laid_frame_ = frame();
    if (widths_.size() > 50000) widths_.clear();
    if (!isEmpty()) rememberScroll();
    if (!has(last_read_)) last_read_ = {};
    if (read_ && !has(*read_)) read(std::nullopt);
    if (read_ && readout()) read(read_, readout()->position);
  }
  const bool matters = change != Change::Records && change != Change::Cursor &&
                       change != Change::Hovered && change != Change::Smoothing;
  if (cache_ && matters) cache_->offset = -1;
}

std::optional<TokensView::Place> TokensView::placeAt(QPointF position) const {
  if (isEmpty() || scrollStrip().contains(position)) return std::nullopt;
  const Layout& now = layout();
  const QPointF at = position + QPointF(0, scroll_.offset());
  // The first line that ends below.
  const auto line = std::lower_bound(
      now.lines.begin(), now.lines.end(), at.y(),
      [&](const Layout::Line& each, double y) { return each.top + now.line_height < y; });
  if (line == now.lines.end()) return std::nullopt;
  for (int piece = line->first; piece < line->end; ++piece)
    if (now.pieces[line->row][piece].contains(at)) return Place{line->row, piece};
  return std::nullopt;
}

QRectF TokensView::pieceRect(int row, int piece) const {
  if (isEmpty() || !has({row, piece})) return {};
  return layout().pieces[row][piece].translated(0, -scroll_.offset());
}

Readout TokensView::readoutOf(Place place, QPointF position) const {
  const TokensData& now = *tokens();
  const TokensData::Row& row = now.rows[place.row];
  const TokensData::Piece& piece = row.pieces[place.piece];
  const double width = std::clamp(this->width() * 0.7, 120.0, 460.0);
  Readout readout;
  readout.position = position;
  const auto add = [&](const QString& text, bool strong = false) {
    for (const QString& line : wrapped(text, baseFont(0.95), width))
      readout.lines.push_back({{}, line, strong});
  };
  const auto textOf = [&](int r, int p) {
    return visible(now.rows[r].pieces[p].text).toStdString();
  };
  const QString label = labelOf(row.label);
  const QString name = word(
      Message{"views.piece",
              {{"number", std::int64_t{place.piece}}, {"text", textOf(place.row, place.piece)}}});
  add(label.isEmpty() || now.rows.size() < 2 ? name : label + QStringLiteral(", ") + name, true);
  if (piece.value)
    add(word(Message{"views.value", {{"value", readoutNumber(*piece.value).toStdString()}}}));
  if (!piece.detail.key.empty()) add(word(piece.detail));
  if (Picked(parameters(), spec().picks).has(place.row, place.piece)) add(word("views.picked"));
  // Its heaviest arcs.
  std::vector<const TokensData::Arc*> arcs;
  for (const TokensData::Arc& arc : now.arcs) {
    const Place from{arc.from_row, arc.from}, to{arc.to_row, arc.to};
    if ((from == place || to == place) && has(from) && has(to)) arcs.push_back(&arc);
  }
  const std::size_t shown = std::min(arcs.size(), kMostArcsRead);
  std::partial_sort(arcs.begin(), arcs.begin() + static_cast<std::ptrdiff_t>(shown), arcs.end(),
                    [](const auto* one, const auto* other) {
                      return std::abs(one->weight) > std::abs(other->weight);
                    });
  for (std::size_t i = 0; i < shown; ++i) {
    const TokensData::Arc& arc = *arcs[i];
    const bool leaves = Place{arc.from_row, arc.from} == place;
    add(word(
        Message{leaves ? "views.arc_to" : "views.arc_from",
                {{"text", leaves ? textOf(arc.to_row, arc.to) : textOf(arc.from_row, arc.from)},
                 {"weight", readoutNumber(arc.weight, 3).toStdString()}}}));
  }
  if (arcs.size() > shown)
    add(word(
        Message{"views.more_arcs", {{"count", static_cast<std::int64_t>(arcs.size() - shown)}}}));
  return readout;
}

std::optional<Readout> TokensView::readoutAt(QPointF position) const {
  const auto place = placeAt(position);
  return place ? std::optional(readoutOf(*place, position)) : std::nullopt;
}

void TokensView::read(std::optional<Place> place, std::optional<QPointF> position) {
  read_ = place;
  if (!place) return setReadout(std::nullopt);
  last_read_ = *place;
  setReadout(readoutOf(*place, position.value_or(pieceRect(place->row, place->piece).center())));
}

void TokensView::pick(Place place) { pickAt(place.row, place.piece); }

void TokensView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty()) return View::mousePressEvent(event);
  pressed_.reset();
  if (scroll_.press(event->position(), scrollStrip())) {
    read(std::nullopt);
    update();
    return;
  }
  pressed_ = placeAt(event->position());
}

void TokensView::mouseMoveEvent(QMouseEvent* event) {
  if (scroll_.drag(event->position(), scrollStrip())) return update();
  read(placeAt(event->position()), event->position());
}

void TokensView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty()) return View::mouseReleaseEvent(event);
  if (scroll_.release()) return;
  const auto place = placeAt(event->position());
  if (place && place == std::exchange(pressed_, std::nullopt)) pick(*place);
}

void TokensView::wheelEvent(QWheelEvent* event) {
  if (isEmpty() || !scroll_.wheel(*event, layout().line_height)) return event->ignore();
  read(placeAt(event->position()), event->position());
  update();
  event->accept();
}

TokensView::Place TokensView::ordered(Place from, int way) const {
  const auto& rows = tokens()->rows;
  for (Place to = from;;) {
    to.piece += way;
    while (to.piece < 0 || to.piece >= static_cast<int>(rows[to.row].pieces.size())) {
      to.row += way;
      if (to.row < 0 || to.row >= static_cast<int>(rows.size())) return from;
      to.piece = way > 0 ? 0 : static_cast<int>(rows[to.row].pieces.size()) - 1;
    }
    return to;
  }
}

// Left and right along the text, up and down to what is nearest in the next line.
TokensView::Place TokensView::moved(Place from, int right, int down) const {
  if (right != 0) return ordered(from, right);
  const Layout& now = layout();
  const auto line = std::find_if(now.lines.begin(), now.lines.end(), [&](const auto& each) {
    return each.row == from.row && from.piece >= each.first && from.piece < each.end;
  });
  if (line == now.lines.end()) return from;
  const auto next = (line - now.lines.begin()) + down;
  if (next < 0 || next >= static_cast<std::ptrdiff_t>(now.lines.size())) return from;
  const Layout::Line& other = now.lines[static_cast<std::size_t>(next)];
  const double x = now.pieces[from.row][from.piece].center().x();
  Place best{other.row, other.first};
  for (int piece = other.first; piece < other.end; ++piece)
    if (std::abs(now.pieces[other.row][piece].center().x() - x) <
        std::abs(now.pieces[best.row][best.piece].center().x() - x))
      best.piece = piece;
  return best;
}

void TokensView::keyPressEvent(QKeyEvent* event) {
  if (isEmpty()) return View::keyPressEvent(event);
  const Layout& now = layout();
  const Place begin{now.lines.front().row, now.lines.front().first};
  const Place end{now.lines.back().row, now.lines.back().end - 1};
  const int page = std::max(1, static_cast<int>(scroll_.room() / (now.line_height * 1.5)));
  Place to = has(last_read_) ? last_read_ : begin;
  // The first key shows where one is.
  const bool begins = !read_ || !readout();
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      if (!begins) to = moved(to, event->key() == Qt::Key_Right ? 1 : -1, 0);
      break;
    case Qt::Key_Up:
    case Qt::Key_Down:
      if (!begins) to = moved(to, 0, event->key() == Qt::Key_Down ? 1 : -1);
      break;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      for (int i = 0; i < page; ++i) to = moved(to, 0, event->key() == Qt::Key_PageDown ? 1 : -1);
      break;
    case Qt::Key_Home:
      to = begin;
      break;
    case Qt::Key_End:
      to = end;
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (!spec().picks || begins) return View::keyPressEvent(event);
      return pick(to);
    case Qt::Key_Escape:
      if (begins) return View::keyPressEvent(event);
      return read(std::nullopt);
    default:
      return View::keyPressEvent(event);
  }
  const QRectF box = now.pieces[to.row][to.piece];
  scroll_.show(box.top() - now.arc_room - now.line_height * 0.4,
               box.bottom() + now.line_height * 0.4);
  read(to);
  update();
}

void TokensView::resizeEvent(QResizeEvent* event) {
  read(std::nullopt);
  View::resizeEvent(event);
  if (!isEmpty()) rememberScroll();
}

QString TokensView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const TokensData& now = *tokens();
  QStringList parts;
  parts << word(Message{"views.summary_tokens",
                        {{"rows", static_cast<std::int64_t>(now.rows.size())},
                         {"pieces", pieces_},
                         {"arcs", static_cast<std::int64_t>(now.arcs.size())}}});
  const TokensData::Piece* largest = nullptr;
  for (const TokensData::Row& row : now.rows) {
    QString text;
    for (const TokensData::Piece& piece : row.pieces) {
      if (text.size() < kMostSpoken) text += QString::fromStdString(piece.text);
      if (piece.value && std::isfinite(*piece.value) &&
          (!largest || *piece.value > *largest->value))
        largest = &piece;
    }
    if (text.size() > kMostSpoken) text = text.left(kMostSpoken) + QStringLiteral("…");
    const QString label = labelOf(row.label);
    parts << (label.isEmpty() ? text.simplified()
                              : label + QStringLiteral(": ") + text.simplified());
  }
  if (largest)
    parts << word(Message{"views.summary_largest",
                          {{"text", visible(largest->text).toStdString()},
                           {"value", readoutNumber(*largest->value).toStdString()}}});
  if (spec().picks) parts << word("views.summary_pick_pieces");
  return parts.join(u'\n');
}

DataTable TokensView::dataTable() const {
  DataTable table;
  table.headings = {"row", "piece", "text", "value", "to_row", "to_piece", "weight"};
  const TokensData* now = tokens();
  if (!now) return table;
  const auto nameOf = [&](int row) {
    const TokensData::Row& each = now->rows[row];
    return each.id.empty() ? std::to_string(row) : each.id;
  };
  for (int r = 0; r < static_cast<int>(now->rows.size()); ++r)
    for (std::size_t p = 0; p < now->rows[r].pieces.size(); ++p) {
      const TokensData::Piece& piece = now->rows[r].pieces[p];
      auto& row = table.rows.emplace_back();
      row.emplace_back(nameOf(r));
      row.emplace_back(static_cast<double>(p));
      row.emplace_back(piece.text);
      addCell(row, piece.value);
      for (int i = 0; i < 3; ++i) row.emplace_back(std::monostate{});
    }
  for (const TokensData::Arc& arc : now->arcs) {
    if (!has({arc.from_row, arc.from}) || !has({arc.to_row, arc.to})) continue;
    auto& row = table.rows.emplace_back();
    row.emplace_back(nameOf(arc.from_row));
    row.emplace_back(static_cast<double>(arc.from));
    row.emplace_back(now->rows[arc.from_row].pieces[arc.from].text);
    row.emplace_back(std::monostate{});
    row.emplace_back(nameOf(arc.to_row));
    row.emplace_back(static_cast<double>(arc.to));
    row.emplace_back(arc.weight);
  }
  return table;
}

}  // namespace viva
