// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/message_edit.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "protocol/json_rpc.h"

namespace viva {
namespace {

constexpr const char* kHeader = "A2A-Version";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

bool isWhole(const std::string& edit) {
  const std::string text = trimmed(edit);
  return text.starts_with('{') || text.starts_with('[');
}

std::vector<std::string> pieces(const std::string& text, char separator) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

bool isNumber(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
}

/// The member that `step` names, by its last part too: `protocolVersion` of
/// `io.modelcontextprotocol/protocolVersion`, in whose name stand dots.
std::string keyIn(const OrderedJson& object, const std::string& step) {
  if (!object.contains(step))
    for (const auto& [key, value] : object.items())
      if (key.ends_with("/" + step)) return key;
  return step;
}

/// The place that `path` names, made where it is not there.
OrderedJson& placeIn(OrderedJson& json, const std::string& path) {
  OrderedJson* place = &json;
  for (const std::string& step : pieces(path, '.'))
    if (place->is_array() && isNumber(step) && std::stoul(step) < place->size()) {
      place = &(*place)[std::stoul(step)];
    } else {
      if (!place->is_object()) *place = OrderedJson::object();
      place = &(*place)[keyIn(*place, step)];
    }
  return *place;
}

}  // namespace

std::optional<Message> problemWithEdit(const std::string& edit) {
  if (trimmed(edit).empty() || isWhole(edit)) return {};
  for (const std::string& change : pieces(edit, ';')) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos || trimmed(change.substr(0, equals)).empty())
      return Message{"protocol-trace.error.edit", {{"change", trimmed(change)}, {"brace", "{"}}};
  }
  return {};
}

std::string edited(const std::string& message, const std::string& edit, std::string& version) {
  if (trimmed(edit).empty()) return message;
  if (isWhole(edit)) return trimmed(edit);
  OrderedJson json = OrderedJson::parse(message, nullptr, false);
  for (const std::string& change : pieces(edit, ';')) {
    const std::size_t equals = change.find('=');
    const std::string path = trimmed(change.substr(0, equals)),
                      text = trimmed(change.substr(equals + 1));
    if (path == kHeader) {
      version = text;
      continue;
    }
    OrderedJson value = OrderedJson::parse(text, nullptr, false);
    placeIn(json, path) = value.is_discarded() ? OrderedJson(text) : std::move(value);
  }
  return textOf(json);
}

}  // namespace viva
