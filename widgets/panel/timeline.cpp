// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/timeline.h"

#include <QEvent>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QStylePainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "widgets/panel/icons.h"

namespace viva {
namespace {

/// Of the type in front of a class.
constexpr double kBareScale = 1.4;

/// A slider as long as the run: what has been computed is filled, and the steps at which something
/// was changed are marked.
class MarkedSlider : public QSlider {
 public:
  using QSlider::QSlider;
  std::vector<std::int64_t> marks;
  int computed = 0;

 protected:
  void paintEvent(QPaintEvent*) override {
    QStylePainter painter(this);
    QStyleOptionSlider option;
    initStyleOption(&option);
    option.subControls = QStyle::SC_SliderGroove;
    // The style would fill up to the handle, which may stand before what is computed.
    option.sliderPosition = option.sliderValue = minimum();
    painter.drawComplexControl(QStyle::CC_Slider, option);
    const QRect groove =
        style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
    const auto xOf = [&](std::int64_t step) {
      return groove.left() + handle / 2 +
             QStyle::sliderPositionFromValue(minimum(), maximum(), static_cast<int>(step),
                                             groove.width() - handle);
    };
    const int thickness = std::max(4, height() / 4);
    const QRect filled(groove.left(), rect().center().y() - thickness / 2,
                       xOf(computed) - groove.left(), thickness);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Highlight));
    painter.drawRoundedRect(filled, thickness / 2.0, thickness / 2.0);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    for (const std::int64_t mark : marks) painter.drawLine(xOf(mark), 0, xOf(mark), 5);
    initStyleOption(&option);
    option.subControls = QStyle::SC_SliderHandle;
    if (hasFocus()) option.state |= QStyle::State_HasFocus;
    painter.drawComplexControl(QStyle::CC_Slider, option);
  }
};

const std::vector<const char*> kNewest{"timeline.newest_step"},
    kSentences{"timeline.newest_step", "timeline.at_step", "timeline.near_step"};

/// Room for the longest of the sentences, so that nothing else moves.
int widthOf(const QLabel& label, const Words& words, const std::vector<const char*>& sentences,
            std::int64_t length) {
  int width = 0;
  for (const char* key : sentences) {
    const Message message{
        key, {{"step", length}, {"length", length}, {"newest", length}, {"shown", length}}};
    width = std::max(width,
                     label.fontMetrics().horizontalAdvance(QString::fromStdString(words(message))));
  }
  return width;
}

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
  // Without their texts, which would take half of the slider's room; the tool tip has both.
  for (QToolButton* button : {to_newest_, branch_, race_})
    button->setToolTip(button->text() + QStringLiteral(": ") + button->toolTip());
  fitLabel();
  refresh();
}

void Timeline::setBare(bool bare) {
  if (bare == bare_) return;
  bare_ = bare;
  for (QToolButton* button : {to_newest_, branch_, race_}) button->setVisible(!bare);
  fitLabel();
}

void Timeline::fitLabel() {
  QFont font = this->font();
  if (bare_) {
    font.setBold(true);
    font.setPixelSize(static_cast<int>(std::lround(QFontInfo(font).pixelSize() * kBareScale)));
  }
  label_->setFont(font);
  slider_->setMinimumHeight(bare_ ? label_->fontMetrics().height() : 0);
  label_->setMinimumWidth(
      widthOf(*label_, *words_, bare_ ? kNewest : kSentences, std::max(newest_, length_)));
}

void Timeline::setExtent(std::int64_t newest, std::int64_t length) {
  newest_ = newest;
  length_ = length;
  const QSignalBlocker blocker(slider_);
  constexpr std::int64_t kHighest = std::numeric_limits<int>::max();
  const auto last = static_cast<int>(std::min(std::max(newest, length), kHighest));
  auto& marked = static_cast<MarkedSlider&>(*slider_);
  if (last != slider_->maximum()) {
    slider_->setMaximum(last);
    slider_->setPageStep(std::max(1, last / 20));
    fitLabel();
  }
  const auto computed = static_cast<int>(std::min(newest, kHighest));
  if (std::exchange(marked.computed, computed) != computed) slider_->update();
  if (!cursor_) slider_->setValue(computed);
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
  slider_->setValue(cursor ? static_cast<int>(*cursor)
                           : static_cast<MarkedSlider*>(slider_)->computed);
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
  for (QToolButton* button : {to_newest_, branch_, race_}) button->setEnabled(cursor_.has_value());
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
  if (event->type() == QEvent::FontChange) fitLabel();
  QWidget::changeEvent(event);
}

}  // namespace viva
