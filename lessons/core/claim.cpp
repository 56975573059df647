// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"

namespace viva {

std::string endingOf(VerdictData::Mood mood) {
  switch (mood) {
    case VerdictData::Mood::Open:
      return "open";
    case VerdictData::Mood::Holds:
      return "holds";
    case VerdictData::Mood::Fails:
      return "fails";
  }
  return "";
}

std::string endedBy(const std::string& preset, const std::string& ending) {
  if (ending.starts_with('.')) return ending.substr(1);
  return ending.empty() ? preset : preset + "." + ending;
}

VerdictData::Mood moodOf(std::optional<bool> holds, When when, std::int64_t patience,
                         std::int64_t step) {
  using Mood = VerdictData::Mood;
  const bool early = when != When::Once && step < patience;
  if (!holds) return Mood::Open;
  if (when == When::From && early) return Mood::Open;
  if (*holds) return Mood::Holds;
  return early ? Mood::Open : Mood::Fails;
}

}  // namespace viva
