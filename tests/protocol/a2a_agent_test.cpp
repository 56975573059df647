// SPDX-License-Identifier: GPL-3.0-or-later
// The Agent2Agent protocol in the forms of 1.0 and 0.3, against their specifications: names of
// methods and states, members, codes.
#include "protocol/a2a_agent.h"

#include <QTest>
#include <thread>

#include "tests/protocol/mutations.h"

namespace viva {

class A2aAgentTest : public QObject {
  Q_OBJECT

 private:
  /// Does what it is told: `fail`, `ask`, `wait` (until it is cancelled), else it says it again.
  static A2aOffer offer() {
    A2aOffer offer;
    offer.name = "Echo";
    offer.description = "Says it again.";
    offer.version = "1.2.3";
    offer.skill = "echo";
    offer.skill_name = "Echo";
    offer.skill_description = "Says it again.";
    offer.tags = {"test"};
    offer.examples = {"hello"};
    offer.work = [](const A2aAsk& ask, const A2aWork& work) -> A2aAnswer {
      work.tell("working on it");
      if (ask.text == "fail") return {A2aState::Failed, "it failed", nullptr, {}};
      if (ask.text == "ask") return {A2aState::InputRequired, "what else?", nullptr, {}};
      while (ask.text == "wait" && !work.stop.stop_requested()) std::this_thread::yield();
      return {A2aState::Completed, ask.text, {{"said", ask.data}}, {{"p.png", "PNG"}}};
    };
    return offer;
  }

  static std::string request(const std::string& method, const Json& params) {
    return Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}.dump();
  }

  /// An agent at work.
  struct Agent {
    A2aAgent agent{offer()};
    std::thread worker{[this] { agent.work(); }};
    ~Agent() {
      agent.end();
      worker.join();
    }
    OrderedJson ask(const std::string& method, const Json& params,
                    const std::string& version = "1.0") {
      return agent.receive(request(method, params), version).message;
    }
    std::vector<OrderedJson> follow(const std::string& method, const Json& params,
                                    const std::string& version = "1.0") {
      return eventsOf(agent.receive(request(method, params), version));
    }
  };
  /// To the end of the stream; none where there is none.
  static std::vector<OrderedJson> eventsOf(const A2aAgent::Reply& reply) {
    std::vector<OrderedJson> events;
    if (reply.stream)
      while (auto event = reply.stream->next()) events.push_back((*event)["result"]);
    return events;
  }

  static Json message(const std::string& text, const std::string& version = "1.0") {
    Json part{{"text", text}};
    if (version == "0.3") part["kind"] = "text";
    Json said{{"messageId", "m1"},
              {"role", version == "0.3" ? "user" : "ROLE_USER"},
              {"parts", Json::array({part})}};
    if (version == "0.3") said["kind"] = "message";
    return {{"message", said}};
  }
  static int codeOf(const OrderedJson& answer) {
    return answer.contains("error") ? answer["error"]["code"].get<int>() : 0;
  }
  static std::string at(const OrderedJson& json, const char* pointer) {
    const OrderedJson& found = json.at(OrderedJson::json_pointer(pointer));
    return found.is_string() ? found.get<std::string>() : found.dump();
  }

 private Q_SLOTS:
  void theCardServesBothVersions() {
    const OrderedJson card = A2aAgent(offer()).card("http://127.0.0.1:1/");
    for (const char* required :
         {"name", "description", "supportedInterfaces", "version", "capabilities",
          "defaultInputModes", "defaultOutputModes", "skills", "protocolVersion", "url"})
      QVERIFY2(card.contains(required), required);
    QCOMPARE(at(card, "/supportedInterfaces/0/protocolVersion"), std::string("1.0"));
    QCOMPARE(at(card, "/supportedInterfaces/1/protocolVersion"), std::string("0.3"));
    QCOMPARE(at(card, "/supportedInterfaces/0/protocolBinding"), std::string("JSONRPC"));
    QCOMPARE(at(card, "/protocolVersion"), std::string("0.3.0"));
    for (const char* required : {"id", "name", "description", "tags"})
      QVERIFY2(card["skills"][0].contains(required), required);
    QCOMPARE(at(card, "/capabilities/streaming"), std::string("true"));
  }

  void aTaskIsSentAndRead() {
    Agent agent;
    Json params = message("hello");
    params["message"]["parts"].push_back({{"data", {{"x", 1}}}});
    const OrderedJson task = agent.ask("SendMessage", params)["result"]["task"];
    QCOMPARE(at(task, "/status/state"), std::string("TASK_STATE_COMPLETED"));
    QCOMPARE(at(task, "/artifacts/0/parts/0/text"), std::string("hello"));
    QCOMPARE(at(task, "/artifacts/0/parts/1/data/said/x"), std::string("1"));
    QCOMPARE(at(task, "/artifacts/0/parts/2/raw"), std::string("UE5H"));
    QCOMPARE(at(task, "/artifacts/0/parts/2/mediaType"), std::string("image/png"));
    QCOMPARE(at(task, "/history/0/role"), std::string("ROLE_USER"));
    QVERIFY(task.dump().find("\"kind\"") == std::string::npos);
    QCOMPARE(agent.ask("GetTask", {{"id", task["id"]}})["result"], task);
    QVERIFY(!agent.ask("GetTask", {{"id", task["id"]}, {"historyLength", 0}})["result"].contains(
        "history"));
    QCOMPARE(agent.ask("GetTask", {{"id", task["id"]}, {"historyLength", 1}})["result"]["history"]
                 .size(),
             std::size_t{1});
  }

