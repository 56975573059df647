// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/phase_cache.h"

#include <array>
#include <fstream>
#include <span>
#include <string_view>

#include "lessons/core/run_file.h"
#include "lessons/core/sha256.h"

namespace viva {
namespace {

/// SHA-256 of a file; empty when it cannot be read to its end.
std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  Sha256 hash;
  std::array<char, 1 << 16> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0)
    hash.update(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(file.gcount()))));
  return file.bad() ? std::string() : hash.hex();
}

}  // namespace

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
  add(std::to_string(spec.version));
  for (const std::string& name : phase.parameters) {
    const Value& value = settings.parameters.value(name);
    add(name);
    if (const auto* file = std::get_if<File>(&value); file && !file->path.empty()) {
      const std::string content = contentOf(file->path);
      if (content.empty()) return {};
      add(content);
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
