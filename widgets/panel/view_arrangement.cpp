// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/view_arrangement.h"

#include <QApplication>
#include <QDrag>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "widgets/views/panel_layout.h"

namespace viva {
namespace {

using Json = nlohmann::json;

constexpr const char* kMimeType = "application/x-viva-view";

QString idOf(const ViewFrame* frame) { return QString::fromStdString(frame->view().spec().id); }

int weightOf(const ViewFrame* frame) { return panelWeight(frame->view().spec()); }

/// Null where there is none.
const Json* partOf(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// 0 where there is none.
int sizeIn(const Json& object, const char* key) {
  const Json* const part = partOf(object, key);
  return part && part->is_number() ? static_cast<int>(std::clamp(part->get<double>(), 0.0, 1e6))
                                   : 0;
}

}  // namespace

ViewArrangement::ViewArrangement(std::vector<ViewFrame*> frames, QWidget* parent)
    : QWidget(parent),
      frames_(std::move(frames)),
      words_(&Words::in(Language::English)),
      across_(new QSplitter(Qt::Horizontal, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(across_);
  across_->setChildrenCollapsible(false);
  connect(across_, &QSplitter::splitterMoved, this, &ViewArrangement::rearranged);
  for (ViewFrame* frame : frames_) {
    frame->setAcceptDrops(true);
    frame->installEventFilter(this);
    connect(frame, &ViewFrame::menuOpens, this,
            [this, frame](QMenu* menu) { addMoves(frame, *menu); });
    connect(frame, &ViewFrame::maximiseRequested, this,
            [this, frame](bool maximised) { maximise(maximised ? frame : nullptr); });
  }
  setShown(frames_);
}

void ViewArrangement::setWords(const Words& words) { words_ = &words; }

void ViewArrangement::addMoves(ViewFrame* frame, QMenu& menu) {
  constexpr std::pair<Direction, const char*> kMoves[] = {{Direction::Left, "panel.move_left"},
                                                          {Direction::Right, "panel.move_right"},
                                                          {Direction::Up, "panel.move_up"},
                                                          {Direction::Down, "panel.move_down"}};
  menu.addSeparator();
  for (const auto& [direction, key] : kMoves)
    menu.addAction(QString::fromStdString((*words_)(key)), this,
                   [this, frame, direction = direction] { move(frame, direction); });
}

void ViewArrangement::setShown(std::vector<ViewFrame*> shown) {
  if (shown == shown_) return;
  shown_ = std::move(shown);
  arrangeAsAtFirst();
}

bool ViewArrangement::isShown(const ViewFrame* frame) const {
  return std::find(shown_.begin(), shown_.end(), frame) != shown_.end();
}

void ViewArrangement::arrangeAsAtFirst() {
  std::vector<const ViewSpec*> views;
  views.reserve(shown_.size());
  for (const ViewFrame* frame : shown_) views.push_back(&frame->view().spec());
  Columns columns;
  for (const std::vector<std::size_t>& column : panelColumns(views)) {
    auto& frames = columns.emplace_back();
    for (const std::size_t place : column) frames.push_back(shown_[place]);
  }
  show(columns);
}

void ViewArrangement::show(const Columns& columns) {
  for (ViewFrame* frame : frames_) {
    frame->setParent(this);
    frame->hide();
  }
  while (across_->count() > 0) delete across_->widget(0);
  columns_.clear();
  QList<int> widths;
  for (const auto& column : columns) {
    if (column.empty()) continue;
    columns_.push_back(column);
    auto* down = new QSplitter(Qt::Vertical);
    down->setChildrenCollapsible(false);
    connect(down, &QSplitter::splitterMoved, this, &ViewArrangement::rearranged);
    int width = 0;
    QList<int> heights;
    for (ViewFrame* frame : column) {
      down->addWidget(frame);
      frame->show();
      heights.append(weightOf(frame) * 1000);
      // A small view is low, not narrow: its axes need the width.
      width = std::max({width, weightOf(frame), 3});
    }
    down->setSizes(heights);
    across_->addWidget(down);
    widths.append(width * 1000);
  }
  across_->setSizes(widths);
}

void ViewArrangement::maximise(ViewFrame* frame) {
  for (const auto& column : columns_)
    for (ViewFrame* other : column) {
      other->setVisible(!frame || other == frame);
      other->setMaximised(other == frame);
    }
  for (int i = 0; i < across_->count(); ++i)
    across_->widget(i)->setVisible(
        !frame || std::count(columns_[static_cast<std::size_t>(i)].begin(),
                             columns_[static_cast<std::size_t>(i)].end(), frame) > 0);
  if (frame) frame->view().setFocus();
}

void ViewArrangement::swap(ViewFrame* one, ViewFrame* other) {
  Columns columns = columns_;
  for (auto& column : columns)
    for (ViewFrame*& place : column)
      if (place == one)
        place = other;
      else if (place == other)
        place = one;
  show(columns);
  Q_EMIT rearranged();
}

void ViewArrangement::move(ViewFrame* frame, Direction direction) {
  Columns columns = columns_;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto place = std::find(columns[c].begin(), columns[c].end(), frame);
    if (place == columns[c].end()) continue;
    const auto row = static_cast<std::size_t>(place - columns[c].begin());
    if (direction == Direction::Up && row > 0) {
      std::swap(columns[c][row], columns[c][row - 1]);
    } else if (direction == Direction::Down && row + 1 < columns[c].size()) {
      std::swap(columns[c][row], columns[c][row + 1]);
    } else if (direction == Direction::Left || direction == Direction::Right) {
      columns[c].erase(place);
      if (direction == Direction::Left && c == 0)
        columns.insert(columns.begin(), {frame});
      else if (direction == Direction::Right && c + 1 == columns.size())
        columns.push_back({frame});
      else {
        auto& target = columns[direction == Direction::Left ? c - 1 : c + 1];
        target.insert(target.begin() + static_cast<std::ptrdiff_t>(std::min(row, target.size())),
                      frame);
      }
    }
    break;
  }
  show(columns);
  frame->view().setFocus();
  Q_EMIT rearranged();
}

ViewFrame* ViewArrangement::find(const QString& id) const {
  for (ViewFrame* frame : frames_)
    if (idOf(frame) == id) return frame;
  return nullptr;
}

QByteArray ViewArrangement::saved() const {
  Json columns = Json::array();
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto* down = static_cast<QSplitter*>(across_->widget(static_cast<int>(c)));
    Json views = Json::array();
    for (std::size_t r = 0; r < columns_[c].size(); ++r)
      views.push_back({{"view", idOf(columns_[c][r]).toStdString()},
                       {"height", down->sizes().at(static_cast<int>(r))}});
    columns.push_back(
        {{"width", across_->sizes().at(static_cast<int>(c))}, {"views", std::move(views)}});
  }
  return QByteArray::fromStdString(columns.dump());
}

void ViewArrangement::restore(const QByteArray& saved) {
  const Json array = Json::parse(saved.begin(), saved.end(), nullptr, false);
  if (!array.is_array()) return;
  Columns columns;
  QList<int> widths;
  std::vector<QList<int>> heights;
  std::size_t found = 0;
  for (const Json& column : array) {
    columns.emplace_back();
    heights.emplace_back();
    const Json* const views = partOf(column, "views");
    if (!views || !views->is_array()) return;
    for (const Json& entry : *views) {
      const Json* const id = partOf(entry, "view");
      ViewFrame* frame =
          id && id->is_string() ? find(QString::fromStdString(id->get<std::string>())) : nullptr;
      const bool known = std::any_of(columns.begin(), columns.end(), [&](const auto& views) {
        return std::count(views.begin(), views.end(), frame) > 0;
      });
      if (!frame || known || !isShown(frame)) return;
      columns.back().push_back(frame);
      heights.back().append(sizeIn(entry, "height"));
      ++found;
    }
    if (columns.back().empty()) return;
    widths.append(sizeIn(column, "width"));
  }
  if (found != shown_.size()) return;
  show(columns);
  if (widths.contains(0)) return;  // saved before it was laid out
  across_->setSizes(widths);
  for (std::size_t c = 0; c < columns.size(); ++c)
    static_cast<QSplitter*>(across_->widget(static_cast<int>(c)))->setSizes(heights[c]);
}

bool ViewArrangement::eventFilter(QObject* watched, QEvent* event) {
  auto* frame = qobject_cast<ViewFrame*>(watched);
  if (!frame) return false;
  switch (event->type()) {
    case QEvent::MouseButtonPress:
      pressed_at_ = static_cast<QMouseEvent*>(event)->pos();
      return false;
    case QEvent::MouseMove: {
      auto* mouse = static_cast<QMouseEvent*>(event);
      const bool far =
          (mouse->pos() - pressed_at_).manhattanLength() >= QApplication::startDragDistance();
      if (!(mouse->buttons() & Qt::LeftButton) || !far || frame->isMaximised()) return false;
      auto* drag = new QDrag(frame);
      auto* data = new QMimeData;
      data->setData(kMimeType, idOf(frame).toUtf8());
      drag->setMimeData(data);
      drag->setPixmap(frame->grab().scaledToWidth(200, Qt::SmoothTransformation));
      drag->exec(Qt::MoveAction);
      return true;
    }
    case QEvent::DragEnter:
    case QEvent::DragMove: {
      auto* drag = static_cast<QDragMoveEvent*>(event);
      if (drag->mimeData()->hasFormat(kMimeType)) drag->acceptProposedAction();
      return drag->mimeData()->hasFormat(kMimeType);
    }
    case QEvent::Drop: {
      auto* drop = static_cast<QDropEvent*>(event);
      if (!drop->mimeData()->hasFormat(kMimeType)) return false;
      ViewFrame* other = find(QString::fromUtf8(drop->mimeData()->data(kMimeType)));
      drop->acceptProposedAction();
      // The drag that this drop ends still holds the frame: rearrange once it is over.
      if (other && other != frame)
        QMetaObject::invokeMethod(
            this, [this, frame, other] { swap(frame, other); }, Qt::QueuedConnection);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace viva
