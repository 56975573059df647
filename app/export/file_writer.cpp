// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/file_writer.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace viva {
namespace {
constexpr std::size_t kBufferBytes = 1u << 16;
}

FileError cannotWrite(const std::filesystem::path& file, int error_number) {
  return FileError({"command.error.cannot_write",
                    {{"file", file.string()}, {"reason", systemReason(error_number)}}});
}

Argument systemReason(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return Word{"command.reason.full"};
    case EFBIG:
      return Word{"command.reason.too_large"};
    case EACCES:
    case EPERM:
      return Word{"command.reason.not_allowed"};
    case EROFS:
      return Word{"command.reason.read_only"};
    case ENOENT:
      return Word{"command.reason.not_there"};
    case ENOTDIR:
    case EEXIST:
      return Word{"command.reason.not_a_folder"};
    case EISDIR:
      return Word{"command.reason.is_a_folder"};
    case ENAMETOOLONG:
      return Word{"command.reason.name_too_long"};
    case EIO:
      return Word{"command.reason.disk_error"};
    case ENXIO:
      return Word{"command.reason.no_regular_file"};
    case EMFILE:
    case ENFILE:
      return Word{"command.reason.too_many_open"};
    case EBADF:
      return Word{"command.reason.closed"};
    default:
      return std::string(std::strerror(error_number));
  }
}

void FileWriter::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void FileWriter::flush() {
  if (sink_) {
    const std::string bytes = std::move(buffer_);
    buffer_.clear();
    return sink_(bytes);
  }
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      const int reason = errno;
      buffer_.clear();
      if (reason == EPIPE) throw ClosedPipe();
      throw cannotWrite(name_, reason);
    }
  }
  buffer_.clear();
}

}  // namespace viva
