// SPDX-License-Identifier: GPL-3.0-or-later
// A client of `viva mcp`, as an assistant's program is one.
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <memory>
#include <string>

#include "protocol/json_rpc.h"
#include "tests/app/program.h"

namespace viva {

class Conversation {
 public:
  explicit Conversation(const Program& program, const QStringList& arguments = {})
      : process_(program.start(QStringList{"mcp"} + arguments)) {}
  ~Conversation() {
    if (process_->state() != QProcess::NotRunning) end();
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void send(const QByteArray& bytes) {
    process_->write(bytes);
    process_->waitForBytesWritten(1000);
  }
  void request(const Json& id, const std::string& method, const Json& params = Json::object()) {
    Json message{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
    send(QByteArray::fromStdString(message.dump()) + "\n");
  }
  void notify(const std::string& method, const Json& params = Json::object()) {
    send(QByteArray::fromStdString(
             Json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}.dump()) +
         "\n");
  }
  /// The next message; null when none comes. What is no JSON is the text `not JSON`.
  Json next() {
    QElapsedTimer waited;
    waited.start();
    while (!process_->canReadLine() && waited.elapsed() < kPatience)
      if (!process_->waitForReadyRead(kPatience)) break;
    if (!process_->canReadLine()) return nullptr;
    const Json message = Json::parse(process_->readLine().toStdString(), nullptr, false);
    return message.is_discarded() ? Json("not JSON") : message;
  }
  /// The answer to `id`; what comes before it is left out.
  Json answer(const Json& id) {
    for (;;) {
      Json message = next();
      if (!message.is_object() || message.value("id", Json()) == id) return message;
    }
  }
  Json begin() {
    request(0, "initialize",
            {{"protocolVersion", "2025-11-25"},
             {"capabilities", Json::object()},
             {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
    Json answer = next();
    notify("notifications/initialized");
    return answer;
  }
  /// The result of a tool.
  Json call(const std::string& tool, const Json& arguments = Json::object()) {
    request(++last_id_, "tools/call", {{"name", tool}, {"arguments", arguments}});
    return answer(last_id_)["result"];
  }
  /// The sentence of a tool error; empty where it is none.
  std::string refusal(const std::string& tool, const Json& arguments) {
    const Json result = call(tool, arguments);
    return result.value("isError", false) ? result["content"][0]["text"].get<std::string>() : "";
  }
  /// Its exit status once the input has ended.
  int end() {
    process_->closeWriteChannel();
    return Program::finish(*process_).status;
  }

 private:
  static constexpr int kPatience = 60000;  // milliseconds
  std::unique_ptr<QProcess> process_;
  int last_id_ = 1000;
};

}  // namespace viva
