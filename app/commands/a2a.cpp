// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/a2a.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "app/agents/experiment_agent.h"
#include "app/commands/console.h"
#include "app/commands/interruption.h"
#include "app/commands/last_step.h"
#include "lessons/core/error.h"
#include "protocol/a2a_server.h"

namespace viva {
namespace {

/// Who started this program holds the other end, and is gone when it is closed. A terminal or a
/// file tells nothing.
bool inputIsAPipe() {
  struct stat input {};
  return ::fstat(STDIN_FILENO, &input) == 0 && (S_ISFIFO(input.st_mode) || S_ISSOCK(input.st_mode));
}

/// Until somebody wants the end: Ctrl-C, the end of the input, or `done`.
void waitForEnd(const LastStep& last) {
  constexpr int kTurn = 100;  // milliseconds between two looks at Ctrl-C
  const bool listens = inputIsAPipe();
  while (!Interruption::requested() && !last.isDone()) {
    pollfd input{listens ? STDIN_FILENO : -1, POLLIN, 0};
    if (::poll(&input, 1, kTurn) <= 0) continue;
    char ignored[4096];
    if (::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
  }
}

}  // namespace

int a2aCommand(const A2aRequest& request, const Words& words) {
  A2aAgent agent(experimentAgent({}, words));
  A2aServer server(agent);
  if (!server.bind(request.port))
    throw RunError({"agents.error.port_taken", {{"port", std::int64_t{request.port}}}});
  const Interruption interruption;
  print(words(Message{"agents.listening", {{"url", server.url()}}}) + "\n");
  LastStep last;
  std::thread listener([&] { server.serve(); });
  std::thread end([&] {
    waitForEnd(last);
    agent.end();
    server.stop();
    last.wait();
  });
  agent.work();
  const int status = Interruption::requested() ? kInterrupted : kDone;
  last.set();
  end.join();
  listener.join();
  return status;
}

}  // namespace viva
