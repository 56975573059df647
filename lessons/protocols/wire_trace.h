// SPDX-License-Identifier: GPL-3.0-or-later
// What went over a wire, message by message, as it is counted and as it is shown.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

/// Who talks. In the order of the lifelines.
enum class Party { User, Model, Application, Server };
inline constexpr std::size_t kParties = 4;

using MessageKind = SequenceData::Kind;

struct WireMessage {
  MessageKind kind = MessageKind::Request;  ///< a Note: somebody does something
  Party from = Party::Application, to = Party::Application;
  Label label;
  std::string body;        ///< as it was; empty for a note
  std::int64_t bytes = 0;  ///< of the body, but for what differs from run to run (steadyBytes)
  bool is_counted = true;
  double time = 0;  ///< seconds since the first one
};

/// A message that is wrong, and what came back.
struct WrongMessage {
  std::string id{};         ///< `unknown-method`
  std::string body{};       ///< as it is sent
  int expected = 0;         ///< the error code of the specification; 0: a result with `isError`
  int code = 0;             ///< what came: a code; 0: a result
  bool is_refused = false;  ///< an error, or a result with `isError`
  bool hasCode() const { return code != 0; }
  bool isAsExpected() const { return is_refused && code == expected; }
};

/// One conversation.
struct WireTrace {
  std::string id;  ///< `mcp`, in records
  std::vector<WireMessage> messages{};
  std::array<std::int64_t, kParties> executed{};  ///< how often each party ran the experiment
  std::int64_t round_trips = 0;                   ///< times that somebody waited for an answer
  std::string digest{};  ///< of the run that was asked for; empty: none yet
  std::vector<WrongMessage> wrong{};
  std::vector<std::string> states{};  ///< of tasks, as they were seen
  std::int64_t unanswered = 0;        ///< questions whose answer cannot come any more
  std::int64_t after_the_end = 0;     ///< messages from a server's end to the answer
  bool is_over = false;

  /// Notes are none.
  std::int64_t count() const;
  std::int64_t bytes() const;
  std::int64_t executedBy(Party party) const { return executed[static_cast<std::size_t>(party)]; }
  std::int64_t visits(const std::string& state) const;
  std::int64_t distinctStates() const;

  void add(MessageKind kind, Party from, Party to, Label label, std::string body);
  /// An update that comes as often as time allows: it counts for nothing, and of several in a row
  /// the last one is kept.
  void addUncounted(Party from, Party to, Label label, std::string body);
  void note(Party where, Label label);
  /// That party runs the experiment.
  void execute(Party where);

 private:
  void put(WireMessage message);
  std::chrono::steady_clock::time_point first_{};
};

/// The bytes of a body in which times, ports, and what names the machine and the build have length
/// 0: the same conversation has the same count on any day.
std::int64_t steadyBytes(const std::string& body);

}  // namespace viva
