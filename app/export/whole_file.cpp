// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "lessons/core/error.h"

namespace viva {

void writeWhole(const std::filesystem::path& path, const std::function<void(FileWriter&)>& fill) {
  // Renaming onto a folder or a device would fail at the end only, or replace it.
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw cannotWrite(path, EISDIR);
  const std::filesystem::path part =
      path.parent_path() /
      (".viva-part-" + std::to_string(::getpid()) + "-" + path.filename().string());
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
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
