// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/sweep_process.h"

#include <unistd.h>

#include <QDir>
#include <algorithm>

#include "app/commands/sweep_request.h"

namespace viva {
namespace {

/// Files come faster than a map needs to be drawn.
constexpr int kBetweenLooks = 150;  // milliseconds
constexpr int kPatience = 2000;     // milliseconds that a process which shall end is given
constexpr int kPartsOfTheTime = 20;

}  // namespace

int pauseAfterLook(qint64 took) {
  return static_cast<int>(std::clamp<qint64>(took * kPartsOfTheTime, kBetweenLooks, 10000));
}

SweepProcess::SweepProcess(const QString& program, const SweepRequest& request, const Sweep& sweep,
                           const Catalog& catalog, QObject* parent)
    : QObject(parent),
      sweep_(sweep),
      catalog_(catalog),
      folder_(std::filesystem::path(request.run.output.folder)),
      results_{readMetric(request.metric), request.goal, {}, {}, {}} {
  sumUp(results_, sweep_);
  QStringList arguments;
  for (const std::string& argument : argumentsOf(request))
    arguments << QString::fromStdString(argument);
  const QString folder = QString::fromStdString(request.run.output.folder);
  arguments << "--out" << folder << "--export"
            << "csv,png,svg,pdf"
            << "--quiet";
  if (request.jobs) arguments << "--jobs" << QString::number(*request.jobs);
  process_->setProgram(program);
  process_->setArguments(arguments);
  process_->setStandardOutputFile(QProcess::nullDevice());
  // The window and what plays in it come first.
  process_->setChildProcessModifier([] { [[maybe_unused]] const int now = ::nice(5); });
  QDir().mkpath(folder + "/points");
  watcher_.addPath(folder + "/points");
  soon_.setSingleShot(true);
  soon_.setInterval(kBetweenLooks);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, &soon_, [this] {
    if (!soon_.isActive()) soon_.start();
  });
  connect(&soon_, &QTimer::timeout, this, &SweepProcess::look);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) Q_EMIT ended(process_->errorString());
  });
  connect(process_, &QProcess::finished, this, [this](int status) {
    look();
    const QString said = QString::fromUtf8(process_->readAllStandardError()).trimmed();
    Q_EMIT ended(status == 0 || stopped_ ? QString() : said);
  });
}

SweepProcess::~SweepProcess() {
  disconnect(process_, nullptr, this, nullptr);
  if (!isRunning()) {
    process_->deleteLater();
    return;
  }
  // It ends by itself, after the present step of its points, and nobody waits for that.
  connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
  QTimer::singleShot(kPatience, process_, &QProcess::kill);
  process_->terminate();
}

void SweepProcess::start() {
  // Points of an earlier time are part of the map at once.
  look();
  kept_ = seen_.size();
  since_.start();
  process_->start();
}

void SweepProcess::stop() {
  stopped_ = true;
  process_->terminate();
}

void SweepProcess::look() {
  QElapsedTimer took;
  took.start();
  bool grown = false;
  for (const std::size_t point : folder_.pointsThere()) {
    if (point >= sweep_.points() || seen_.count(point)) continue;
    const auto result = folder_.result(point, catalog_);
    if (!result) continue;
    seen_.insert(point);
    results_.rows.push_back(rowOf(point, *result, results_.metric));
    grown = true;
  }
  if (!grown) return;
  std::sort(results_.rows.begin(), results_.rows.end(),
            [](const SweepRow& a, const SweepRow& b) { return a.point < b.point; });
  sumUp(results_, sweep_);
  Q_EMIT this->grown();
  soon_.setInterval(pauseAfterLook(took.elapsed()));
}

std::optional<double> SweepProcess::secondsLeft() const {
  const std::size_t done = seen_.size() - kept_;
  if (done == 0 || !isRunning()) return std::nullopt;
  return since_.elapsed() / 1000.0 * static_cast<double>(sweep_.points() - seen_.size()) /
         static_cast<double>(done);
}

}  // namespace viva
