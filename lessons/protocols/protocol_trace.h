// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `protocol-trace` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/protocols/wire_trace.h"

namespace viva {

enum class TraceScene { ThreeWays, TwoEras, WrongMessages, TaskStates, KilledTool };
enum class ResendBy { None, Mcp, A2a };

/// The ids of the conversations in records.
inline const std::string kByCalling = "function-calling", kByMcp = "mcp", kByA2a = "a2a",
                         kHandshakeEra = "mcp-2025", kStatelessEra = "mcp-2026",
                         kOldAgent = "a2a-0.3", kNewAgent = "a2a-1.0";
inline const std::string kHandshakeRevision = "2025-11-25", kStatelessRevision = "2026-07-28";

const auto kTraceScene = choice<TraceScene>("scene", {{TraceScene::ThreeWays, "three-ways"},
                                                      {TraceScene::TwoEras, "two-eras"},
                                                      {TraceScene::WrongMessages, "wrong-messages"},
                                                      {TraceScene::TaskStates, "task-states"},
                                                      {TraceScene::KilledTool, "killed-tool"}})
                             .grouped("task");
/// Of the experiment that is asked for.
const auto kTraceSteps = integer("task_steps", 20).range(1, 1000).logarithmic().grouped("task");
const auto kMcpRevision =
    choice("mcp.revision", {kHandshakeRevision, kStatelessRevision}, kHandshakeRevision)
        .grouped("revisions");
const auto kA2aRevision = choice("a2a.revision", {"0.3", "1.0"}, "1.0").grouped("revisions");
const auto kResend =
    choice<ResendBy>("resend",
                     {{ResendBy::None, "none"}, {ResendBy::Mcp, "mcp"}, {ResendBy::A2a, "a2a"}})
        .grouped("edit");
/// The method of the message, `tools/call`; empty: the last one.
const auto kResentMessage =
    text("message", "").grouped("edit").onlyWhen(kResend, {ResendBy::Mcp, ResendBy::A2a});
const auto kTraceEdit =
    text("edit", "").grouped("edit").onlyWhen(kResend, {ResendBy::Mcp, ResendBy::A2a});

/// What the claims look at.
struct TraceState {
  std::int64_t step = 0;
  TraceScene scene = TraceScene::ThreeWays;
  std::vector<WireTrace> traces;  ///< all of the scene, also those that have not begun

  bool isOver() const;
  const WireTrace* find(std::string_view id) const;
};
VerdictData traceVerdict(const std::string& preset, const TraceState& state);

/// The ids of the conversations of a scene, in order.
std::vector<std::string> conversationsOf(TraceScene scene);
/// Every view.
void showTraces(Frame& frame, const TraceState& state);

std::unique_ptr<Experiment> makeProtocolTrace(const Parameters& parameters,
                                              const RunContext& context);

}  // namespace viva
