// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

/// A name of nobody else: not of another thread that writes the same path, nor of another Viva. It
/// is not one that RunFolder takes for what was left behind.
fs::path freshName(const fs::path& folder) {
  static std::atomic<std::uint64_t> count = 0;
  return folder / (".viva-file-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
}

/// The content of a file that does not have its name yet. Where the file system can, it has none
/// at all: whoever is killed while it is written leaves nothing behind.
class Part {
 public:
  explicit Part(const fs::path& target)
      : target_(target), folder_(target.has_parent_path() ? target.parent_path() : ".") {
    if (::access("/proc/self/fd", X_OK) == 0)
      descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    while (descriptor_ < 0) {
      name_ = freshName(folder_);
      descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ < 0 && errno != EEXIST) throw cannotWrite(target_, errno);
    }
    // Who may read a file is not changed by writing it anew.
    struct stat before {};
    if (::stat(target_.c_str(), &before) == 0) ::fchmod(descriptor_, before.st_mode & 07777);
  }
  ~Part() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  int descriptor() const { return descriptor_; }

  void install() {
    if (::fsync(descriptor_) != 0 && errno != EINVAL) throw cannotWrite(target_, errno);
    // Nothing can replace a file but one that has a name.
    const std::string here = "/proc/self/fd/" + std::to_string(descriptor_);
    while (name_.empty()) {
      const fs::path name = freshName(folder_);
      if (::linkat(AT_FDCWD, here.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0)
        name_ = name;
      else if (errno != EEXIST)
        throw cannotWrite(target_, errno);
    }
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || ::rename(name_.c_str(), target_.c_str()) != 0)
      throw cannotWrite(target_, errno);
    name_.clear();
  }

 private:
  fs::path target_, folder_, name_;
  int descriptor_ = -1;
};

/// A device takes what it is given; it is not replaced by a file.
void writeToDevice(const fs::path& path, const std::function<void(FileWriter&)>& fill) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) throw cannotWrite(path, errno);
  try {
    FileWriter writer(descriptor, path.string());
    fill(writer);
    writer.flush();
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  if (::close(descriptor) != 0) throw cannotWrite(path, errno);
}

}  // namespace

void writeWhole(const fs::path& path, const std::function<void(FileWriter&)>& fill) {
  // Renaming onto a folder or a device would fail at the end only, or replace it.
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::directory) throw cannotWrite(path, EISDIR);
  if (type == fs::file_type::character) return writeToDevice(path, fill);
  if (fs::exists(path, error) && type != fs::file_type::regular) throw cannotWrite(path, ENXIO);
  // Whoever has put a link here wants the file that it leads to written.
  const fs::path linked = fs::is_symlink(path, error) ? fs::canonical(path, error) : fs::path();
  Part part(linked.empty() ? path : linked);
  FileWriter writer(part.descriptor(), path.string());
  fill(writer);
  writer.flush();
  part.install();
}

void writeWhole(const fs::path& path, std::string_view content) {
  writeWhole(path, [&](FileWriter& file) { file.write(content); });
}

}  // namespace viva
