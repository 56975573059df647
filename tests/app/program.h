// SPDX-License-Identifier: GPL-3.0-or-later
// The built viva, run as a user would, with the fake lessons.
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <memory>

namespace viva {

struct Outcome {
  int status = -1;
  QByteArray output, errors;
  /// One line on standard error, as every refusal is.
  bool isOneLine() const { return errors.count('\n') == 1 && errors.endsWith('\n'); }
  /// The columns of records.csv on standard output or in a file, header first.
  static QList<QList<QByteArray>> rows(const QByteArray& csv);
};

class Program {
 public:
  Program();
  /// Of further runs.
  void set(const QString& name, const QString& value) { environment_.insert(name, value); }
  void unset(const QString& name) { environment_.remove(name); }

  Outcome run(const QStringList& arguments) const;
  /// With a terminal as its standard error, which `errors` are what is written to.
  Outcome onTerminal(const QStringList& arguments) const;
  /// `"$VIVA"` stands for the program; for redirections and limits.
  Outcome shell(const QString& script) const;
  std::unique_ptr<QProcess> start(const QStringList& arguments) const;
  static Outcome finish(QProcess& process);

 private:
  QProcessEnvironment environment_;
};

QByteArray contentOf(const QString& path);
QJsonObject jsonOf(const QString& path);
/// Names in a folder, hidden ones too.
QStringList filesIn(const QString& folder);

}  // namespace viva
