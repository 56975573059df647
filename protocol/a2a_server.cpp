// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/a2a_server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace viva {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kJson = "application/json";
/// Streams and waiting clients take one each.
constexpr std::size_t kThreads = 16;

/// `localhost:80`, `127.0.0.1`, `[::1]:80`
bool isThisMachine(std::string host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
  return host == kHost || host == "localhost" || host == "[::1]";
}

bool isOurOrigin(const std::string& origin) {
  const std::size_t host = origin.find("://");
  return host != std::string::npos && isThisMachine(origin.substr(host + 3));
}

}  // namespace

struct A2aServer::State {
  A2aAgent& agent;
  httplib::Server http{};
  int port = 0;

  /// How far serve() is.
  enum class Phase { Idle, Beginning, Listening, Stopping, Over };
  std::mutex mutex{};
  std::condition_variable changed{};
  Phase phase = Phase::Idle;

  explicit State(A2aAgent& of) : agent(of) {}

  void enter(Phase next) {
    const std::lock_guard lock(mutex);
    phase = next;
    changed.notify_all();
  }

  std::string url() const {
    return std::string("http://") + kHost + ":" + std::to_string(port) + "/";
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::string type = request.get_header_value("Content-Type");
    if (!type.starts_with(kJson)) {
      response.status = 415;
      return;
    }
    A2aAgent::Reply reply =
        agent.receive(request.body, request.get_header_value(a2a::kVersionHeader));
    if (!reply.stream) return response.set_content(textOf(reply.message), kJson);
    response.set_header("Cache-Control", "no-store");
    response.set_chunked_content_provider(
        "text/event-stream", [stream = reply.stream](std::size_t, httplib::DataSink& sink) {
          const auto event = stream->next();
          if (!event) {
            sink.done();
            return true;
          }
          const std::string text = "data: " + textOf(*event) + "\n\n";
          return sink.write(text.data(), text.size());
        });
  }
};

A2aServer::A2aServer(A2aAgent& agent) : state_(std::make_unique<State>(agent)) {
  httplib::Server& http = state_->http;
  // The library's own would let two servers share a port.
  http.set_socket_options([](auto socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  http.set_payload_max_length(A2aAgent::kLimits.bytes);
  http.set_tcp_nodelay(true);
  http.set_keep_alive_timeout(1);  // seconds that the end may have to wait for an idle client
  http.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    const bool local =
        isThisMachine(request.get_header_value("Host")) &&
        (!request.has_header("Origin") || isOurOrigin(request.get_header_value("Origin")));
    if (local) return httplib::Server::HandlerResponse::Unhandled;
    response.status = 403;
    return httplib::Server::HandlerResponse::Handled;
  });
  State* state = state_.get();
  // The library asks for its threads once it listens; a stop that comes earlier it forgets.
  http.new_task_queue = [state] {
    auto threads = std::make_unique<httplib::ThreadPool>(kThreads);
    state->enter(State::Phase::Listening);
    return threads.release();
  };
  http.Get(a2a::kCardPath, [state](const httplib::Request&, httplib::Response& response) {
    response.set_content(textOf(state->agent.card(state->url())), kJson);
  });
  http.Post("/", [state](const httplib::Request& request, httplib::Response& response) {
    state->answer(request, response);
  });
}

A2aServer::~A2aServer() = default;

bool A2aServer::bind(int port) {
  if (port == 0)
    state_->port = std::max(0, state_->http.bind_to_any_port(kHost));
  else
    state_->port = state_->http.bind_to_port(kHost, port) ? port : 0;
  return state_->port != 0;
}

int A2aServer::port() const { return state_->port; }
std::string A2aServer::url() const { return state_->url(); }

void A2aServer::serve() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->phase != State::Phase::Idle || state_->port == 0) return;
    state_->phase = State::Phase::Beginning;
  }
  state_->http.listen_after_bind();
  state_->enter(State::Phase::Over);
}

void A2aServer::stop() {
  using Phase = State::Phase;
  Phase& phase = state_->phase;
  std::unique_lock lock(state_->mutex);
  if (phase == Phase::Idle) phase = Phase::Over;
  state_->changed.wait(lock, [&] { return phase != Phase::Beginning; });
  if (phase == Phase::Listening) {
    phase = Phase::Stopping;
    state_->http.stop();
  }
  state_->changed.wait(lock, [&] { return phase == Phase::Over; });
}

}  // namespace viva
