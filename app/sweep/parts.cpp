// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <set>

#include "app/export/shell_words.h"
#include "app/sweep/engine.h"
#include "app/sweep/process.h"

namespace viva {

std::size_t partCount(std::size_t points) {
  // Slurm's MaxArraySize is 1001 unless an administrator raised it.
  constexpr std::size_t kMostParts = 1000;
  return std::min(points, kMostParts);
}

std::vector<std::size_t> partsOf(const std::vector<std::size_t>& missing, std::size_t points) {
  std::set<std::size_t> parts;
  for (const std::size_t point : missing) parts.insert(point % partCount(points));
  return {parts.begin(), parts.end()};
}

std::string partCommand(const SweepFolder& folder, const std::string& part, std::size_t points) {
  const std::string path = std::filesystem::absolute(folder.path()).lexically_normal().string();
  return shellQuoted(ownProgram()) + " sweep-points " + shellQuoted(path) + " --part " + part +
         "/" + std::to_string(partCount(points));
}

std::vector<std::string> commandsFor(const SweepFolder& folder,
                                     const std::vector<std::size_t>& missing, std::size_t points) {
  std::vector<std::string> commands;
  for (const std::size_t part : partsOf(missing, points))
    commands.push_back(partCommand(folder, std::to_string(part), points));
  return commands;
}

}  // namespace viva
