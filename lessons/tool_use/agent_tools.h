// SPDX-License-Identifier: GPL-3.0-or-later
// The tools of the agent: what a call must look like, and what each really does.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lessons/tool_use/agent_words.h"

namespace viva {

enum class AgentTool { Documents, Units, Calculator, Calendar, Mail, Finish };
inline constexpr std::array<const char*, 6> kAgentTools{"documents", "units", "calculator",
                                                        "calendar",  "mail",  "finish"};
inline const char* nameOf(AgentTool tool) { return kAgentTools[static_cast<std::size_t>(tool)]; }

/// What a mind writes: a name and arguments, to be executed by somebody else.
struct AgentCall {
  using Value = std::variant<double, std::string>;
  AgentTool tool = AgentTool::Finish;
  std::map<std::string, Value> arguments{};
  bool operator==(const AgentCall&) const = default;
};
/// `{"name":"units","arguments":{"from":"km","to":"m","value":42}}`
std::string jsonOf(const AgentCall& call);
/// `units 42 km m`
std::string shortOf(const AgentCall& call);

/// One argument of a tool's schema.
struct AgentField {
  enum class Type { Number, Text, Unit, Operation, Date };
  std::string name;
  Type type;
  bool is_required = true;
};
const std::vector<AgentField>& schemaOf(AgentTool tool);
/// The first field that is missing or of another type; nothing where the call fits its schema.
std::optional<std::string> problemWithCall(const AgentCall& call);

struct AgentValue {
  double number = 0;
  std::string unit{};
  bool is_date = false;
  bool operator==(const AgentValue&) const = default;
};
/// To ten digits.
bool isNear(const AgentValue& a, const AgentValue& b);
std::string shown(const AgentValue& value);

struct AgentMail {
  std::string to;
  AgentValue body;
};

struct AgentResult {
  AgentText text{};
  bool has_timed_out = false;
  bool has_more = false;  ///< the tool says that it should be called again for the rest
};
/// Whether the answer of a call is one that its tool promises: a quantity in the unit asked for.
bool fitsOutputSchema(const AgentCall& call, const AgentResult& result);

/// What the tools act on.
struct AgentSurroundings {
  /// The document that the query finds, empty for none.
  std::function<AgentText(const std::string& query)> search;
  std::vector<AgentMail> sent{};
};
/// Executes a call, leniently: what is missing or of another type counts as 0 or as nothing, as
/// in many a program.
AgentResult execute(const AgentCall& call, AgentSurroundings& surroundings);

/// In metres or kilograms; 0 for what is no unit.
double unitSize(const std::string& unit);
bool isLength(const std::string& unit);
/// `value` of `from` in `to`.
double converted(double value, const std::string& from, const std::string& to);

}  // namespace viva
