// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/presenter.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

#include "widgets/text/notes_view.h"
#include "widgets/views/colours.h"

namespace viva {
namespace {

/// Of the window's height.
constexpr double kSpot = 0.17;

}  // namespace

PresenterOverlay::PresenterOverlay(QWidget* over) : QWidget(over) {
  setMouseTracking(true);
  setAttribute(Qt::WA_NoSystemBackground);
  setFocusPolicy(Qt::NoFocus);
  over->installEventFilter(this);
  hide();
}

void PresenterOverlay::setMode(Mode mode) {
  mode_ = mode;
  pointer_ = mapFromGlobal(QCursor::pos());
  setGeometry(parentWidget()->rect());
  setCursor(mode == Mode::Pen ? Qt::CrossCursor : Qt::BlankCursor);
  setVisible(mode != Mode::Nothing || !strokes_.empty());
  // What was drawn stays readable while the lab below it is used.
  setAttribute(Qt::WA_TransparentForMouseEvents, mode == Mode::Nothing);
  raise();
  update();
}

void PresenterOverlay::clear() {
  strokes_.clear();
  setVisible(mode_ != Mode::Nothing);
  update();
}

bool PresenterOverlay::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) setGeometry(parentWidget()->rect());
  return QWidget::eventFilter(watched, event);
}

void PresenterOverlay::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (mode_ == Mode::Black) {
    painter.fillRect(rect(), Qt::black);
    return;
  }
  painter.setRenderHint(QPainter::Antialiasing);
  if (mode_ == Mode::Spotlight) {
    QPainterPath shade;
    shade.addRect(rect());
    shade.addEllipse(pointer_, kSpot * height(), kSpot * height());
    painter.fillPath(shade, QColor(0, 0, 0, 170));
  }
  painter.setPen(QPen(theme(dark_).bad, std::max(3.0, height() / 250.0), Qt::SolidLine,
                      Qt::RoundCap, Qt::RoundJoin));
  for (const QPolygonF& stroke : strokes_)
    stroke.size() == 1 ? painter.drawPoint(stroke.front()) : painter.drawPolyline(stroke);
}

void PresenterOverlay::mousePressEvent(QMouseEvent* event) {
  if (mode_ != Mode::Pen) return;
  if (event->button() == Qt::RightButton) return clear();
  strokes_.push_back({event->position()});
  update();
}

void PresenterOverlay::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  if (mode_ == Mode::Pen && event->buttons() & Qt::LeftButton && !strokes_.empty())
    strokes_.back().append(event->position());
  update();
}

PresenterDesk::PresenterDesk(QWidget* parent)
    : QWidget(parent, Qt::Window),
      now_(new QLabel(this)),
      progress_(new QLabel(this)),
      next_(new QLabel(this)),
      place_(new QLabel(this)),
      clock_(new QLabel(this)),
      notes_(new NotesView(this)),
      back_(new QPushButton(this)),
      on_(new QPushButton(this)) {
  for (QLabel* label : {now_, next_}) {
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
  }
  auto* head = new QHBoxLayout;
  head->addWidget(place_, 1);
  head->addWidget(clock_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(back_);
  buttons->addWidget(on_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(head);
  layout->addWidget(now_);
  layout->addWidget(progress_);
  layout->addWidget(next_);
  layout->addLayout(buttons);
  layout->addWidget(notes_, 1);
  resize(720, 640);
  connect(back_, &QPushButton::clicked, this, &PresenterDesk::goBack);
  connect(on_, &QPushButton::clicked, this, &PresenterDesk::goOn);
  connect(notes_, &NotesView::linkActivated, this, &PresenterDesk::linkActivated);
  connect(&second_, &QTimer::timeout, this, &PresenterDesk::tick);
  since_.start();
  second_.start(1000);
}

void PresenterDesk::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  const Words& words = Words::in(appearance.language);
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  setWindowTitle(text("presenter.desk"));
  back_->setText(text("presenter.back"));
  on_->setText(text("presenter.on"));
  clock_->setAccessibleName(text("presenter.time"));
  notes_->setAccessibleName(text("window.tab_notes"));
  notes_->setAppearance(appearance);
  QFont large = font();
  large.setPixelSize(static_cast<int>(std::lround(20 * appearance.font_scale)));
  now_->setFont(large);
  large.setPixelSize(static_cast<int>(std::lround(15 * appearance.font_scale)));
  progress_->setFont(large);
  next_->setFont(large);
  clock_->setFont(large);
  tick();
}

void PresenterDesk::show(const QString& now, const QString& next, const QString& place,
                         const QString& notes) {
  const Words& words = Words::in(appearance_.language);
  now_->setText(now);
  next_->setText(
      QString::fromStdString(words(Message{"presenter.next", {{"step", next.toStdString()}}})));
  next_->setVisible(!next.isEmpty());
  place_->setText(place);
  if (notes != shown_notes_) {
    shown_notes_ = notes;
    notes_->setDocument(notes);
  }
  QWidget::show();
}

void PresenterDesk::setProgress(const QString& progress) {
  if (progress != progress_->text()) progress_->setText(progress);
}

void PresenterDesk::tick() {
  const qint64 seconds = since_.elapsed() / 1000;
  clock_->setText(
      QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0')));
}

}  // namespace viva
