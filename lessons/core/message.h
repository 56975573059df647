// SPDX-License-Identifier: GPL-3.0-or-later
// What the Qt-free part says to people: a key and its arguments, never a sentence.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace viva {

/// An argument that is itself a key of the word table, such as the name of a surface.
struct Word {
  std::string key;
  bool operator==(const Word&) const = default;
};

using Argument = std::variant<std::string, double, std::int64_t, Word>;

/// A sentence to be: `key` names it in resources/i18n/*.<language>.json, whose `{name}`
/// placeholders take the arguments. Words::format puts it into a language.
struct Message {
  std::string key;
  std::vector<std::pair<std::string, Argument>> arguments;
  bool operator==(const Message&) const = default;
};

}  // namespace viva
