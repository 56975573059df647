// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/json_rpc.h"

#include <algorithm>

namespace viva {
namespace {

/// How deep brackets outside of strings are nested, at most; a walk without recursion.
std::size_t depthOf(std::string_view text) {
  std::size_t depth = 0, deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

bool isId(const Json& id) { return id.is_string() || id.is_number_integer(); }

}  // namespace

RpcError tooLong(const MessageLimits& limits) {
  return {rpc::kParseError,
          "Parse error: the message is longer than " + std::to_string(limits.bytes) + " bytes"};
}

Json parseJson(std::string_view text, const MessageLimits& limits) {
  if (text.size() > limits.bytes) throw tooLong(limits);
  if (depthOf(text) > limits.depth)
    throw RpcError(rpc::kParseError, "Parse error: the message is nested deeper than " +
                                         std::to_string(limits.depth) + " levels");
  try {
    return Json::parse(text);
  } catch (const Json::exception&) {
    // What the library says quotes the message, which may be no UTF-8.
    throw RpcError(rpc::kParseError, "Parse error: the message is not JSON in UTF-8");
  }
}

Json idOf(const Json& json) {
  if (!json.is_object()) return nullptr;
  const auto id = json.find("id");
  return id != json.end() && isId(*id) ? *id : Json(nullptr);
}

RpcMessage messageOf(Json json) {
  const auto refuse = [](const char* why) {
    return RpcError(rpc::kInvalidRequest, std::string("Invalid Request: ") + why);
  };
  if (json.is_array()) throw refuse("a message is one object; there are no batches");
  if (!json.is_object()) throw refuse("a message is an object");
  const auto version = json.find("jsonrpc");
  if (version == json.end() || *version != "2.0") throw refuse("jsonrpc must be \"2.0\"");
  RpcMessage message;
  const auto id = json.find("id");
  if (id != json.end()) {
    if (!isId(*id)) throw refuse("id must be a string or an integer");
    message.id = *id;
  }
  const auto method = json.find("method");
  if (method == json.end()) {
    if (id == json.end() || (!json.contains("result") && !json.contains("error")))
      throw refuse("method is missing");
    message.kind = RpcMessage::Kind::Response;
    return message;
  }
  if (!method->is_string()) throw refuse("method must be a string");
  message.method = method->get<std::string>();
  message.kind = id == json.end() ? RpcMessage::Kind::Notification : RpcMessage::Kind::Request;
  const auto params = json.find("params");
  if (params != json.end()) {
    if (!params->is_object())
      throw RpcError(rpc::kInvalidParams, "Invalid params: params must be an object");
    message.params = std::move(*params);
  }
  return message;
}

OrderedJson resultMessage(const Json& id, OrderedJson result) {
  OrderedJson message;
  message["jsonrpc"] = "2.0";
  message["id"] = id;
  message["result"] = std::move(result);
  return message;
}

OrderedJson errorMessage(const Json& id, const RpcError& error) {
  OrderedJson message;
  message["jsonrpc"] = "2.0";
  if (!id.is_null()) message["id"] = id;
  message["error"] = {{"code", error.code()}, {"message", error.message()}};
  if (!error.data().is_null()) message["error"]["data"] = error.data();
  return message;
}

OrderedJson notificationMessage(const std::string& method, OrderedJson params) {
  OrderedJson message;
  message["jsonrpc"] = "2.0";
  message["method"] = method;
  message["params"] = std::move(params);
  return message;
}

std::string textOf(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
    };
    const unsigned three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    text += kDigits[three >> 18];
    text += kDigits[three >> 12 & 63];
    text += i + 1 < bytes.size() ? kDigits[three >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? kDigits[three & 63] : '=';
  }
  return text;
}

}  // namespace viva
