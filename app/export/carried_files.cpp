// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/carried_files.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "app/export/whole_file.h"
#include "app/export/zip.h"
#include "lessons/core/error.h"
#include "lessons/core/sha256.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

/// Only what is safe in a zip, whatever the user called the file.
std::string nameInBundle(const std::string& parameter, const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  if (!std::all_of(ending.begin(), ending.end(),
                   [](unsigned char c) { return c == '.' || (c < 128 && std::isalnum(c) != 0); }))
    ending.clear();
  return "data/" + parameter + ending;
}

bool isContentOf(const InputFile& input, std::string_view content) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(content)));
  return content.size() == input.size && hash.hex() == input.sha256;
}

std::optional<std::string> contentOf(const CarriedFile& file, const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::string content(static_cast<std::size_t>(file.input.size), '\0');
  // One byte more would be another file.
  if (!stream.read(content.data(), static_cast<std::streamsize>(content.size())) ||
      stream.peek() != std::ifstream::traits_type::eof() || !isContentOf(file.input, content))
    return std::nullopt;
  return content;
}

bool isBundle(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::ifstream stream(path, std::ios::binary);
  std::string beginning(4, '\0');
  stream.read(beginning.data(), 4);
  return isZip(beginning);
}

std::optional<std::string> carriedIn(const std::string& bundle, const std::string& name) {
  try {
    return fileInZip(bundle, name, kLargestCarried);
  } catch (const FileError& error) {
    throw FileError(
        {"command.error.cannot_read", {{"file", bundle}, {"reason", Word{error.message().key}}}});
  }
}

bool isThere(const InputFile& input, const std::string& path) {
  std::error_code error;
  return fs::file_size(path, error) == input.size && !error &&
         inputFile(input.parameter, path) == input;
}

/// Where it is found again by its content.
std::string unpacked(const InputFile& input, const std::string& path, const std::string& content,
                     const fs::path& place) {
  if (place.empty()) throw cannotWrite(path, ENOENT);
  const std::string name = fs::path(path).filename().string();
  const fs::path folder = place / input.sha256;
  const fs::path target = folder / (name.empty() || name == "." || name == ".." ? "data" : name);
  if (isThere(input, target.string())) return target.string();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw cannotWrite(folder, error.value());
  writeWhole(target, content);
  return target.string();
}

}  // namespace

std::string pathOf(const RunFile& run, const std::string& parameter) {
  for (const auto& [name, value] : run.parameters)
    if (const auto* file = std::get_if<File>(&value); file && name == parameter) return file->path;
  return {};
}

std::vector<CarriedFile> filesToCarry(const RunFile& run) {
  std::vector<CarriedFile> files;
  for (const InputFile& input : run.inputs) {
    const std::string path = pathOf(run, input.parameter);
    CarriedFile file{input, fs::path(path).filename().string(), nameInBundle(input.parameter, path),
                     std::nullopt, input.size > kLargestCarried};
    if (!file.is_too_large) file.content = contentOf(file, path);
    files.push_back(std::move(file));
  }
  return files;
}

std::vector<UnpackedFile> unpackMissing(const std::string& bundle, const RunFile& run,
                                        const fs::path& place) {
  std::vector<UnpackedFile> files;
  if (!isBundle(bundle)) return files;
  for (const InputFile& input : run.inputs) {
    const std::string path = pathOf(run, input.parameter);
    std::error_code error;
    const bool is_here = fs::is_regular_file(path, error);
    // What is too large to be carried is not read for nothing.
    if (is_here && (input.size > kLargestCarried || isThere(input, path))) continue;
    const auto content = carriedIn(bundle, nameInBundle(input.parameter, path));
    if (content && isContentOf(input, *content))
      files.push_back({input.parameter, unpacked(input, path, *content, place)});
    else if (!is_here)
      throw FileError({"command.error.data_missing",
                       {{"name", input.parameter},
                        {"file", path},
                        {"size", static_cast<std::int64_t>(input.size)},
                        {"digest", input.sha256},
                        {"bundle", bundle}}});
  }
  return files;
}

}  // namespace viva
