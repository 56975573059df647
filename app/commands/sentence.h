// SPDX-License-Identifier: GPL-3.0-or-later
// Messages as lines of a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/words.h"

namespace viva {

/// The sentence of an error on one line, without control characters. When the message has an
/// argument `allowed` (names joined by ", "), the nearest of them to what was written is proposed.
std::string errorLine(const Message& message, const Words& words);

/// The candidate that a slip of the keyboard most likely meant; empty when none is near.
std::string nearestName(std::string_view written, const std::vector<std::string>& candidates);

/// Columns that UTF-8 text takes in a terminal: two for a Chinese character.
std::size_t displayWidth(std::string_view text);
/// `text` and spaces up to `width` columns.
std::string padded(std::string_view text, std::size_t width);
/// `text` broken into lines of at most `width` columns, at spaces or between Chinese characters.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// The first columns of `text`, at most `width`.
std::string cut(std::string_view text, std::size_t width);

std::string joined(const std::vector<std::string>& names, std::string_view separator = ", ");

}  // namespace viva
