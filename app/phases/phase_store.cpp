// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/phases/phase_store.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "app/export/whole_file.h"
#include "app/phases/user_cache.h"
#include "lessons/core/error.h"
#include "lessons/core/sha256.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "viva-phase 1 ";
constexpr std::string_view kEnding = ".phase";

/// Numbers as they lie in memory: the key names the machine's build, and no other reads them.
class Packer {
 public:
  template <typename T>
  void number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes(&value, sizeof value);
  }
  void text(const std::string& value) {
    number<std::uint64_t>(value.size());
    bytes(value.data(), value.size());
  }
  template <typename T>
  void list(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    number<std::uint64_t>(values.size());
    bytes(values.data(), values.size() * sizeof(T));
  }
  std::string take() { return std::move(packed_); }

 private:
  void bytes(const void* from, std::size_t count) {
    if (count > 0) packed_.append(static_cast<const char*>(from), count);
  }
  std::string packed_;
};

struct Damaged {};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <typename T>
  T number() {
    T value;
    std::memcpy(&value, some(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(some(count(1))); }
  template <typename T>
  std::vector<T> list() {
    std::vector<T> values(count(sizeof(T)));
    const std::string_view from = some(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }
  /// How many things follow, each at least `size` bytes long.
  std::size_t count(std::size_t size) {
    const auto many = number<std::uint64_t>();
    if (many > bytes_.size() / size) throw Damaged{};
    return static_cast<std::size_t>(many);
  }
  bool isAtEnd() const { return bytes_.empty(); }

 private:
  std::string_view some(std::size_t many) {
    if (many > bytes_.size()) throw Damaged{};
    const std::string_view part = bytes_.substr(0, many);
    bytes_.remove_prefix(many);
    return part;
  }
  std::string_view bytes_;
};

std::string packed(const PhaseState& state) {
  Packer to;
  to.number<std::uint64_t>(state.arrays.size());
  for (const NamedArray& array : state.arrays) {
    to.text(array.name);
    to.number(static_cast<std::int32_t>(array.type));
    to.list(array.shape);
    to.list(array.bytes);
  }
  to.list(state.generators);
  to.number<std::uint64_t>(state.records.size());
  for (const std::string& name : state.records) to.text(name);
  to.list(state.rows);
  to.number<std::uint64_t>(state.checks.size());
  for (const CheckResult& check : state.checks) {
    to.text(check.id);
    to.number(check.difference);
    to.number(check.tolerance);
  }
  to.number<std::uint64_t>(state.non_finite.size());
  for (const auto& [record, step] : state.non_finite) {
    to.text(record);
    to.number(step);
  }
  to.number<std::int64_t>(state.diverged_at.value_or(-1));
  return to.take();
}

PhaseState unpacked(std::string_view bytes) {
  Unpacker from(bytes);
  PhaseState state;
  for (std::size_t left = from.count(1); left > 0; --left) {
    NamedArray array;
    array.name = from.text();
    const auto type = from.number<std::int32_t>();
    if (type < 0 || type > static_cast<std::int32_t>(NamedArray::Type::Int64)) throw Damaged{};
    array.type = static_cast<NamedArray::Type>(type);
    array.shape = from.list<std::int64_t>();
    array.bytes = from.list<std::byte>();
    state.arrays.push_back(std::move(array));
  }
  state.generators = from.list<std::byte>();
  for (std::size_t left = from.count(1); left > 0; --left) state.records.push_back(from.text());
  state.rows = from.list<double>();
  for (std::size_t left = from.count(1); left > 0; --left) {
    CheckResult check;
    check.id = from.text();
    check.difference = from.number<double>();
    check.tolerance = from.number<double>();
    state.checks.push_back(std::move(check));
  }
  for (std::size_t left = from.count(1); left > 0; --left) {
    std::string record = from.text();
    state.non_finite[std::move(record)] = from.number<std::int64_t>();
  }
  const auto diverged_at = from.number<std::int64_t>();
  if (diverged_at >= 0) state.diverged_at = diverged_at;
  if (!from.isAtEnd()) throw Damaged{};
  return state;
}

/// The first line of a file: whose it is, and the digest of what follows.
std::string headerOf(const std::string& key, std::string_view content) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(content)));
  return std::string(kFormat) + key + ' ' + hash.hex() + '\n';
}

