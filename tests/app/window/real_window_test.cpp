// SPDX-License-Identifier: GPL-3.0-or-later
// The real window on a real window system, driven from outside through the accessibility bus.
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

class RealWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// Plays, studies and presents by accessible names in both languages; opens two at once, kills
  /// one.
  void isDrivenFromOutsideAndOutlivesAnother() {
    if (!QFileInfo::exists("/usr/bin/python3")) QSKIP("there is no /usr/bin/python3");
    if (qEnvironmentVariableIsEmpty("DISPLAY")) QSKIP("there is no display");
    QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_QPA_PLATFORM", "xcb");
    environment.insert("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1");
    environment.insert("XDG_CONFIG_HOME", home.filePath("config"));
    environment.insert("XDG_DATA_HOME", home.filePath("data"));
    QProcess python;
    python.setProcessEnvironment(environment);
    python.setProcessChannelMode(QProcess::MergedChannels);
    python.start("/usr/bin/python3", {VIVA_SOURCE_DIR "/tests/app/window/real_window_test.py",
                                      VIVA_BINARY_DIR "/viva"});
    QVERIFY(python.waitForFinished(200000));
    const QByteArray output = python.readAll();
    if (python.exitCode() == 77) QSKIP(output.constData());
    QVERIFY2(python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0,
             output.constData());
  }
};

QTEST_GUILESS_MAIN(RealWindowTest)
#include "real_window_test.moc"
