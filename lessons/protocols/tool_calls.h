// SPDX-License-Identifier: GPL-3.0-or-later
// Requests in a few words, and the tool calls in JSON that they ask for; without LibTorch.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "protocol/json_rpc.h"

namespace viva {

/// Tokens of a request, padded to so many; and of a call with its end, at most.
inline constexpr std::int64_t kRequestTokens = 8, kCallTokens = 40;
inline constexpr std::int64_t kPadToken = 0, kEndToken = 1;

/// Every token: words, digits, and the marks of JSON one by one.
const std::vector<std::string>& toolTokens();
/// -1: there is no such token.
std::int64_t toolTokenOf(const std::string& text);
std::string textOfTokens(const std::vector<std::int64_t>& tokens);  ///< up to the end, without it

/// `{"name":…,"arguments":…}` as the tools have it, `weather`, `convert`, `timer`.
struct ToolRequest {
  std::vector<std::string> words;  ///< `weather in paris tomorrow`
  OrderedJson call;
  std::vector<std::int64_t> requestTokens() const;  ///< kRequestTokens of them
  std::vector<std::int64_t> callTokens() const;     ///< with the end, padded to kCallTokens
  std::string text() const;
};

enum class Cities { Learned, Unseen };  ///< the unseen ones are in no request of the training
ToolRequest drawRequest(std::mt19937_64& generator);
/// For the weather in a city of one kind.
ToolRequest drawWeather(std::mt19937_64& generator, Cities cities);

/// What the application tells the model of its tools: name, description, parameters each.
const OrderedJson& toolSchemas();

/// What an application can say of a text before it does anything.
struct CallReading {
  bool is_json = false, fits_schema = false;
  Json call;            ///< where it is JSON
  std::string problem;  ///< in the words of the check; empty where it fits
};
CallReading readCall(const std::string& text);

/// The application's part: what the tool answers to a call that fits its schema.
OrderedJson ranTool(const Json& call);

/// The tokens of what somebody typed; the first word that is none of them is `unknown`.
struct TypedRequest {
  std::vector<std::int64_t> tokens;  ///< kRequestTokens of them
  std::string unknown;
  std::int64_t length = 0;
};
TypedRequest typedRequest(const std::string& text);

}  // namespace viva
