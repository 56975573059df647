// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/record_label.h"

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

}  // namespace viva
