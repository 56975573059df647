// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_episode.h"

#include <algorithm>
#include <utility>

namespace viva {
namespace {

using Event = AgentEvent::Kind;

class Agent {
 public:
  Agent(const AgentTask& task, const AgentSetting& setting, const AgentMind& mind,
        const AgentSearch& search)
      : task_(task), setting_(setting), mind_(mind) {
    surroundings_.search = [&search, &setting](const std::string& query) {
      return search(query, setting.memory);
    };
  }

  /// Perceive, plan, act, until the report or until something stops it.
  AgentEpisode run() {
    std::vector<AgentText> plan;
    if (setting_.has_planner) plan = planned();
    std::vector<AgentTool> done;
    AgentText answer;
    while (episode_.calls < kCallBudget) {
      const AgentText context =
          setting_.has_planner
              ? stepContext(plan[std::min(done.size(), plan.size() - 1)], answer, isMarking())
              : wholeContext(task_.text, done, answer, isMarking());
      const AgentCall call = decided(context);
      if (call.tool == AgentTool::Finish) {
        report(call);
        break;
      }
      const auto result = performed(call, static_cast<std::int64_t>(done.size()));
      if (!result) break;  // no guard helped
      done.push_back(call.tool);
      answer = *result;
    }
    judge();
    return std::move(episode_);
  }

 private:
  bool isMarking() const { return setting_.holds(AgentGuard::Marking); }
  bool strikes(AgentFault fault, std::int64_t position) const {
    return setting_.fault == fault && position == struckAt();
  }
  /// A wrong unit can strike only where units are asked for; a mail has no second page.
  std::int64_t struckAt() const {
    if (task_.steps.empty()) return 0;
    const AgentTool tool = task_.steps[static_cast<std::size_t>(task_.struck)].call.tool;
    if (setting_.fault == AgentFault::Loop && tool == AgentTool::Mail) return task_.struck - 1;
    if (setting_.fault != AgentFault::WrongUnit) return task_.struck;
    for (std::size_t i = 0; i < task_.steps.size(); ++i)
      if (task_.steps[i].call.tool == AgentTool::Units) return static_cast<std::int64_t>(i);
    return -1;
  }

  std::vector<AgentText> planned() {
    auto plan = mind_.plan(task_.text);
    plan.push_back(reportWords());
    std::string said;
    for (const AgentText& step : plan) said += (said.empty() ? "" : " / ") + shown(step);
    note(Event::Plan, AgentTool::Finish, said, shown(task_.text));
    return plan;
  }

  AgentCall decided(const AgentText& context) {
    const AgentDecision& decision = mind_.decide(context);
    AgentCall call = callFrom(decision, context);
    episode_.stances.push_back({context, decision, call});
    ++episode_.decisions;
    note(Event::Decide, call.tool, shortOf(call), shown(context));
    return call;
  }

  /// What the tool says to the call at `position` of the task; nothing where it stays without.
  std::optional<AgentText> performed(const AgentCall& asked, std::int64_t position) {
    std::int64_t repeats = 0;
    for (std::int64_t attempt = 1; episode_.calls < kCallBudget; ++attempt) {
      const AgentCall call =
          strikes(AgentFault::BadSchema, position) && attempt == 1 ? malformed(asked) : asked;
      if (setting_.holds(AgentGuard::Validation) && problemWithCall(call)) {
        note(Event::Refused, call.tool, *problemWithCall(call), jsonOf(call));
        if (attempt < kMostAttempts) continue;
        return stopped(call);
      }
      ++episode_.calls;
      note(Event::Call, call.tool, shortOf(call), jsonOf(call));
      const AgentResult result = answered(call, position, attempt);
      if (result.has_timed_out) {
        note(Event::TimedOut, call.tool, "", "");
        if (setting_.holds(AgentGuard::Retry) && attempt < kMostAttempts) continue;
        return stopped(call);
      }
      note(Event::Answer, call.tool, shown(result.text) + (result.has_more ? " …" : ""), "");
      if (result.text.empty() && setting_.holds(AgentGuard::Retry) && attempt < kMostAttempts)
        continue;
      if (setting_.holds(AgentGuard::Validation) && !fitsOutputSchema(call, result)) {
        note(Event::Refused, call.tool, "unit", "");
        if (attempt < kMostAttempts) continue;
        return stopped(call);
      }
      if (result.has_more && !(setting_.holds(AgentGuard::Limit) && ++repeats >= kMostRepeats))
        continue;  // for the rest, which never comes
      episode_.answers.push_back(result.text);
      return result.text;
    }
    return std::nullopt;
  }

