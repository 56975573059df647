// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/kept_sweeps.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/export/file_writer.h"
#include "app/sweep/sweep_folder.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

struct Kept {
  fs::path path;
  fs::file_time_type last_computed;  // every point, and the results, are renamed into the folder
  std::uintmax_t bytes = 0;
};

std::uintmax_t bytesIn(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::uintmax_t size = entry->file_size(error);
    if (!error) bytes += size;
    error.clear();
  }
  return bytes;
}

void removeUnlessComputed(const fs::path& folder) {
  // Whoever computes holds this lock (RunFolder).
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  std::error_code ignored;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(folder, ignored);
  ::close(descriptor);
}

/// Under a name of its own until it is whole; gone with this where it is not.
class Copy {
 public:
  explicit Copy(const fs::path& to)
      : path_(to.parent_path() / (".viva-copy-" + std::to_string(::getpid()))) {}
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

void copySweep(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error)) throw FileError({"sweep.window.exists", {{"folder", to.string()}}});
  const Copy copy(to);
  fs::copy(from, copy.path(), fs::copy_options::recursive, error);
  if (!error) fs::rename(copy.path(), to, error);
  if (error) throw cannotWrite(to, error.value());
}

void forgetOldSweeps(const fs::path& home, std::uintmax_t limit) {
  std::vector<Kept> sweeps;
  std::error_code error;
  for (fs::directory_iterator entry(home, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (!fs::exists(entry->path() / kSweepName, ignored)) continue;
    sweeps.push_back({entry->path(), entry->last_write_time(ignored), bytesIn(entry->path())});
  }
  std::sort(sweeps.begin(), sweeps.end(),
            [](const Kept& a, const Kept& b) { return a.last_computed > b.last_computed; });
  std::uintmax_t bytes = 0;
  for (const Kept& sweep : sweeps) {
    bytes += sweep.bytes;
    if (bytes > limit) removeUnlessComputed(sweep.path);
  }
}

}  // namespace viva
