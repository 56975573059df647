// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/labels.h"

namespace viva {

std::string recordLabel(const Words& words, const std::string& experiment,
                        const std::string& record) {
  const RecordName name = partsOf(
      record, [&](const std::string& whole) { return words.has(experiment, "record", whole); });
  std::string label = words.of(experiment, "record", name.quantity);
  if (!name.curve.empty()) label = words.of(experiment, "curve", name.curve) + " · " + label;
  if (!name.part.empty())
    label += " · " +
             words(Message{words.keyOf(experiment, "part", name.part), {{"number", name.number}}});
  return label;
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
