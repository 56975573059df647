// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/sweep_process.h"

#include <unistd.h>

#include <QDir>

#include "app/commands/sweep_request.h"

namespace viva {
namespace {

/// Files come faster than a map needs to be drawn.
constexpr int kBetweenLooks = 150;  // milliseconds

}  // namespace

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
  process_.setProgram(program);
  process_.setArguments(arguments);
  process_.setStandardOutputFile(QProcess::nullDevice());
  // The window and what plays in it come first.
  process_.setChildProcessModifier([] { [[maybe_unused]] const int now = ::nice(5); });
  QDir().mkpath(folder + "/points");
  watcher_.addPath(folder + "/points");
  soon_.setSingleShot(true);
  soon_.setInterval(kBetweenLooks);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, &soon_, [this] {
    if (!soon_.isActive()) soon_.start();
  });
  connect(&soon_, &QTimer::timeout, this, &SweepProcess::look);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) Q_EMIT ended(process_.errorString());
  });
  connect(&process_, &QProcess::finished, this, [this](int status) {
    look();
    const QString said = QString::fromUtf8(process_.readAllStandardError()).trimmed();
    Q_EMIT ended(status == 0 || stopped_ ? QString() : said);
  });
}

SweepProcess::~SweepProcess() {
  disconnect(&process_, nullptr, this, nullptr);
  if (!isRunning()) return;
  process_.terminate();
  // A point stops after its present step; a step takes milliseconds.
  if (!process_.waitForFinished(2000)) process_.kill();
  process_.waitForFinished(1000);
}

void SweepProcess::start() {
  // Points of an earlier time are part of the map at once.
  look();
  kept_ = seen_.size();
  since_.start();
  process_.start();
}

void SweepProcess::stop() {
  stopped_ = true;
  process_.terminate();
}

void SweepProcess::look() {
  const QStringList names = QDir(QString::fromStdString(folder_.path().string()) + "/points")
                                .entryList({"?????.viva"}, QDir::Files, QDir::Name);
  bool grown = false;
  for (const QString& name : names) {
    const auto point = static_cast<std::size_t>(name.left(5).toULongLong());
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
}

std::optional<double> SweepProcess::secondsLeft() const {
  const std::size_t done = seen_.size() - kept_;
  if (done == 0 || !isRunning()) return std::nullopt;
  return since_.elapsed() / 1000.0 * static_cast<double>(sweep_.points() - seen_.size()) /
         static_cast<double>(done);
}

}  // namespace viva
