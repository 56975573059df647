// SPDX-License-Identifier: GPL-3.0-or-later
// A laptop of 1280x800 with a projector to its right.
#pragma once

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

namespace viva {

/// The `main` of a test that has both, and settings of its own. The platform reads the screens from
/// a file before there is an application.
template <class Test>
int runWithProjector(QSize projector, int argc, char** argv) {
  const QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
  QFile screens(home.filePath("screens.json"));
  if (!screens.open(QIODevice::WriteOnly)) return 1;
  screens.write(
      QByteArray(
          R"({"synchronousWindowSystemEvents": true, "windowFrameMargins": false, "screens": [
    {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 800,
     "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
    {"name": "projector", "x": 1280, "y": 0, "width": WIDTH, "height": HEIGHT,
     "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})")
          .replace("WIDTH", QByteArray::number(projector.width()))
          .replace("HEIGHT", QByteArray::number(projector.height())));
  screens.close();
  qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screens.fileName().toLocal8Bit());
  QApplication application(argc, argv);
  Test test;
  return QTest::qExec(&test, argc, argv);
}

}  // namespace viva
