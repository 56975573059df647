// SPDX-License-Identifier: GPL-3.0-or-later
// Texts drawn by a small grammar, the same on every machine; without LibTorch.
#pragma once

#include <cstdint>
#include <string>

namespace viva {

enum class GrammarLanguage { English, Chinese };

/// Sentences of four kinds, until there are at least `characters`. Each says some of its words
/// twice, tens of characters apart (*if the apple is green ... if the apple is not green*), which
/// no count of a few neighbouring characters can know.
std::string grammarText(GrammarLanguage language, std::int64_t characters = 20'000);

}  // namespace viva
