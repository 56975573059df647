// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/phase_cache.h"

#include <span>
#include <string_view>

#include "lessons/core/input_file.h"
#include "lessons/core/run_file.h"
#include "lessons/core/sha256.h"

namespace viva {

std::string phaseKey(const ExperimentSpec& spec, const Phase& phase, const RunSettings& settings,
                     const Runtime& runtime) {
  Sha256 hash;
  // Each part with its length, so that no two lists of parts are the same text.
  const auto add = [&](std::string_view part) {
    const std::string text = std::to_string(part.size()) + ':' + std::string(part);
    hash.update(std::as_bytes(std::span(text)));
  };
  add("viva-phase-1");
  add(phase.recipe);
  add(std::to_string(phase.steps));
  add(spec.id);
  add(std::to_string(spec.versionOf(settings.parameters)));
  for (const std::string& name : phase.parameters) {
    const Value& value = settings.parameters.value(name);
    add(name);
    if (const auto* file = std::get_if<File>(&value); file && !file->path.empty()) {
      const auto input = inputFile(name, file->path, settings.stop);
      if (!input) return {};
      add(input->sha256);
    } else {
      add(formatValue(value));
    }
  }
  add(std::to_string(settings.seed));
  add(buildName());
  add(runtime.blas());
  add(runtime.libraryVersion());
  add(settings.device);
  add(std::to_string(settings.threads));
  return hash.hex();
}

}  // namespace viva
