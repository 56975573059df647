// SPDX-License-Identifier: GPL-3.0-or-later
// Runs Python and reads what it prints.
#pragma once

#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QtGlobal>
#include <vector>

#if __has_include(<torch/version.h>)
#include <torch/version.h>
#endif

namespace viva::tests {

// PyTorch 2.6 of Debian 13 has wrong gradients of convolutions by oneDNN, which is left out
// (lessons/nn/sound_convolutions.h).
#if defined(TORCH_VERSION_MAJOR) && TORCH_VERSION_MAJOR >= 2
inline constexpr bool kLeavesOneDnnOut = true;
#else
inline constexpr bool kLeavesOneDnnOut = false;
#endif

struct Printed {
  QList<QByteArray> lines;  ///< none when the program failed, and then the test has
  QByteArray errors;
};

/// A program of resources/lessons.
inline QString lessonProgram(const QString& name) {
  return QString(VIVA_SOURCE_DIR "/resources/lessons/") + name;
}

/// What runs the same program or command without oneDNN.
inline QStringList withoutOneDnn(QStringList arguments) {
  if (!kLeavesOneDnnOut) return arguments;
  const QString begin = "import os, runpy, sys, torch\ntorch.backends.mkldnn.set_flags(False)\n";
  if (arguments.front() == "-c") {
    arguments[1].prepend(begin);
    return arguments;
  }
  return QStringList{"-c", begin +
                               "sys.argv = sys.argv[1:]\n"
                               "sys.path[0] = os.path.dirname(sys.argv[0])\n"
                               "runpy.run_path(sys.argv[0], run_name='__main__')"} +
         arguments;
}

/// Of the Python that Debian's python3-torch belongs to.
inline Printed runPython(const QStringList& arguments) {
  QProcess python;
  python.start("/usr/bin/python3", withoutOneDnn(arguments));
  const bool ended = python.waitForFinished(240000);
  Printed printed{{}, python.readAllStandardError()};
  if (ended && python.exitCode() == 0)
    printed.lines = python.readAllStandardOutput().trimmed().split('\n');
  else
    qWarning("%s", printed.errors.constData());
  return printed;
}

/// A row of numbers a line.
inline std::vector<std::vector<double>> numbersIn(const QList<QByteArray>& lines) {
  std::vector<std::vector<double>> rows;
  for (const QByteArray& line : lines) {
    rows.emplace_back();
    for (const QByteArray& cell : line.split(',')) rows.back().push_back(cell.toDouble());
  }
  return rows;
}

}  // namespace viva::tests
