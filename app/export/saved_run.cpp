// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/saved_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "app/export/figure_run.h"
#include "app/export/file_writer.h"
#include "app/export/run_folder.h"
#include "app/export/zip.h"
#include "lessons/core/error.h"
#include "lessons/core/file_name.h"

namespace viva {
namespace {

/// A poster of 8192 x 8192 pixels of noise is smaller.
constexpr std::size_t kLargestFigure = 256u << 20;

FileError cannotRead(const std::string& path, const Argument& reason) {
  return FileError({"command.error.cannot_read", {{"file", path}, {"reason", reason}}});
}

/// Of a zip the beginning only.
std::string readFile(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw cannotRead(path, systemReason(errno));
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    const int reason = errno;
    if (count > 0) bytes.append(buffer, static_cast<std::size_t>(count));
    if (isZip(bytes)) {
      ::close(descriptor);
      return bytes;
    }
    const bool figure = isFigure(bytes);
    const bool too_large = bytes.size() > (figure ? kLargestFigure : kLargestRunFile);
    if (count > 0 && !too_large) continue;
    ::close(descriptor);
    if (count < 0) throw cannotRead(path, systemReason(reason));
    if (too_large)
      throw cannotRead(path, Word{figure ? "command.reason.no_figure_is_so_large"
                                         : "command.reason.no_run_file_is_so_large"});
    return bytes;
  }
}

}  // namespace

std::string readSavedRun(const std::string& path) {
  std::string bytes = readFile(path);
  if (!isFigure(bytes) && !isZip(bytes)) return bytes;
  try {
    auto run_file =
        isZip(bytes) ? fileInZip(path, kRunFileName, kLargestRunFile) : runInFigure(bytes);
    if (run_file) return std::move(*run_file);
  } catch (const FileError& error) {
    throw cannotRead(path, Word{error.message().key});
  }
  throw cannotRead(path, Word{"command.reason.no_run_inside"});
}

RunFile withFilesBeside(RunFile file, const std::string& saved) {
  namespace fs = std::filesystem;
  if (saved.empty()) return file;
  std::error_code error;
  const fs::path folder = fs::absolute(saved, error).parent_path();
  const auto look = [&](Value& value) {
    auto* input = std::get_if<File>(&value);
    if (!input || input->path.empty()) return;
    const std::string name = fileName(*input);
    if (name.empty() || name == "." || name == "..") return;
    const fs::path path(input->path), beside = folder / name;
    // What a bare name would mean here is a chance.
    if (path.is_absolute() && fs::exists(path, error)) return;
    if (fs::is_regular_file(beside, error) || fs::is_directory(beside, error))
      input->path = beside.lexically_normal().string();
  };
  for (auto& [name, value] : file.parameters) look(value);
  for (Event& event : file.events) {
    Value value = event.value;
    look(value);
    event.value = value;
  }
  return file;
}

}  // namespace viva
