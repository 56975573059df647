// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <new>

#include "lessons/core/csv_text.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr int kMostFiles = 10000;

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

[[noreturn]] void refuse(const char* reason) { throw FileError({reason, {}}); }

/// libarchive writes and reads names as the locale has it, and in that of C all letters are Latin.
class Utf8Names {
 public:
  Utf8Names() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_) before_ = uselocale(utf8_);
  }
  ~Utf8Names() {
    if (!utf8_) return;
    uselocale(before_);
    freelocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t utf8_, before_ = nullptr;
};

/// A name that stays within the folder that a zip is unpacked into, on any system.
bool isSafe(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find_first_of("\\:") != std::string_view::npos)
    return false;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    if (name.substr(0, end) == "..") return false;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return true;
}

std::string contents(archive* zip, std::size_t largest) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const la_ssize_t count = archive_read_data(zip, buffer, sizeof buffer);
    if (count < 0) refuse("command.reason.zip_damaged");
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > largest) refuse("command.reason.no_run_file_is_so_large");
  }
}

}  // namespace

bool isZip(std::string_view bytes) { return bytes.starts_with("PK\3\4"); }

struct ZipWriter::State {
  FileWriter& file;
  Archive zip;
  std::exception_ptr failure;  ///< of the file below, which must not be thrown through libarchive

  void require(la_ssize_t result) {
    if (failure) std::rethrow_exception(failure);
    if (result < 0) throw FileError({"command.reason.zip_damaged", {}});
  }
  static la_ssize_t write(archive*, void* self, const void* bytes, std::size_t count) {
    auto* state = static_cast<State*>(self);
    try {
      state->file.write({static_cast<const char*>(bytes), count});
      return static_cast<la_ssize_t>(count);
    } catch (...) {
      state->failure = std::current_exception();
      return -1;
    }
  }
};

ZipWriter::ZipWriter(FileWriter& file)
    : state_(new State{file, Archive(archive_write_new(), archive_free), nullptr}) {
  archive* zip = state_->zip.get();
  if (!zip) throw std::bad_alloc();
  state_->require(archive_write_set_format_zip(zip));
  // No padding behind the end.
  state_->require(archive_write_set_bytes_in_last_block(zip, 1));
  state_->require(archive_write_open(zip, state_.get(), nullptr, State::write, nullptr));
}

ZipWriter::~ZipWriter() {
  // What was not closed is not to be finished: freeing would write the directory.
  if (state_->zip) archive_write_fail(state_->zip.get());
}

void ZipWriter::add(const std::string& name, const std::function<void(FileWriter&)>& fill) {
  const Utf8Names names;
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (!entry) throw std::bad_alloc();
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), std::time(nullptr), 0);
  archive* zip = state_->zip.get();
  state_->require(archive_write_header(zip, entry.get()));
  FileWriter writer([&](std::string_view bytes) {
    state_->require(archive_write_data(zip, bytes.data(), bytes.size()));
  });
  fill(writer);
  writer.flush();
  state_->require(archive_write_finish_entry(zip));
}

void ZipWriter::close() {
  const Utf8Names names;
  state_->require(archive_write_close(state_->zip.get()));
  state_->zip.reset();
}

bool isSafeInZip(std::string_view name) { return isSafe(name) && !lineThatIsNotUtf8(name); }

namespace {

/// Calls `visit(name, zip)` for each file, which may read its content.
template <typename Visit>
void forEachFile(const std::string& path, const Visit& visit) {
  const Utf8Names names;
  const Archive zip(archive_read_new(), archive_free);
  if (!zip) throw std::bad_alloc();
  archive_read_support_format_zip_seekable(zip.get());
  if (archive_read_open_filename(zip.get(), path.c_str(), 1 << 16) != ARCHIVE_OK)
    refuse("command.reason.zip_damaged");
  for (int count = 0;; ++count) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(zip.get(), &entry);
    if (result == ARCHIVE_EOF) return;
    if (result != ARCHIVE_OK) refuse("command.reason.zip_damaged");
    if (count >= kMostFiles) refuse("command.reason.too_many_files");
    const char* entry_path = archive_entry_pathname(entry);
    const std::string_view file = entry_path ? entry_path : "";
    const auto type = archive_entry_filetype(entry);
    if (!isSafe(file) || (type != AE_IFREG && type != AE_IFDIR))
      refuse("command.reason.unsafe_names");
    if (type == AE_IFREG) visit(file, zip.get());
  }
}

std::ptrdiff_t depthOf(std::string_view path) { return std::count(path.begin(), path.end(), '/'); }

}  // namespace

std::optional<std::string> fileInZip(const std::string& path, const std::string& name,
                                     std::size_t largest) {
  std::optional<std::string> found;
  std::ptrdiff_t depth = 0;
  forEachFile(path, [&](std::string_view file, archive* zip) {
    if (file != name && !file.ends_with("/" + name)) return;
    const auto here = depthOf(file);
    if (found && here >= depth) return;
    depth = here;
    found = contents(zip, largest);
  });
  return found;
}

std::vector<std::pair<std::string, std::string>> folderInZip(const std::string& path,
                                                             const std::string& name,
                                                             std::size_t largest) {
  std::vector<std::pair<std::string, std::string>> found;
  std::string above;  // what is before `name`
  std::size_t left = largest;
  forEachFile(path, [&](std::string_view file, archive* zip) {
    const std::size_t at = ("/" + std::string(file)).find("/" + name + "/");
    if (at == std::string::npos) return;
    const std::string_view here = file.substr(0, at);
    if (!found.empty() && here != above) {
      if (depthOf(here) >= depthOf(above)) return;
      found.clear();
      left = largest;
    }
    above = here;
    found.emplace_back(file.substr(at + name.size() + 1), contents(zip, left));
    left -= found.back().second.size();
  });
  return found;
}

}  // namespace viva
