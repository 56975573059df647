// SPDX-License-Identifier: GPL-3.0-or-later
// The server stands whatever it is sent. A few thousand messages; VIVA_MUTATIONS=100000 sends as
// many, best under the sanitizers.
#include <QTest>
#include <thread>

#include "tests/protocol/fake_offer.h"
#include "tests/protocol/mutations.h"

namespace viva {

using fakes::legacy;
using fakes::modern;

class MutatedMessagesTest : public QObject {
  Q_OBJECT

 private:
  static std::vector<std::string> goodMessages() {
    std::vector<std::string> good{
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
        R"("capabilities":{},"clientInfo":{"name":"c","version":"1"}}})",
        R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4}})"};
    const std::pair<const char*, const char*> requests[] = {
        {"ping", ""},
        {"server/discover", ""},
        {"tools/list", "\"cursor\":\"1\""},
        {"tools/call", R"("name":"echo","arguments":{"text":"x"})"},
        {"tools/call", R"("name":"fail","arguments":{"text":"x"})"},
        {"tools/call", R"("name":"count","arguments":{"to":2})"},
        {"resources/list", "\"cursor\":\"20\""},
        {"resources/templates/list", ""},
        {"resources/read", "\"uri\":\"fake://1\""},
        {"prompts/list", ""},
        {"prompts/get", R"("name":"greet","arguments":{"name":"Ada"})"},
        {"completion/complete", R"("ref":{"type":"ref/prompt","name":"greet"},)"
                                R"("argument":{"name":"name","value":"A"})"}};
    for (const auto& [method, params] : requests) {
      good.push_back(legacy(method, "{" + std::string(params) + "}", "4"));
      good.push_back(modern(method, params));
    }
    return good;
  }

  /// One of the three kinds that a server may send.
  static bool isMessage(const OrderedJson& message) {
    if (message.value("jsonrpc", "") != "2.0") return false;
    if (message.contains("method"))
      return message["method"] == "notifications/progress" && !message.contains("id");
    if (message.contains("error")) {
      const int code = message["error"]["code"].get<int>();
      return message["error"]["message"].is_string() &&
             (code == -32700 || code == -32022 || code == -32002 ||
              (code <= -32600 && code >= -32603));
    }
    return message["result"].is_object() &&
           (message["id"].is_string() || message["id"].is_number());
  }

 private Q_SLOTS:
  void everyMessageIsAnsweredOnceOrNotAtAll() {
    const int count = std::max(3000, qEnvironmentVariableIntValue("VIVA_MUTATIONS"));
    fakes::Mutator mutator(goodMessages(), 20261201);
    fakes::Sent sent;
    McpSession session(fakes::fakeOffer(), [&](const OrderedJson& message) {
      QVERIFY2(isMessage(message), textOf(message).substr(0, 200).c_str());
      // What goes out is one line and can be read.
      const std::string line = textOf(message);
      QCOMPARE(line.find('\n'), std::string::npos);
      QVERIFY(OrderedJson::accept(line));
      sent(message);
    });
    std::thread worker([&] { session.work(); });
    qsizetype answers = 0, errors = 0;
    for (int i = 0; i < count; ++i) {
      const std::string text = mutator.next();
      if (text.size() > McpSession::kLimits.bytes)
        session.refuseTooLong();
      else
        session.receive(text);
      for (const OrderedJson& message : sent.take()) {
        ++answers;
        errors += message.contains("error");
      }
    }
    // It is as good as new.
    session.receive(modern("tools/list"));
    session.receive(R"({"jsonrpc":"2.0","id":"last","method":"ping"})");
    session.end();
    worker.join();
    const auto last = sent.take();
    QVERIFY(std::any_of(last.begin(), last.end(), [](const OrderedJson& message) {
      return message.contains("result") && message["id"] == "last";
    }));
    QVERIFY2(answers > count / 2 && answers <= 4 * count, qPrintable(QString::number(answers)));
    QVERIFY2(errors > count / 3, qPrintable(QString::number(errors)));
    QVERIFY2(answers - errors > count / 50, qPrintable(QString::number(answers - errors)));
  }

  void theMutationsAreTheSameEachTime() {
    fakes::Mutator one(goodMessages(), 1), two(goodMessages(), 1), other(goodMessages(), 2);
    int different = 0;
    for (int i = 0; i < 50; ++i) {
      const std::string text = one.next();
      QCOMPARE(two.next(), text);
      different += other.next() != text;
    }
    QVERIFY(different > 40);
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::MutatedMessagesTest)
#include "mutated_messages_test.moc"
