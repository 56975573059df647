// SPDX-License-Identifier: GPL-3.0-or-later
// A client of an A2A agent on this machine, over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace viva {

class A2aClient {
 public:
  explicit A2aClient(int port);
  ~A2aClient();
  A2aClient(const A2aClient&) = delete;
  A2aClient& operator=(const A2aClient&) = delete;

  /// The body of the agent card; nothing where nobody answers.
  std::optional<std::string> card();
  /// The body that answers `body`, sent with the header `A2A-Version` (none where `version` is
  /// empty). Nothing where nobody answers.
  std::optional<std::string> post(const std::string& body, const std::string& version);
  /// The same where the answer is a stream: each event as it comes. False where nobody answers.
  bool stream(const std::string& body, const std::string& version,
              const std::function<void(const std::string& event)>& told);
  /// Ends what waits, for good. May be called from any thread.
  void interrupt();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace viva
