// SPDX-License-Identifier: GPL-3.0-or-later
// The window where there is no display: one line, as every wrong request is.
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class DisplayTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aDisplayThatCannotBeReachedIsOneLine_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::newRow("X11") << "DISPLAY"
                         << ":97";
    QTest::newRow("Wayland") << "WAYLAND_DISPLAY"
                             << "wayland-97";
    QTest::newRow("a platform that Qt does not know") << "QT_QPA_PLATFORM"
                                                      << "no-such";
  }
  void aDisplayThatCannotBeReachedIsOneLine() {
    QFETCH(QString, name);
    QFETCH(QString, value);
    Program program;
    program.set(name, value);
    const Outcome outcome = program.run({});
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    QVERIFY2(outcome.errors.contains((name + "=" + value).toUtf8()), outcome.errors);
    QVERIFY(outcome.output.isEmpty());
    QCOMPARE(outcome.status, 2);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::DisplayTest)
#include "display_test.moc"
