// SPDX-License-Identifier: GPL-3.0-or-later
// A client of the Model Context Protocol over the standard streams of a child process, in one
// revision: with a handshake (until 2025-11-25) or without (2026-07-28).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "protocol/child_process.h"
#include "protocol/json_rpc.h"

namespace viva {

class McpClient {
 public:
  /// Told of every line that is sent or comes, in order.
  using Seen = std::function<void(bool is_sent, const std::string& line)>;

  /// `server` must outlive it.
  McpClient(ChildProcess& server, std::string revision, std::string name, Seen seen);

  bool isStateless() const;
  /// With the next id and, in the stateless revision, what each request says of its client.
  OrderedJson request(const std::string& method, OrderedJson params = OrderedJson::object());
  /// `initialize` and `notifications/initialized`; nothing in the stateless revision. False where
  /// the server has ended.
  bool begin();

  /// Sends `line` as it is and waits for the answer, the first message that is neither notification
  /// nor request; nothing where the server has ended. `told` is asked at every notification whether
  /// to wait on.
  std::optional<Json> exchange(const std::string& line,
                               const std::function<bool(const Json&)>& told = nullptr);

 private:
  ChildProcess& server_;
  const std::string revision_, name_;
  const Seen seen_;
  int last_id_ = 0;
};

}  // namespace viva
