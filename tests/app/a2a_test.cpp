// SPDX-License-Identifier: GPL-3.0-or-later
// `viva a2a` as a child process, over HTTP on this machine.
#include <httplib.h>

#include <QTest>
#include <csignal>

#include "protocol/json_rpc.h"
#include "tests/app/program.h"

namespace viva {

class A2aTest : public QObject {
  Q_OBJECT

 private:
  struct Server {
    std::unique_ptr<QProcess> process = Program().start({"a2a", "--port", "0"});
    int port = 0;
    std::unique_ptr<httplib::Client> client;
    Server() {
      if (!process->canReadLine()) process->waitForReadyRead(60000);
      const QByteArray line = process->readLine().trimmed();  // listening on http://…:PORT/
      port = line.mid(line.lastIndexOf(':') + 1).chopped(1).toInt();
      client = std::make_unique<httplib::Client>("127.0.0.1", port);
      client->set_read_timeout(60);
    }
    ~Server() {
      if (process->state() != QProcess::NotRunning) end();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Json ask(const std::string& method, const Json& params, const std::string& version = "1.0") {
      const Json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
      const auto answer =
          client->Post("/", {{"A2A-Version", version}}, request.dump(), "application/json");
      return answer ? Json::parse(answer->body, nullptr, false) : Json();
    }
    int end() {
      process->closeWriteChannel();
      return Program::finish(*process).status;
    }
  };
  static Json said(const std::string& text) {
    return {
        {"message",
         {{"messageId", "m"}, {"role", "ROLE_USER"}, {"parts", Json::array({{{"text", text}}})}}}};
  }
  static Json task(const Json& answer) { return answer["result"]["task"]; }

 private Q_SLOTS:
  void theCardIsAtItsWellKnownPlace() {
    Server server;
    const auto card = server.client->Get("/.well-known/agent-card.json");
    QVERIFY(card);
    QCOMPARE(card->status, 200);
    const Json json = Json::parse(card->body);
    QCOMPARE(json["url"].get<std::string>(),
             "http://127.0.0.1:" + std::to_string(server.port) + "/");
    QCOMPARE(json["skills"][0]["id"].get<std::string>(), std::string("run-experiment"));
    QCOMPARE(server.end(), 0);
  }

  void anExperimentIsRunAndExplained() {
    Server server;
    const Json done = task(server.ask(
        "SendMessage", said("Please run fake-descent, preset half, seed 3, rate=0.25, 2 steps.")));
    QCOMPARE(done["status"]["state"].get<std::string>(), std::string("TASK_STATE_COMPLETED"));
    const Json& parts = done["artifacts"][0]["parts"];
    QCOMPARE(parts[1]["data"]["final"]["a/x"].get<double>(), 1.125);  // 2 * (3/4)^2
    QCOMPARE(parts[1]["data"]["seed"].get<int>(), 3);
    QCOMPARE(parts[1]["data"]["preset"].get<std::string>(), std::string("half"));
    const std::string text = parts[0]["text"].get<std::string>();
    QVERIFY2(text.find("1.125") != std::string::npos && text.find("rate") != std::string::npos,
             text.c_str());
    QVERIFY(text.find("agents.") == std::string::npos);
  }

  void whatIsNotSaidIsAskedFor() {
    Server server;
    const Json asked = task(server.ask("SendMessage", said("run something")));
    QCOMPARE(asked["status"]["state"].get<std::string>(), std::string("TASK_STATE_INPUT_REQUIRED"));
    Json more = said("fake-descent with 3 steps");
    more["message"]["taskId"] = asked["id"];
    const Json done = task(server.ask("SendMessage", more));
    QCOMPARE(done["id"], asked["id"]);
    QCOMPARE(done["artifacts"][0]["parts"][1]["data"]["steps"].get<int>(), 3);
  }

  void whatIsWrongIsRejectedInOneSentence() {
    Server server;
    for (const char* text :
         {"fake-descent rate=7", "fake-descent data_file=x.csv", "fake-descent nothing=1"}) {
      const Json status = task(server.ask("SendMessage", said(text)))["status"];
      QCOMPARE(status["state"].get<std::string>(), std::string("TASK_STATE_REJECTED"));
      QVERIFY(status["message"]["parts"][0]["text"].get<std::string>().find('\n') ==
              std::string::npos);
    }
    QCOMPARE(task(server.ask("SendMessage", said("fake-descent fail_at=2")))["status"]["state"]
                 .get<std::string>(),
             std::string("TASK_STATE_FAILED"));
  }

  void anEndlessRunIsCancelled() {
    Server server;
    Json params = said("fake-descent pause=20 steps=1000000");
    params["configuration"] = {{"returnImmediately", true}};
    const Json begun = task(server.ask("SendMessage", params));
    const Json cancelled = server.ask("CancelTask", {{"id", begun["id"]}});
    QCOMPARE(cancelled["result"]["status"]["state"].get<std::string>(),
             std::string("TASK_STATE_CANCELED"));
    QCOMPARE(task(server.ask("SendMessage", said("fake-descent steps=1")))["status"]["state"]
                 .get<std::string>(),
             std::string("TASK_STATE_COMPLETED"));
  }

  void itEndsWithItsInputAlsoWhileItRuns() {
    Server server;
    Json params = said("fake-descent pause=20 steps=1000000");
    params["configuration"] = {{"returnImmediately", true}};
    QVERIFY(server.ask("SendMessage", params).contains("result"));
    QCOMPARE(server.end(), 0);
  }

  void aSecondOneOnTheSamePortSaysSo() {
    Server server;
    const Outcome outcome = Program().run({"a2a", "--port", QString::number(server.port)});
    QCOMPARE(outcome.status, 1);
    QVERIFY(outcome.isOneLine());
    QVERIFY(outcome.errors.contains(QByteArray::number(server.port)));
    QVERIFY(outcome.errors.contains("--port"));
  }

  /// A page in a browser of this machine could post too.
  void strangersAreRefused() {
    Server server;
    const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}})";
    const auto status = [&](const httplib::Headers& headers, const char* type) {
      const auto answer = server.client->Post("/", headers, body, type);
      return answer ? answer->status : 0;
    };
    QCOMPARE(status({}, "application/json"), 200);
    QCOMPARE(status({}, "text/plain"), 415);
    QCOMPARE(status({{"Host", "example.org"}}, "application/json"), 403);
    QCOMPARE(status({{"Origin", "http://example.org"}}, "application/json"), 403);
    QCOMPARE(status({{"Origin", "http://localhost:3000"}}, "application/json"), 200);
    const auto large = server.client->Post("/", std::string(2'000'000, 'x'), "application/json");
    QVERIFY(!large || large->status == 413);
  }

  /// 127.0.0.2 is this machine as well, and not where it listens.
  void itListensOnOneAddress() {
    Server server;
    httplib::Client other("127.0.0.2", server.port);
    other.set_connection_timeout(5);
    QVERIFY(!other.Get("/.well-known/agent-card.json"));
  }

  void ctrlCEndsIt() {
    Server server;
    ::kill(static_cast<pid_t>(server.process->processId()), SIGINT);
    QCOMPARE(Program::finish(*server.process).status, 130);
  }

  void wrongPortsAreOneLine() {
    for (const char* port : {"70000", "-1", "x"}) {
      const Outcome outcome = Program().run({"a2a", "--port", port});
      QCOMPARE(outcome.status, 2);
      QVERIFY(outcome.isOneLine());
    }
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::A2aTest)
#include "a2a_test.moc"
