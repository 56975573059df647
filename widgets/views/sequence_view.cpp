// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/sequence_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/views/axis.h"
#include "widgets/views/graph_text.h"
#include "widgets/views/payload_text.h"
#include "widgets/views/picks.h"

namespace viva {
namespace {

constexpr std::size_t kMostErrorsSaid = 5;

}  // namespace

SequenceView::SequenceView(const ViewSpec& spec, const std::string& experiment,
                           const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

int SequenceView::count() const {
  const SequenceData* now = sequence();
  return now ? static_cast<int>(now->arrows.size()) : 0;
}

bool SequenceView::isEmpty() const {
  const SequenceData* now = sequence();
  return !now || now->lifelines.empty();
}

int SequenceView::lifeline(int number) const {
  return std::clamp(number, 0, static_cast<int>(sequence()->lifelines.size()) - 1);
}

SequenceView::Opened SequenceView::opened(int message) const {
  const auto place = open_.find(message);
  return place == open_.end() ? Opened::No : place->second.how;
}

void SequenceView::open(int message) {
  if (isEmpty() || message < 0 || message >= count()) return;
  const std::string& payload = sequence()->arrows[message].payload;
  if (payload.empty()) return;
  Open& now = open_[message];
  now.payload = payload;
  switch (now.how) {
    case Opened::No:
      now.how = Opened::Folded;
      break;
    case Opened::Folded:
      now.how = payloadText(payload, {}).is_folded ? Opened::Whole : Opened::No;
      break;
    case Opened::Whole:
      now.how = Opened::No;
      break;
  }
  if (now.how == Opened::No) open_.erase(message);
  refresh();
  scrollTo(message);
  if (read_ >= 0 && readout()) read(read_);
  Q_EMIT stateChanged();
}

void SequenceView::scrollTo(int message) {
  const Layout& now = layout();
  // To the very end behind the last one: from there the view follows what comes.
  scroll_.show(now.items[message].top,
               message + 1 == count() ? now.height : now.items[message].bottom);
}

void SequenceView::refresh() {
  layout_.reset();
  if (!isEmpty()) rememberScroll();
  update();
}

void SequenceView::copyStateFrom(const View& other) {
  if (const auto* sequence = qobject_cast<const SequenceView*>(&other)) open_ = sequence->open_;
  View::copyStateFrom(other);
}

void SequenceView::changed(Change change) {
  if (change == Change::Appearance) wrapped_.clear();
  if (change != Change::Frame && change != Change::Appearance) return;
  if (wrapped_.size() > 20000) wrapped_.clear();
  std::erase_if(open_, [&](const auto& each) {
    return each.first >= count() || sequence()->arrows[each.first].payload != each.second.payload;
  });
  const bool follows = layout_ && !layout_->items.empty() && scroll_.isAtEnd();
  refresh();
  if (follows) scroll_.to(scroll_.end());
  if (last_read_ >= count()) last_read_ = -1;
  if (read_ >= count()) read(-1);
  if (read_ >= 0 && readout()) read(read_, readout()->position);
}

QRectF SequenceView::messageRect(int message) const {
  if (isEmpty() || message < 0 || message >= count()) return {};
  const Layout& now = layout();
  const Item& item = now.items[message];
  return {0, now.head + item.top - scroll_.offset(), width() - Scroll::kWidth,
          item.bottom - item.top};
}

int SequenceView::messageAt(QPointF position) const {
  if (isEmpty() || scrollStrip().contains(position)) return -1;
  const Layout& now = layout();
  if (position.y() < now.head) return -1;
  const double y = position.y() - now.head + scroll_.offset();
  const auto item = std::lower_bound(now.items.begin(), now.items.end(), y,
                                     [](const Item& each, double at) { return each.bottom < at; });
  return item == now.items.end() || y < item->top ? -1 : static_cast<int>(item - now.items.begin());
}

QString SequenceView::kindName(const SequenceData::Arrow& arrow) const {
  return word(("views.message_" + std::string(nameOf(arrow.kind))).c_str());
}

QString SequenceView::wayOf(const SequenceData::Arrow& arrow) const {
  const auto& lifelines = sequence()->lifelines;
  const auto name = [&](int number) {
    const auto& line = lifelines[static_cast<std::size_t>(lifeline(number))];
    const QString label = labelOf(line.label);
    return label.isEmpty() ? QString::fromStdString(line.id) : label;
  };
  if (arrow.kind == SequenceData::Kind::Note) return name(arrow.from);
  return name(arrow.from) + QStringLiteral(" → ") + name(arrow.to);
}

QString SequenceView::timeText(double seconds) const {
  return word(
      Message{"views.seconds_short", {{"seconds", readoutNumber(seconds, 4).toStdString()}}});
}

Readout SequenceView::readoutOf(int message, QPointF position) const {
  const SequenceData::Arrow& arrow = sequence()->arrows[message];
  const double width = std::clamp(this->width() * 0.7, 120.0, 460.0);
  Readout readout;
  readout.position = position;
  const auto add = [&](const QString& text, bool strong = false) {
    for (const QString& line : wrapped(text, baseFont(0.95), width))
      readout.lines.push_back({{}, line, strong});
  };
  add(word(Message{"views.message",
                   {{"number", std::int64_t{message}},
                    {"kind", kindName(arrow).toStdString()},
                    {"way", wayOf(arrow).toStdString()}}}),
      true);
  const QString label = labelOf(arrow.label);
  if (!label.isEmpty()) add(label);
  if (arrow.time && std::isfinite(*arrow.time)) add(timeText(*arrow.time));
  if (Picked(parameters(), spec().picks).has(message)) add(word("views.picked"));
  if (arrow.payload.empty()) return readout;
  switch (opened(message)) {
    case Opened::No:
      add(word("views.payload_closed"));
      break;
    case Opened::Folded:
      add(word(payloadText(arrow.payload, {}).is_folded ? "views.payload_folded"
                                                        : "views.payload_open"));
      break;
    case Opened::Whole:
      add(word("views.payload_open"));
      break;
  }
  return readout;
}

std::optional<Readout> SequenceView::readoutAt(QPointF position) const {
  const int message = messageAt(position);
  return message < 0 ? std::nullopt : std::optional(readoutOf(message, position));
}

void SequenceView::read(int message, std::optional<QPointF> position) {
  read_ = message;
  if (message < 0) return setReadout(std::nullopt);
  last_read_ = message;
  const QRectF place = messageRect(message);
  setReadout(readoutOf(message, position.value_or(QPointF(place.center().x(), place.top()))));
}

void SequenceView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty()) return View::mousePressEvent(event);
  pressed_ = -1;
  if (scroll_.press(event->position(), scrollStrip())) {
    read(-1);
    update();
    return;
  }
  pressed_ = messageAt(event->position());
}

