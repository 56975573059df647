// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

namespace viva {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporaryPrefix = ".viva-part-";

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  int close() {
    const int result = number_ < 0 ? 0 : ::close(number_);
    number_ = -1;
    return result;
  }

 private:
  int number_;
};

}  // namespace

RunFolder::RunFolder(fs::path path, const std::vector<std::string>& names, bool force)
    : path_(std::move(path)) {
  try {
    makeFolders();
    lock();
    removeLeftovers();
    if (force)
      rememberEarlierFiles();
    else
      requireFree(names);
    for (const std::string& name : names)
      if (fs::is_directory(path_ / name)) throw cannotWrite(path_ / name, EISDIR);
    probe();
  } catch (...) {
    undo();
    throw;
  }
}

RunFolder::~RunFolder() { undo(); }

void RunFolder::undo() {
  std::error_code ignored;
  for (const std::string& name : written_) fs::remove(temporary(name), ignored);
  written_.clear();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  for (const fs::path& folder : made_folders_) ::rmdir(folder.c_str());
  made_folders_.clear();
}

fs::path RunFolder::temporary(const std::string& name) const {
  return path_ / (kTemporaryPrefix + name);
}

void RunFolder::makeFolders() {
  std::error_code error;
  std::vector<fs::path> missing;  // innermost first
  for (fs::path folder = fs::absolute(path_).lexically_normal(); !fs::exists(folder, error);) {
    if (error && error.value() != ENOENT) throw cannotWrite(path_, error.value());
    if (!folder.filename().empty()) missing.push_back(folder);
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    if (::mkdir(folder->c_str(), 0777) == 0)
      made_folders_.insert(made_folders_.begin(), *folder);
    else if (errno != EEXIST)
      throw cannotWrite(path_, errno);
  }
  if (!fs::is_directory(path_, error)) throw cannotWrite(path_, ENOTDIR);
}

void RunFolder::lock() {
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) throw cannotWrite(path_, errno);
  // Some network file systems cannot lock a folder; then there is no protection, but it works.
  is_locked_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  if (!is_locked_ && errno == EWOULDBLOCK)
    throw RequestError({"command.error.folder_in_use", {{"folder", path_.string()}}});
}

/// What a killed Viva left behind; none is at work here now, as the lock shows. Files that are
/// written one by one (writeWhole) may be another's and have other names.
void RunFolder::removeLeftovers() const {
  if (!is_locked_) return;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored))
    if (entry.path().filename().string().starts_with(kTemporaryPrefix))
      fs::remove(entry.path(), ignored);
}

void RunFolder::requireFree(const std::vector<std::string>& names) const {
  std::vector<std::string> taken = names;
  taken.insert(taken.end(), {kSummaryName, kRunFileName});
  std::error_code ignored;
  for (const std::string& name : taken)
    if (fs::is_regular_file(path_ / name, ignored))
      throw RequestError(
          {"command.error.folder_holds_run", {{"folder", path_.string()}, {"file", name}}});
}

void RunFolder::rememberEarlierFiles() {
  std::ifstream file(path_ / kSummaryName);
  if (!file) return;
  const auto summary = nlohmann::json::parse(file, nullptr, false);
  if (!summary.is_object() || !summary.contains("files") || !summary["files"].is_array()) return;
  for (const auto& name : summary["files"])
    if (name.is_string() && fs::path(name.get<std::string>()).filename() == name.get<std::string>())
      earlier_files_.push_back(name);
}

/// A folder that cannot be written to is found out before a long run, not after it.
void RunFolder::probe() {
  write("probe", [](FileWriter&) {});
  std::error_code ignored;
  fs::remove(temporary("probe"), ignored);
  written_.clear();
}

void RunFolder::write(const std::string& name, const std::function<void(FileWriter&)>& fill) {
  const fs::path path = temporary(name);
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.number() < 0) throw cannotWrite(path_ / name, errno);
  written_.push_back(name);
  FileWriter writer(file.number(), (path_ / name).string());
  fill(writer);
  writer.flush();
  if (::fsync(file.number()) != 0 && errno != EINVAL) throw cannotWrite(path_ / name, errno);
  if (file.close() != 0) throw cannotWrite(path_ / name, errno);
}

void RunFolder::commit() {
  std::stable_partition(written_.begin(), written_.end(),
                        [](const std::string& name) { return name != kSummaryName; });
  const std::vector<std::string> all = written_;
  for (const std::string& name : all) {
    if (::rename(temporary(name).c_str(), (path_ / name).c_str()) != 0)
      throw cannotWrite(path_ / name, errno);
    written_.erase(written_.begin());
  }
  std::error_code ignored;
  for (const std::string& name : earlier_files_)
    if (std::find(all.begin(), all.end(), name) == all.end()) fs::remove(path_ / name, ignored);
  ::fsync(descriptor_);
  made_folders_.clear();
}

}  // namespace viva
