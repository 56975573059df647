// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_words.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>

#include "lessons/core/number_text.h"
#include "lessons/core/pieces.h"

namespace viva {
namespace {

std::vector<std::string> allWords() {
  std::vector<std::string> words{
      ".", "<plan>", "<act>", "<did>", "<num>", "<date>",
      // What the net answers at its first place: the tool.
      "documents", "units", "calculator", "calendar", "mail", "finish",
      // At every other place: what the word is to the call, or to which step it belongs.
      "-", "=value", "=from", "=to", "=op", "=second", "=query", "=date", "#1", "#2", "#3", "#4",
      "find", "look", "up", "how", "long", "heavy", "is", "the", "length", "weight", "of", "weighs",
      "convert", "express", "it", "to", "in", "add", "multiply", "by", "subtract", "from", "divide",
      "day", "days", "after", "before", "you", "then", "send", "sent", "report", "monday",
      "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  for (const auto* more : {&kAgentUnits, &kAgentThings, &kAgentPeople})
    words.insert(words.end(), more->begin(), more->end());
  return words;
}

const std::unordered_map<std::string_view, std::int64_t>& numbersOfWords() {
  static const auto numbers = [] {
    std::unordered_map<std::string_view, std::int64_t> made;
    for (const std::string& word : agentWords())
      made.emplace(word, static_cast<std::int64_t>(made.size()));
    return made;
  }();
  return numbers;
}

std::int64_t unmarkedWord(std::int64_t word) {
  return word % static_cast<std::int64_t>(agentWords().size());
}

}  // namespace

const std::vector<std::string>& agentWords() {
  static const std::vector<std::string> words = allWords();
  return words;
}

std::int64_t agentWord(std::string_view word) { return numbersOfWords().at(word); }

bool isAgentWord(std::string_view word) { return numbersOfWords().contains(word); }

std::int64_t agentVocabulary() { return 2 * static_cast<std::int64_t>(agentWords().size()); }

AgentText marked(AgentText text) {
  for (AgentToken& token : text)
    token.word = unmarkedWord(token.word) + static_cast<std::int64_t>(agentWords().size());
  return text;
}

std::string shown(const AgentToken& token) {
  const std::int64_t word = unmarkedWord(token.word);
  std::string text = word == token.word ? "" : "^";
  if (word == agentWord("<num>"))
    text += withDigits(token.number, 6);
  else if (word == agentWord("<date>"))
    text += dateOf(token.number);
  else
    text += agentWords()[static_cast<std::size_t>(word)];
  return text;
}

std::string shown(const AgentText& text) {
  std::string joined;
  for (const AgentToken& token : text) {
    if (!joined.empty()) joined += ' ';
    joined += shown(token);
  }
  return joined;
}

std::variant<AgentText, Message> readAgentText(const std::string& typed,
                                               const std::string& parameter) {
  AgentText text;
  std::string unknown;
  for (const std::string_view piece : piecesOf(typed, " \t\n,")) {
    if (piece.empty()) continue;
    if (isDate(piece))
      text.push_back({agentWord("<date>"), daysOf(piece)});
    else if (const auto number = numberFrom(piece))
      text.push_back({agentWord("<num>"), *number});
    else if (isAgentWord(piece) && piece.front() != '<' && piece.front() != '=')
      text.push_back({agentWord(piece)});
    else
      unknown += (unknown.empty() ? "" : ", ") + std::string(piece);
  }
  if (unknown.empty()) return text;
  return Message{"error.agent.unknown_words", {{"parameter", parameter}, {"unknown", unknown}}};
}

bool isDate(std::string_view text) {
  const auto isDigit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9})
    if (!isDigit(at)) return false;
  return !std::isnan(daysOf(text));
}

double daysOf(std::string_view date) {
  const auto part = [&](std::size_t at, std::size_t digits) {
    return static_cast<int>(numberFrom(date.substr(at, digits)).value_or(0));
  };
  const std::chrono::year_month_day day{std::chrono::year{part(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(part(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(part(8, 2))}};
  if (!day.ok()) return std::nan("");
  return static_cast<double>(std::chrono::sys_days{day}.time_since_epoch().count());
}

std::string dateOf(double days) {
  const double most = 2e6;  // a year of four digits or thereabouts
  const std::chrono::sys_days at{
      std::chrono::days{static_cast<int>(std::clamp(std::isnan(days) ? 0 : days, -7e5, most))}};
  const std::chrono::year_month_day day{at};
  const auto padded = [](int number, std::size_t digits) {
    std::string text = std::to_string(number);
    while (text.size() < digits) text.insert(text.begin(), '0');
    return text;
  };
  return padded(static_cast<int>(day.year()), 4) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(day.month())), 2) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(day.day())), 2);
}

}  // namespace viva