struct Entry {
  fs::path path;
  std::uint64_t bytes;
  fs::file_time_type used;
};

std::vector<Entry> entriesOf(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator file(folder, error), end; !error && file != end;
       file.increment(error)) {
    if (file->path().extension() != kEnding) continue;
    std::error_code gone;
    const auto size = file->file_size(gone);
    const auto used = file->last_write_time(gone);
    if (!gone) entries.push_back({file->path(), size, used});
  }
  return entries;
}

}  // namespace

PhaseStore& PhaseStore::ofTheUser() {
  const fs::path cache = cacheOfTheUser();
  static PhaseStore one(cache.empty() ? cache : cache / "phases");
  return one;
}

fs::path PhaseStore::pathOf(const std::string& key) const {
  return folder_ / (key + std::string(kEnding));
}

std::optional<PhaseState> PhaseStore::find(const std::string& key) {
  if (folder_.empty()) return {};
  const std::lock_guard lock(mutex_);
  const fs::path path = pathOf(key);
  try {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const std::size_t line = content.find('\n');
    if (line == std::string::npos) throw Damaged{};
    const std::string_view body = std::string_view(content).substr(line + 1);
    if (std::string_view(content).substr(0, line + 1) != headerOf(key, body)) throw Damaged{};
    PhaseState state = unpacked(body);
    std::error_code not_ours;
    fs::last_write_time(path, fs::file_time_type::clock::now(), not_ours);
    return state;
  } catch (...) {
    std::error_code error;
    fs::remove(path, error);
    return {};
  }
}

void PhaseStore::keep(const std::string& key, const PhaseState& state) {
  if (folder_.empty()) return;
  const std::lock_guard lock(mutex_);
  try {
    const std::string body = packed(state);
    const std::uint64_t most = limit();
    if (body.size() > most) return;
    fs::create_directories(folder_);
    writeWhole(pathOf(key), [&](FileWriter& file) {
      file.write(headerOf(key, body));
      file.write(body);
    });
    makeRoom(most);
  } catch (...) {
    // A full disk, a folder of somebody else's: the next run computes it again.
  }
}

void PhaseStore::makeRoom(std::uint64_t limit) const {
  std::vector<Entry> entries = entriesOf(folder_);
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  std::uint64_t all = 0;
  for (const Entry& entry : entries) all += entry.bytes;
  for (const Entry& entry : entries) {
    if (all <= limit) return;
    std::error_code error;
    fs::remove(entry.path, error);
    all -= entry.bytes;
  }
}

std::uint64_t PhaseStore::bytes() const {
  std::uint64_t all = 0;
  for (const Entry& entry : entriesOf(folder_)) all += entry.bytes;
  return all;
}

std::uint64_t PhaseStore::limit() const {
  if (folder_.empty()) return 0;
  std::ifstream file(folder_ / "limit");
  std::uint64_t bytes = 0;
  return file >> bytes ? bytes : kDefaultLimit;
}

void PhaseStore::setLimit(std::uint64_t bytes) {
  if (folder_.empty() || bytes == limit()) return;
  const std::lock_guard lock(mutex_);
  try {
    fs::create_directories(folder_);
    writeWhole(folder_ / "limit", std::to_string(bytes) + "\n");
  } catch (const std::exception&) {
    // Where it cannot be written down, nothing can be kept either.
  }
  makeRoom(bytes);
}

void PhaseStore::clear() {
  const std::lock_guard lock(mutex_);
  makeRoom(0);
}

}  // namespace viva