  void theOlderVersionHasItsOwnForm() {
    Agent agent;
    for (const char* version : {"", "0.3", "0.3.0"}) {
      const OrderedJson task = agent.ask("message/send", message("hi", "0.3"), version)["result"];
      QCOMPARE(at(task, "/kind"), std::string("task"));
      QCOMPARE(at(task, "/status/state"), std::string("completed"));
      QCOMPARE(at(task, "/artifacts/0/parts/0/kind"), std::string("text"));
      QCOMPARE(at(task, "/artifacts/0/parts/2/file/mimeType"), std::string("image/png"));
      QCOMPARE(at(task, "/history/0/role"), std::string("user"));
      QCOMPARE(agent.ask("tasks/get", {{"id", task["id"]}}, version)["result"], task);
    }
  }

  void aStreamTellsTheTaskItsStatesAndTheResult() {
    Agent agent;
    const auto events = agent.follow("SendStreamingMessage", message("hello"));
    QVERIFY(events.size() >= 3);
    QCOMPARE(at(events.front(), "/task/status/state"), std::string("TASK_STATE_SUBMITTED"));
    QCOMPARE(at(events[events.size() - 2], "/artifactUpdate/artifact/parts/0/text"),
             std::string("hello"));
    QCOMPARE(at(events[events.size() - 2], "/artifactUpdate/lastChunk"), std::string("true"));
    QCOMPARE(at(events.back(), "/statusUpdate/status/state"), std::string("TASK_STATE_COMPLETED"));
    QVERIFY(!events.back()["statusUpdate"].contains("final"));
    const auto old = agent.follow("message/stream", message("hello", "0.3"), "0.3");
    QCOMPARE(at(old.front(), "/kind"), std::string("task"));
    QCOMPARE(at(old[old.size() - 2], "/kind"), std::string("artifact-update"));
    QCOMPARE(at(old.back(), "/kind"), std::string("status-update"));
    QCOMPARE(at(old.back(), "/final"), std::string("true"));
    QCOMPARE(at(old.back(), "/status/state"), std::string("completed"));
  }

  void aTaskIsCancelledOnce() {
    Agent agent;
    Json params = message("wait");
    params["configuration"] = {{"returnImmediately", true}};
    const OrderedJson task = agent.ask("SendMessage", params)["result"]["task"];
    const Json id{{"id", task["id"]}};
    const A2aAgent::Reply subscribed = agent.agent.receive(request("SubscribeToTask", id), "1.0");
    std::vector<OrderedJson> events;
    std::thread follower([&] { events = eventsOf(subscribed); });
    QCOMPARE(at(agent.ask("CancelTask", id), "/result/status/state"),
             std::string("TASK_STATE_CANCELED"));
    follower.join();
    QCOMPARE(at(events.back(), "/statusUpdate/status/state"), std::string("TASK_STATE_CANCELED"));
    QCOMPARE(codeOf(agent.ask("CancelTask", id)), -32002);
    QCOMPARE(codeOf(agent.ask("SubscribeToTask", id)), -32004);
    // Whatever the work says afterwards.
    QCOMPARE(at(agent.ask("SendMessage", message("next")), "/result/task/status/state"),
             std::string("TASK_STATE_COMPLETED"));
    QCOMPARE(at(agent.ask("GetTask", id), "/result/status/state"),
             std::string("TASK_STATE_CANCELED"));
  }

  void aTaskThatAsksGoesOnWithTheAnswer() {
    Agent agent;
    const OrderedJson task = agent.ask("SendMessage", message("ask"))["result"]["task"];
    QCOMPARE(at(task, "/status/state"), std::string("TASK_STATE_INPUT_REQUIRED"));
    QCOMPARE(at(task, "/status/message/parts/0/text"), std::string("what else?"));
    QCOMPARE(at(task, "/status/message/role"), std::string("ROLE_AGENT"));
    Json more = message("this");
    more["message"]["taskId"] = task["id"];
    const OrderedJson after = agent.ask("SendMessage", more)["result"]["task"];
    QCOMPARE(after["id"], task["id"]);
    QCOMPARE(at(after, "/artifacts/0/parts/0/text"), std::string("ask\nthis"));
    QCOMPARE(codeOf(agent.ask("SendMessage", more)), -32004);
    QCOMPARE(at(agent.ask("SendMessage", message("fail")), "/result/task/status/state"),
             std::string("TASK_STATE_FAILED"));
  }

