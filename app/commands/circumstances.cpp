// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/circumstances.h"

#include "app/commands/console.h"

namespace viva {

void tellDifferences(const RunFile& then, const RunFile& now, const Words& words) {
  const auto compare = [&](const char* what, const std::string& before, const std::string& after) {
    if (before != after)
      note({"command.note.other_circumstance",
            {{"what", Word{std::string("command.circumstance.") + what}},
             {"before", before.empty() ? std::string("?") : before},
             {"now", after}}},
           words);
  };
  compare("build", then.build, now.build);
  compare("library", then.library, now.library);
  compare("blas", then.blas, now.blas);
  compare("device", then.device, now.device);
  compare("experiment", std::to_string(then.experiment_version),
          std::to_string(now.experiment_version));
}

}  // namespace viva
