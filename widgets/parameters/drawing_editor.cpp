// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/drawing_editor.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "lessons/core/drawing.h"

namespace viva {
namespace {

constexpr std::size_t kMostUndone = 100;
constexpr double kSpacing = 0.004;  // of the paper between the points of a stroke

QString nameOfPart(const Words& words, const char* key, const QString& label) {
  return QString::fromStdString(words(Message{key, {{"parameter", label.toStdString()}}}));
}

}  // namespace

DrawingPaper::DrawingPaper(const ParameterSpec& spec, QWidget* parent)
    : QWidget(parent), spec_(spec), column_(spec.side / 2), row_(spec.side / 2) {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::CrossCursor);
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  policy.setHeightForWidth(false);
  setSizePolicy(policy);
}

QSize DrawingPaper::sizeHint() const {
  const int side = fontMetrics().height() * 9;
  return {side, side};
}

QRectF DrawingPaper::square() const {
  const double side = std::max(1, std::min(width(), height()) - 4);
  return {(width() - side) / 2, (height() - side) / 2, side, side};
}

Point DrawingPaper::pointAt(QPointF position) const {
  const QRectF paper = square();
  return {std::clamp((position.x() - paper.left()) / paper.width(), 0.0, 1.0),
          std::clamp((position.y() - paper.top()) / paper.height(), 0.0, 1.0)};
}

Point DrawingPaper::cursorPoint() const {
  return {(column_ + 0.5) / spec_.side, (row_ + 0.5) / spec_.side};
}

void DrawingPaper::setDrawing(const Drawing& drawing) {
  // Undoing ends where somebody else (a preset) has drawn.
  if (given_ != drawing) {
    undo_.clear();
    before_.reset();
  }
  drawing_ = drawing;
  say();
  update();
}

void DrawingPaper::give(const Drawing& drawing, bool finished) {
  drawing_ = drawing;
  given_ = drawing;
  update();
  Q_EMIT drawn(finished);
  if (finished) say();
}

void DrawingPaper::putDown(const Point& point) {
  before_ = drawing_;
  Drawing next = drawing_;
  next.strokes.push_back({point});
  give(next, false);
}

void DrawingPaper::moveTo(const Point& point) {
  if (!before_) return;
  const Point& last = drawing_.strokes.back().back();
  if (std::hypot(point.x - last.x, point.y - last.y) < kSpacing) return;
  Drawing next = drawing_;
  next.strokes.back().push_back(point);
  give(next, false);
}

void DrawingPaper::putUp() {
  if (!before_) return;
  const Drawing before = *std::exchange(before_, std::nullopt);
  Drawing next = drawing_;
  next.strokes.back() = thinned(next.strokes.back());
  if (const auto problem = problemWith(spec_, Value(next))) {
    give(before, true);
    Q_EMIT refused(QString::fromStdString((*words_)(*problem)));
    return;
  }
  undo_.push_back(before);
  if (undo_.size() > kMostUndone) undo_.erase(undo_.begin());
  give(next, true);
}

void DrawingPaper::undo() {
  if (before_) {
    const Drawing before = *std::exchange(before_, std::nullopt);
    return give(before, true);
  }
  if (undo_.empty()) return;
  const Drawing before = std::move(undo_.back());
  undo_.pop_back();
  give(before, true);
}

void DrawingPaper::clear() {
  before_.reset();
  if (drawing_.strokes.empty()) return;
  undo_.push_back(drawing_);
  give({}, true);
}

void DrawingPaper::setWords(const Words& words, const QString& label) {
  words_ = &words;
  setAccessibleName(nameOfPart(words, "panel.drawing_paper", label));
  setToolTip(QString::fromStdString(words("panel.drawing_help")));
  say();
}

