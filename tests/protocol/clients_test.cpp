// SPDX-License-Identifier: GPL-3.0-or-later
// The clients against servers that are written down here, and against this project's own.
#include <QTest>
#include <thread>

#include "protocol/a2a_client.h"
#include "protocol/a2a_server.h"
#include "protocol/mcp_client.h"
#include "protocol/mcp_session.h"

namespace viva {
namespace {

struct Seen {
  std::vector<std::pair<bool, std::string>> lines{};
  McpClient::Seen tell() {
    return [this](bool is_sent, const std::string& line) { lines.emplace_back(is_sent, line); };
  }
  Json sent(std::size_t number) const { return Json::parse(lines.at(number).second); }
};

/// A server that answers each line with the next of these, whatever is asked; empty: with nothing.
std::vector<std::string> answering(const std::vector<std::string>& answers) {
  std::string script;
  for (const std::string& answer : answers)
    script += "read -r line; " + (answer.empty() ? "" : "echo '" + answer + "'; ");
  return {"/bin/sh", "-c", script};
}

std::string answerTo(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}

OrderedJson saying(const std::string& text) {
  const OrderedJson part{{"text", text}};
  return {{"message",
           {{"messageId", "m"}, {"role", "ROLE_USER"}, {"parts", OrderedJson::array({part})}}}};
}

std::string call(const std::string& method, OrderedJson params) {
  return textOf(OrderedJson{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}});
}

}  // namespace

class ClientsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// reference: the specification of 2025-11-25, lifecycle.
  void theHandshakeIsThreeMessages() {
    ChildProcess server(answering({answerTo(1), ""}));
    Seen seen;
    McpClient client(server, "2025-11-25", "test", seen.tell());
    QVERIFY(!client.isStateless());
    QVERIFY(client.begin());
    QCOMPARE(seen.lines.size(), std::size_t{3});
    QCOMPARE(seen.sent(0)["method"].get<std::string>(), std::string("initialize"));
    QCOMPARE(seen.sent(0)["params"]["protocolVersion"].get<std::string>(),
             std::string("2025-11-25"));
    QVERIFY(seen.sent(0)["params"].contains("capabilities"));
    QVERIFY(!seen.lines[1].first);
    QCOMPARE(seen.sent(2), (Json{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}}));
  }

  void withoutSessionEachRequestSaysWhoAsks() {
    ChildProcess server(answering({answerTo(1)}));
    Seen seen;
    McpClient client(server, "2026-07-28", "test", seen.tell());
    QVERIFY(client.begin());
    QVERIFY(seen.lines.empty());
    QVERIFY(client.exchange(textOf(client.request("tools/list"))));
    const Json meta = seen.sent(0)["params"]["_meta"];
    QCOMPARE(meta["io.modelcontextprotocol/protocolVersion"].get<std::string>(),
             std::string("2026-07-28"));
    QVERIFY(meta["io.modelcontextprotocol/clientCapabilities"].is_object());
  }

  void notificationsAreToldAndWaitedOver() {
    const std::string progress =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})";
    ChildProcess server(
        {"/bin/sh", "-c", "read -r line; echo '" + progress + "'; echo '" + answerTo(1) + "'"});
    Seen seen;
    McpClient client(server, "2025-11-25", "test", seen.tell());
    int told = 0;
    const auto answer = client.exchange(textOf(client.request("tools/call")), [&](const Json&) {
      ++told;
      return true;
    });
    QVERIFY(answer);
    QCOMPARE((*answer)["id"].get<int>(), 1);
    QCOMPARE(told, 1);
  }

  void aServerThatEndsGivesNoAnswer() {
    ChildProcess server({"/bin/sh", "-c", "read -r line"});
    Seen seen;
    McpClient client(server, "2025-11-25", "test", seen.tell());
    QVERIFY(!client.begin());
    QVERIFY(!client.exchange("{}"));
  }

  void anAgentIsFoundAskedAndFollowed() {
    A2aOffer offer;
    offer.work = [](const A2aAsk& ask, const A2aWork&) -> A2aAnswer {
      return {A2aState::Completed, "done: " + ask.text, {{"text", ask.text}}, {}};
    };
    A2aAgent agent(offer);
    A2aServer server(agent);
    QVERIFY(server.bind(0));
    std::thread listener([&] { server.serve(); });
    std::thread worker([&] { agent.work(); });
    A2aClient client(server.port());
    const auto card = client.card();
    const auto answer = client.post(call("SendMessage", saying("one")), "1.0");
    const auto old = client.post(call("SendMessage", saying("one")), "");
    std::vector<std::string> events;
    const bool streamed = client.stream(call("SendStreamingMessage", saying("two")), "1.0",
                                        [&](const std::string& event) { events.push_back(event); });
    agent.end();
    server.stop();
    listener.join();
    worker.join();
    QVERIFY(card && answer && old && streamed);
    QVERIFY(Json::parse(*card).contains("supportedInterfaces"));
    QCOMPARE(Json::parse(*answer)["result"]["task"]["status"]["state"].get<std::string>(),
             std::string("TASK_STATE_COMPLETED"));
    // Without the header 0.3 is meant, which has no method of that name.
    QCOMPARE(Json::parse(*old)["error"]["code"].get<int>(), rpc::kMethodNotFound);
    QCOMPARE(Json::parse(events.front())["result"]["task"]["status"]["state"].get<std::string>(),
             std::string("TASK_STATE_SUBMITTED"));
    QCOMPARE(
        Json::parse(events.back())["result"]["statusUpdate"]["status"]["state"].get<std::string>(),
        std::string("TASK_STATE_COMPLETED"));
    QVERIFY(!client.card());  // nobody is there any more
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::ClientsTest)
#include "clients_test.moc"
