// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/labels.h"

namespace viva {

std::string experimentTitle(const Words& words, const std::string& experiment) {
  const std::string own = experiment + ".title";
  return words.has(own) ? words(own) : words.of(experiment, "title", experiment);
}

}  // namespace viva
