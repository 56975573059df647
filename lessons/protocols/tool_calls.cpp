// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/tool_calls.h"

#include <algorithm>
#include <sstream>

#include "lessons/core/number_text.h"
#include "protocol/json_schema.h"

namespace viva {
namespace {

const std::vector<std::string> kCities{"paris", "london", "berlin", "madrid", "rome",
                                       "cairo", "tokyo",  "oslo",   "lima",   "delhi"};
constexpr std::size_t kUnseenCities = 2;  ///< the last ones
const std::vector<std::string> kDays{"today", "tomorrow", "sunday"};

struct UnitPair {
  const char *from, *to;
  double factor;
};
constexpr UnitPair kUnits[] = {{"km", "miles", 0.6213712},       {"miles", "km", 1.609344},
                               {"kg", "pounds", 2.2046226},      {"pounds", "kg", 0.4535924},
                               {"litres", "gallons", 0.2641720}, {"gallons", "litres", 3.7854118}};
constexpr std::int64_t kLargestNumber = 99;

std::vector<std::string> allTokens() {
  std::vector<std::string> all{"", "<end>", "{", "}", "\"", ":", ","};
  for (char digit = '0'; digit <= '9'; ++digit) all.emplace_back(1, digit);
  for (const char* word :
       {"name", "arguments", "weather", "convert", "timer",  "city", "day", "value",
        "from", "to",        "minutes", "in",      "please", "will", "it",  "rain",
        "how",  "many",      "are",     "wake",    "me",     "set",  "a",   "of"})
    all.emplace_back(word);
  all.insert(all.end(), kCities.begin(), kCities.end());
  all.insert(all.end(), kDays.begin(), kDays.end());
  for (const UnitPair& pair : kUnits) all.emplace_back(pair.from);
  return all;
}

/// Of `count` things one; the distributions of the library differ from compiler to compiler.
std::size_t drawn(std::mt19937_64& generator, std::size_t count) { return generator() % count; }

/// Digits are tokens of their own.
void addNumber(std::vector<std::string>& words, std::int64_t number) {
  for (const char digit : std::to_string(number)) words.emplace_back(1, digit);
}

OrderedJson callOf(const std::string& name, OrderedJson arguments) {
  return {{"name", name}, {"arguments", std::move(arguments)}};
}

ToolRequest weather(std::mt19937_64& generator, const std::string& city) {
  const std::string& day = kDays[drawn(generator, kDays.size())];
  ToolRequest request;
  switch (drawn(generator, 3)) {
    case 0:
      request.words = {"weather", "in", city, day};
      break;
    case 1:
      request.words = {"will", "it", "rain", "in", city, day};
      break;
    default:
      request.words = {city, day, "weather", "please"};
  }
  request.call = callOf("weather", {{"city", city}, {"day", day}});
  return request;
}

ToolRequest conversion(std::mt19937_64& generator) {
  const UnitPair& units = kUnits[drawn(generator, std::size(kUnits))];
  const auto value = static_cast<std::int64_t>(1 + drawn(generator, kLargestNumber));
  ToolRequest request;
  std::vector<std::string>& words = request.words;
  switch (drawn(generator, 3)) {
    case 0:
      words = {"convert"};
      addNumber(words, value);
      words.insert(words.end(), {units.from, "to", units.to});
      break;
    case 1:
      addNumber(words, value);
      words.insert(words.end(), {units.from, "in", units.to});
      break;
    default:
      words = {"how", "many", units.to, "are"};
      addNumber(words, value);
      words.emplace_back(units.from);
  }
  request.call = callOf("convert", {{"value", value}, {"from", units.from}, {"to", units.to}});
  return request;
}

ToolRequest timer(std::mt19937_64& generator) {
  const auto minutes = static_cast<std::int64_t>(1 + drawn(generator, kLargestNumber));
  ToolRequest request;
  std::vector<std::string>& words = request.words;
  if (drawn(generator, 2) == 0)
    words = {"wake", "me", "in"};
  else
    words = {"set", "a", "timer", "of"};
  addNumber(words, minutes);
  words.emplace_back("minutes");
  request.call = callOf("timer", {{"minutes", minutes}});
  return request;
}

OrderedJson schemaOf(OrderedJson properties) {
  OrderedJson required = OrderedJson::array();
  for (const auto& [name, unused] : properties.items()) required.push_back(name);
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

const OrderedJson* toolNamed(const std::string& name) {
  for (const auto& tool : toolSchemas())
    if (tool["name"] == name) return &tool;
  return nullptr;
}

}  // namespace

const std::vector<std::string>& toolTokens() {
  static const std::vector<std::string> tokens = allTokens();
  return tokens;
}

std::int64_t toolTokenOf(const std::string& text) {
  const auto& all = toolTokens();
  const auto found = std::ranges::find(all, text);
  return found == all.end() ? -1 : found - all.begin();
}

std::string textOfTokens(const std::vector<std::int64_t>& tokens) {
  std::string text;
  for (const std::int64_t token : tokens) {
    if (token == kEndToken) break;
    text += toolTokens().at(static_cast<std::size_t>(token));
  }
  return text;
}

std::string ToolRequest::text() const {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::int64_t> ToolRequest::requestTokens() const {
  std::vector<std::int64_t> tokens(kRequestTokens, kPadToken);
  for (std::size_t i = 0; i < words.size(); ++i) tokens[i] = toolTokenOf(words[i]);
  return tokens;
}

/// In the order of the JSON text: marks and digits one by one, what stands between quotes whole.
std::vector<std::int64_t> ToolRequest::callTokens() const {
  std::vector<std::int64_t> tokens;
  const std::string text = call.dump();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    if (text[at] >= 'a' && text[at] <= 'z') length = text.find('"', at) - at;
    tokens.push_back(toolTokenOf(text.substr(at, length)));
    at += length;
  }
  tokens.push_back(kEndToken);
  tokens.resize(kCallTokens, kPadToken);
  return tokens;
}

ToolRequest drawRequest(std::mt19937_64& generator) {
  switch (drawn(generator, 3)) {
    case 0:
      return drawWeather(generator, Cities::Learned);
    case 1:
      return conversion(generator);
    default:
      return timer(generator);
  }
}

ToolRequest drawWeather(std::mt19937_64& generator, Cities cities) {
  const std::size_t learned = kCities.size() - kUnseenCities;
  return weather(generator, cities == Cities::Learned
                                ? kCities[drawn(generator, learned)]
                                : kCities[learned + drawn(generator, kUnseenCities)]);
}

const OrderedJson& toolSchemas() {
  static const OrderedJson schemas = [] {
    const OrderedJson number{{"type", "integer"}, {"minimum", 1}, {"maximum", kLargestNumber}};
    OrderedJson units = OrderedJson::array();
    for (const UnitPair& pair : kUnits) units.push_back(pair.from);
    const OrderedJson unit{{"type", "string"}, {"enum", units}};
    return OrderedJson::array(
        {{{"name", "weather"},
          {"parameters", schemaOf({{"city", {{"type", "string"}, {"enum", kCities}}},
                                   {"day", {{"type", "string"}, {"enum", kDays}}}})}},
         {{"name", "convert"},
          {"parameters", schemaOf({{"value", number}, {"from", unit}, {"to", unit}})}},
         {{"name", "timer"}, {"parameters", schemaOf({{"minutes", number}})}}});
  }();
  return schemas;
}

CallReading readCall(const std::string& text) {
  CallReading reading;
  reading.call = Json::parse(text, nullptr, false);
  reading.is_json = !reading.call.is_discarded();
  const Json& call = reading.call;
  if (!reading.is_json) {
    reading.problem = "no JSON";
  } else if (!call.is_object() || call.size() != 2 || !call.contains("name") ||
             !call["name"].is_string() || !call.contains("arguments")) {
    reading.problem = "name and arguments are wanted";
  } else if (const OrderedJson* tool = toolNamed(call["name"].get<std::string>()); !tool) {
    reading.problem = "no such tool";
  } else if (const auto problem = problemIn(call["arguments"], (*tool)["parameters"])) {
    reading.problem = problem->path + ": " + problem->allowed;
  } else {
    reading.fits_schema = true;
  }
  return reading;
}

OrderedJson ranTool(const Json& call) {
  const std::string name = call["name"].get<std::string>();
  const Json& given = call["arguments"];
  if (name == "timer") return {{"rings_after_seconds", 60 * given["minutes"].get<std::int64_t>()}};
  if (name == "weather") {
    // Made up, the same each time.
    const auto place = [&](const auto& all, const char* key) {
      return std::ranges::find(all, given[key].get<std::string>()) - all.begin();
    };
    const auto degrees = 8 + 3 * place(kCities, "city") % 20 + place(kDays, "day");
    return {{"degrees", degrees}};
  }
  for (const UnitPair& pair : kUnits)
    if (given["from"] == pair.from && given["to"] == pair.to)
      return {{"value",
               numberFrom(withDigits(pair.factor * given["value"].get<double>(), 4)).value_or(0)}};
  return {{"error", "these units do not measure the same"}};
}

TypedRequest typedRequest(const std::string& text) {
  TypedRequest typed;
  std::istringstream words(text);
  const auto add = [&](const std::string& word) {
    const std::int64_t token = toolTokenOf(word);
    if (token <= kEndToken && typed.unknown.empty()) typed.unknown = word;
    typed.tokens.push_back(token);
  };
  for (std::string word; words >> word;) {
    const bool is_number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number)
      add(word);
    else
      for (const char digit : word) add(std::string(1, digit));
  }
  typed.length = std::ssize(typed.tokens);
  typed.tokens.resize(kRequestTokens, kPadToken);
  return typed;
}

}  // namespace viva
