// SPDX-License-Identifier: GPL-3.0-or-later
// The values of options, read strictly. All throw RequestError naming the option, what was written
// and what is allowed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/requests.h"

namespace viva {

/// The longest run that can be asked for.
inline constexpr std::int64_t kMostSteps = 1'000'000'000'000;

std::int64_t readCount(const std::string& option, const std::string& text, std::int64_t least,
                       std::int64_t most);
std::uint64_t readSeed(const std::string& text);
/// `NAME=VALUE`; the value may be empty and may hold further equals signs.
std::pair<std::string, std::string> readSetting(const std::string& option, const std::string& text);
/// `STEP:NAME=VALUE`.
LiveChange readChange(const std::string& text);
/// Names between commas; empty ones are left out.
std::vector<std::string> readList(const std::string& text);
std::vector<Export> readExports(const std::string& text);
/// `960x600`, each side from 64 to 8192.
void readSize(const std::string& text, int& width, int& height);
/// From 0.25 to 8.
double readScale(const std::string& text);
std::string oneOf(const std::string& option, const std::string& text,
                  std::initializer_list<const char*> allowed);

}  // namespace viva
