// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/sequence_settings.h"

#include <set>

#include "lessons/data/sequence_tasks.h"

namespace viva {

std::optional<Message> problemWithTask(const Parameters& p) {
  constexpr std::size_t kMostCharacters = 100000, kMostDifferent = 1000;
  if (p[kTask] != SequenceTask::Text) return std::nullopt;
  const auto characters = charactersOf(p[kText].text);
  const std::set<std::string> different(characters.begin(), characters.end());
  if (characters.size() > kMostCharacters)
    return Message{"error.text.too_long",
                   {{"found", static_cast<std::int64_t>(characters.size())},
                    {"limit", static_cast<std::int64_t>(kMostCharacters)}}};
  if (different.size() < 2 || different.size() > kMostDifferent)
    return Message{"error.text.different",
                   {{"found", static_cast<std::int64_t>(different.size())},
                    {"limit", static_cast<std::int64_t>(kMostDifferent)}}};
  return std::nullopt;
}

SequenceSource sourceOf(const Parameters& p) {
  return SequenceSource(p[kTask], p[kLength], p[kText].text);
}

}  // namespace viva
