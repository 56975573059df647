// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/labels.h"

namespace viva {

std::string recordLabel(const Words& words, const std::string& experiment,
                        const std::string& record) {
  const std::size_t slash = record.find('/');
  if (words.has(experiment, "record", record) || slash == std::string::npos)
    return words.of(experiment, "record", record);
  return words.of(experiment, "curve", record.substr(0, slash)) + " · " +
         words.of(experiment, "record", record.substr(slash + 1));
}

std::string experimentTitle(const Words& words, const std::string& experiment) {
  const std::string own = experiment + ".title";
  return words.has(own) ? words(own) : words.of(experiment, "title", experiment);
}

const char* moodName(VerdictData::Mood mood) {
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

}  // namespace viva
