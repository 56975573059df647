// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// A file of nobody else: not of another thread that writes the same path, nor of another Viva. Its
/// name is not one that RunFolder takes for what was left behind.
int openNew(const std::filesystem::path& folder, std::filesystem::path& part) {
  static std::atomic<std::uint64_t> count = 0;
  int descriptor = -1;
  do {
    part = folder / (".viva-file-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor < 0 && errno == EEXIST);
  return descriptor;
}

}  // namespace

void writeWhole(const std::filesystem::path& path, const std::function<void(FileWriter&)>& fill) {
  // Renaming onto a folder or a device would fail at the end only, or replace it.
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw cannotWrite(path, EISDIR);
  std::filesystem::path part;
  const int descriptor = openNew(path.parent_path(), part);
  if (descriptor < 0) throw cannotWrite(path, errno);
  try {
    FileWriter writer(descriptor, path.string());
    fill(writer);
    writer.flush();
    if (::fsync(descriptor) != 0 && errno != EINVAL) throw cannotWrite(path, errno);
  } catch (...) {
    ::close(descriptor);
    ::unlink(part.c_str());
    throw;
  }
  if (::close(descriptor) != 0 || ::rename(part.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(part.c_str());
    throw cannotWrite(path, reason);
  }
}

}  // namespace viva
