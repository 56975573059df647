// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/final_changes.h"

namespace viva {

std::vector<Event> takeFinalChanges(RunSettings& settings) {
  std::vector<Event> last;
  std::erase_if(settings.events, [&](const Event& event) {
    if (event.step == settings.steps) last.push_back(event);
    return event.step >= settings.steps;
  });
  return last;
}

}  // namespace viva