  void theSameConversationHasTheSameBytes() {
    const auto talk = [](const char* last) {
      Agent agent;
      return agent.ask("SendMessage", message("hello")).dump() +
             agent.ask("SendMessage", message(last)).dump();
    };
    const std::string once = talk("ask"), again = talk("ask"), another = talk("fail");
    QCOMPARE(again, once);
    QVERIFY(another != once);
    // Ids are what others draw at random.
    for (const char* id : {"task-1", "context-1", "task-2", "context-2"})
      QVERIFY2(once.find(id) != std::string::npos, id);
  }

  void whatIsWrongHasItsCode_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("params");
    QTest::addColumn<QString>("version");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* method, const Json& params,
                        const char* version, int code) {
      QTest::newRow(name) << method << QString::fromStdString(params.dump()) << version << code;
    };
    const Json good = message("x");
    const auto with = [&](const char* pointer, const Json& value) {
      Json changed = good;
      changed[Json::json_pointer(pointer)] = value;
      return changed;
    };
    row("the old name in the new version", "message/send", good, "1.0", -32601);
    row("the new name in the old version", "SendMessage", good, "", -32601);
    row("a name of the first version", "tasks/send", good, "0.3", -32601);
    row("a version that there is not", "SendMessage", good, "2.0", -32009);
    row("no task", "GetTask", {{"id", "none"}}, "1.0", -32001);
    row("no id", "GetTask", Json::object(), "1.0", -32602);
    row("no task to cancel", "CancelTask", {{"id", "none"}}, "1.0", -32001);
    row("no message", "SendMessage", Json::object(), "1.0", -32602);
    row("no parts", "SendMessage", with("/message/parts", Json::array()), "1.0", -32602);
    row("role of the other version", "SendMessage", with("/message/role", "user"), "1.0", -32602);
    row("a file", "SendMessage", with("/message/parts/0", {{"raw", "UE5H"}}), "1.0", -32005);
    row("only sound wanted", "SendMessage",
        with("/configuration", {{"acceptedOutputModes", {"audio/wav"}}}), "1.0", -32005);
    row("push", "SendMessage",
        with("/configuration", {{"taskPushNotificationConfig", {{"url", "u"}}}}), "1.0", -32003);
    row("push set", "CreateTaskPushNotificationConfig", Json::object(), "1.0", -32003);
    row("list", "ListTasks", Json::object(), "1.0", -32004);
    row("extended card", "GetExtendedAgentCard", Json::object(), "1.0", -32007);
    row("another task", "SendMessage", with("/message/taskId", "none"), "1.0", -32001);
  }
  void whatIsWrongHasItsCode() {
    QFETCH(QString, method);
    QFETCH(QString, params);
    QFETCH(QString, version);
    QFETCH(int, code);
    Agent agent;
    const OrderedJson answer =
        agent.ask(method.toStdString(), Json::parse(params.toStdString()), version.toStdString());
    QCOMPARE(codeOf(answer), code);
    if (code > -32100) QVERIFY(answer["error"]["data"][0].contains("@type"));
  }

  void whatCannotBeReadHasANullId() {
    A2aAgent agent(offer());
    const OrderedJson answer = agent.receive("{", "1.0").message;
    QCOMPARE(codeOf(answer), -32700);
    QVERIFY(answer.contains("id") && answer["id"].is_null());
  }

  /// VIVA_MUTATIONS sends more.
  void itStandsMutatedMessages() {
    const int count = std::max(2000, qEnvironmentVariableIntValue("VIVA_MUTATIONS"));
    Json returning = message("hello");
    returning["configuration"] = {{"returnImmediately", true}};
    std::vector<std::string> good;
    for (const auto& [method, params] : {std::pair{"SendMessage", message("hello")},
                                         {"SendMessage", returning},
                                         {"SendStreamingMessage", message("ask")},
                                         {"GetTask", Json{{"id", "task-1"}}},
                                         {"CancelTask", Json{{"id", "task-2"}}},
                                         {"SubscribeToTask", Json{{"id", "task-3"}}}})
      good.push_back(request(method, params));
    fakes::Mutator mutator(good, 20261202);
    Agent agent;
    int errors = 0;
    for (int i = 0; i < count; ++i) {
      const A2aAgent::Reply reply = agent.agent.receive(mutator.next(), "1.0");
      if (reply.stream) {
        while (auto event = reply.stream->next()) QVERIFY(!event->dump().empty());
        continue;
      }
      QVERIFY(reply.message.contains("result") || reply.message.contains("error"));
      errors += codeOf(reply.message) != 0;
    }
    QVERIFY(errors > count / 3 && errors < count);
    QCOMPARE(codeOf(agent.ask("SendMessage", message("hello"))), 0);
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::A2aAgentTest)
#include "a2a_agent_test.moc"
