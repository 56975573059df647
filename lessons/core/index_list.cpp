// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/index_list.h"

#include <charconv>
#include <set>

namespace viva {
namespace {

std::set<std::int64_t> indicesIn(std::string_view text) {
  std::set<std::int64_t> found;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view piece = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    while (!piece.empty() && piece.front() == ' ') piece.remove_prefix(1);
    while (!piece.empty() && piece.back() == ' ') piece.remove_suffix(1);
    std::int64_t index = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), index);
    if (error == std::errc{} && end == piece.data() + piece.size() && index >= 0)
      found.insert(index);
  }
  return found;
}

}  // namespace

std::vector<std::int64_t> indexList(std::string_view text) {
  const auto found = indicesIn(text);
  return {found.begin(), found.end()};
}

std::string withIndexToggled(std::string_view text, std::int64_t index) {
  auto found = indicesIn(text);
  if (index >= 0 && found.erase(index) == 0) found.insert(index);
  std::string list;
  for (const std::int64_t each : found) list += (list.empty() ? "" : ",") + std::to_string(each);
  return list;
}

}  // namespace viva
