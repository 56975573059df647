// SPDX-License-Identifier: GPL-3.0-or-later
// An A2A agent over HTTP, for programs of this machine alone.
#pragma once

#include <memory>
#include <string>

#include "protocol/a2a_agent.h"

namespace viva {

/// Listens on 127.0.0.1 and nowhere else. Requests that name another host, or come from a page of
/// another origin, are refused: a page in a browser reaches this machine too.
class A2aServer {
 public:
  /// `agent` must outlive it.
  explicit A2aServer(A2aAgent& agent);
  ~A2aServer();
  A2aServer(const A2aServer&) = delete;
  A2aServer& operator=(const A2aServer&) = delete;

  /// Takes `port`, or any that is free where it is 0; false where it cannot be had.
  bool bind(int port);
  int port() const;
  std::string url() const;  ///< `http://127.0.0.1:PORT/`
  /// Answers until stop(), on threads of its own; returns at once where that came first, or where
  /// nothing is bound.
  void serve();
  /// Waits until serve() has ended or need not begin. May be called from any other thread, and
  /// again.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace viva
