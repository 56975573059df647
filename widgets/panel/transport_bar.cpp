// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/transport_bar.h"

#include <QEvent>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <cmath>

#include "widgets/panel/icons.h"
#include "widgets/runner/runner.h"

namespace viva {
namespace {

// Ten positions a decade from 1 to 10,000 steps a second, and one more for "as fast as it goes".
constexpr int kPositionsPerDecade = 10;
constexpr int kFastest = 4 * kPositionsPerDecade;
constexpr int kUnlimitedPosition = kFastest + 1;

/// At the usual size of type; it grows with the type.
constexpr int kPlaySize = 44, kPlayIcon = 26, kUsualType = 13;

/// A filled round button, the first thing that the eye finds.
class RoundButton : public QToolButton {
 public:
  using QToolButton::QToolButton;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor fill = palette().color(QPalette::Highlight);
    const double size = std::min(width(), height()) - 4.0;
    const QPointF centre = QRectF(rect()).center();
    painter.setPen(Qt::NoPen);
    painter.setBrush(isDown() ? fill.darker(120) : underMouse() ? fill.lighter(110) : fill);
    painter.drawEllipse(centre, size / 2, size / 2);
    if (hasFocus()) {
      painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
      painter.setBrush(Qt::NoBrush);
      painter.drawEllipse(centre, size / 2 + 1, size / 2 + 1);
    }
    QRect glyph(QPoint(), iconSize());
    glyph.moveCenter(rect().center());
    icon().paint(&painter, glyph);
  }
};

template <typename Button = QToolButton>
Button* button(QWidget* parent) {
  auto* made = new Button(parent);
  made->setAutoRaise(true);
  made->setIconSize({20, 20});
  made->setFocusPolicy(Qt::StrongFocus);
  return made;
}

}  // namespace

