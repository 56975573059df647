// SPDX-License-Identifier: GPL-3.0-or-later
// What a policy acts in: a task, of which it names the next tool, time after time. The arguments
// are given to it; what it calls at the wrong moment gets none.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/tool_use/agent_tasks.h"
#include "lessons/tool_use/agent_tools.h"

namespace viva {

/// Calls after which a task is over, the report included.
inline constexpr std::int64_t kMostPolicyCalls = 8;

class ToolWorld {
 public:
  explicit ToolWorld(AgentTask task);

  /// How often each word is in the task, then how often each tool was called so far.
  std::vector<float> state() const;
  static std::int64_t stateSize();

  /// Really executes; a call that is the next one of the task brings it on.
  void call(AgentTool tool);
  bool isOver() const { return is_reported_ || calls_ == kMostPolicyCalls; }
  std::int64_t calls() const { return calls_; }
  /// All steps done in order, then the report.
  bool isSolved() const { return is_reported_ && next_ + 1 == task_.steps.size(); }
  /// There is a report, and it has a number or a day in it.
  bool looksSolved() const { return is_reported_ && has_number_; }
  const AgentTask& task() const { return task_; }

 private:
  AgentTask task_;
  std::vector<float> words_;
  std::vector<float> called_;
  AgentSurroundings surroundings_;
  std::size_t next_ = 0;
  std::int64_t calls_ = 0;
  bool is_reported_ = false, has_number_ = false;
};

}  // namespace viva
