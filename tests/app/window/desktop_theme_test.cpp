// SPDX-License-Identifier: GPL-3.0-or-later
// The theme of the desktop, told by a portal on a bus of this test's own.
#include "app/window/desktop_theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

namespace viva {

/// The part of a desktop portal that is asked.
class Portal : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

 public:
  unsigned scheme = 1;

 public Q_SLOTS:
  QDBusVariant Read(const QString& space, const QString& key) const {
    const bool known = space == "org.freedesktop.appearance" && key == "color-scheme";
    return QDBusVariant(QVariant::fromValue(QDBusVariant(known ? scheme : 7u)));
  }

 Q_SIGNALS:
  void SettingChanged(const QString& space, const QString& key, const QDBusVariant& value);
};

class DesktopThemeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
      QSKIP("dbus-daemon is not installed");
  }

  void itIsAskedForAndThenFollowed() {
    Portal portal;
    QDBusConnection desktop =
        QDBusConnection::connectToBus(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"), "portal");
    QVERIFY(desktop.registerObject("/org/freedesktop/portal/desktop", &portal,
                                   QDBusConnection::ExportAllContents));
    QVERIFY(desktop.registerService("org.freedesktop.portal.Desktop"));

    DesktopTheme theme;
    QSignalSpy changed(&theme, &DesktopTheme::changed);
    QVERIFY(!theme.isDark());
    QVERIFY(changed.wait());
    QVERIFY(theme.isDark());

    const QString appearance = "org.freedesktop.appearance";
    Q_EMIT portal.SettingChanged(appearance, "accent-color", QDBusVariant(2u));
    Q_EMIT portal.SettingChanged("org.gnome.desktop.interface", "color-scheme", QDBusVariant(2u));
    Q_EMIT portal.SettingChanged(appearance, "color-scheme", QDBusVariant(2u));
    QVERIFY(changed.wait());
    QCOMPARE(changed.size(), 2);
    QVERIFY(!theme.isDark());
    Q_EMIT portal.SettingChanged(appearance, "color-scheme", QDBusVariant(1u));
    QVERIFY(changed.wait());
    QVERIFY(theme.isDark());
  }
};

}  // namespace viva

/// The bus is there before the application, which looks for one at its start.
int main(int argc, char** argv) {
  QProcess bus;
  bus.start("dbus-daemon", {"--session", "--nofork", "--print-address=1"});
  qunsetenv("DBUS_SESSION_BUS_ADDRESS");
  if (bus.waitForStarted() && bus.waitForReadyRead())
    qputenv("DBUS_SESSION_BUS_ADDRESS", bus.readLine().trimmed());
  QApplication application(argc, argv);
  viva::DesktopThemeTest test;
  const int status = QTest::qExec(&test, argc, argv);
  bus.kill();
  bus.waitForFinished();
  return status;
}

#include "desktop_theme_test.moc"
