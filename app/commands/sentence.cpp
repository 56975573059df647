// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/sentence.h"

#include <algorithm>
#include <numeric>

namespace viva {
namespace {

/// Bytes of the character that begins with `lead`.
std::size_t bytesOfCharacter(unsigned char lead) {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  if (lead >= 0xc0) return 2;
  return 1;
}

/// Two columns for CJK characters and full-width forms, which start at U+2E80 in our words.
std::size_t columnsOf(std::string_view character) {
  const auto byte = [&](std::size_t i) {
    return i < character.size() ? static_cast<unsigned char>(character[i]) & 0x3fu : 0u;
  };
  if (character.size() == 4) return 2;
  if (character.size() < 3) return 1;
  const unsigned code =
      (static_cast<unsigned char>(character[0]) & 0x0fu) << 12 | byte(1) << 6 | byte(2);
  return code >= 0x2e80 && code < 0xd7b0 ? 2 : code >= 0xff01 && code <= 0xff60 ? 2 : 1;
}

std::string_view characterAt(std::string_view text, std::size_t at) {
  return text.substr(at, bytesOfCharacter(static_cast<unsigned char>(text[at])));
}

std::string text(const Message& message, std::string_view name) {
  for (const auto& [key, value] : message.arguments)
    if (key == name)
      if (const auto* string = std::get_if<std::string>(&value)) return *string;
  return {};
}

std::vector<std::string> namesOf(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(", ", at), list.size());
    names.push_back(list.substr(at, end - at));
    at = end + 2;
  }
  return names;
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

std::string errorLine(const Message& message, const Words& words) {
  std::string line = words(message);
  std::string written = text(message, "value");
  if (written.empty()) written = text(message, "name");
  const std::string nearest = nearestName(written, namesOf(text(message, "allowed")));
  if (!nearest.empty()) line += words(Message{"command.did_you_mean", {{"name", nearest}}});
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  return line;
}

std::string nearestName(std::string_view written, const std::vector<std::string>& candidates) {
  std::string nearest;
  std::size_t best = written.size() / 3 + 2;
  for (const std::string& candidate : candidates) {
    std::size_t now = distance(written, candidate);
    // The beginning or the end of a name is a likelier slip than as many wrong letters.
    if (written.size() >= 3 && candidate.size() > written.size() &&
        (candidate.starts_with(written) || candidate.ends_with(written)))
      now = 1;
    if (now < best && now < candidate.size()) {
      best = now;
      nearest = candidate;
    }
  }
  return nearest;
}

std::size_t displayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = characterAt(text, at);
    width += columnsOf(character);
    at += character.size();
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t has = displayWidth(text);
  return std::string(text) + std::string(has < width ? width - has : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;       // columns of the line so far
  std::size_t breakable = 0;  // bytes of the line before its last possible break
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = characterAt(text, at);
    at += character.size();
    const std::size_t columns = columnsOf(character);
    if (character == " ") breakable = lines.back().size();
    if (used + columns > width && character != " ") {
      std::string rest;
      if (breakable > 0) {
        rest = lines.back().substr(breakable);
        rest.erase(0, rest.find_first_not_of(' ') == std::string::npos
                          ? rest.size()
                          : rest.find_first_not_of(' '));
        lines.back().resize(breakable);
      }
      lines.push_back(rest);
      used = displayWidth(rest);
      breakable = 0;
    }
    lines.back() += character;
    used += columns;
    if (columns == 2) breakable = lines.back().size();
  }
  return lines;
}

std::string cut(std::string_view text, std::size_t width) {
  std::size_t used = 0, at = 0;
  while (at < text.size()) {
    const std::string_view character = characterAt(text, at);
    used += columnsOf(character);
    if (used > width) break;
    at += character.size();
  }
  return std::string(text.substr(0, std::min(at, text.size())));
}

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

}  // namespace viva
