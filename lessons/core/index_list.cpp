// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/index_list.h"

#include <charconv>
#include <optional>
#include <set>

#include "lessons/core/pieces.h"

namespace viva {
namespace {

std::string_view trimmed(std::string_view piece) {
  while (!piece.empty() && piece.front() == ' ') piece.remove_prefix(1);
  while (!piece.empty() && piece.back() == ' ') piece.remove_suffix(1);
  return piece;
}

/// What stands between the commas.
std::vector<std::string_view> itemsOf(std::string_view text) {
  std::vector<std::string_view> items = piecesOf(text, ",");
  for (std::string_view& item : items) item = trimmed(item);
  return items;
}

std::optional<std::int64_t> indexIn(std::string_view piece) {
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), index);
  if (error != std::errc{} || end != piece.data() + piece.size() || index < 0) return std::nullopt;
  return index;
}

std::optional<IndexPair> pairIn(std::string_view piece) {
  const std::size_t dot = piece.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto row = indexIn(piece.substr(0, dot)), column = indexIn(piece.substr(dot + 1));
  if (!row || !column) return std::nullopt;
  return IndexPair{*row, *column};
}

std::set<std::int64_t> indicesIn(std::string_view text) {
  std::set<std::int64_t> found;
  for (const std::string_view piece : itemsOf(text))
    if (const auto index = indexIn(piece)) found.insert(*index);
  return found;
}

std::set<IndexPair> pairsIn(std::string_view text) {
  std::set<IndexPair> found;
  for (const std::string_view piece : itemsOf(text))
    if (const auto pair = pairIn(piece)) found.insert(*pair);
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

std::vector<IndexPair> pairList(std::string_view text) {
  const auto found = pairsIn(text);
  return {found.begin(), found.end()};
}

std::string withPairToggled(std::string_view text, IndexPair pair) {
  auto found = pairsIn(text);
  if (pair.first >= 0 && pair.second >= 0 && found.erase(pair) == 0) found.insert(pair);
  std::string list;
  for (const auto& [row, column] : found)
    list += (list.empty() ? "" : ",") + std::to_string(row) + "." + std::to_string(column);
  return list;
}

std::vector<std::string> notPairs(std::string_view text) {
  std::vector<std::string> found;
  for (const std::string_view piece : itemsOf(text))
    if (!piece.empty() && !pairIn(piece)) found.emplace_back(piece);
  return found;
}

}  // namespace viva
