// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_pictures.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QImageReader>
#include <QStandardPaths>
#include <algorithm>
#include <utility>

#include "app/export/whole_file.h"
#include "app/window/background.h"
#include "lessons/core/error.h"
#include "lessons/core/run_file.h"
#include "widgets/study/lesson_card.h"
#include "widgets/views/picture.h"

namespace viva {
namespace {

/// Of a card that is about as wide as this, in device-independent pixels.
constexpr double kWidth = 420;
constexpr double kSharpness = 2;
constexpr int kLongest = 15000;  // milliseconds
constexpr int kLookEvery = 250;  // milliseconds

const Appearance kLooks[] = {{false, Language::English, 1},
                             {true, Language::English, 1},
                             {false, Language::Chinese, 1},
                             {true, Language::Chinese, 1}};

QString lookOf(const Appearance& appearance) {
  return QString(appearance.dark ? "dark-" : "light-") +
         QString::fromUtf8(codeOf(appearance.language).data());
}

/// Whatever may draw another picture: version and compiler, and this very program.
QString build() {
  static const QString name = [] {
    const QFileInfo program(QCoreApplication::applicationFilePath());
    const QString all = QString::fromStdString(buildName()) + '\n' +
                        QString::number(program.lastModified().toMSecsSinceEpoch());
    return QString::fromLatin1(
        QCryptographicHash::hash(all.toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
  }();
  return name;
}

}  // namespace

const ViewSpec& heroOf(const ExperimentSpec& spec) {
  if (!spec.presets.empty() && !spec.presets.front().views.empty())
    for (const ViewSpec& view : spec.views)
      if (view.id == spec.presets.front().views.front()) return view;
  const auto shown = std::find_if(spec.views.begin(), spec.views.end(), [](const ViewSpec& view) {
    return view.kind != ViewKind::Verdict && view.room == Room::Large;
  });
  return shown == spec.views.end() ? spec.views.front() : *shown;
}

std::function<QImage()> lessonPicture(const ExperimentSpec& spec, const ViewSpec& view,
                                      const Parameters& parameters, const Records& records,
                                      const std::shared_ptr<const Frame>& frame,
                                      const Appearance& appearance) {
  const std::unique_ptr<View> drawn = makeView(view, spec.id, appearance);
  const auto styles = StyleTable::of(spec, parameters);
  if (frame) styles->learn(*frame);
  drawn->setStyles(styles);
  drawn->setParameters(parameters);
  drawn->setRecords(records);
  drawn->setFrame(frame);
  PictureSettings settings;
  settings.size = {kWidth, kWidth * LessonCard::kPictureShape};
  settings.scale = kSharpness;
  settings.appearance = appearance;
  settings.title = settings.legend = false;
  return imageInTwoParts(*drawn, settings);
}

LessonPictures::LessonPictures(const QString& folder, QObject* parent)
    : QObject(parent), folder_(folder), longest_(kLongest) {
  look_.setInterval(kLookEvery);
  connect(&look_, &QTimer::timeout, this, &LessonPictures::watch);
}

LessonPictures::~LessonPictures() = default;

QString LessonPictures::folderOfTheUser() {
  const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
  return cache.isEmpty() ? QString() : QDir(cache).filePath("viva/pictures");
}

QString LessonPictures::pathOf(const QString& lesson, const Appearance& appearance) const {
  return QDir(folder_).filePath(build() + "-" + lesson + "-" + lookOf(appearance) + ".png");
}

void LessonPictures::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  lookIn();
}

void LessonPictures::lookIn() {
  if (folder_.isEmpty()) return;
  for (const Subject& subject : subjects_) {
    const QImage picture(pathOf(subject.lesson, appearance_));
    if (!picture.isNull()) Q_EMIT made(subject.lesson, picture);
  }
}

void LessonPictures::begin(std::vector<Subject> subjects, Runtime& runtime, PhaseCache* phases) {
  if (begun_) return;
  begun_ = true;
  runtime_ = &runtime;
  phases_ = phases;
  subjects_ = std::move(subjects);
  lookIn();
  for (const Subject& subject : subjects_) {
    const bool whole = std::all_of(std::begin(kLooks), std::end(kLooks), [&](const auto& look) {
      return !folder_.isEmpty() && QImageReader(pathOf(subject.lesson, look)).canRead();
    });
    if (!whole) waiting_.push_back(subject);
  }
  look_.start();
  watch();
}

void LessonPictures::next() {
  if (waiting_.empty()) {
    look_.stop();
    Q_EMIT done();
    return;
  }
  present_ = waiting_.front();
  waiting_.pop_front();
  const ExperimentSpec& spec = *present_->experiment;
  const std::string preset = spec.presets.empty() ? "" : spec.presets.front().name;
  RunSettings settings{spec.parametersOf(preset)};
  settings.preset = preset;
  settings.steps = spec.presets.empty() ? 0 : spec.presets.front().steps;
  if (settings.steps == 0) settings.steps = spec.default_steps;
  settings.phases = phases_;
  parameters_ = settings.parameters;
  taking_ = held_ = false;
  elapsed_.invalidate();
  runner_ = std::make_unique<Runner>();
  runner_->setWatched(false);
  runner_->setSpeed(Runner::kUnlimited);
  runner_->start(spec, std::move(settings), *runtime_);
  runner_->play();
}

/// Asks how far the run is, and holds it while somebody else computes.
void LessonPictures::watch() {
  if (taking_) return;
  if (!may_compute_()) {
    if (runner_ && !held_) runner_->pause();
    held_ = runner_ != nullptr;
    elapsed_.invalidate();
    if (runner_) runner_->wantState();
    return;
  }
  if (!present_) return next();
  const RunState& state = runner_->state();
  const bool is_here = state.generation == runner_->newestGeneration();
  if (is_here && state.status != RunStatus::Running) return take();
  if (is_here && !state.preparing && state.records.rows() > 0) {
    if (!elapsed_.isValid()) elapsed_.start();
    if (elapsed_.hasExpired(longest_)) return take();
  }
  // One that is at its end would go on with as many steps again; its state has come meanwhile.
  if (std::exchange(held_, false)) runner_->play();
  runner_->wantState();
}

void LessonPictures::take() {
  taking_ = true;
  runner_->pause();
  auto frame = std::make_shared<std::shared_ptr<const Frame>>();
  auto records = std::make_shared<Records>();
  runner_->inspect(
      [frame, records](Run& run) {
        *frame = run.frame();
        *records = run.records();
      },
      [this, frame, records](const std::optional<Message>& problem) {
        // An experiment that cannot be run here has no picture.
        draw(problem ? nullptr : *frame, records);
      });
}

void LessonPictures::draw(std::shared_ptr<const Frame> frame,
                          std::shared_ptr<const Records> records) {
  auto look = std::make_shared<std::size_t>(frame ? 0 : std::size(kLooks));
  bitByBit(
      this,
      [this, look, frame, records] {
        if (*look == std::size(kLooks)) return false;
        const Appearance appearance = kLooks[(*look)++];
        const ExperimentSpec& spec = *present_->experiment;
        keep(present_->lesson, appearance,
             lessonPicture(spec, heroOf(spec), *parameters_, *records, frame, appearance)());
        return true;
      },
      [this](const std::optional<Message>&) {
        // The runner is not deleted in what it has called.
        runner_.release()->deleteLater();
        present_.reset();
        next();
      });
}

void LessonPictures::keep(const QString& lesson, const Appearance& appearance,
                          const QImage& picture) {
  if (appearance.dark == appearance_.dark && appearance.language == appearance_.language)
    Q_EMIT made(lesson, picture);
  if (folder_.isEmpty() || !QDir().mkpath(folder_)) return;
  // Those of other builds go; a folder that cannot be written has none.
  for (const QString& name : QDir(folder_).entryList({"*.png"}, QDir::Files))
    if (!name.startsWith(build())) QFile::remove(QDir(folder_).filePath(name));
  QBuffer png;
  png.open(QIODevice::WriteOnly);
  picture.save(&png, "PNG");
  try {
    writeWhole(pathOf(lesson, appearance).toStdString(), png.data().toStdString());
  } catch (const FileError&) {
    // It is drawn again at the next start.
  }
}

}  // namespace viva
