// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/animation_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>

#include "app/export/animation_encoder.h"
#include "app/export/caption.h"
#include "app/export/whole_file.h"
#include "app/window/background.h"
#include "app/window/file_to_write.h"
#include "app/window/view_copies.h"
#include "app/window/written_line.h"
#include "lessons/core/error.h"
#include "widgets/panel/experiment_panel.h"
#include "widgets/views/picture.h"

namespace viva {
namespace {

constexpr int kUsualFrames = 100;
constexpr QSize kSizes[] = {{960, 600}, {640, 400}, {1280, 720}, {1920, 1080}};

}  // namespace

/// One animation in the making.
struct AnimationDialog::Work {
  struct Moment {
    std::int64_t step;
    std::shared_ptr<const Frame> frame;
  };
  QString path;
  std::vector<Moment> moments;
  Records records;
  ViewCopies copies;
  /// Goes to the thread that encodes; the copies, which are widgets, must not.
  std::shared_ptr<AnimationEncoder> encoder;
  /// Whoever sets it first has its way: the thread that encodes, and the file gets its name, or the
  /// user who gives up.
  std::shared_ptr<std::atomic<bool>> is_decided = std::make_shared<std::atomic<bool>>(false);
  std::function<Caption(std::int64_t step)> caption;
  PictureSettings settings;
  std::size_t done = 0;
  std::optional<PictureInParts> picture;  ///< of the present moment

