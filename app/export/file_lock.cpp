// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

namespace viva {
namespace {
constexpr std::chrono::milliseconds kBetweenTries{10};
}

FileLock::FileLock(std::filesystem::path path, std::chrono::milliseconds patience)
    : path_(std::move(path)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!attempt() && error_ == 0) {
    held_by_another_ = std::chrono::steady_clock::now() >= until;
    if (held_by_another_) return;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

/// False: another has it, or there can be none (error_).
bool FileLock::attempt() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  struct stat mine {
  }, there{};
  if (descriptor_ < 0) {
    error_ = errno;
    return false;
  }
  const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  if (!locked && errno != EWOULDBLOCK && errno != EINTR) error_ = errno;
  // Its last holder may have removed the file since it was opened.
  if (locked && ::fstat(descriptor_, &mine) == 0 && ::stat(path_.c_str(), &there) == 0 &&
      mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
    return true;
  ::close(descriptor_);
  descriptor_ = -1;
  return false;
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace viva
