// SPDX-License-Identifier: GPL-3.0-or-later
// JSON-RPC 2.0 as MCP and A2A use it: one object a message, never a batch.
#pragma once

#include <cstddef>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace viva {

/// What comes in. Sorted by key: a hostile object of many keys is read in n log n steps; the one
/// that keeps the order would take n squared.
using Json = nlohmann::json;
/// What goes out, in the order in which people read it.
using OrderedJson = nlohmann::ordered_json;

/// The codes of the JSON-RPC 2.0 specification, section 5.1.
namespace rpc {
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
}  // namespace rpc

/// An `error` member on its way to the peer.
class RpcError : public std::exception {
 public:
  RpcError(int code, std::string message, OrderedJson data = nullptr)
      : code_(code), message_(std::move(message)), data_(std::move(data)) {}
  int code() const { return code_; }
  const std::string& message() const { return message_; }
  const OrderedJson& data() const { return data_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  int code_;
  std::string message_;
  OrderedJson data_;  ///< null: none
};

/// What one message may be; what is beyond is refused before it is built.
struct MessageLimits {
  std::size_t bytes = 1u << 20;
  std::size_t depth = 64;  ///< of objects and lists in one another
};

/// What is said of a message that has more bytes (-32700).
RpcError tooLong(const MessageLimits& limits);

/// Throws RpcError (-32700) for what is no JSON, no UTF-8, too long or too deep.
Json parseJson(std::string_view text, const MessageLimits& limits = {});

struct RpcMessage {
  enum class Kind { Request, Notification, Response };
  Kind kind = Kind::Notification;
  Json id;  ///< a string or an integer; of a notification null
  std::string method;
  Json params = Json::object();  ///< always an object
};

/// Throws RpcError (-32600) for JSON that is no message.
RpcMessage messageOf(Json json);
/// The id that an error about `json` can name; null where there is none that could be read.
Json idOf(const Json& json);

OrderedJson resultMessage(const Json& id, OrderedJson result);
/// Without `id` where it is null: MCP leaves it out of what it cannot attribute.
OrderedJson errorMessage(const Json& id, const RpcError& error);
OrderedJson notificationMessage(const std::string& method, OrderedJson params);

/// One line without line feeds; what is no UTF-8 is replaced.
std::string textOf(const OrderedJson& json);

/// `bytes` in base64 (RFC 4648, section 4).
std::string base64(std::string_view bytes);

}  // namespace viva
