// SPDX-License-Identifier: GPL-3.0-or-later
// What a server of the Model Context Protocol has to offer, in whatever revision it is asked for.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "protocol/json_rpc.h"
#include "protocol/json_schema.h"

namespace viva {

/// One call of a tool while it is at work.
struct McpCall {
  /// Tells the client where the work stands: `done` of `total` (0: unknown), for people. Must grow.
  std::function<void(double done, double total, const std::string& sentence)> progress;
  /// Asked to stop when the client cancels the call or is gone; then nobody reads the answer.
  std::stop_token stop;
};

struct McpPicture {
  std::string bytes, mime_type;
};

/// What a tool answers. What the caller did wrong is an answer too, so that a model can read it.
struct McpAnswer {
  OrderedJson structured;  ///< null: none
  std::string text;        ///< for people and models; empty: `structured` as text
  std::vector<McpPicture> pictures{};
  bool is_error = false;
};

struct McpTool {
  std::string name, title, description;
  OrderedJson input_schema, output_schema;  ///< JSON Schema; the arguments are checked against it
  /// It may take long: it is worked off by McpSession::work, one after another. Others are answered
  /// at once, on the thread that received the call.
  bool is_long = false;
  std::function<McpAnswer(const Json& arguments, const McpCall& call)> call;
};

struct McpResource {
  std::string uri, name, title, description, mime_type;
};

struct McpPromptArgument {
  std::string name, description;
  bool required = false;
  /// What it may be, for completion; `given` are the other arguments. May be empty.
  std::function<std::vector<std::string>(const Json& given)> values{};
};

struct McpPrompt {
  std::string name, title, description;
  std::vector<McpPromptArgument> arguments;
  /// The `messages`. Throws RpcError (-32602) for arguments that are wrong.
  std::function<OrderedJson(const Json& arguments)> messages;
};

struct McpOffer {
  std::string name, title, version, instructions;
  std::vector<McpTool> tools;
  std::vector<McpResource> resources;
  std::function<std::optional<std::string>(const std::string& uri)> read;  ///< unset: no such one
  std::vector<McpPrompt> prompts;
  /// One sentence about arguments that a tool does not take.
  std::function<std::string(const SchemaProblem&)> explain;
};

}  // namespace viva
