// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep that `viva sweep` computes in processes of its own while the window shows what is done.
#pragma once

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QProcess>
#include <QTimer>
#include <set>

#include "app/commands/requests.h"

namespace viva {

/// Milliseconds until the next look at a folder, when one look and what it showed took so long: a
/// twentieth of the time at most goes into it, however many points there are.
int pauseAfterLook(qint64 took);

class SweepProcess : public QObject {
  Q_OBJECT

 public:
  /// `program` is viva. The folder of `request` is made.
  SweepProcess(const QString& program, const SweepRequest& request, const Sweep& sweep,
               const Catalog& catalog, QObject* parent);
  /// Stops it, and does not wait until it has ended; what is done stays.
  ~SweepProcess() override;

  void start();
  void stop();
  bool isRunning() const { return process_->state() != QProcess::NotRunning; }
  /// Of the points that are there, newly computed or kept from before.
  const SweepResults& results() const { return results_; }
  const SweepFolder& folder() const { return folder_; }
  /// Seconds until the rest is done, if it goes on as until now; unset when that cannot be told.
  std::optional<double> secondsLeft() const;

 Q_SIGNALS:
  /// Further points are there.
  void grown();
  /// The process has ended; `problem` is what it said when it could not compute all points.
  void ended(const QString& problem);

 private:
  void look();

  const Sweep& sweep_;
  const Catalog& catalog_;
  SweepFolder folder_;
  SweepResults results_;
  std::set<std::size_t> seen_;
  std::size_t kept_ = 0;  ///< of an earlier time
  bool stopped_ = false;
  QProcess* process_ = new QProcess;  ///< may outlive this while it ends
  QFileSystemWatcher watcher_;
  QTimer soon_;
  QElapsedTimer since_;
};

}  // namespace viva
