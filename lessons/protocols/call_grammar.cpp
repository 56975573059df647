// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/call_grammar.h"

#include <algorithm>
#include <utility>

#include "lessons/protocols/tool_calls.h"

namespace viva {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Part of a call: one of these tokens, or a whole number from 1 to 99.
struct CallPart {
  std::vector<std::int64_t> choices{};
  bool is_number = false;
};

/// `{"name":"weather","arguments":{"city":` … as parts, from the schema of a tool.
std::vector<CallPart> partsOf(const OrderedJson& tool) {
  std::vector<CallPart> parts;
  const auto say = [&](std::initializer_list<std::string> tokens) {
    for (const std::string& token : tokens) parts.push_back({{toolTokenOf(token)}});
  };
  say({"{", "\"", "name", "\"", ":", "\"", tool["name"].get<std::string>(), "\"", ",", "\"",
       "arguments", "\"", ":", "{"});
  bool is_first = true;
  for (const auto& [name, schema] : tool["parameters"]["properties"].items()) {
    if (!is_first) say({","});
    is_first = false;
    say({"\"", name, "\"", ":"});
    if (!schema.contains("enum")) {
      parts.push_back({{}, true});
      continue;
    }
    CallPart choice;
    for (const auto& value : schema["enum"])
      choice.choices.push_back(toolTokenOf(value.get<std::string>()));
    say({"\""});
    parts.push_back(std::move(choice));
    say({"\""});
  }
  say({"}", "}", "<end>"});
  return parts;
}

const std::vector<std::vector<CallPart>>& callForms() {
  static const std::vector<std::vector<CallPart>> forms = [] {
    std::vector<std::vector<CallPart>> made;
    for (const auto& tool : toolSchemas()) made.push_back(partsOf(tool));
    return made;
  }();
  return forms;
}

/// Adds what may follow the tokens from `at` on where they are made of the parts from `part` on.
void follow(const std::vector<CallPart>& parts, std::size_t part,
            const std::vector<std::int64_t>& prefix, std::size_t at,
            std::vector<std::int64_t>& next) {
  if (part == parts.size()) return;
  const CallPart& here = parts[part];
  if (!here.is_number) {
    if (at == prefix.size())
      next.insert(next.end(), here.choices.begin(), here.choices.end());
    else if (std::ranges::find(here.choices, prefix[at]) != here.choices.end())
      follow(parts, part + 1, prefix, at + 1, next);
    return;
  }
  const std::int64_t zero = toolTokenOf("0");
  std::size_t digits = 0;
  while (at + digits < prefix.size() && digits < 2 && prefix[at + digits] >= zero &&
         prefix[at + digits] <= zero + 9)
    ++digits;
  if (digits > 0) follow(parts, part + 1, prefix, at + digits, next);
  // Another digit: not a zero at the beginning, not a third one.
  if (at + digits == prefix.size() && digits < 2)
    for (std::int64_t digit = digits == 0 ? 1 : 0; digit <= 9; ++digit)
      next.push_back(zero + digit);
}

}  // namespace

std::vector<std::int64_t> nextInACall(const std::vector<std::int64_t>& prefix) {
  std::vector<std::int64_t> next;
  for (const auto& form : callForms()) follow(form, 0, prefix, 0, next);
  std::ranges::sort(next);
  next.erase(std::unique(next.begin(), next.end()), next.end());
  return next;
}

bool JsonPrefix::add(std::string_view text) {
  return std::ranges::all_of(text, [this](char c) { return add(c); });
}

bool JsonPrefix::begin(char c) {
  if (c == '{') {
    open_ += c;
    where_ = Where::FirstKey;
  } else if (c == '"') {
    where_ = Where::Text;
  } else if (isDigit(c)) {
    number_ = c;
    where_ = Where::Number;
  } else {
    return false;
  }
  return true;
}

bool JsonPrefix::after(char c) {
  if (open_.empty()) return false;
  if (c == ',') {
    where_ = Where::Key;
    return true;
  }
  if (c != '}') return false;
  open_.pop_back();
  end();
  return true;
}

bool JsonPrefix::add(char c) {
  switch (where_) {
    case Where::Value:
      return begin(c);
    case Where::FirstKey:
      if (c == '}') {
        open_.pop_back();
        end();
        return true;
      }
      [[fallthrough]];
    case Where::Key:
      where_ = Where::Name;
      return c == '"';
    case Where::Name:
    case Where::Text:
      if (c == '"' && where_ == Where::Name)
        where_ = Where::Colon;
      else if (c == '"')
        end();
      return true;
    case Where::Colon:
      where_ = Where::Value;
      return c == ':';
    case Where::Number:
      // No zeros in front.
      if (isDigit(c)) return std::exchange(number_, number_ + c) != "0";
      where_ = Where::After;
      return after(c);
    case Where::After:
      return after(c);
    case Where::Over:
      break;
  }
  return false;
}

std::vector<bool> CallWriting::allowed() const {
  const auto& all = toolTokens();
  std::vector<bool> may(all.size(), constraint_ == Constraint::Free && !is_over_);
  may[kPadToken] = is_over_;
  if (is_over_ || constraint_ == Constraint::Free) return may;
  if (constraint_ == Constraint::Schema) {
    for (const std::int64_t token : nextInACall(tokens_)) may[token] = true;
    return may;
  }
  may[kEndToken] = json_.isComplete();
  for (std::size_t token = kEndToken + 1; token < all.size(); ++token)
    may[token] = JsonPrefix(json_).add(all[token]);
  return may;
}

void CallWriting::add(std::int64_t token) {
  if (is_over_) return;
  tokens_.push_back(token);
  is_over_ = token == kEndToken;
  if (constraint_ == Constraint::Json && !is_over_)
    json_.add(toolTokens().at(static_cast<std::size_t>(token)));
}

}  // namespace viva
