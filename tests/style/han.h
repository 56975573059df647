// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a text is Chinese.
#pragma once

#include <QString>
#include <algorithm>

namespace viva::project {

/// By the script that a character belongs to. \p{Han} of newer libraries has what Han texts share
/// with others besides: the middle dot.
inline bool hasHan(const QString& text) {
  const auto characters = text.toUcs4();
  return std::any_of(characters.begin(), characters.end(), [](char32_t character) {
    return QChar::script(character) == QChar::Script_Han;
  });
}

}  // namespace viva::project
