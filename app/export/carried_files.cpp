// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/carried_files.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>

#include "app/export/whole_file.h"
#include "app/export/zip.h"
#include "lessons/core/error.h"
#include "lessons/core/file_name.h"
#include "lessons/core/folder_files.h"
#include "lessons/core/folder_hash.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

using Contents = std::vector<std::pair<std::string, std::string>>;

/// Only what is safe in a zip, whatever the user called the file.
std::string nameInBundle(const std::string& parameter, const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  if (!std::all_of(ending.begin(), ending.end(),
                   [](unsigned char c) { return c == '.' || (c < 128 && std::isalnum(c) != 0); }))
    ending.clear();
  return "data/" + parameter + ending;
}

std::string folderInBundle(const std::string& parameter) { return "data/" + parameter; }

bool isContentOf(const InputFile& input, std::string_view content) {
  return content.size() == input.size && sha256Of(content) == input.sha256;
}

/// `files` of a folder: names from it on.
bool isContentOf(const InputFile& input, Contents files) {
  std::sort(files.begin(), files.end());
  FolderHash hash;
  for (const auto& [name, content] : files) hash.add(name, content.size(), sha256Of(content));
  return hash.of(input.parameter) == input;
}

std::optional<std::string> readWhole(const fs::path& path, std::uint64_t size) {
  std::ifstream stream(path, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  // One byte more would be another file.
  if (!stream.read(content.data(), static_cast<std::streamsize>(content.size())) ||
      stream.peek() != std::ifstream::traits_type::eof())
    return std::nullopt;
  return content;
}

void takeFile(CarriedFile& file, const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return;
  auto content = readWhole(path, file.input.size);
  if (!content || !isContentOf(file.input, *content)) return;
  file.contents.emplace_back(file.name, std::move(*content));
  file.place = CarriedFile::Place::Carried;
}

void takeFolder(CarriedFile& file, const std::string& path) {
  const auto inside = filesInFolder(path);
  if (inside.size() > kMostCarried) {
    file.place = CarriedFile::Place::TooLarge;
    return;
  }
  if (std::any_of(inside.begin(), inside.end(),
                  [](const FolderFile& one) { return !isSafeInZip(one.name); })) {
    file.place = CarriedFile::Place::UnsafeNames;
    return;
  }
  Contents contents;
  std::uint64_t size = 0;
  for (const FolderFile& one : inside) {
    // Another folder than the run read may be of any size.
    if ((size += one.size) > file.input.size) return;
    auto content = readWhole(fs::path(path) / one.name, one.size);
    if (!content) return;
    contents.emplace_back(one.name, std::move(*content));
  }
  if (!isContentOf(file.input, contents)) return;
  for (auto& [name, content] : contents) name = file.name + '/' + name;
  file.contents = std::move(contents);
  file.place = CarriedFile::Place::Carried;
}

bool isBundle(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::ifstream stream(path, std::ios::binary);
  std::string beginning(4, '\0');
  stream.read(beginning.data(), 4);
  return isZip(beginning);
}

/// A file has no name here.
Contents carriedIn(const std::string& bundle, const InputFile& input, const std::string& path) {
  try {
    Contents folder = folderInZip(bundle, folderInBundle(input.parameter), kLargestCarried);
    if (!folder.empty()) return isContentOf(input, folder) ? std::move(folder) : Contents{};
    auto file = fileInZip(bundle, nameInBundle(input.parameter, path), kLargestCarried);
    if (file && isContentOf(input, *file)) return {{"", std::move(*file)}};
    return {};
  } catch (const FileError& error) {
    throw FileError(
        {"command.error.cannot_read", {{"file", bundle}, {"reason", Word{error.message().key}}}});
  }
}

bool isThere(const InputFile& input, const std::string& path) {
  return inputSize(path) == input.size && inputFile(input.parameter, path) == input;
}

/// Where it is found again by its content.
std::string unpacked(const InputFile& input, const std::string& path, const Contents& contents,
                     const fs::path& place) {
  if (place.empty()) throw cannotWrite(path, ENOENT);
  const std::string name = fileName(File{path});
  const fs::path target =
      place / input.sha256 / (name.empty() || name == "." || name == ".." ? "data" : name);
  if (isThere(input, target.string())) return target.string();
  for (const auto& [part, content] : contents) {
    const fs::path file = part.empty() ? target : target / part;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) throw cannotWrite(file.parent_path(), error.value());
    writeWhole(file, content);
  }
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
    std::error_code error;
    CarriedFile file{input, fileName(File{path})};
    file.is_folder = fs::is_directory(path, error);
    file.name =
        file.is_folder ? folderInBundle(input.parameter) : nameInBundle(input.parameter, path);
    try {
      if (input.size > kLargestCarried)
        file.place = CarriedFile::Place::TooLarge;
      else
        file.is_folder ? takeFolder(file, path) : takeFile(file, path);
    } catch (const FileError&) {
      // Of a folder that cannot be looked into now: it has changed.
    }
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
    const bool is_here = fs::is_regular_file(path, error) || fs::is_directory(path, error);
    // What is too large to be carried is not read for nothing.
    if (is_here && (input.size > kLargestCarried || isThere(input, path))) continue;
    const Contents contents = carriedIn(bundle, input, path);
    if (!contents.empty())
      files.push_back({input.parameter, unpacked(input, path, contents, place)});
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
