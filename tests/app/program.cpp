// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/program.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <QDir>
#include <QFile>

namespace viva {
namespace {
const QString kProgram = VIVA_BINARY_DIR "/viva";
constexpr int kPatience = 60000;  // milliseconds
}  // namespace

QList<QList<QByteArray>> Outcome::rows(const QByteArray& csv) {
  QList<QList<QByteArray>> rows;
  for (const QByteArray& line : csv.split('\n'))
    if (!line.isEmpty()) rows.append(line.split(','));
  return rows;
}

Program::Program() : environment_(QProcessEnvironment::systemEnvironment()) {
  for (const char* name : {"LC_MESSAGES", "LANG", "LANGUAGE", "DISPLAY", "WAYLAND_DISPLAY",
                           "QT_QPA_PLATFORM", "VIVA_FAKE_SHIFT", "VIVA_FAKE_STARTED"})
    environment_.remove(name);
  environment_.insert("LC_ALL", "C.UTF-8");
  environment_.insert("VIVA_LESSONS_LIBRARY", VIVA_FAKE_LESSONS);
}

std::unique_ptr<QProcess> Program::start(const QStringList& arguments) const {
  auto process = std::make_unique<QProcess>();
  process->setProcessEnvironment(environment_);
  process->setWorkingDirectory(QDir::tempPath());
  process->start(kProgram, arguments);
  process->waitForStarted(kPatience);
  return process;
}

Outcome Program::finish(QProcess& process) {
  Outcome outcome;
  const bool ended = process.waitForFinished(kPatience);
  outcome.output = process.readAllStandardOutput();
  outcome.errors = process.readAllStandardError();
  if (!ended)
    process.kill();
  else
    outcome.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
  process.waitForFinished(kPatience);
  return outcome;
}

Outcome Program::run(const QStringList& arguments) const {
  const auto process = start(arguments);
  process->closeWriteChannel();
  return finish(*process);
}

Outcome Program::onTerminal(const QStringList& arguments) const {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  Outcome outcome;
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) {
    outcome.errors = "there is no terminal here";
    return outcome;
  }
  QProcess process;
  process.setProcessEnvironment(environment_);
  process.setWorkingDirectory(QDir::tempPath());
  process.setStandardErrorFile(QString::fromLocal8Bit(::ptsname(terminal)), QIODevice::Append);
  process.start(kProgram, arguments);
  process.waitForStarted(kPatience);
  process.closeWriteChannel();
  QByteArray shown;
  char buffer[4096];
  // It ends with an error when the last who holds the other end has gone.
  for (ssize_t count; (count = ::read(terminal, buffer, sizeof buffer)) > 0;)
    shown.append(buffer, static_cast<qsizetype>(count));
  outcome = finish(process);
  outcome.errors = shown;
  ::close(terminal);
  return outcome;
}

Outcome Program::shell(const QString& script) const {
  QProcess process;
  QProcessEnvironment environment = environment_;
  environment.insert("VIVA", kProgram);
  process.setProcessEnvironment(environment);
  process.setWorkingDirectory(QDir::tempPath());
  process.start("/bin/sh", {"-c", script});
  return finish(process);
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject jsonOf(const QString& path) {
  return QJsonDocument::fromJson(contentOf(path)).object();
}

QStringList filesIn(const QString& folder) {
  return QDir(folder).entryList(
      QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot | QDir::System, QDir::Name);
}

}  // namespace viva
