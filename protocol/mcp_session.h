// SPDX-License-Identifier: GPL-3.0-or-later
// A server of the Model Context Protocol, whatever carries the messages. Both eras are served, as
// the client asks: requests that carry their revision in `_meta` (2026-07-28) each by itself, and a
// session that `initialize` begins (2025-11-25, 2025-06-18).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mcp_offer.h"

namespace viva {

namespace mcp {
inline constexpr const char* kModern = "2026-07-28";
inline constexpr const char* kLegacy = "2025-11-25";
/// Newest first. Both of the handshake have the same messages, as far as they are used here.
inline const std::vector<std::string> kHandshakes{kLegacy, "2025-06-18"};
inline const std::vector<std::string> kAll{kModern, kLegacy, "2025-06-18"};

inline constexpr int kResourceNotFound = -32002;    ///< until 2025-11-25; then -32602
inline constexpr int kUnsupportedVersion = -32022;  ///< since 2026-07-28

inline constexpr const char* kVersionKey = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* kServerKey = "io.modelcontextprotocol/serverInfo";
}  // namespace mcp

class McpSession {
 public:
  /// `send` is called on several threads, with one whole message each time.
  McpSession(McpOffer offer, std::function<void(const OrderedJson&)> send);

  /// One message, on one thread after another. What can be answered at once is answered before it
  /// returns.
  void receive(std::string_view text);
  /// In the place of a message that was too long to be read.
  void refuseTooLong();
  /// Nothing is received any more: what is at work is asked to stop, what waits is dropped.
  void end();

  /// Waits for the next call of a long tool and makes it on this thread. False after end().
  bool workOnce();
  void work() {
    while (workOnce()) {
    }
  }

  static constexpr std::size_t kMostWaiting = 64;  ///< calls of long tools
  static constexpr MessageLimits kLimits{};

 private:
  enum class Era { Legacy, Modern };
  struct Waiting {
    Json id, params;
    Era era = Era::Legacy;
    const McpTool* tool = nullptr;
    std::stop_source stop;
  };

  void handle(const RpcMessage& message);
  void notified(const RpcMessage& message);
  Era eraOf(const RpcMessage& message) const;
  OrderedJson answer(const RpcMessage& message, Era era);
  OrderedJson initialized(const Json& params);
  OrderedJson discovered() const;
  OrderedJson capabilities() const;
  OrderedJson serverInfo() const;
  OrderedJson toolList(const Json& params) const;
  OrderedJson resourceList(const Json& params) const;
  OrderedJson promptList(const Json& params) const;
  OrderedJson readResource(const Json& params, Era era) const;
  OrderedJson prompt(const Json& params) const;
  OrderedJson completion(const Json& params) const;
  const McpTool& toolOf(const Json& params) const;
  void enqueue(const RpcMessage& message, Era era, const McpTool& tool);
  OrderedJson called(const McpTool& tool, const Json& params, const std::stop_token& stop) const;
  void reply(const Json& id, Era era, OrderedJson result) const;

  const McpOffer offer_;
  const std::function<void(const OrderedJson&)> send_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_initialized_ = false;  ///< of the era with a handshake
  bool has_ended_ = false;
  std::deque<Waiting> waiting_;
  std::map<Json, std::stop_source> at_work_;  ///< waiting or being made, by id
};

}  // namespace viva
