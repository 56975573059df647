// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a user might bring.
#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <string>

namespace viva::tests {

/// The files that a user brings; gone with this.
class OwnFolder {
 public:
  QString pathOf(const char* name) const { return folder_.filePath(name); }
  QString path() const { return folder_.path(); }
  std::string written(const QByteArray& content, const char* name = "own.txt") const {
    QFile file(pathOf(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
      qFatal("cannot write the test's file");
    return file.fileName().toStdString();
  }

 private:
  QTemporaryDir folder_;
};

class OwnTable {
 public:
  explicit OwnTable(const QByteArray& content) : path_(folder_.written(content, "own.csv")) {}
  const std::string& path() const { return path_; }

 private:
  OwnFolder folder_;
  std::string path_;
};

/// Two half circles of 100 points each, 0.02 wide, `north` metres up; sorted by class.
inline QByteArray moonsOfMetres(double north) {
  QByteArray rows = "east,north,label\n";
  for (int i = 0; i < 200; ++i) {
    const double angle = M_PI * (i % 100) / 99, wobble = 0.02 * std::sin(7.0 * i);
    const double x = i < 100 ? std::cos(angle) : 1 - std::cos(angle);
    const double y = (i < 100 ? std::sin(angle) : 0.5 - std::sin(angle)) + wobble;
    rows += QByteArray::number(x, 'f', 4) + "," + QByteArray::number(north + y, 'f', 4) +
            (i < 100 ? ",upper\n" : ",lower\n");
  }
  return rows;
}

/// Two classes of 100 points, and one of `count` further ones beside them.
inline QByteArray withARareClass(int count) {
  QByteArray rows = "x,y,kind\n";
  for (int i = 0; i < 200; ++i)
    rows += QByteArray::number(i % 2 * 3 + 0.1 * (i % 7)) + "," +
            QByteArray::number(0.1 * (i % 11)) + (i % 2 == 1 ? ",right\n" : ",left\n");
  for (int i = 0; i < count; ++i) rows += "1.5," + QByteArray::number(3 + 0.1 * i) + ",rare\n";
  return rows;
}

}  // namespace viva::tests
