// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_tools.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Type = AgentField::Type;

std::string quoted(const std::string& text) {
  std::string made(1, '"');
  made += text;
  made += '"';
  return made;
}

std::string jsonValue(const AgentCall::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return withDigits(*number, 10);
  return quoted(std::get<std::string>(value));
}

double numberIn(const AgentCall& call, const std::string& name) {
  const auto found = call.arguments.find(name);
  if (found == call.arguments.end()) return 0;
  if (const auto* number = std::get_if<double>(&found->second)) return *number;
  return numberFrom(std::get<std::string>(found->second)).value_or(0);
}

std::string textIn(const AgentCall& call, const std::string& name) {
  const auto found = call.arguments.find(name);
  if (found == call.arguments.end()) return {};
  const auto* text = std::get_if<std::string>(&found->second);
  return text ? *text : std::string();
}

bool isOperation(const std::string& word) {
  return word == "add" || word == "subtract" || word == "multiply" || word == "divide";
}

bool fits(const AgentCall::Value& value, Type type) {
  const auto* text = std::get_if<std::string>(&value);
  switch (type) {
    case Type::Number:
      return text == nullptr;
    case Type::Text:
      return text != nullptr && !text->empty();
    case Type::Unit:
      return text != nullptr && unitSize(*text) > 0;
    case Type::Operation:
      return text != nullptr && isOperation(*text);
    case Type::Date:
      return text != nullptr && isDate(*text);
  }
  return false;
}

AgentToken word(const std::string& name) { return {agentWord(name)}; }
AgentToken number(double value) { return {agentWord("<num>"), value}; }

AgentText textOf(const AgentValue& value) {
  AgentText text{{agentWord(value.is_date ? "<date>" : "<num>"), value.number}};
  if (isAgentWord(value.unit)) text.push_back(word(value.unit));
  return text;
}

AgentValue bodyOf(const AgentCall& call) {
  const std::string date = textIn(call, "value");
  if (isDate(date)) return {daysOf(date), "", true};
  return {numberIn(call, "value"), textIn(call, "unit"), false};
}

double calculated(double a, const std::string& op, double b) {
  if (op == "add") return a + b;
  if (op == "subtract") return a - b;
  if (op == "multiply") return a * b;
  return op == "divide" ? a / b : a;
}

AgentText dayAfter(const std::string& date, double days) {
  static const std::vector<std::string> names{"thursday", "friday",  "saturday", "sunday",
                                              "monday",   "tuesday", "wednesday"};
  const double at = std::round((isDate(date) ? daysOf(date) : 0) + days);
  const auto weekday = static_cast<std::size_t>(at - 7 * std::floor(at / 7));
  return {{agentWord("<date>"), at}, word(names[weekday])};
}

}  // namespace

std::string jsonOf(const AgentCall& call) {
  std::string arguments;
  for (const auto& [name, value] : call.arguments) {
    if (!arguments.empty()) arguments += ',';
    arguments += quoted(name) + ":" + jsonValue(value);
  }
  return "{\"name\":" + quoted(nameOf(call.tool)) + ",\"arguments\":{" + arguments + "}}";
}

std::string shortOf(const AgentCall& call) {
  std::string text = nameOf(call.tool);
  for (const AgentField& field : schemaOf(call.tool)) {
    const auto found = call.arguments.find(field.name);
    if (found == call.arguments.end()) continue;
    const auto* number = std::get_if<double>(&found->second);
    text += " " + (number ? withDigits(*number, 6) : std::get<std::string>(found->second));
  }
  return text;
}

const std::vector<AgentField>& schemaOf(AgentTool tool) {
  static const std::array<std::vector<AgentField>, kAgentTools.size()> schemas{{
      {{"query", Type::Text}},
      {{"value", Type::Number}, {"from", Type::Unit}, {"to", Type::Unit}},
      {{"a", Type::Number}, {"op", Type::Operation}, {"b", Type::Number}},
      {{"date", Type::Date}, {"days", Type::Number}},
      {{"value", Type::Number}, {"unit", Type::Unit, false}, {"to", Type::Text}},
      {{"value", Type::Number}, {"unit", Type::Unit, false}},
  }};
  return schemas[static_cast<std::size_t>(tool)];
}

std::optional<std::string> problemWithCall(const AgentCall& call) {
  for (const AgentField& field : schemaOf(call.tool)) {
    const auto found = call.arguments.find(field.name);
    if (found == call.arguments.end()) {
      if (field.is_required) return field.name;
      continue;
    }
    // What is sent or answered may be a day too.
    const bool is_day =
        field.name == "value" && call.tool != AgentTool::Units && fits(found->second, Type::Date);
    if (!is_day && !fits(found->second, field.type)) return field.name;
  }
  return std::nullopt;
}

bool isNear(const AgentValue& a, const AgentValue& b) {
  return a.unit == b.unit && a.is_date == b.is_date &&
         std::abs(a.number - b.number) <= 1e-10 * std::max(1.0, std::abs(b.number));
}

std::string shown(const AgentValue& value) { return shown(textOf(value)); }

bool fitsOutputSchema(const AgentCall& call, const AgentResult& result) {
  if (call.tool != AgentTool::Units || result.text.empty()) return true;
  const std::string to = textIn(call, "to");
  const std::int64_t asked = isAgentWord(to) ? agentWord(to) : 0;
  return std::ranges::any_of(result.text, [&](const auto& token) { return token.word == asked; });
}

AgentResult execute(const AgentCall& call, AgentSurroundings& surroundings) {
  switch (call.tool) {
    case AgentTool::Documents:
      return {surroundings.search(textIn(call, "query"))};
    case AgentTool::Units: {
      const std::string to = textIn(call, "to");
      const double value = converted(numberIn(call, "value"), textIn(call, "from"), to);
      return {textOf({value, to, false})};
    }
    case AgentTool::Calculator:
      return {{number(calculated(numberIn(call, "a"), textIn(call, "op"), numberIn(call, "b")))}};
    case AgentTool::Calendar:
      return {dayAfter(textIn(call, "date"), numberIn(call, "days"))};
    case AgentTool::Mail: {
      const AgentMail mail{textIn(call, "to"), bodyOf(call)};
      surroundings.sent.push_back(mail);
      AgentText text{word("sent")};
      const AgentText body = textOf(mail.body);
      text.insert(text.end(), body.begin(), body.end());
      text.push_back(word("to"));
      if (isAgentWord(mail.to)) text.push_back(word(mail.to));
      return {text};
    }
    case AgentTool::Finish:
      return {textOf(bodyOf(call))};
  }
  return {};
}

double unitSize(const std::string& unit) {
  static const std::map<std::string, double> sizes{{"m", 1},           {"km", 1000}, {"ft", 0.3048},
                                                   {"mi", 1609.344},   {"kg", 1},    {"g", 0.001},
                                                   {"lb", 0.45359237}, {"t", 1000}};
  const auto found = sizes.find(unit);
  return found == sizes.end() ? 0 : found->second;
}

bool isLength(const std::string& unit) {
  return unit == "m" || unit == "km" || unit == "ft" || unit == "mi";
}

double converted(double value, const std::string& from, const std::string& to) {
  const double size = unitSize(to);
  return size > 0 ? value * unitSize(from) / size : 0;
}

}  // namespace viva