/// What is heard: how much is drawn, where the cursor is, and the keys.
void DrawingPaper::say() {
  const Words& words = *words_;
  const auto strokes = static_cast<std::int64_t>(drawing_.strokes.size());
  setAccessibleDescription(QString::fromStdString(
      words(Message{
          before_ ? "panel.drawing_down" : "panel.drawing_up",
          {{"strokes", strokes}, {"column", std::int64_t{column_}}, {"row", std::int64_t{row_}}}}) +
      " " + words("panel.drawing_help")));
}

bool DrawingPaper::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Undo) || key->key() == Qt::Key_Space ||
        key->key() == Qt::Key_Backspace || key->key() == Qt::Key_Delete ||
        (key->key() == Qt::Key_Escape && before_)) {
      event->accept();
      return true;
    }
  }
  return QWidget::event(event);
}

void DrawingPaper::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF paper = square();
  const QColor ink = palette().color(QPalette::Text);
  painter.setPen(
      QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid), hasFocus() ? 2 : 1));
  painter.setBrush(palette().color(QPalette::Base));
  painter.drawRect(paper);
  painter.setClipRect(paper);
  const auto at = [&](const Point& point) {
    return QPointF(paper.left() + point.x * paper.width(), paper.top() + point.y * paper.height());
  };
  const double pen = kPenWidth * paper.width();
  for (const Drawing::Stroke& stroke : drawing_.strokes) {
    if (stroke.size() == 1) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(ink);
      painter.drawEllipse(at(stroke.front()), pen / 2, pen / 2);
      continue;
    }
    QPainterPath path(at(stroke.front()));
    for (const Point& point : stroke) path.lineTo(at(point));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, pen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
  }
  if (!hasFocus() || !by_keyboard_) return;
  // The keyboard's cursor, seen on paper and on ink; filled while the pen is down.
  const QPointF centre = at(cursorPoint());
  const double radius = std::max(4.0, pen / 2);
  for (const auto& [colour, width] : {std::pair{palette().color(QPalette::Base), 4.0},
                                      {palette().color(QPalette::Highlight), 2.0}}) {
    painter.setPen(QPen(colour, width));
    painter.setBrush(before_ ? QBrush(palette().color(QPalette::Highlight)) : Qt::NoBrush);
    painter.drawEllipse(centre, radius, radius);
    for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
      painter.drawLine(centre + way * radius, centre + way * (radius + 5));
  }
}

void DrawingPaper::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
  putUp();
  by_keyboard_ = false;
  putDown(pointAt(event->position()));
}

void DrawingPaper::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons().testFlag(Qt::LeftButton) && !by_keyboard_)
    moveTo(pointAt(event->position()));
}

void DrawingPaper::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && !by_keyboard_) putUp();
}

void DrawingPaper::moveCursor(int right, int down) {
  by_keyboard_ = true;
  column_ = std::clamp(column_ + right, 0, spec_.side - 1);
  row_ = std::clamp(row_ + down, 0, spec_.side - 1);
  moveTo(cursorPoint());
  say();
  update();
}

void DrawingPaper::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) return undo();
  const int stride = event->modifiers().testFlag(Qt::ShiftModifier) ? 4 : 1;
  switch (event->key()) {
    case Qt::Key_Left:
      return moveCursor(-stride, 0);
    case Qt::Key_Right:
      return moveCursor(stride, 0);
    case Qt::Key_Up:
      return moveCursor(0, -stride);
    case Qt::Key_Down:
      return moveCursor(0, stride);
    case Qt::Key_Space:
      by_keyboard_ = true;
      if (before_)
        putUp();
      else
        putDown(cursorPoint());
      say();
      return;
    case Qt::Key_Backspace:
      return undo();
    case Qt::Key_Delete:
      return clear();
    case Qt::Key_Escape:
      if (!before_) break;
      return undo();  // of this stroke only
    default:
      break;
  }
  QWidget::keyPressEvent(event);
}

void DrawingPaper::focusInEvent(QFocusEvent* event) {
  if (event->reason() != Qt::MouseFocusReason) by_keyboard_ = true;
  QWidget::focusInEvent(event);
  update();
}

