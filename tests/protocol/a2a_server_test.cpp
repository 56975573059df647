// SPDX-License-Identifier: GPL-3.0-or-later
// The beginnings and ends of the server, in whatever order they come; none of them may hang.
#include "protocol/a2a_server.h"

#include <httplib.h>

#include <QTest>
#include <thread>

namespace viva {

class A2aServerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aStopThatComesFirstIsKept() {
    A2aAgent agent{A2aOffer()};
    A2aServer server(agent);
    QVERIFY(server.bind(0));
    server.stop();
    server.serve();
    server.stop();
  }

  void itAnswersUntilItIsStopped() {
    A2aAgent agent{A2aOffer()};
    A2aServer server(agent);
    QVERIFY(server.bind(0));
    std::thread listener([&] { server.serve(); });
    httplib::Client client("127.0.0.1", server.port());
    const auto card = client.Get(a2a::kCardPath);
    server.stop();
    listener.join();
    QVERIFY(card);
    QCOMPARE(card->status, 200);
    QVERIFY(!client.Get(a2a::kCardPath));
  }

  /// Also in the moment in which it begins, and by two at once.
  void itEndsWheneverItIsStopped() {
    for (int i = 0; i < 200; ++i) {
      A2aAgent agent{A2aOffer()};
      A2aServer server(agent);
      QVERIFY(server.bind(0));
      std::thread listener([&] { server.serve(); });
      std::thread other([&] { server.stop(); });
      server.stop();
      other.join();
      listener.join();
    }
  }

  void nothingIsServedWhereThePortIsTaken() {
    A2aAgent agent{A2aOffer()};
    A2aServer first(agent), second(agent);
    QVERIFY(first.bind(0));
    QVERIFY(!second.bind(first.port()));
    second.serve();
    second.stop();
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::A2aServerTest)
#include "a2a_server_test.moc"
