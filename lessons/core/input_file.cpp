// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/input_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <span>

#include "lessons/core/error.h"
#include "lessons/core/experiment.h"
#include "lessons/core/file_or_folder.h"
#include "lessons/core/folder_files.h"
#include "lessons/core/folder_hash.h"

namespace viva {
namespace {

std::optional<InputFile> oneFile(const std::string& parameter, const std::string& path,
                                 const std::stop_token& stop) {
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

std::optional<InputFile> wholeFolder(const std::string& parameter, const std::string& path,
                                     const std::stop_token& stop) {
  FolderHash hash;
  try {
    for (const FolderFile& file : filesInFolder(path, stop)) {
      const auto one = oneFile(parameter, path + '/' + file.name, stop);
      if (!one) return std::nullopt;
      hash.add(file.name, one->size, one->sha256);
    }
  } catch (const FileError&) {
    return std::nullopt;
  }
  return hash.of(parameter);
}

}  // namespace

void FolderHash::add(const std::string& name, std::uint64_t size, const std::string& sha256) {
  const std::string line = sha256 + "  " + name + '\n';
  lines_.update(std::as_bytes(std::span(line)));
  size_ += size;
}

InputFile FolderHash::of(const std::string& parameter) { return {parameter, size_, lines_.hex()}; }

std::string sha256Of(std::string_view bytes) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(bytes)));
  return hash.hex();
}

std::optional<InputFile> inputFile(const std::string& parameter, const std::string& path,
                                   const std::stop_token& stop) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return wholeFolder(parameter, path, stop);
  // Opening a pipe would wait for its writer.
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  return oneFile(parameter, path, stop);
}

std::optional<std::uint64_t> inputSize(const std::string& path) {
  std::error_code error;
  std::uint64_t size = 0;
  if (std::filesystem::is_directory(path, error)) {
    try {
      for (const FolderFile& file : filesInFolder(path)) size += file.size;
    } catch (const FileError&) {
      return std::nullopt;
    }
    return size;
  }
  size = std::filesystem::file_size(path, error);
  return error ? std::nullopt : std::optional(size);
}

const File* namedInput(const Parameters& parameters, const ParameterSpec& spec) {
  const auto* file = std::get_if<File>(&parameters.value(spec.name));
  if (!file || file->path.empty() || !parameters.isRelevant(spec)) return nullptr;
  std::error_code error;
  return mayBeFolder(spec) || !std::filesystem::is_directory(file->path, error) ? file : nullptr;
}

std::vector<InputFile> inputFilesOf(const Parameters& parameters, const std::stop_token& stop) {
  std::vector<InputFile> inputs;
  for (const ParameterSpec& spec : parameters.specs()) {
    const File* file = namedInput(parameters, spec);
    if (!file) continue;
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
