// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/input_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <span>

#include "lessons/core/experiment.h"
#include "lessons/core/sha256.h"

namespace viva {

std::optional<InputFile> inputFile(const std::string& parameter, const std::string& path,
                                   const std::stop_token& stop) {
  std::error_code error;
  // Opening a pipe would wait for its writer.
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  InputFile found{parameter, 0, {}};
  Sha256 hash;
  std::array<char, 1 << 16> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    stopIfAsked(stop);
    const auto count = static_cast<std::size_t>(file.gcount());
    hash.update(std::as_bytes(std::span(piece).first(count)));
    found.size += count;
  }
  if (file.bad()) return std::nullopt;
  found.sha256 = hash.hex();
  return found;
}

std::vector<InputFile> inputFilesOf(const Parameters& parameters, const std::stop_token& stop) {
  std::vector<InputFile> inputs;
  for (const ParameterSpec& spec : parameters.specs()) {
    const auto* file = std::get_if<File>(&parameters.value(spec.name));
    if (!file || file->path.empty() || !parameters.isRelevant(spec)) continue;
    if (auto input = inputFile(spec.name, file->path, stop)) inputs.push_back(std::move(*input));
  }
  return inputs;
}

const InputFile* findInput(const std::vector<InputFile>& inputs, const std::string& parameter) {
  const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const InputFile& input) {
    return input.parameter == parameter;
  });
  return found == inputs.end() ? nullptr : &*found;
}

}  // namespace viva
