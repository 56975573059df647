// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/tool_world.h"

#include <algorithm>
#include <utility>

namespace viva {

ToolWorld::ToolWorld(AgentTask task)
    : task_(std::move(task)), words_(agentWords().size(), 0), called_(kAgentTools.size(), 0) {
  for (const AgentToken& token : task_.text) words_[static_cast<std::size_t>(token.word)] += 1;
}

std::vector<float> ToolWorld::state() const {
  std::vector<float> all = words_;
  all.insert(all.end(), called_.begin(), called_.end());
  return all;
}

std::int64_t ToolWorld::stateSize() {
  return static_cast<std::int64_t>(agentWords().size() + kAgentTools.size());
}

void ToolWorld::call(AgentTool tool) {
  calls_ += 1;
  called_[static_cast<std::size_t>(tool)] += 1;
  if (tool == AgentTool::Finish) {
    is_reported_ = true;
    return;
  }
  const AgentStep& next = task_.steps[next_];
  const bool is_next = next.call.tool == tool;
  surroundings_.search = [&](const std::string& query) {
    return query.empty() ? AgentText{} : next.answer;
  };
  const AgentText answer = execute(is_next ? next.call : AgentCall{tool}, surroundings_).text;
  has_number_ = std::ranges::any_of(answer, [](const AgentToken& token) {
    return token.word == agentWord("<num>") || token.word == agentWord("<date>");
  });
  if (is_next) ++next_;
}

}  // namespace viva
