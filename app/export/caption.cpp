// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/caption.h"

#include "app/export/labels.h"
#include "lessons/core/preset_changes.h"

namespace viva {

Caption captionOf(const ExperimentSpec& spec, const std::string& preset,
                  const Parameters& parameters, std::uint64_t seed, std::int64_t step,
                  Language language) {
  const Words& words = Words::in(language);
  std::string title = experimentTitle(words, spec.id);
  if (spec.findPreset(preset)) {
    const bool changed = !changedFromPreset(spec, preset, parameters).empty();
    title =
        words(Message{changed ? "caption.changed_preset" : "caption.preset",
                      {{"experiment", title}, {"preset", words.of(spec.id, "preset", preset)}}});
  }
  return {QString::fromStdString(title),
          QString::fromStdString(
              words(Message{"caption.facts", {{"seed", std::to_string(seed)}, {"step", step}}}))};
}

}  // namespace viva
