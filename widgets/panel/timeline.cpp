// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/timeline.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QToolButton>
#include <algorithm>
#include <limits>

#include "widgets/panel/icons.h"

namespace viva {
namespace {

/// A slider that marks the steps at which something was changed.
class MarkedSlider : public QSlider {
 public:
  using QSlider::QSlider;
  std::vector<std::int64_t> marks;

 protected:
  void paintEvent(QPaintEvent* event) override {
    QSlider::paintEvent(event);
    QPainter painter(this);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect groove =
        style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
    for (const std::int64_t mark : marks) {
      const int x = groove.left() + handle / 2 +
                    QStyle::sliderPositionFromValue(minimum(), maximum(), static_cast<int>(mark),
                                                    groove.width() - handle);
      painter.drawLine(x, 0, x, 5);
    }
  }
};

}  // namespace

Timeline::Timeline(QWidget* parent)
    : QWidget(parent),
      words_(&Words::in(Language::English)),
      slider_(new MarkedSlider(Qt::Horizontal, this)),
      label_(new QLabel(this)),
      to_newest_(new QToolButton(this)),
      branch_(new QToolButton(this)),
      race_(new QToolButton(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(slider_, 1);
  layout->addWidget(label_);
  layout->addWidget(to_newest_);
  layout->addWidget(branch_);
  layout->addWidget(race_);
  for (QToolButton* button : {to_newest_, branch_, race_}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  }
  slider_->setRange(0, 0);
  connect(slider_, &QSlider::valueChanged, this, [this](int step) { Q_EMIT scrubbed(step); });
  connect(to_newest_, &QToolButton::clicked, this, &Timeline::newestPressed);
  connect(branch_, &QToolButton::clicked, this, &Timeline::branchPressed);
  connect(race_, &QToolButton::clicked, this, &Timeline::racePressed);
  refreshIcons();
  refresh();
}

void Timeline::setWords(const Words& words) {
  words_ = &words;
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  slider_->setAccessibleName(text("timeline.name"));
  slider_->setToolTip(text("timeline.meaning"));
  to_newest_->setText(text("timeline.newest"));
  to_newest_->setToolTip(text("timeline.newest_meaning"));
  branch_->setText(text("timeline.branch"));
  branch_->setToolTip(text("timeline.branch_meaning"));
  race_->setText(text("timeline.race"));
  race_->setToolTip(text("timeline.race_meaning"));
  refresh();
}

void Timeline::setExtent(std::int64_t newest, std::int64_t length) {
  newest_ = newest;
  length_ = length;
  const QSignalBlocker blocker(slider_);
  constexpr std::int64_t kHighest = std::numeric_limits<int>::max();
  slider_->setMaximum(static_cast<int>(std::min(newest, kHighest)));
  slider_->setPageStep(
      static_cast<int>(std::max<std::int64_t>(1, std::min(newest, kHighest) / 20)));
  if (!cursor_) slider_->setValue(slider_->maximum());
  refresh();
}

void Timeline::setEvents(const std::vector<Event>& events) {
  auto& marks = static_cast<MarkedSlider*>(slider_)->marks;
  std::vector<std::int64_t> steps;
  for (const Event& event : events) steps.push_back(event.step);
  if (marks == steps) return;
  marks = std::move(steps);
  slider_->update();
}

void Timeline::setCursor(std::optional<std::int64_t> cursor, std::int64_t shown) {
  cursor_ = cursor;
  shown_ = shown;
  const QSignalBlocker blocker(slider_);
  slider_->setValue(cursor ? static_cast<int>(*cursor) : slider_->maximum());
  refresh();
}

void Timeline::refresh() {
  Message message{"timeline.newest_step", {{"step", newest_}, {"length", length_}}};
  if (cursor_ && *cursor_ == shown_)
    message = {"timeline.at_step", {{"step", *cursor_}, {"newest", newest_}}};
  else if (cursor_)
    message = {"timeline.near_step", {{"step", *cursor_}, {"newest", newest_}, {"shown", shown_}}};
  const QString text = QString::fromStdString((*words_)(message));
  if (text != label_->text()) {
    label_->setText(text);
    slider_->setAccessibleDescription(text);
  }
  to_newest_->setVisible(cursor_.has_value());
  branch_->setVisible(cursor_.has_value());
  race_->setVisible(cursor_.has_value());
}

/// Not with every frame: a button with a new icon asks for its place anew.
void Timeline::refreshIcons() {
  const QColor colour = palette().color(QPalette::WindowText);
  if (colour == icon_colour_) return;
  icon_colour_ = colour;
  to_newest_->setIcon(icon(Symbol::ToNewest, colour));
  branch_->setIcon(icon(Symbol::Branch, colour));
  race_->setIcon(icon(Symbol::Race, colour));
}

void Timeline::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) refreshIcons();
  QWidget::changeEvent(event);
}

}  // namespace viva