TransportBar::TransportBar(QWidget* parent)
    : QWidget(parent),
      words_(&Words::in(Language::English)),
      play_(button<RoundButton>(this)),
      step_back_(button(this)),
      step_forward_(button(this)),
      reset_(button(this)),
      new_seed_(button(this)),
      five_seeds_(button(this)),
      speed_(new QSlider(Qt::Horizontal, this)),
      speed_label_(new QLabel(this)),
      seed_label_(new QLabel(this)),
      seed_(new QLineEdit(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  for (QWidget* part : {reset_, step_back_, play_, step_forward_}) layout->addWidget(part);
  layout->addSpacing(10);
  layout->addWidget(speed_);
  layout->addWidget(speed_label_, 1);
  layout->addWidget(seed_label_);
  layout->addWidget(seed_);
  layout->addWidget(new_seed_);
  layout->addWidget(five_seeds_);

  speed_->setRange(0, kUnlimitedPosition);
  speed_->setFixedWidth(130);
  speed_->setPageStep(kPositionsPerDecade);
  seed_label_->setBuddy(seed_);
  seed_->setMaximumWidth(110);
  seed_->setValidator(new QRegularExpressionValidator(QRegularExpression("[0-9]{1,20}"), this));

  connect(play_, &QToolButton::clicked, this,
          [this] { playing_ ? Q_EMIT pausePressed() : Q_EMIT playPressed(); });
  connect(step_back_, &QToolButton::clicked, this, &TransportBar::stepBackPressed);
  connect(step_forward_, &QToolButton::clicked, this, &TransportBar::stepForwardPressed);
  connect(reset_, &QToolButton::clicked, this, &TransportBar::resetPressed);
  connect(new_seed_, &QToolButton::clicked, this, &TransportBar::newSeedPressed);
  connect(five_seeds_, &QToolButton::clicked, this, &TransportBar::fiveSeedsPressed);
  connect(speed_, &QSlider::valueChanged, this, [this] {
    refreshSpeed();
    Q_EMIT speedChanged(speed());
  });
  connect(seed_, &QLineEdit::editingFinished, this, [this] {
    bool is_seed = false;
    const std::uint64_t typed = seed_->text().toULongLong(&is_seed);
    if (!is_seed) return setSeed(seed_value_);  // nothing, or more than 2^64 - 1
    if (typed == seed_value_) return;
    seed_value_ = typed;
    Q_EMIT seedChanged(typed);
  });
  setSeed(1);
  fitPlay();
  refreshIcons();
}

void TransportBar::fitPlay() {
  const double scale = std::max(1.0, QFontInfo(font()).pixelSize() / double(kUsualType));
  play_->setFixedSize(QSize(kPlaySize, kPlaySize) * scale);
  play_->setIconSize(QSize(kPlayIcon, kPlayIcon) * scale);
}

void TransportBar::name(QWidget* part, const char* key) {
  const QString text = QString::fromStdString((*words_)(key));
  part->setAccessibleName(text);
  part->setToolTip(text);
}

void TransportBar::setWords(const Words& words) {
  words_ = &words;
  name(step_back_, "transport.step_back");
  name(step_forward_, "transport.step_forward");
  name(reset_, "transport.reset");
  name(new_seed_, "transport.new_seed");
  name(speed_, "transport.speed");
  name(seed_, "transport.seed_meaning");
  seed_label_->setText(QString::fromStdString(words("transport.seed")));
  name(play_, playing_ ? "transport.pause" : "transport.play");
  name(five_seeds_, seeds_running_ ? "compare.seeds_stop" : "compare.seeds");
  refreshSpeed();
}

// The panel says both with every frame: icons and names are made anew when something has changed.
void TransportBar::setPlaying(bool playing) {
  if (playing == playing_) return;
  playing_ = playing;
  name(play_, playing ? "transport.pause" : "transport.play");
  refreshIcons();
}

void TransportBar::setSeedsRunning(bool running) {
  if (running == seeds_running_) return;
  seeds_running_ = running;
  name(five_seeds_, running ? "compare.seeds_stop" : "compare.seeds");
  refreshIcons();
}

void TransportBar::setSeed(std::uint64_t seed) {
  seed_value_ = seed;
  seed_->setText(QString::number(seed));
}

void TransportBar::setSeedMatters(bool matters) {
  for (QWidget* part : {static_cast<QWidget*>(seed_label_), static_cast<QWidget*>(seed_),
                        static_cast<QWidget*>(new_seed_), static_cast<QWidget*>(five_seeds_)})
    part->setEnabled(matters);
  seed_->setToolTip(QString::fromStdString(
      (*words_)(matters ? "transport.seed_meaning" : "transport.seed_unused")));
}

void TransportBar::setSpeed(double steps_per_second) {
  const QSignalBlocker blocker(speed_);
  speed_->setValue(std::isfinite(steps_per_second)
                       ? static_cast<int>(std::lround(std::log10(std::max(1.0, steps_per_second)) *
                                                      kPositionsPerDecade))
                       : kUnlimitedPosition);
  refreshSpeed();
}

double TransportBar::speed() const {
  if (speed_->value() >= kUnlimitedPosition) return Runner::kUnlimited;
  const double speed = std::pow(10.0, static_cast<double>(speed_->value()) / kPositionsPerDecade);
  return speed < 10 ? std::round(speed * 10) / 10 : std::round(speed);
}

void TransportBar::setMeasuredSpeed(double steps_per_second) {
  measured_ = steps_per_second;
  refreshSpeed();
}

QWidget* TransportBar::playButton() const { return play_; }

void TransportBar::setCanStepBack(bool can) { step_back_->setEnabled(can); }

void TransportBar::refreshSpeed() {
  const double wanted = speed();
  QString text = QString::fromStdString(
      std::isfinite(wanted) ? (*words_)(Message{"transport.steps_per_second", {{"speed", wanted}}})
                            : (*words_)("transport.unlimited"));
  if (playing_ && measured_ > 0)
    text += QString::fromStdString((*words_)(Message{
        "transport.measured", {{"speed", static_cast<std::int64_t>(std::lround(measured_))}}}));
  speed_label_->setText(text);
}

void TransportBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) refreshIcons();
  if (event->type() == QEvent::FontChange) fitPlay();
  QWidget::changeEvent(event);
}

void TransportBar::refreshIcons() {
  const QColor colour = palette().color(QPalette::WindowText);
  play_->setIcon(
      icon(playing_ ? Symbol::Pause : Symbol::Play, palette().color(QPalette::HighlightedText)));
  step_back_->setIcon(icon(Symbol::StepBack, colour));
  step_forward_->setIcon(icon(Symbol::StepForward, colour));
  reset_->setIcon(icon(Symbol::Reset, colour));
  new_seed_->setIcon(icon(Symbol::NewSeed, colour));
  five_seeds_->setIcon(icon(seeds_running_ ? Symbol::Pause : Symbol::FiveSeeds, colour));
}

}  // namespace viva
