// SPDX-License-Identifier: GPL-3.0-or-later
// Child processes: what they hear and say, and how they end, whoever is gone first.
#include "protocol/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <csignal>
#include <system_error>
#include <thread>

namespace viva {
namespace {

/// Answers every line, and ends with its input.
const std::vector<std::string> kEcho{"/bin/cat"};

/// Of a line of an unwilling child that its pipe says it is over: waits at most ten seconds.
bool isClosedSoon(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  char byte = 0;
  return ::poll(&waiting, 1, 10000) > 0 && ::read(descriptor, &byte, 1) == 0;
}

}  // namespace

class ChildProcessTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void linesGoThereAndBack() {
    ChildProcess child(kEcho);
    QVERIFY(child.write("one"));
    QVERIFY(child.write("{\"two\":2}"));
    QCOMPARE(child.read().value_or(""), std::string("one"));
    QCOMPARE(child.read().value_or(""), std::string("{\"two\":2}"));
    QCOMPARE(child.end(), 0);
  }

  void itGetsItsArgumentsAndItsEnvironment() {
    ChildProcess child({"/bin/sh", "-c", "echo \"$1 $VIVA_GIVEN\"; echo seen >&2", "sh", "first"},
                       {"VIVA_GIVEN=second"});
    QCOMPARE(child.read().value_or(""), std::string("first second"));
    QVERIFY(!child.read());  // and its standard error is not mixed in
  }

  void whatCannotBeStartedSaysWhy() {
    QVERIFY_THROWS_EXCEPTION(std::system_error, ChildProcess({"/no/such/program"}));
  }

  void aKilledOneIsSilentAndRefusesLines() {
    ChildProcess child(kEcho);
    child.kill();
    QVERIFY(!child.read());
    QCOMPARE(child.end(), 128 + SIGKILL);
    QVERIFY(!child.write("anybody there?"));
  }

  void aReadThatWaitsCanBeInterrupted() {
    ChildProcess child(kEcho);
    std::thread other([&] { child.interrupt(); });
    QVERIFY(!child.read());
    other.join();
  }

  void oneThatDoesNotHearTheEndOfItsInputIsTerminated() {
    ChildProcess child({"/bin/sleep", "1000"});
    QCOMPARE(child.end(), 128 + SIGTERM);
  }

  /// Its input is held by the parent alone, so it ends with it, whatever other children there are.
  void itEndsWhenItsParentIsKilled() {
    int alive[2];
    QCOMPARE(::pipe(alive), 0);  // the children hold the other end as their own
    const pid_t parent = ::fork();
    if (parent == 0) {
      ::close(alive[0]);
      const ChildProcess first(kEcho), second(kEcho);
      ::raise(SIGKILL);
    }
    ::close(alive[1]);
    int status = 0;
    QCOMPARE(::waitpid(parent, &status, 0), parent);
    QVERIFY(WIFSIGNALED(status));
    QVERIFY(isClosedSoon(alive[0]));
    ::close(alive[0]);
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::ChildProcessTest)
#include "child_process_test.moc"
