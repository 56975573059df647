// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/a2a_client.h"

#include <httplib.h>

#include <string_view>

#include "protocol/a2a_agent.h"

namespace viva {
namespace {

constexpr int kSecondsToWait = 600;  ///< for a task to end

httplib::Request posted(const std::string& body, const std::string& version) {
  httplib::Request request;
  request.method = "POST";
  request.path = "/";
  request.set_header("Content-Type", "application/json");
  if (!version.empty()) request.set_header(a2a::kVersionHeader, version);
  request.body = body;
  return request;
}

/// Cuts a stream of server-sent events into the data of each.
class EventReader {
 public:
  explicit EventReader(const std::function<void(const std::string&)>& told) : told_(told) {}
  void add(std::string_view bytes) {
    buffer_ += bytes;
    for (std::size_t end; (end = buffer_.find("\n\n")) != std::string::npos;) {
      constexpr std::string_view kData = "data: ";
      if (buffer_.starts_with(kData)) told_(buffer_.substr(kData.size(), end - kData.size()));
      buffer_.erase(0, end + 2);
    }
  }

 private:
  const std::function<void(const std::string&)>& told_;
  std::string buffer_;
};

}  // namespace

struct A2aClient::State {
  httplib::Client http;
  explicit State(int port) : http("127.0.0.1", port) { http.set_read_timeout(kSecondsToWait); }
};

A2aClient::A2aClient(int port) : state_(std::make_unique<State>(port)) {}
A2aClient::~A2aClient() = default;

std::optional<std::string> A2aClient::card() {
  const auto answer = state_->http.Get(a2a::kCardPath);
  if (!answer) return {};
  return answer->body;
}

std::optional<std::string> A2aClient::post(const std::string& body, const std::string& version) {
  const auto answer = state_->http.send(posted(body, version));
  if (!answer) return {};
  return answer->body;
}

bool A2aClient::stream(const std::string& body, const std::string& version,
                       const std::function<void(const std::string&)>& told) {
  EventReader events(told);
  httplib::Request request = posted(body, version);
  request.content_receiver = [&](const char* bytes, std::size_t count, std::uint64_t,
                                 std::uint64_t) {
    events.add({bytes, count});
    return true;
  };
  return static_cast<bool>(state_->http.send(request));
}

void A2aClient::interrupt() { state_->http.stop(); }

}  // namespace viva