void SequenceView::mouseMoveEvent(QMouseEvent* event) {
  if (scroll_.drag(event->position(), scrollStrip())) return update();
  read(messageAt(event->position()), event->position());
}

void SequenceView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty()) return View::mouseReleaseEvent(event);
  if (scroll_.release()) return;
  const int message = messageAt(event->position());
  if (message < 0 || message != std::exchange(pressed_, -1)) return;
  open(message);
  pickAt(message);
}

void SequenceView::wheelEvent(QWheelEvent* event) {
  if (isEmpty() || !scroll_.wheel(*event, baseFont().pixelSize() * 1.4)) return event->ignore();
  read(messageAt(event->position()), event->position());
  update();
  event->accept();
}

void SequenceView::keyPressEvent(QKeyEvent* event) {
  if (isEmpty() || count() == 0) return View::keyPressEvent(event);
  const bool begins = read_ < 0 || !readout();
  int to = std::max(0, last_read_);
  const Layout& now = layout();
  switch (event->key()) {
    case Qt::Key_Up:
      if (!begins) --to;
      break;
    case Qt::Key_Down:
      if (!begins) ++to;
      break;
    case Qt::Key_PageUp:
      for (const double from = now.items[to].top;
           to > 0 && now.items[to].top > from - scroll_.room() * 0.9;)
        --to;
      break;
    case Qt::Key_PageDown:
      for (const double from = now.items[to].top;
           to + 1 < count() && now.items[to].top < from + scroll_.room() * 0.9;)
        ++to;
      break;
    case Qt::Key_Home:
      to = 0;
      break;
    case Qt::Key_End:
      to = count() - 1;
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (begins) return View::keyPressEvent(event);
      return open(to);
    case Qt::Key_Space:
      if (begins) return View::keyPressEvent(event);
      if (spec().picks)
        pickAt(to);
      else
        open(to);
      return;
    case Qt::Key_Escape:
      if (begins) return View::keyPressEvent(event);
      return read(-1);
    default:
      return View::keyPressEvent(event);
  }
  to = std::clamp(to, 0, count() - 1);
  scrollTo(to);
  read(to);
  update();
}

void SequenceView::resizeEvent(QResizeEvent* event) {
  read(-1);
  View::resizeEvent(event);
  refresh();
}

QString SequenceView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const SequenceData& now = *sequence();
  std::array<std::int64_t, 4> kinds{};
  std::vector<const SequenceData::Arrow*> errors;
  for (const SequenceData::Arrow& arrow : now.arrows) {
    ++kinds[static_cast<std::size_t>(arrow.kind)];
    if (arrow.kind == SequenceData::Kind::Error) errors.push_back(&arrow);
  }
  QStringList parts, names;
  for (const SequenceData::Lifeline& line : now.lifelines) {
    const QString label = labelOf(line.label);
    names << (label.isEmpty() ? QString::fromStdString(line.id) : label);
  }
  parts << word(Message{"views.summary_sequence",
                        {{"names", names.join(QStringLiteral(", ")).toStdString()},
                         {"messages", std::int64_t{count()}},
                         {"requests", kinds[0]},
                         {"replies", kinds[1]},
                         {"errors", kinds[2]},
                         {"notes", kinds[3]}}});
  for (std::size_t i = 0; i < std::min(errors.size(), kMostErrorsSaid); ++i)
    parts << kindName(*errors[i]) + QStringLiteral(", ") + wayOf(*errors[i]) +
                 QStringLiteral(": ") + labelOf(errors[i]->label) + u'.';
  parts << word(spec().picks ? "views.summary_messages_picked" : "views.summary_messages");
  return parts.join(u'\n');
}

DataTable SequenceView::dataTable() const {
  DataTable table;
  table.headings = {"message", "kind", "from", "to", "label", "time", "payload"};
  if (isEmpty()) return table;
  const SequenceData& now = *sequence();
  for (int i = 0; i < count(); ++i) {
    const SequenceData::Arrow& arrow = now.arrows[i];
    auto& row = table.rows.emplace_back();
    row.emplace_back(static_cast<double>(i));
    row.emplace_back(std::string(nameOf(arrow.kind)));
    row.emplace_back(now.lifelines[lifeline(arrow.from)].id);
    row.emplace_back(arrow.kind == SequenceData::Kind::Note ? std::string()
                                                            : now.lifelines[lifeline(arrow.to)].id);
    row.emplace_back(labelOf(arrow.label).toStdString());
    addCell(row, arrow.time);
    row.emplace_back(arrow.payload);
  }
  return table;
}

}  // namespace viva
