// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/wire_trace.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>

namespace viva {
namespace {

/// Members of an answer that two runs of one conversation need not have in common.
constexpr std::string_view kUnsteady[] = {"seconds", "steps_per_second", "viva",  "build", "blas",
                                          "torch",   "threads",          "device"};
constexpr std::string_view kHere = "http://127.0.0.1:";

/// How long the scalar is that `text` begins with; JSON inside of JSON has `\"` for its quotes.
std::size_t scalarLength(std::string_view text) {
  for (const std::string_view quote : {std::string_view("\\\""), std::string_view("\"")})
    if (text.starts_with(quote)) {
      const std::size_t end = text.find(quote, quote.size());
      return end == std::string_view::npos ? 0 : end + quote.size();
    }
  return std::min(text.find_first_of(",}] \\\n"), text.size());
}

std::size_t digitsAt(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

}  // namespace

std::int64_t steadyBytes(const std::string& body) {
  std::size_t unsteady = 0;
  const std::string_view text = body;
  for (const std::string_view key : kUnsteady)
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string_view::npos;) {
      const bool begins = at > 0 && text[at - 1] == '"';
      at += key.size();
      std::string_view rest = text.substr(at);
      if (begins && rest.starts_with("\\")) rest.remove_prefix(1);
      if (!begins || !rest.starts_with("\":")) continue;
      rest.remove_prefix(2);
      while (rest.starts_with(" ")) rest.remove_prefix(1);
      unsteady += scalarLength(rest);
    }
  for (std::size_t at = 0; (at = text.find(kHere, at)) != std::string_view::npos;) {
    at += kHere.size();
    unsteady += digitsAt(text.substr(at));
  }
  return static_cast<std::int64_t>(text.size() - unsteady);
}

std::int64_t WireTrace::count() const {
  return std::ranges::count_if(messages, [](const WireMessage& one) {
    return one.kind != MessageKind::Note && one.is_counted;
  });
}

std::int64_t WireTrace::bytes() const {
  return std::accumulate(messages.begin(), messages.end(), std::int64_t{0},
                         [](std::int64_t sum, const WireMessage& one) { return sum + one.bytes; });
}

std::int64_t WireTrace::visits(const std::string& state) const {
  return std::ranges::count(states, state);
}

std::int64_t WireTrace::distinctStates() const {
  return static_cast<std::int64_t>(std::set<std::string>(states.begin(), states.end()).size());
}

void WireTrace::put(WireMessage message) {
  const auto now = std::chrono::steady_clock::now();
  if (messages.empty()) first_ = now;
  message.time = std::chrono::duration<double>(now - first_).count();
  messages.push_back(std::move(message));
}

void WireTrace::add(MessageKind kind, Party from, Party to, Label label, std::string body) {
  const std::int64_t bytes = steadyBytes(body);
  put({kind, from, to, std::move(label), std::move(body), bytes});
}

void WireTrace::addUncounted(Party from, Party to, Label label, std::string body) {
  if (!messages.empty() && !messages.back().is_counted) messages.pop_back();
  put({MessageKind::Reply, from, to, std::move(label), std::move(body), 0, false});
}

void WireTrace::note(Party where, Label label) {
  put({MessageKind::Note, where, where, std::move(label), {}, 0, false});
}

void WireTrace::execute(Party where) {
  note(where, Word{"protocol-trace.note.runs"});
  executed[static_cast<std::size_t>(where)] += 1;
}

}  // namespace viva
