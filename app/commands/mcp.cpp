// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/mcp.h"

#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "app/agents/agent_offer.h"
#include "app/commands/console.h"
#include "app/commands/last_step.h"
#include "lessons/core/error.h"
#include "protocol/line_channel.h"
#include "protocol/mcp_session.h"

namespace viva {
namespace {

/// Nothing but messages may stand on standard output: whatever else in this process writes there
/// from now on goes to standard error.
int takeStandardOutput() {
  const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (output < 0) throw FileError({"agents.error.no_output", {}});
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return output;
}

}  // namespace

int mcpCommand(const McpRequest& request, const Words& words) {
  LineWriter writer(takeStandardOutput(), STDIN_FILENO);
  LineReader reader(STDIN_FILENO, McpSession::kLimits.bytes);
  McpSession session(agentOffer({request.allow_files}, words), [&](const OrderedJson& message) {
    if (writer.write(textOf(message))) return;
    session.end();
    reader.stop();
  });
  LastStep last;
  std::thread listener([&] {
    while (const auto line = reader.next())
      if (line->too_long)
        session.refuseTooLong();
      else
        session.receive(line->text);
    writer.finish();
    session.end();
    last.wait();
  });
  session.work();
  last.set();
  reader.stop();
  listener.join();
  return kDone;
}

}  // namespace viva
