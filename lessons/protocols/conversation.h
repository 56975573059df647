// SPDX-License-Identifier: GPL-3.0-or-later
// A task that is done by talking, turn by turn; and the shortest way: by function calling.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "lessons/protocols/stand_in_model.h"
#include "lessons/protocols/wire_trace.h"
#include "protocol/json_rpc.h"

namespace viva {

class Conversation {
 public:
  virtual ~Conversation() = default;
  /// One turn: what is said, and what is answered. False when it was the last.
  bool next();
  std::size_t turns() const { return turns_.size(); }
  const WireTrace& trace() const { return trace_; }

 protected:
  Conversation(std::string id, const TraceTask& task) : task_(task) { trace_.id = std::move(id); }

  /// Asks the model with all that has been said; what it answers is kept.
  void askModel();
  /// The user's task is what the model is asked first.
  void beginWithTheUser();
  /// The arguments of the model's last call, which is a text.
  std::string argumentsOfTheCall() const;
  void tellModel(const std::string& result);

  const TraceTask task_;
  WireTrace trace_;
  OrderedJson tools_ = OrderedJson::array();
  std::vector<std::function<void()>> turns_;

 private:
  OrderedJson messages_ = OrderedJson::array();
  std::size_t next_ = 0;
};

/// The application has the function itself: it reads the call that the model wrote, checks it, and
/// runs the experiment.
std::unique_ptr<Conversation> conversationByFunctionCalling(const TraceTask& task);

/// The value of the first member `digest` in `json`; empty where there is none.
std::string digestIn(const Json& json);

}  // namespace viva
