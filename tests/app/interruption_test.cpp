// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/interruption.h"

#include <QTest>
#include <csignal>

using namespace viva;

class InterruptionTest : public QObject {
  Q_OBJECT

 private:
  using Handler = void (*)(int);
  static Handler handlerOf(int number) {
    struct sigaction present {};
    sigaction(number, nullptr, &present);
    return present.sa_handler;
  }

 private Q_SLOTS:
  void signalsAreHandledAsBeforeAfterwards() {
    const Handler mine = [](int) {};
    std::signal(SIGTERM, mine);
    const Handler of_qt_test = handlerOf(SIGINT);
    {
      const Interruption interruption;
      QVERIFY(handlerOf(SIGTERM) != mine);
      QVERIFY(handlerOf(SIGINT) != of_qt_test);
    }
    QVERIFY(handlerOf(SIGTERM) == mine);
    QVERIFY(handlerOf(SIGINT) == of_qt_test);
    std::signal(SIGTERM, SIG_DFL);
  }

  /// A closed terminal would end what comes after the run.
  void underNohupAHangUpStaysIgnored() {
    std::signal(SIGHUP, SIG_IGN);
    { const Interruption interruption; }
    QVERIFY(handlerOf(SIGHUP) == SIG_IGN);
    std::signal(SIGHUP, SIG_DFL);
  }
};

QTEST_APPLESS_MAIN(InterruptionTest)
#include "interruption_test.moc"
