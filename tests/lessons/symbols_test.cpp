// SPDX-License-Identifier: GPL-3.0-or-later
// The libraries of the lessons share one namespace: of two functions with one name and the same
// parameters one would be called by both, silently. The same for two types, and for two parameters'
// handles: both experiments would read the one that was made first.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

class SymbolsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void noTwoLibrariesDefineTheSameFunction() {
    const QDir folder(VIVA_BINARY_DIR);
    const auto libraries = folder.entryList({"libviva_*.so"}, QDir::Files);
    QVERIFY(libraries.size() > 8);
    QHash<QByteArray, QString> owner;
    for (const QString& library : libraries) {
      QProcess nm;
      nm.start("nm", {"--dynamic", "--defined-only", folder.filePath(library)});
      QVERIFY(nm.waitForFinished());
      QCOMPARE(nm.exitCode(), 0);
      for (const QByteArray& line : nm.readAllStandardOutput().split('\n')) {
        const auto parts = line.split(' ');
        // T: code; weak symbols (inline functions, templates) are in several by right.
        if (parts.size() != 3 || parts[1] != "T" || parts[2] == "_init") continue;
        QVERIFY2(!owner.contains(parts[2]),
                 parts[2] + ": " + owner[parts[2]].toUtf8() + " and " + library.toUtf8());
        owner[parts[2]] = library;
      }
    }
    QVERIFY(owner.size() > 200);
  }

  void noTwoHeadersDefineTheSameType() {
    QVERIFY(definedOnce(QStringLiteral("^(?:struct|class|enum class) (\\w+)[^;]*?\\{")) > 50);
  }

  void noTwoHeadersDefineTheSameConstant() {
    QVERIFY(definedOnce(QStringLiteral("^inline const [^=({]*\\b(k[A-Z]\\w*)")) > 50);
  }

 private:
  /// How many names `pattern` finds in the headers; none of them in two.
  static qsizetype definedOnce(const QString& pattern) {
    const QRegularExpression definition(pattern, QRegularExpression::MultilineOption);
    QHash<QString, QString> owner;
    QDirIterator headers(VIVA_SOURCE_DIR "/lessons", {"*.h"}, QDir::Files,
                         QDirIterator::Subdirectories);
    while (headers.hasNext()) {
      QFile file(headers.next());
      if (!file.open(QIODevice::ReadOnly)) return 0;
      const QString text = QString::fromUtf8(file.readAll());
      for (auto match = definition.globalMatch(text); match.hasNext();) {
        const QString name = match.next().captured(1);
        if (owner.contains(name)) {
          qWarning("%s: %s and %s", qPrintable(name), qPrintable(owner[name]),
                   qPrintable(headers.filePath()));
          return 0;
        }
        owner[name] = headers.filePath();
      }
    }
    return owner.size();
  }
};

QTEST_GUILESS_MAIN(SymbolsTest)
#include "symbols_test.moc"