  void begin() {
    settings.caption = caption(moments[done].step);
    picture.emplace(QString(), QStringLiteral("png"), settings);
  }
  void draw(std::size_t number) {
    View& view = *copies.views[number];
    view.setFrame(moments[done].frame);
    view.setRecords(records.first(moments[done].step + 1));
    picture->draw(copies.placed[number]);
  }
};

AnimationDialog::AnimationDialog(ExperimentPanel& panel, const Appearance& appearance,
                                 QWidget* parent)
    : QDialog(parent),
      panel_(panel),
      appearance_(appearance),
      format_(new QComboBox),
      view_(new QComboBox),
      size_(new QComboBox),
      every_(new QSpinBox),
      frames_per_second_(new QSpinBox),
      length_(new QDoubleSpinBox),
      loop_(new QCheckBox),
      facts_(new QLabel),
      said_(new WrittenLine(appearance.language)),
      progress_(new QProgressBar) {
  build();
  changed();
}
AnimationDialog::~AnimationDialog() = default;

QString AnimationDialog::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void AnimationDialog::build() {
  setWindowTitle(text({"animation.title", {}}));
  format_->addItem("WebP", "webp");
  if (hasFfmpeg()) {
    format_->addItem("GIF", "gif");
    format_->addItem("MP4", "mp4");
  } else {
    format_->setToolTip(text({"command.error.no_ffmpeg", {{"format", std::string("gif, mp4")}}}));
  }
  view_->addItem(text({"animation.panel", {}}), QString());
  for (const ViewFrame* frame : panel_.frames())
    view_->addItem(frame->view().title(), QString::fromStdString(frame->view().spec().id));
  for (const QSize& size : kSizes)
    size_->addItem(QStringLiteral("%1 × %2").arg(size.width()).arg(size.height()), size);
  const std::int64_t steps = panel_.runner().state().step;
  every_->setRange(1, static_cast<int>(std::clamp<std::int64_t>(steps, 1, 1'000'000'000)));
  every_->setValue(static_cast<int>(std::max<std::int64_t>(1, steps / kUsualFrames)));
  frames_per_second_->setRange(1, 60);
  frames_per_second_->setValue(20);
  length_->setRange(0.1, 36000);
  length_->setDecimals(1);
  length_->setSuffix(" s");
  length_->setKeyboardTracking(false);  // what is typed is rounded when it is whole
  loop_->setText(text({"animation.loop", {}}));
  loop_->setToolTip(text({"animation.loop_meaning", {}}));
  loop_->setChecked(true);
  progress_->setAccessibleName(text({"animation.title", {}}));
  progress_->setValue(0);

  auto* form = new QFormLayout;
  form->addRow(text({"figure.format", {}}), format_);
  form->addRow(text({"animation.view", {}}), view_);
  form->addRow(text({"figure.size", {}}), size_);
  form->addRow(text({"animation.every", {}}), every_);
  form->addRow(text({"animation.fps", {}}), frames_per_second_);
  form->addRow(text({"animation.length", {}}), length_);
  form->addRow(loop_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  close_ = buttons->button(QDialogButtonBox::Close);
  save_ = buttons->addButton(text({"figure.save", {}}), QDialogButtonBox::AcceptRole);
  connect(save_, &QPushButton::clicked, this, &AnimationDialog::save);
  connect(buttons, &QDialogButtonBox::rejected, this, &AnimationDialog::reject);
  for (QSpinBox* box : {every_, frames_per_second_})
    connect(box, &QSpinBox::valueChanged, this, &AnimationDialog::changed);
  connect(length_, &QDoubleSpinBox::valueChanged, this, &AnimationDialog::changeLength);
  connect(format_, &QComboBox::currentIndexChanged, this,
          [this] { loop_->setEnabled(format() != "mp4"); });
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(form);
  layout->addWidget(facts_);
  layout->addWidget(progress_);
  layout->addWidget(said_);
  layout->addWidget(buttons);
}

QString AnimationDialog::format() const { return format_->currentData().toString(); }

void AnimationDialog::chooseView(const QString& id) {
  view_->setCurrentIndex(std::max(0, view_->findData(id)));
}

std::int64_t AnimationDialog::frameCount() const {
  const std::int64_t steps = panel_.runner().state().step;
  return (steps + every_->value() - 1) / every_->value() + 1;
}

void AnimationDialog::changed() {
  const QSignalBlocker quiet(length_);
  length_->setValue(static_cast<double>(frameCount()) / frames_per_second_->value());
  facts_->setText(text({"animation.facts",
                        {{"frames", frameCount()},
                         {"speed", std::int64_t{every_->value()} * frames_per_second_->value()}}}));
}

void AnimationDialog::changeLength() {
  const auto steps = static_cast<double>(panel_.runner().state().step);
  const double frames = std::max(1.0, length_->value() * frames_per_second_->value() - 1);
  every_->setValue(static_cast<int>(std::max(1.0, std::round(steps / frames))));
  changed();
}

void AnimationDialog::save() {
  const QString name = QString::fromStdString(panel_.spec().id) + "." + format();
  const QString path = fileToWrite(this, windowTitle(), name,
                                   QStringLiteral("%1 (*.%2)").arg(format().toUpper(), format()));
  if (!path.isEmpty()) start(path);
}

void AnimationDialog::start(const QString& path) {
  auto work = std::make_shared<Work>();
  work->path = path;
  const RunState& state = panel_.runner().state();
  work->records = state.records;
  // All frames are taken now: the run goes on, and older ones are thinned.
  for (std::int64_t step = 0;; step = std::min(step + every_->value(), state.step)) {
    auto frame = step == state.step ? state.frame : panel_.runner().frameAt(step);
    if (frame) work->moments.push_back({step, std::move(frame)});
    if (step == state.step) break;
  }
  if (work->moments.empty()) return stop(text({"animation.nothing", {}}), path, false);

  const QString id = view_->currentData().toString();
  work->caption = [&spec = panel_.spec(), preset = panel_.preset(),
                   parameters = panel_.parameters(), seed = panel_.seed(),
                   language = appearance_.language](std::int64_t step) {
    return captionOf(spec, preset, parameters, seed, step, language);
  };
  work->settings.size = size_->currentData().toSize();
  work->settings.appearance = appearance_;
  work->settings.caption = work->caption(0);
  const QSizeF size = roomForViews(work->settings);
  if (id.isEmpty()) work->copies = copyOf(panel_, appearance_, size);
  for (const ViewFrame* frame : panel_.frames())
    if (QString::fromStdString(frame->view().spec().id) == id)
      work->copies = copyOf(frame->view(), appearance_, size);
  if (work->copies.views.empty()) return stop(text({"figure.panel_hidden", {}}), path, false);
  for (const auto& view : work->copies.views) view->setCursor(std::nullopt);
  const Export wanted = format() == "webp"  ? Export::Webp
                        : format() == "gif" ? Export::Gif
                                            : Export::Mp4;
  work->encoder = animationEncoder(wanted, {frames_per_second_->value(), loop_->isChecked()});

  work_ = work;
  save_->setEnabled(false);
  close_->setText(text({"animation.cancel", {}}));
  said_->say({});
  progress_->setRange(0, static_cast<int>(work->moments.size()));
  progress_->setValue(0);
  next(work);
}

/// A frame is drawn here and encoded beside; then comes the next one, so that the window stays
/// awake.
void AnimationDialog::next(const std::shared_ptr<Work>& work) {
  if (work != work_) return;  // given up
  if (work->done == work->moments.size()) return finish(work);
  work->begin();
  draw(work, 0);
}

/// One view a turn of the event loop: a whole panel at once would hold the window up.
void AnimationDialog::draw(const std::shared_ptr<Work>& work, std::size_t view) {
  if (work != work_) return;
  if (view < work->copies.views.size()) {
    work->draw(view);
    QTimer::singleShot(0, this, [this, work, view] { draw(work, view + 1); });
    return;
  }
  inBackground(
      this,
      [encoder = work->encoder, picture = *work->picture] {
        const QImage image = picture.image();
        encoder->add(image.constBits(), image.width(), image.height(),
                     static_cast<int>(image.bytesPerLine()));
      },
      [this, work](const std::optional<Message>& problem) {
        if (work != work_) return;
        if (problem) return stop(text(*problem), work->path, false);
        progress_->setValue(static_cast<int>(++work->done));
        next(work);
      });
}

void AnimationDialog::finish(const std::shared_ptr<Work>& work) {
  inBackground(
      this,
      [path = work->path.toStdString(), encoder = work->encoder,
       is_decided = work->is_decided] {
        writeWhole(path, [&](FileWriter& file) {
          encoder->write(file);
          if (is_decided->exchange(true)) throw RequestError({"animation.cancelled", {}});
        });
      },
      [this, work](const std::optional<Message>& problem) {
        if (work != work_) return;
        if (problem) return stop(text(*problem), work->path, false);
        stop(text({"panel.exported", {{"path", work->path.toStdString()}}}), work->path, true);
      });
}

void AnimationDialog::stop(const QString& sentence, const QString& path, bool whole) {
  work_.reset();
  said_->say(sentence, whole ? path : QString());
  save_->setEnabled(true);
  close_->setText(text({"animation.close", {}}));
  Q_EMIT ended(path, whole);
}

void AnimationDialog::reject() {
  if (!work_) return QDialog::reject();
  if (work_->is_decided->exchange(true)) return;  // written: `finish` says so in a moment
  const QString path = work_->path;
  progress_->setValue(0);
  stop(text({"animation.cancelled", {}}), path, false);
}

}  // namespace viva