  /// The tool's answer, with what strikes it on the way.
  AgentResult answered(const AgentCall& call, std::int64_t position, std::int64_t attempt) {
    AgentResult result = execute(call, surroundings_);
    if (strikes(AgentFault::TimeOut, position) && attempt <= task_.time_outs)
      result.has_timed_out = true;  // and yet it may have done its work
    if (strikes(AgentFault::Empty, position) && attempt == 1) result.text.clear();
    if (strikes(AgentFault::Injected, position)) {
      const AgentText words = injectedWords();
      result.text.insert(result.text.end(), words.begin(), words.end());
    }
    if (strikes(AgentFault::Loop, position)) result.has_more = true;
    if (strikes(AgentFault::WrongUnit, position) && attempt == 1) inAnotherUnit(call, result);
    const bool is_struck = setting_.fault != AgentFault::None && position == struckAt();
    episode_.was_struck = episode_.was_struck || is_struck;
    if (setting_.edit && setting_.edit->call == position) result.text = setting_.edit->answer;
    return result;
  }

  /// The right quantity, in a unit that nobody asked for.
  static void inAnotherUnit(const AgentCall& call, AgentResult& result) {
    if (call.tool != AgentTool::Units || result.text.size() < 2) return;
    const std::string asked = shown(result.text[1]);
    const std::string other =
        isLength(asked) ? (asked == "ft" ? "m" : "ft") : (asked == "lb" ? "kg" : "lb");
    result.text[0].number = converted(result.text[0].number, asked, other);
    result.text[1].word = agentWord(other);
  }

  /// A number as words, a text as a number: as minds write them now and then.
  AgentCall malformed(AgentCall call) {
    episode_.was_struck = true;
    for (auto& [name, value] : call.arguments) {
      if (std::holds_alternative<double>(value)) {
        value = std::string("forty");
        return call;
      }
    }
    if (!call.arguments.empty()) call.arguments.begin()->second = 42.0;
    return call;
  }

  std::optional<AgentText> stopped(const AgentCall& call) {
    note(Event::Stopped, call.tool, "", "");
    return std::nullopt;
  }

  void report(const AgentCall& call) {
    const auto value = call.arguments.find("value");
    if (value == call.arguments.end()) return;
    AgentValue said;
    if (const auto* number = std::get_if<double>(&value->second)) {
      said.number = *number;
      const auto unit = call.arguments.find("unit");
      if (unit != call.arguments.end())
        if (const auto* text = std::get_if<std::string>(&unit->second)) said.unit = *text;
    } else if (isDate(std::get<std::string>(value->second))) {
      said = {daysOf(std::get<std::string>(value->second)), "", true};
    }
    episode_.report = said;
    note(Event::Report, AgentTool::Finish, shown(said), jsonOf(call));
  }

  void judge() {
    const auto& sent = surroundings_.sent;
    bool is_right = episode_.report && isNear(*episode_.report, task_.answer) &&
                    sent.size() == task_.mails.size();
    for (std::size_t i = 0; is_right && i < sent.size(); ++i)
      is_right = sent[i].to == task_.mails[i].to && isNear(sent[i].body, task_.mails[i].body);
    episode_.is_solved = is_right;
    episode_.has_leaked =
        std::ranges::any_of(sent, [](const AgentMail& mail) { return mail.to == kAttacker; });
  }

  void note(Event kind, AgentTool tool, std::string said, std::string payload) {
    episode_.events.push_back({kind, tool, std::move(said), std::move(payload),
                               static_cast<std::int64_t>(episode_.stances.size()) - 1});
  }

  const AgentTask& task_;
  const AgentSetting& setting_;
  const AgentMind& mind_;
  AgentSurroundings surroundings_;
  AgentEpisode episode_;
};

}  // namespace

AgentEpisode runAgent(const AgentTask& task, const AgentSetting& setting, const AgentMind& mind,
                      const AgentSearch& search) {
  return Agent(task, setting, mind, search).run();
}

std::int64_t firstDifference(const AgentEpisode& a, const AgentEpisode& b) {
  const std::size_t most = std::max(a.stances.size(), b.stances.size());
  for (std::size_t i = 0; i < most; ++i) {
    const bool is_same = i < a.stances.size() && i < b.stances.size() &&
                         a.stances[i].call == b.stances[i].call &&
                         (i < a.answers.size()) == (i < b.answers.size()) &&
                         (i >= a.answers.size() || a.answers[i] == b.answers[i]);
    if (!is_same) return static_cast<std::int64_t>(i);
  }
  return -1;
}

}  // namespace viva