// Who goes elsewhere has finished the stroke.
void DrawingPaper::focusOutEvent(QFocusEvent* event) {
  putUp();
  QWidget::focusOutEvent(event);
  update();
}

DrawingEditor::DrawingEditor(const ParameterSpec& spec)
    : spec_(spec),
      paper_(new DrawingPaper(spec, this)),
      net_(new QLabel(this)),
      net_title_(new WrappedLabel(this)),
      parts_(new QBoxLayout(QBoxLayout::LeftToRight, this)),
      undo_(new QToolButton(this)),
      clear_(new QToolButton(this)) {
  parts_->setContentsMargins(0, 0, 0, 0);
  parts_->addWidget(paper_, 3);
  auto* side = new QVBoxLayout;
  side->addWidget(net_title_);
  side->addWidget(net_, 1);
  side->addWidget(undo_);
  side->addWidget(clear_);
  parts_->addLayout(side, 2);
  net_->setMinimumSize(48, 48);
  net_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  for (QToolButton* button : {undo_, clear_}) {
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setMinimumWidth(1);  // below the paper they have its width: see resizeEvent
  }
  paper_->setFixedHeight(paper_->sizeHint().height());
  connect(undo_, &QToolButton::clicked, paper_, &DrawingPaper::undo);
  connect(clear_, &QToolButton::clicked, paper_, &DrawingPaper::clear);
  connect(paper_, &DrawingPaper::refused, this, &ValueEditor::refused);
  connect(paper_, &DrawingPaper::drawn, this, [this](bool finished) {
    refresh();
    if (finished) Q_EMIT refused({});
    Q_EMIT edited(Value(paper_->drawing()), finished);
  });
  refresh();
}

void DrawingEditor::setValue(const Value& value) {
  paper_->setDrawing(std::get<Drawing>(value));
  refresh();
}

void DrawingEditor::setWords(const Words& words, const QString& label, const QString& meaning) {
  keepWords(words, label);
  paper_->setWords(words, label);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  net_title_->setText(QString::fromStdString(
      words(Message{"panel.drawing_seen", {{"side", std::int64_t{spec_.side}}}})));
  net_->setAccessibleName(net_title_->text());
  net_->setAccessibleDescription(meaning);
  undo_->setText(word("panel.drawing_undo"));
  undo_->setAccessibleName(nameOfPart("panel.drawing_undo_of"));
  clear_->setText(word("panel.drawing_clear"));
  clear_->setAccessibleName(nameOfPart("panel.drawing_clear_of"));
}

/// Where both do not fit beside each other, what the net sees is below the paper.
void DrawingEditor::resizeEvent(QResizeEvent* event) {
  ValueEditor::resizeEvent(event);
  const int beside = std::max(undo_->sizeHint().width(), clear_->sizeHint().width());
  const bool is_narrow = 2 * (width() - parts_->spacing()) < 5 * beside;
  parts_->setDirection(is_narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  refresh();
}

void DrawingEditor::refresh() {
  const int side = std::max(1, spec_.side);
  const std::vector<float> pixels = rasterised(paper_->drawing(), side);
  seen_ = QImage(side, side, QImage::Format_Grayscale8);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column)
      seen_.scanLine(row)[column] = static_cast<uchar>(
          std::lround(255 * pixels[static_cast<std::size_t>(row) * static_cast<std::size_t>(side) +
                                   static_cast<std::size_t>(column)]));
  // Pixels of equal size.
  const int room =
      std::min(fontMetrics().height() * 5,
               parts_->direction() == QBoxLayout::LeftToRight ? width() * 2 / 5 : width());
  const int scale = std::max(1, room / side);
  net_->setPixmap(QPixmap::fromImage(
      seen_.scaled(side * scale, side * scale, Qt::IgnoreAspectRatio, Qt::FastTransformation)));
  undo_->setEnabled(paper_->canUndo());
  clear_->setEnabled(!paper_->drawing().strokes.empty());
}

}  // namespace viva
