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
#include <optional>
#include <utility>

namespace viva {
namespace {

using Json = nlohmann::json;

constexpr const char* kMimeType = "application/x-viva-view";

QString idOf(const ViewFrame* frame) { return QString::fromStdString(frame->view().spec().id); }

bool isLine(const ViewFrame* frame) { return frame->view().spec().kind == ViewKind::Verdict; }

Qt::Orientation crossing(Qt::Orientation across) {
  return across == Qt::Horizontal ? Qt::Vertical : Qt::Horizontal;
}

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
      lines_(new QVBoxLayout),
      across_(new QSplitter(Qt::Horizontal, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  lines_->setSpacing(2);
  layout->addLayout(lines_);
  layout->addWidget(across_, 1);
  across_->setChildrenCollapsible(false);
  connect(across_, &QSplitter::splitterMoved, this, &ViewArrangement::byTheUser);
  for (ViewFrame* frame : frames_) {
    frame->setAcceptDrops(true);
    frame->installEventFilter(this);
    connect(frame, &ViewFrame::menuOpens, this,
            [this, frame](QMenu* menu) { addMoves(frame, *menu); });
    connect(frame, &ViewFrame::maximiseRequested, this,
            [this, frame](bool maximised) { maximise(maximised ? frame : nullptr); });
    connect(frame, &ViewFrame::heroWanted, this, [this, frame] { makeHero(frame); });
    connect(&frame->view(), &View::stateChanged, this,
            [this, &view = frame->view(), before = std::optional<double>()]() mutable {
              if (std::exchange(before, view.chosenSmoothing()) != before) Q_EMIT rearranged();
            });
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

void ViewArrangement::byTheUser() {
  as_at_first_ = false;
  Q_EMIT rearranged();
}

void ViewArrangement::setShown(std::vector<ViewFrame*> shown, bool has_hero) {
  if (shown == shown_ && has_hero == has_hero_) return;
  shown_ = std::move(shown);
  has_hero_ = has_hero;
  arrangeAsAtFirst();
}

bool ViewArrangement::isShown(const ViewFrame* frame) const {
  return std::find(shown_.begin(), shown_.end(), frame) != shown_.end();
}

std::vector<ViewFrame*> ViewArrangement::shownInLanes() const {
  std::vector<ViewFrame*> frames = shown_;
  std::erase_if(frames, isLine);
  return frames;
}

PanelShape ViewArrangement::shapeAtFirst() const {
  std::vector<const ViewSpec*> views;
  for (const ViewFrame* frame : shownInLanes()) views.push_back(&frame->view().spec());
  return panelShape(views, size(), has_hero_);
}

void ViewArrangement::arrangeAsAtFirst() {
  shape_ = shapeAtFirst();
  const std::vector<ViewFrame*> frames = shownInLanes();
  Lanes lanes;
  QList<int> widths;
  for (std::size_t lane = 0; lane < shape_.lanes.size(); ++lane) {
    if (shape_.lanes[lane].empty()) continue;
    auto& views = lanes.emplace_back();
    for (const std::size_t place : shape_.lanes[lane]) views.push_back(frames[place]);
    widths.append(shape_.widths[lane] * 1000);
  }
  show(shape_.across, lanes, widths);
  as_at_first_ = true;
}

/// The better side for the strip depends on the room that there is.
void ViewArrangement::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (has_hero_ && as_at_first_ && shape_ != shapeAtFirst()) arrangeAsAtFirst();
}

void ViewArrangement::show(Qt::Orientation across, const Lanes& lanes, QList<int> widths) {
  for (ViewFrame* frame : frames_) {
    frame->setParent(this);
    frame->hide();
  }
  while (across_->count() > 0) delete across_->widget(0);
  for (ViewFrame* frame : shown_) {
    if (!isLine(frame)) continue;
    lines_->addWidget(frame);
    frame->show();
  }
  across_->setOrientation(across);
  lanes_.clear();
  const bool given = !widths.isEmpty();
  for (const auto& lane : lanes) {
    if (lane.empty()) continue;
    lanes_.push_back(lane);
    auto* along = new QSplitter(crossing(across));
    along->setChildrenCollapsible(false);
    connect(along, &QSplitter::splitterMoved, this, &ViewArrangement::byTheUser);
    int width = 0;
    QList<int> heights;
    for (ViewFrame* frame : lane) {
      along->addWidget(frame);
      frame->show();
      heights.append(laneWeight(frame->view().spec(), has_hero_) * 1000);
      // A small view is low, not narrow: its axes need the width.
      width = std::max({width, panelWeight(frame->view().spec()), 3});
    }
    along->setSizes(heights);
    across_->addWidget(along);
    if (!given) widths.append(width * 1000);
  }
  across_->setSizes(widths);
  for (ViewFrame* frame : frames_)
    frame->setCanBeHero(hero() && frame != hero() && isShown(frame) && !isLine(frame));
}

ViewFrame* ViewArrangement::hero() const {
  return has_hero_ && !lanes_.empty() ? lanes_.front().front() : nullptr;
}

void ViewArrangement::makeHero(ViewFrame* frame) {
  if (!hero() || frame == hero() || isLine(frame) || !isShown(frame)) return;
  maximise(nullptr);
  swap(hero(), frame);
  frame->view().setFocus();
}

void ViewArrangement::maximise(ViewFrame* frame) {
  for (const auto& lane : lanes_)
    for (ViewFrame* other : lane) {
      other->setVisible(!frame || other == frame);
      other->setMaximised(other == frame);
    }
  for (int i = 0; i < across_->count(); ++i)
    across_->widget(i)->setVisible(!frame || std::count(lanes_[static_cast<std::size_t>(i)].begin(),
                                                        lanes_[static_cast<std::size_t>(i)].end(),
                                                        frame) > 0);
  if (frame) frame->view().setFocus();
}

void ViewArrangement::swap(ViewFrame* one, ViewFrame* other) {
  Lanes lanes = lanes_;
  for (auto& lane : lanes)
    for (ViewFrame*& place : lane)
      if (place == one)
        place = other;
      else if (place == other)
        place = one;
  const QList<int> widths = across_->sizes();
  show(across_->orientation(), lanes, widths.contains(0) ? QList<int>() : widths);
  byTheUser();
}

void ViewArrangement::move(ViewFrame* frame, Direction direction) {
  const bool columns = across_->orientation() == Qt::Horizontal;
  const bool back = direction == Direction::Left || direction == Direction::Up;
  const bool along = (direction == Direction::Up || direction == Direction::Down) == columns;
  Lanes lanes = lanes_;
  for (std::size_t l = 0; l < lanes.size(); ++l) {
    const auto place = std::find(lanes[l].begin(), lanes[l].end(), frame);
    if (place == lanes[l].end()) continue;
    const auto row = static_cast<std::size_t>(place - lanes[l].begin());
    if (along && back && row > 0) {
      std::swap(lanes[l][row], lanes[l][row - 1]);
    } else if (along && !back && row + 1 < lanes[l].size()) {
      std::swap(lanes[l][row], lanes[l][row + 1]);
    } else if (!along) {
      lanes[l].erase(place);
      if (back && l == 0)
        lanes.insert(lanes.begin(), {frame});
      else if (!back && l + 1 == lanes.size())
        lanes.push_back({frame});
      else {
        auto& target = lanes[back ? l - 1 : l + 1];
        target.insert(target.begin() + static_cast<std::ptrdiff_t>(std::min(row, target.size())),
                      frame);
      }
    }
    break;
  }
  show(across_->orientation(), lanes);
  frame->view().setFocus();
  byTheUser();
}

ViewFrame* ViewArrangement::find(const QString& id) const {
  for (ViewFrame* frame : frames_)
    if (idOf(frame) == id) return frame;
  return nullptr;
}

/// `[{"width", "views": [{"view", "height"}]}]`, columns; rows are `{"rows": [{"height", ...}]}`.
QByteArray ViewArrangement::saved() const {
  const bool columns = across_->orientation() == Qt::Horizontal;
  const char *const across = columns ? "width" : "height", *const along =
                                                               columns ? "height" : "width";
  Json lanes = Json::array();
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const auto* lane = static_cast<QSplitter*>(across_->widget(static_cast<int>(l)));
    Json views = Json::array();
    for (std::size_t r = 0; r < lanes_[l].size(); ++r)
      views.push_back({{"view", idOf(lanes_[l][r]).toStdString()},
                       {along, lane->sizes().at(static_cast<int>(r))}});
    lanes.push_back(
        {{across, across_->sizes().at(static_cast<int>(l))}, {"views", std::move(views)}});
  }
  return QByteArray::fromStdString(columns ? lanes.dump() : Json{{"rows", lanes}}.dump());
}

/// `{"smoothing": {"loss": 0.9}, "columns": [...]}`, or "rows"; without smoothing what saved()
/// answers.
QByteArray ViewArrangement::chosen() const {
  Json smoothing = Json::object();
  for (const ViewFrame* frame : frames_)
    if (const auto amount = frame->view().chosenSmoothing())
      smoothing[idOf(frame).toStdString()] = *amount;
  const QByteArray lanes = as_at_first_ ? QByteArray() : saved();
  if (smoothing.empty()) return lanes;
  Json all = Json::object();
  if (!lanes.isEmpty()) {
    all = Json::parse(lanes.begin(), lanes.end());
    if (all.is_array()) all = Json{{"columns", std::move(all)}};
  }
  all["smoothing"] = std::move(smoothing);
  return QByteArray::fromStdString(all.dump());
}

void ViewArrangement::restoreSmoothing(const QByteArray& saved) {
  const Json all = Json::parse(saved.begin(), saved.end(), nullptr, false);
  const Json* const smoothing = partOf(all, "smoothing");
  if (!smoothing || !smoothing->is_object()) return;
  for (const auto& [id, amount] : smoothing->items()) {
    ViewFrame* frame = find(QString::fromStdString(id));
    if (frame && amount.is_number()) frame->view().setSmoothing(amount.get<double>());
  }
}

void ViewArrangement::restore(const QByteArray& saved) {
  restoreSmoothing(saved);
  const Json all = Json::parse(saved.begin(), saved.end(), nullptr, false);
  const Json* const rows = partOf(all, "rows");
  const Json* const columns = partOf(all, "columns");
  const Json& array = rows ? *rows : columns ? *columns : all;
  if (!array.is_array()) return;
  const Qt::Orientation across = rows ? Qt::Vertical : Qt::Horizontal;
  Lanes lanes;
  QList<int> widths;
  std::vector<QList<int>> heights;
  std::size_t found = 0;
  for (const Json& lane : array) {
    lanes.emplace_back();
    heights.emplace_back();
    const Json* const views = partOf(lane, "views");
    if (!views || !views->is_array()) return;
    for (const Json& entry : *views) {
      const Json* const id = partOf(entry, "view");
      ViewFrame* frame =
          id && id->is_string() ? find(QString::fromStdString(id->get<std::string>())) : nullptr;
      const bool known = std::any_of(lanes.begin(), lanes.end(), [&](const auto& views) {
        return std::count(views.begin(), views.end(), frame) > 0;
      });
      if (!frame || known || !isShown(frame) || isLine(frame)) return;
      lanes.back().push_back(frame);
      heights.back().append(sizeIn(entry, rows ? "width" : "height"));
      ++found;
    }
    if (lanes.back().empty()) return;
    widths.append(sizeIn(lane, rows ? "height" : "width"));
  }
  if (found != shownInLanes().size()) return;
  show(across, lanes);
  as_at_first_ = false;
  if (widths.contains(0)) return;  // saved before it was laid out
  across_->setSizes(widths);
  for (std::size_t l = 0; l < lanes.size(); ++l)
    static_cast<QSplitter*>(across_->widget(static_cast<int>(l)))->setSizes(heights[l]);
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
