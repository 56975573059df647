// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/circumstances.h"

#include "app/commands/console.h"

namespace viva {

void tellChangedInputs(const RunFile& then, const Run& now, const Words& words) {
  for (const std::string& name : changedInputs(then, now.inputs())) {
    const InputFile &before = *findInput(then.inputs, name),
                    &after = *findInput(now.inputs(), name);
    note({"command.note.input_changed",
          {{"name", name},
           {"file", formatValue(now.initialParameters().value(name))},
           {"before", static_cast<std::int64_t>(before.size)},
           {"digest_before", before.sha256},
           {"now", static_cast<std::int64_t>(after.size)},
           {"digest_now", after.sha256}}},
         words);
  }
}

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
